"""Text counted in bytes of the Chinese code page, and widths of characters."""

from __future__ import annotations

from ...model import ExcelError, Scalar
from ..coerce import Problem, text, whole
from .registry import function
from .text import search


def _width(letter: str) -> int:
    return 1 if letter < "\x80" else 2


def _cut(value: str, start: int, count: int) -> str:
    """The bytes from ``start`` on; half of a wide character becomes a space."""
    out = []
    at = 0
    for letter in value:
        width = _width(letter)
        shown = min(at + width, start + count) - max(at, start)
        if shown > 0:
            out.append(letter if shown == width else " ")
        at += width
    return "".join(out)


def _checked(count: int) -> int:
    if count < 0:
        raise Problem(ExcelError.VALUE)
    return count


@function("LENB", params=(text,))
def length_bytes(value: str) -> int:
    return sum(map(_width, value))


@function("LEFTB", params=(text, whole))
def left_bytes(value: str, count: int = 1) -> str:
    return _cut(value, 0, _checked(count))


@function("RIGHTB", params=(text, whole))
def right_bytes(value: str, count: int = 1) -> str:
    size = length_bytes(value)
    count = min(_checked(count), size)
    return _cut(value, size - count, count)


@function("MIDB", params=(text, whole, whole))
def middle_bytes(value: str, start: int, count: int) -> str:
    return _cut(value, _checked(start - 1), _checked(count))


def _place(value: str, position: int) -> int:
    return length_bytes(value[:position]) + 1


def _start(within: str, start: int) -> int:
    """The character a byte position falls on."""
    at = 0
    for index, letter in enumerate(within):
        if at >= start - 1:
            return index
        at += _width(letter)
    return len(within)


@function("FINDB", params=(text, text, whole))
def find_bytes(wanted: str, within: str, start: int = 1) -> Scalar:
    if not 1 <= start <= length_bytes(within) + 1:
        return ExcelError.VALUE
    place = within.find(wanted, _start(within, start))
    return _place(within, place) if place >= 0 else ExcelError.VALUE


@function("SEARCHB", params=(text, text, whole))
def search_bytes(wanted: str, within: str, start: int = 1) -> Scalar:
    if not 1 <= start <= length_bytes(within) + 1:
        return ExcelError.VALUE
    place = search(wanted, within, _start(within, start) + 1)
    return place if isinstance(place, ExcelError) else _place(within, int(place) - 1)


@function("REPLACEB", params=(text, whole, whole, text))
def replace_bytes(value: str, start: int, count: int, new: str) -> Scalar:
    _checked(start - 1)
    tail = start - 1 + _checked(count)
    return _cut(value, 0, start - 1) + new + _cut(value, tail, length_bytes(value))


_TO_HALF = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
_TO_FULL = {half: full for full, half in _TO_HALF.items()}


@function("ASC", params=(text,))
def half_width(value: str) -> str:
    return value.translate(_TO_HALF)


@function("DBCS", "WIDECHAR", "JIS", params=(text,))
def full_width(value: str) -> str:
    return value.translate(_TO_FULL)
