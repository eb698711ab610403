"""Working days and parts of years."""

from __future__ import annotations

from typing import Any

from ...model import ExcelError, Scalar
from ...numberformat.calendar import LAST_SERIAL, serial_of, weekday
from ..coerce import Problem, flat, whole
from .dates import days_360, month_length, parts, serial
from .registry import ARGUMENT, function


def _days_off(weekend: Any) -> frozenset[int]:
    """The free days of a week, 0 for Sunday, by Excel's number or its 7-letter text."""
    if type(weekend) is list:
        weekend = weekend[0][0]
    if weekend is None:
        return frozenset((0, 6))
    if isinstance(weekend, str):
        if len(weekend) != 7 or set(weekend) - {"0", "1"} or weekend == "1111111":
            raise Problem(ExcelError.VALUE)
        return frozenset((index + 1) % 7 for index, flag in enumerate(weekend) if flag == "1")
    code = whole(weekend)
    if 1 <= code <= 7:
        return frozenset(((code + 5) % 7, (code + 6) % 7))
    if 11 <= code <= 17:
        return frozenset((code - 11,))
    raise Problem(ExcelError.NUM)


def _holidays(holidays: Any) -> set[int]:
    if holidays is None:
        return set()
    return {serial(value) for value in flat(holidays) if value is not None}


def _working(start: int, end: int, off: frozenset[int], holidays: set[int]) -> int:
    weeks, rest = divmod(end - start + 1, 7)
    count = weeks * (7 - len(off))
    count += sum(weekday(start + weeks * 7 + index) not in off for index in range(rest))
    return count - sum(start <= day <= end and weekday(day) not in off for day in holidays)


@function("NETWORKDAYS.INTL", params=(serial, serial, ARGUMENT, ARGUMENT))
def net_workdays_intl(start: int, end: int, weekend: Any = None, holidays: Any = None) -> int:
    off, free = _days_off(weekend), _holidays(holidays)
    if start > end:
        return -_working(end, start, off, free)
    return _working(start, end, off, free)


@function("NETWORKDAYS", params=(serial, serial, ARGUMENT))
def net_workdays(start: int, end: int, holidays: Any = None) -> int:
    return net_workdays_intl(start, end, None, holidays)


@function("WORKDAY.INTL", params=(serial, whole, ARGUMENT, ARGUMENT))
def workday_intl(start: int, days: int, weekend: Any = None, holidays: Any = None) -> Scalar:
    off, free = _days_off(weekend), _holidays(holidays)
    if abs(days) > LAST_SERIAL:
        return ExcelError.NUM
    step = 1 if days > 0 else -1
    day = start
    while days:
        day += step
        if not 0 <= day <= LAST_SERIAL:
            return ExcelError.NUM
        if weekday(day) not in off and day not in free:
            days -= step
    return day


@function("WORKDAY", params=(serial, whole, ARGUMENT))
def workday(start: int, days: int, holidays: Any = None) -> Scalar:
    return workday_intl(start, days, None, holidays)


def _leap(year: int) -> bool:
    return month_length(year, 2) == 29 and year != 1900


def _actual_year(start: int, end: int) -> float:
    """The average length of the years from one date to the other (basis 1)."""
    (y1, m1, d1), (y2, m2, d2) = parts(start), parts(end)
    within_year = y1 == y2 or (y2 == y1 + 1 and (m1, d1) >= (m2, d2))
    if not within_year:
        years = y2 - y1 + 1
        whole_span = (serial_of(y2 + 1, 1, 1) or 0) - (serial_of(y1, 1, 1) or 0)
        return whole_span / years
    if y1 == y2:
        return 366 if _leap(y1) else 365
    for year in (y1, y2):
        leap_day = serial_of(year, 2, 29) if _leap(year) else None
        if leap_day is not None and start <= leap_day <= end:
            return 366
    return 365


@function("YEARFRAC", params=(serial, serial, whole))
def year_fraction(start: int, end: int, basis: int = 0) -> Scalar:
    if not 0 <= basis <= 4:
        return ExcelError.NUM
    start, end = min(start, end), max(start, end)
    if basis == 0:
        (y1, m1, d1), (y2, m2, d2) = parts(start), parts(end)
        if m1 == m2 == 2 and d1 == month_length(y1, 2) and d2 == month_length(y2, 2):
            d2 = 30
        if m1 == 2 and d1 == month_length(y1, 2):
            d1 = 30
        if d2 == 31 and d1 >= 30:
            d2 = 30
        d1 = min(d1, 30)
        return ((y2 - y1) * 360 + (m2 - m1) * 30 + d2 - d1) / 360
    if basis == 4:
        return days_360(start, end, True) / 360
    length = {1: _actual_year(start, end), 2: 360, 3: 365}[basis]
    return (end - start) / length
