"""Text functions on whole characters."""

from __future__ import annotations

import re
from typing import Any

from ...model import ExcelError, Scalar
from ...numberformat import render
from ..coerce import MAX_TEXT, Problem, flat, logical, number, parse_number, passed, text, whole
from .criteria import has_wildcards, wildcards
from .registry import ARGUMENT, function


def short_enough(result: str) -> str:
    """The text, when a cell can hold it; raises Problem with #VALUE! otherwise."""
    if len(result) > MAX_TEXT:
        raise Problem(ExcelError.VALUE)
    return result


def _count(value: int) -> int:
    if value < 0:
        raise Problem(ExcelError.VALUE)
    return value


@function("LEFT", params=(text, whole))
def left(value: str, count: int = 1) -> str:
    return value[: _count(count)]


@function("RIGHT", params=(text, whole))
def right(value: str, count: int = 1) -> str:
    return value[max(0, len(value) - _count(count)) :]


@function("MID", params=(text, whole, whole))
def middle(value: str, start: int, count: int) -> str:
    if start < 1:
        raise Problem(ExcelError.VALUE)
    return value[start - 1 : start - 1 + _count(count)]


@function("LEN", params=(text,))
def length(value: str) -> int:
    return len(value)


@function("FIND", params=(text, text, whole))
def find(wanted: str, within: str, start: int = 1) -> Scalar:
    if not 1 <= start <= len(within) + 1:
        return ExcelError.VALUE
    place = within.find(wanted, start - 1)
    return place + 1 if place >= 0 else ExcelError.VALUE


@function("SEARCH", params=(text, text, whole))
def search(wanted: str, within: str, start: int = 1) -> Scalar:
    if not 1 <= start <= len(within) + 1:
        return ExcelError.VALUE
    if has_wildcards(wanted):
        place = wildcards(wanted).find(within, start - 1)
    else:
        place = within.lower().find(wanted.lower(), start - 1)
    return place + 1 if place >= 0 else ExcelError.VALUE


@function("SUBSTITUTE", params=(text, text, text, whole))
def substitute(value: str, old: str, new: str, nth: int | None = None) -> Scalar:
    if nth is not None and nth < 1:
        return ExcelError.VALUE
    if not old:
        return value
    if nth is None:
        if len(value) + value.count(old) * (len(new) - len(old)) > MAX_TEXT:
            return ExcelError.VALUE
        return value.replace(old, new)
    place = -len(old)
    for _ in range(nth):
        place = value.find(old, place + len(old))
        if place < 0:
            return value
    return short_enough(value[:place] + new + value[place + len(old) :])


@function("REPLACE", params=(text, whole, whole, text))
def replace(value: str, start: int, count: int, new: str) -> Scalar:
    if start < 1 or count < 0:
        return ExcelError.VALUE
    return short_enough(value[: start - 1] + new + value[start - 1 + count :])


@function("TRIM", params=(text,))
def trim(value: str) -> str:
    """Only the plain space goes; full-width ones stay, as in Excel."""
    return re.sub(" +", " ", value).strip(" ")


@function("CLEAN", params=(text,))
def clean(value: str) -> str:
    return "".join(letter for letter in value if letter >= " ")


@function("UPPER", params=(text,))
def upper(value: str) -> str:
    return value.upper()


@function("LOWER", params=(text,))
def lower(value: str) -> str:
    return value.lower()


@function("PROPER", params=(text,))
def proper(value: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), value)


@function("EXACT", params=(text, text))
def exact(one: str, other: str) -> bool:
    return one == other


@function("REPT", params=(text, whole))
def repeat(value: str, times: int) -> Scalar:
    if times < 0 or len(value) * times > MAX_TEXT:
        return ExcelError.VALUE
    return value * times


@function("CONCATENATE", repeat=(text,), least=1)
def concatenate(*parts: str) -> str:
    return short_enough("".join(parts))


@function("CONCAT", repeat=(ARGUMENT,), least=1)
def concat(*args: Any) -> str:
    return _joined("", [text(value) for arg in args for value in flat(arg)])


def _joined(delimiter: str, parts: list[str]) -> str:
    if sum(map(len, parts)) + len(delimiter) * max(len(parts) - 1, 0) > MAX_TEXT:
        raise Problem(ExcelError.VALUE)
    return delimiter.join(parts)


@function("TEXTJOIN", params=(ARGUMENT, ARGUMENT), repeat=(ARGUMENT,), least=3)
def text_join(delimiters: Any, skip_empty: Any, *args: Any) -> str:
    skip = logical(next(flat(skip_empty)))
    parts = [text(value) for arg in args for value in flat(arg)]
    if skip:
        parts = [part for part in parts if part]
    between = [text(value) for value in flat(delimiters)]
    if len(between) == 1:
        return _joined(between[0], parts)
    pieces = parts[:1]
    for index, part in enumerate(parts[1:]):
        pieces += [between[index % len(between)], part]
    return _joined("", pieces)


@function("TEXT", params=(passed, text))
def formatted(value: Scalar, code: str) -> Scalar:
    """Text that reads as a number is formatted as that number."""
    if isinstance(value, str):
        read = parse_number(value)
        value = value if read is None else read
    if value is None:
        value = 0
    if not code:
        return ""
    shown = render(value, code)
    return ExcelError.VALUE if shown == "########" else short_enough(shown)


@function("VALUE", params=(passed,))
def value_(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return ExcelError.VALUE
    return number(value)


@function("NUMBERVALUE", params=(text, text, text))
def number_value(value: str, point: str = ".", group: str = ",") -> Scalar:
    if not point or not group:
        return ExcelError.VALUE
    source = re.sub(r"\s", "", value)
    if not source:
        return 0
    percents = len(source) - len(source.rstrip("%"))
    source = source.rstrip("%")
    whole_part, found, decimals = source.partition(point[0])
    if group[0] in decimals:
        return ExcelError.VALUE
    source = whole_part.replace(group[0], "") + ("." if found else "") + decimals
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", source):
        return ExcelError.VALUE
    return float(source) / 100.0**percents


@function("CHAR", params=(whole,))
def char(code: int) -> Scalar:
    """Codes above 127 are GBK, the code page of Chinese Windows."""
    if 1 <= code < 128:
        return chr(code)
    if not 128 <= code <= 0xFFFF:
        return ExcelError.VALUE
    size = 1 if code < 256 else 2
    decoded = code.to_bytes(size, "big").decode("gbk", errors="ignore")
    return decoded if len(decoded) == 1 else ExcelError.VALUE


@function("CODE", params=(text,))
def code(value: str) -> Scalar:
    if not value:
        return ExcelError.VALUE
    encoded = value[0].encode("gbk", errors="ignore")
    return int.from_bytes(encoded, "big") if encoded else 63


@function("UNICHAR", params=(whole,))
def unichar(code: int) -> Scalar:
    if not 1 <= code <= 0x10FFFF or 0xD800 <= code < 0xE000:
        return ExcelError.VALUE
    return chr(code)


@function("UNICODE", params=(text,))
def unicode_(value: str) -> Scalar:
    return ord(value[0]) if value else ExcelError.VALUE
