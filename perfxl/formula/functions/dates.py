"""Dates and times as serial numbers of the 1900 system."""

from __future__ import annotations

import math
from datetime import datetime

from ...model import ExcelError, Scalar
from ...numberformat.calendar import LAST_SERIAL, civil, serial_of, to_date, to_serial, weekday
from ..coerce import Problem, number, parse_moment, passed, text, whole
from .registry import function


def serial(value: Scalar) -> int:
    """The whole day of a date argument; raises Problem with #NUM! outside the calendar."""
    read = number(value)
    if not 0 <= read < LAST_SERIAL + 1:
        raise Problem(ExcelError.NUM)
    return math.floor(read)


def moment(value: Scalar) -> float:
    """A date and time argument."""
    read = number(value)
    if not 0 <= read < LAST_SERIAL + 1:
        raise Problem(ExcelError.NUM)
    return read


def parts(day: int) -> tuple[int, int, int]:
    """Year, month and day of a serial number."""
    found = civil(day)
    if found is None:
        raise Problem(ExcelError.NUM)
    return found


def month_length(year: int, month: int) -> int:
    """How many days the month has, by Excel's calendar."""
    if (year, month) == (1900, 2):
        return 29
    first, following = serial_of(year, month, 1), serial_of(year, month + 1, 1)
    return 31 if first is None or following is None else following - first


@function("DATE", params=(whole, whole, whole))
def date_(year: int, month: int, day: int) -> Scalar:
    if 0 <= year < 1900:
        year += 1900
    found = serial_of(year, month, day) if 0 <= year <= 9999 else None
    return ExcelError.NUM if found is None else found


@function("DATEVALUE", params=(text,))
def date_value(value: str) -> Scalar:
    read = parse_moment(value)
    return ExcelError.VALUE if read is None else math.floor(read)


@function("TIMEVALUE", params=(text,))
def time_value(value: str) -> Scalar:
    read = parse_moment(value)
    return ExcelError.VALUE if read is None else read % 1


@function("TIME", params=(whole, whole, whole))
def time_(hours: int, minutes: int, seconds: int) -> Scalar:
    total = hours * 3600 + minutes * 60 + seconds
    if total < 0 or max(hours, minutes, seconds) > 32767:
        return ExcelError.NUM
    return total % 86400 / 86400


@function("YEAR", params=(serial,))
def year(day: int) -> int:
    return parts(day)[0]


@function("MONTH", params=(serial,))
def month(day: int) -> int:
    return parts(day)[1]


@function("DAY", params=(serial,))
def day_(day: int) -> int:
    return parts(day)[2]


def _second_of_day(value: float) -> int:
    return int(value % 1 * 86400 + 0.5) % 86400


@function("HOUR", params=(moment,))
def hour(value: float) -> int:
    return _second_of_day(value) // 3600


@function("MINUTE", params=(moment,))
def minute(value: float) -> int:
    return _second_of_day(value) // 60 % 60


@function("SECOND", params=(moment,))
def second(value: float) -> int:
    return _second_of_day(value) % 60


_WEEK_STARTS = {1: 0, 2: 1, 11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 16: 6, 17: 0}


@function("WEEKDAY", params=(serial, whole))
def weekday_(day: int, kind: int = 1) -> Scalar:
    if kind == 3:
        return (weekday(day) - 1) % 7
    if kind not in _WEEK_STARTS:
        return ExcelError.NUM
    return (weekday(day) - _WEEK_STARTS[kind]) % 7 + 1


@function("ISOWEEKNUM", params=(serial,))
def iso_week(day: int) -> Scalar:
    return to_date(max(day, 1)).isocalendar()[1]


@function("WEEKNUM", params=(serial, whole))
def week_number(day: int, kind: int = 1) -> Scalar:
    if kind == 21:
        return iso_week(day)
    if kind not in _WEEK_STARTS:
        return ExcelError.NUM
    first = serial_of(parts(day)[0], 1, 1) or 0
    return (day - first + (weekday(first) - _WEEK_STARTS[kind]) % 7) // 7 + 1


def month_later(day: int, months: int, end: bool) -> Scalar:
    """The same day some months on (cut to the month's end), or that month's last day."""
    at_year, at_month, at_day = parts(day)
    carried = at_year * 12 + at_month - 1 + months
    at_year, at_month = carried // 12, carried % 12 + 1
    if not 1900 <= at_year <= 9999:
        return ExcelError.NUM
    last = month_length(at_year, at_month)
    found = serial_of(at_year, at_month, last if end else min(at_day, last))
    return ExcelError.NUM if found is None else found


@function("EDATE", params=(serial, whole))
def months_on(day: int, months: int) -> Scalar:
    return month_later(day, months, end=False)


@function("EOMONTH", params=(serial, whole))
def end_of_month(day: int, months: int) -> Scalar:
    return month_later(day, months, end=True)


@function("DAYS", params=(serial, serial))
def days(end: int, start: int) -> int:
    return end - start


@function("DAYS360", params=(serial, serial, passed))
def days_360(start: int, end: int, european: Scalar = False) -> int:
    (y1, m1, d1), (y2, m2, d2) = parts(start), parts(end)
    if european:
        d1, d2 = min(d1, 30), min(d2, 30)
    else:
        if d1 == month_length(y1, m1):
            d1 = 30
        if d2 == month_length(y2, m2) and d2 == 31:
            if d1 < 30:
                m2, d2 = m2 + 1, 1
            else:
                d2 = 30
    return (y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1


@function("DATEDIF", params=(serial, serial, text))
def date_difference(start: int, end: int, unit: str) -> Scalar:
    if start > end:
        return ExcelError.NUM
    (y1, m1, d1), (y2, m2, d2) = parts(start), parts(end)
    months = (y2 - y1) * 12 + m2 - m1 - (d2 < d1)
    unit = unit.upper()
    if unit == "D":
        return end - start
    if unit == "M":
        return months
    if unit == "Y":
        return months // 12
    if unit == "YM":
        return months % 12
    if unit == "MD":
        if d2 >= d1:
            return d2 - d1
        before = serial_of(y2, m2 - 1, d1) or 0
        return end - before
    if unit == "YD":
        anniversary = serial_of(y2, m1, d1) or 0
        if anniversary > end:
            anniversary = serial_of(y2 - 1, m1, d1) or 0
        return end - anniversary
    return ExcelError.NUM


@function("TODAY")
def today() -> int:
    return to_serial(datetime.now().date())


@function("NOW")
def now() -> float:
    at = datetime.now()
    return to_serial(at.date()) + (at.hour * 3600 + at.minute * 60 + at.second) / 86400
