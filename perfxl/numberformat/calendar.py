"""Serial day numbers and the calendar, with Excel's 29 February 1900."""

from __future__ import annotations

from datetime import date, timedelta

LAST_SERIAL = 2958465
"""31 December 9999 in the 1900 system."""

_EPOCH = date(1899, 12, 30).toordinal()
_1904_OFFSET = 1462
_WEEKDAYS = ("星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六")


def civil(serial: int, date1904: bool = False) -> tuple[int, int, int] | None:
    """Year, month and day of a serial number; None outside 0 … 31 December 9999.

    0 is 0 January 1900 and 60 is 29 February 1900, as in Excel.
    """
    if date1904:
        serial += _1904_OFFSET
    if not 0 <= serial <= LAST_SERIAL:
        return None
    if serial == 0:
        return 1900, 1, 0
    if serial == 60:
        return 1900, 2, 29
    day = date.fromordinal(_EPOCH + serial + (serial < 60))
    return day.year, day.month, day.day


def serial_of(year: int, month: int, day: int) -> int | None:
    """The serial number of a date; months and days beyond their range carry over."""
    carried = year * 12 + month - 1
    year, month = carried // 12, carried % 12 + 1
    if not 1899 <= year <= 9999:
        return None
    try:
        first = date(year, month, 1).toordinal() - _EPOCH
    except ValueError:
        return None
    if first < 61:
        first -= 1
    serial = first + day - 1
    return serial if 0 <= serial <= LAST_SERIAL else None


def to_serial(day: date) -> int:
    """The serial number of a Python date."""
    serial = day.toordinal() - _EPOCH
    return serial - 1 if serial < 61 else serial


def to_date(serial: int) -> date:
    """The Python date of a serial number; 29 February 1900 becomes the 28th."""
    return date.fromordinal(_EPOCH) + timedelta(days=serial + (serial < 60))


def weekday(serial: int) -> int:
    """0 for Sunday … 6 for Saturday, by Excel's count."""
    return (serial - 1) % 7


def weekday_name(serial: int) -> str:
    return _WEEKDAYS[weekday(serial)]
