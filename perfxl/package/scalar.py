"""The values cells are stored as: numbers, and ISO dates as serial numbers."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d))?(?:T?(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?"
    r"(?:Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_BEFORE_1900 = date(1899, 12, 30).toordinal()
_BEFORE_1904 = date(1904, 1, 1).toordinal()
# Excel counts a 29 February 1900 that never was.
_FIRST_MARCH_1900 = date(1900, 3, 1).toordinal()


def number_of(text: str) -> int | float | None:
    """The number that a ``v`` element holds; None when it holds none.

    Whole numbers of up to 15 digits, all that Excel keeps exactly, are int.
    """
    text = text.strip()
    # float() takes more than XML does: 1_000, full-width digits, nan.
    if not text.isascii() or "_" in text:
        return None
    try:
        if len(text) <= 15 and text.removeprefix("-").isdigit():
            return int(text)
        number = float(text)
    except ValueError:
        return None
    return number if number - number == 0 else None


def serial(text: str, date1904: bool = False) -> float | None:
    """Days since the workbook's first date, the time as a fraction; None for no ISO date."""
    match = _ISO.fullmatch(text.strip())
    if not match or not (match[1] or match[4]):
        return None
    days = 0
    if match[1]:
        try:
            ordinal = date(int(match[1]), int(match[2]), int(match[3])).toordinal()
        except ValueError:
            return None
        days = ordinal - (_BEFORE_1904 if date1904 else _BEFORE_1900)
        if not date1904 and ordinal < _FIRST_MARCH_1900:
            days -= 1
    if not match[4]:
        return days
    seconds = int(match[4]) * 3600 + int(match[5]) * 60 + float(match[6] or 0)
    return days + seconds / 86400
