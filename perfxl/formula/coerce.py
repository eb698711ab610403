"""Scalars turned into the kind a function asks for, by Excel's rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..model import ExcelError, Range, Scalar
from ..numberformat.calendar import serial_of
from ..numberformat.digits import plain

Array = list[list[Scalar]]
"""Rows of scalars, all of one length, at least 1 × 1."""

MAX_TEXT = 32767
MAX_CELLS = 1_200_000

NUMERIC = frozenset((int, float))


class Problem(Exception):
    """Carries an error value out of a function to the place that returns it."""

    def __init__(self, error: ExcelError):
        super().__init__(error)
        self.error = error


class Overload(Exception):
    """A formula asks for more cells, text or comparisons than any form needs."""


class Reference:
    """Cells by their place, for functions that ask where and not only what.

    ``run`` is the evaluation through which they are read.
    """

    __slots__ = ("range", "run", "sheet")

    def __init__(self, run: Any, sheet: str | None, area: Range):
        self.run, self.sheet, self.range = run, sheet, area

    def array(self) -> Array:
        """The values, whole columns and rows clipped to the used area."""
        return self.run.read(self.sheet, self.range)

    def value(self) -> Scalar | Array:
        """The value of a single cell, or the array of several."""
        cells = self.array()
        area = self.range
        if area.top == area.bottom and area.left == area.right:
            return cells[0][0]
        return cells


def number(value: Scalar) -> float | int:
    """A number; blank is 0, TRUE is 1, text is read. Raises Problem with #VALUE!."""
    kind = type(value)
    if kind is float or kind is int:
        return value  # type: ignore[return-value]
    if value is None:
        return 0
    if kind is bool:
        return int(value)  # type: ignore[arg-type]
    if isinstance(value, str):
        read = parse_number(value)
        if read is None:
            raise Problem(ExcelError.VALUE)
        return read
    if isinstance(value, ExcelError):
        raise Problem(value)
    raise Problem(ExcelError.VALUE)


def whole(value: Scalar) -> int:
    """A number cut to its whole part."""
    read = number(value)
    if not -1e15 < read < 1e15:
        raise Problem(ExcelError.NUM)
    return int(read)


def text(value: Scalar) -> str:
    """Text as ``&`` joins it; blank is ``""``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, ExcelError):
        raise Problem(value)
    return plain(value)


def logical(value: Scalar) -> bool:
    """TRUE or FALSE; numbers other than 0 are TRUE, the texts TRUE and FALSE are read."""
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, str):
        upper = value.upper()
        if upper in ("TRUE", "FALSE"):
            return upper == "TRUE"
        raise Problem(ExcelError.VALUE)
    if isinstance(value, ExcelError):
        raise Problem(value)
    return value != 0


def passed(value: Scalar) -> Scalar:
    """The scalar as it is; an error value is raised."""
    if isinstance(value, ExcelError):
        raise Problem(value)
    return value


def anything(value: Scalar) -> Scalar:
    """The scalar as it is, errors too."""
    return value


def optional(convert: Callable[[Scalar], Any]) -> Callable[[Scalar], Any]:
    """A converter for newer functions, where an argument left empty means the default."""

    def read(value: Scalar) -> Any:
        return None if value is None else convert(value)

    return read


def flat(values: object) -> Iterator[Scalar]:
    """All scalars of a scalar or an array, row by row."""
    if type(values) is list:
        for row in values:
            yield from row
    else:
        yield values  # type: ignore[misc]


def numbers(args: Iterable[object]) -> list[float | int]:
    """The numbers SUM adds up: all of the direct arguments, only real numbers of arrays."""
    found: list[float | int] = []
    for arg in args:
        if type(arg) is not list:
            found.append(number(arg))  # type: ignore[arg-type]
            continue
        for row in arg:
            for value in row:
                kind = type(value)
                if kind is float or kind is int:
                    found.append(value)
                elif kind is ExcelError:
                    raise Problem(value)
    return found


_FULL_DIGITS = str.maketrans("０１２３４５６７８９．，％＋－￥：／", "0123456789.,%+-¥:/")
_PLAIN = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<currency>[¥$€£]?)\s*(?P<second>[+-]?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?P<power>[eE][+-]?\d{1,4})?"
    r"\s*(?P<percent>%?)"
)
_MIXED = re.compile(r"([+-]?)(\d+) (\d+)/(\d+)")
_DATE = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)(?:\s+(.+))?"
)
_TIME = re.compile(
    r"(上午|下午)?\s*(\d{1,4})(?::|时)(\d{1,2})(?:分|(?::(\d{1,2}(?:\.\d+)?)))?\s*([AaPp][Mm])?"
)


def parse_number(value: str) -> float | int | None:
    """The number Excel reads from text, as VALUE does; None when it is no number.

    Reads thousands separators, currency and percent signs, dates with a year and times.
    """
    source = value.strip().translate(_FULL_DIGITS)
    negative = False
    if source.startswith("(") and source.endswith(")") and len(source) < 64:
        source, negative = source[1:-1], True
    if len(source) > 255:
        return None
    if match := _PLAIN.fullmatch(source):
        sign, _, second, digits, power, percent = match.groups()
        if (sign and second) or (negative and (sign or second)):
            return None
        # The percent sign moves the point before the number becomes binary: 87.23% is 0.8723.
        tens = int(power[1:] if power else 0) - 2 * bool(percent)
        read = float(f"{digits.replace(',', '')}e{tens}")
        if read == float("inf"):
            return None
        read = -read if negative or "-" in (sign, second) else read
        return int(read) if read.is_integer() and abs(read) < 1e15 else read
    if negative:
        return None
    if match := _MIXED.fullmatch(source):
        sign, units, over, under = match.groups()
        if int(under) == 0 or len(units) > 15:
            return None
        read = int(units) + int(over) / int(under)
        return -read if sign == "-" else read
    return parse_moment(source)


def parse_moment(source: str) -> float | int | None:
    """The serial number of a written date, time, or both; None when it is neither."""
    source = source.strip().translate(_FULL_DIGITS)
    if match := _DATE.fullmatch(source):
        year, month, day, month2, day2, rest = match.groups()
        year, month, day = int(year), int(month or month2), int(day or day2 or 1)
        serial = serial_of(year, month, day)
        if year < 1900 or not 1 <= month <= 12 or day < 1 or serial is None:
            return None
        if serial_of(year, month + 1, 1) is not None and serial >= serial_of(year, month + 1, 1):  # type: ignore[operator]
            return None
        if rest is None:
            return serial
        clock = _clock(rest)
        return None if clock is None else serial + clock
    return _clock(source)


def _clock(source: str) -> float | None:
    match = _TIME.fullmatch(source)
    if not match:
        return None
    early, hours, minutes, seconds, half = match.groups()
    hour = int(hours)
    if early or half:
        if not 0 <= hour <= 12:
            return None
        late = early == "下午" or (half or "").upper() == "PM"
        hour = hour % 12 + 12 * late
    if int(minutes) > 59 or float(seconds or 0) >= 60:
        return None
    return (hour * 3600 + int(minutes) * 60 + float(seconds or 0)) / 86400
