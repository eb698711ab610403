"""Reads what people type into a cell, by what the field is for."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple

from perfxl import notation, numberformat
from perfxl.model import ExcelError, Field, Kind, Scalar, Value

_NUMBERS = frozenset({Kind.AMOUNT, Kind.POINTS, Kind.COUNT, Kind.AREA})
_NEGATIVE = re.compile(r"[(](.+)[)]")
_PHRASE_HEAD = re.compile(r"(?:约|共计|共|合计|完成|达到|发放|每[亩人户次个只头公里学年]{1,2})")
_LONGEST_UNIT = 8
# An O behind a number is a zero; a second per cent sign is a slip.
_UNIT_BEGINS = frozenset(f"%‰°μ{ascii_letters}") - {"O", "o"}
_UNIT_GOES_ON = frozenset(f"‰/²³{ascii_letters}{digits}")
_MISREAD_ONE = ("l", "I")
_MYRIADS_IN_WORDS = re.compile(r"[^\d万亿]*[万亿][^\d元]*")
_ERRORS = frozenset(error.value for error in ExcelError)
_DAYS = range(36526, 73051)  # the years 2000 to 2099 as Excel counts days
_NOT_A_UNIT = re.compile(r"[年月日]\d|\d[月日]|[之以]?[前后]|完成|及时|年度|左右|不等")
_COUNTED = re.compile(
    r"(?:个|名|人|人次|次|场|场次|期|批|批次|项|件|户|家|套|台|座|起|份|本|册|篇|处|所|条|辆|支|块|"
    r"部|门|课|节|天|日|周|月|年|小时|村|校|亩|米|公里|吨|公斤|元|万元|亿元|分|%)?"
)
_PERCENT_WORDS = re.compile(r"百分之(.+)")
_RATIO_LIMIT = 1.5
# A number may have 309 digits before the point and a format 300 after it.
_ANY_DIGITS = Context(prec=1000)
_MISREAD_DASH = "一"
_UNREADABLE, _TEXT, _ERROR = "V201", "V202", "V203"
_SLIP, _BARE_PERCENT, _OTHER_UNIT = "V204", "V206", "V207"


class Reading(NamedTuple):
    """A value, and the V2xx code of a readable but odd way of writing it (None mostly)."""

    value: Value
    remark: str | None = None


class _Number(NamedTuple):
    number: float
    decimals: int
    unit: str
    remark: str | None


def parse(typed: Scalar, field: Field, number_format: str = "General") -> Value:
    """What a cell means for a field: ``typed`` is the cell's value under its number format.

    Ratios come out between 0 and 1; amounts in the field's unit where the typed unit is
    explicit. Text that cannot be trusted has ``problem`` set and, for a number, value None.
    """
    return read(typed, field, number_format).value


def read(typed: Scalar, field: Field, number_format: str = "General") -> Reading:
    """`parse`, with the remark on an odd but readable notation beside the value."""
    return _read(typed, field.kind, field.unit, number_format)


@lru_cache(maxsize=16384, typed=True)
def _read(typed: Scalar, kind: Kind, unit: str, number_format: str) -> Reading:
    if typed is None:
        return Reading(Value())
    if isinstance(typed, ExcelError):
        return Reading(Value(raw=typed.value, problem=_ERROR))
    if isinstance(typed, (bool, str)):
        return _read_text(
            ("FALSE", "TRUE")[typed] if isinstance(typed, bool) else typed, kind, unit
        )
    return _read_number(typed, kind, unit, number_format)


def _read_number(typed: float, kind: Kind, unit: str, number_format: str) -> Reading:
    raw = numberformat.render(typed, number_format)
    if numberformat.is_date(number_format):
        return _read_date(raw, kind)
    number, decimals = float(typed), numberformat.decimals(number_format, typed)
    percent = "%" in number_format
    if kind is Kind.RATIO:
        bare = not percent and number > _RATIO_LIMIT
        ratio, places = (_hundredth(number), decimals + 2) if bare else (number, decimals)
        value = Value(raw, ratio, places, ratio, unit="%", numeric=True)
        return Reading(value, _BARE_PERCENT if bare else None)
    year = int(number) if number in range(1900, 2100) else None
    if kind is Kind.YEAR:
        return Reading(Value(raw, typed, 0, number, year=year, numeric=True))
    if kind is Kind.DATE and number in _DAYS:
        return _read_date(numberformat.render(typed, "yyyy-mm-dd"), kind)
    if kind in (Kind.TEXT, Kind.DATE):
        return Reading(Value(raw, raw, decimals, number, numeric=True))
    shown_unit = ("%" if percent else "") if kind is Kind.MEASURE else unit
    return Reading(Value(raw, typed, decimals, number, unit=shown_unit, numeric=True))


def _read_date(raw: str, kind: Kind) -> Reading:
    folded = notation.fold(raw)
    problem = _UNREADABLE if kind in _NUMBERS or kind is Kind.RATIO else None
    value = None if problem else raw
    return Reading(Value(raw, value, year=notation.latest_year(folded), problem=problem))


def _read_text(raw: str, kind: Kind, unit: str) -> Reading:
    folded = notation.fold(raw)
    if notation.is_blank(folded):
        return Reading(Value(raw))
    if folded in _ERRORS:
        return Reading(Value(raw, problem=_ERROR))
    year, points = notation.latest_year(folded), notation.points_in_brackets(folded)
    if kind in _NUMBERS:
        return _with_parts(_number_reading(raw, folded, unit), year, points)
    if kind is Kind.RATIO:
        return _with_parts(_ratio_reading(raw, folded), year, points)
    text = notation.tidy(raw)
    if kind is Kind.MEASURE:
        if folded == _MISREAD_DASH:
            return Reading(Value(raw))
        return Reading(_measure(raw, "".join(text.split()), folded, year, points))
    if kind is Kind.YEAR:
        found = re.search(r"(?:19|20)\d{2}", folded)
        year = int(found[0]) if found else None
        return Reading(Value(raw, year or text, number=year, year=year))
    if kind is Kind.DATE:
        year = year or notation.year_of_day(folded)
    return Reading(Value(raw, text, year=year, points=points))


def _with_parts(reading: Reading, year: int | None, points: float | None) -> Reading:
    return reading._replace(value=reading.value._replace(year=year, points=points))


def _may_be_unit(text: str) -> bool:
    first, later = text[:1], text[1:_LONGEST_UNIT]
    return (
        len(text) <= _LONGEST_UNIT
        and (first in _UNIT_BEGINS or notation.is_character(first))
        and all(letter in _UNIT_GOES_ON or notation.is_character(letter) for letter in later)
    )


def _plain_number(folded: str) -> _Number | None:
    """One number and its unit, and nothing else."""
    negative = _NEGATIVE.fullmatch(folded)
    amount = notation.leading_number((negative[1] if negative else folded).lstrip("¥$+"))
    if not amount or (amount.rest and not _may_be_unit(amount.rest)):
        return None
    if not folded[0].isascii() and not _COUNTED.fullmatch(amount.rest) and folded[0] != "¥":
        return None
    sign = -1 if negative else 1
    return _Number(sign * amount.number, amount.decimals, notation.unit_name(amount.rest), None)


def _mended_number(folded: str) -> _Number | None:
    """`_plain_number`, after putting slips right where it fails as typed."""
    found = _plain_number(folded)
    if found and not found.unit.startswith(_MISREAD_ONE):
        return found
    mended = notation.repair(folded)
    found = _plain_number(mended) if mended else None
    return found._replace(remark=_SLIP) if found else None


def _unreadable(raw: str, folded: str) -> Value:
    digits = sum(char.isdigit() for char in folded)
    return Value(raw, problem=_UNREADABLE if digits else _TEXT)


def _number_reading(raw: str, folded: str, unit: str) -> Reading:
    found = _mended_number(folded)
    if not found or found.unit == "%":
        return Reading(_unreadable(raw, folded))
    number, decimals, remark = found.number, found.decimals, found.remark
    if unit in notation.MONEY and not found.unit and _MYRIADS_IN_WORDS.fullmatch(folded):
        found = found._replace(unit="元")
    if found.unit and unit in notation.MONEY:
        if found.unit not in notation.MONEY:
            return Reading(_unreadable(raw, folded))
        number, decimals, converted = in_unit(number, decimals, found.unit, unit)
        remark = remark or (_OTHER_UNIT if converted else None)
    return Reading(Value(raw, number, decimals, number, unit=unit or found.unit), remark)


def _hundredth(number: float) -> float:
    """98.05 → 0.9805 exactly, where 98.05 / 100 is not."""
    return float(Decimal(repr(number)) / 100)


def in_unit(number: float, decimals: int, typed: str, wanted: str) -> tuple[float, int, bool]:
    """The amount in the wanted unit of money, exact in decimal digits; True when it changed.

    Units are those of `notation.MONEY`; the digits shown move with the point.
    """
    factor = notation.MONEY[typed] / notation.MONEY[wanted]
    if factor == 1:
        return number, decimals, False
    moved = Decimal(repr(number)) * Decimal(repr(factor))
    shift = -Decimal(repr(factor)).normalize().adjusted()
    return float(moved), max(0, decimals + shift), True


def _ratio_reading(raw: str, folded: str) -> Reading:
    found = _percent(folded) or _mended_number(folded)
    if not found or found.unit not in ("", "%"):
        return Reading(_unreadable(raw, folded))
    number, decimals, unit, remark = found
    if unit != "%" and number > _RATIO_LIMIT:
        unit, remark = "%", remark or _BARE_PERCENT
    if unit == "%":
        number, decimals = _hundredth(number), decimals + 2
    return Reading(Value(raw, number, decimals, number, unit="%"), remark)


def _percent(folded: str) -> _Number | None:
    words = _PERCENT_WORDS.fullmatch(folded)
    found = _plain_number(words[1]) if words else None
    return found._replace(unit="%") if found and not found.unit else None


def _measure(raw: str, text: str, folded: str, year: int | None, points: float | None) -> Value:
    comparator, rest = notation.split_comparator(folded)
    found = None if year else _percent(rest) or _measured(rest)
    if not found:
        return Value(raw, text, comparator=comparator, year=year, points=points)
    number, decimals, unit = found.number, found.decimals, found.unit
    if unit == "%":
        number, decimals = _hundredth(number), decimals + 2
    elif unit in ("元", "万元", "亿元"):
        number, decimals, _ = in_unit(number, decimals, unit, "万元")
        unit = "万元"
    return Value(raw, text, decimals, number, comparator, unit, year, points)


def _measured(rest: str) -> _Number | None:
    """The number of a phrase such as ``32名``, ``一次``, ``每亩300``; None for any other."""
    head = _PHRASE_HEAD.match(rest)
    body = rest[head.end() :] if head else rest
    if not body or _NOT_A_UNIT.search(body):
        return None
    found = _plain_number(body)
    if found and head and head[0].startswith("每") and not found.unit:
        return found._replace(unit=head[0])
    return found


def format_as(number: float, field: Field, decimals: int | None = None) -> str:
    """A number as the field prints it: ratio ``98.05%``, amount ``85.53``, points ``9.8``.

    ``decimals`` counts the digits of the number itself (4 for 98.05%); the field's own when
    it is None, and 2 where the field has none (4 for a ratio). Halves round away from zero.
    """
    ratio = field.kind is Kind.RATIO
    places = decimals if decimals is not None else field.decimals
    if places is None:
        places = 4 if ratio else 2
    exact = Decimal(format(number, ".15g"))
    if ratio:
        exact, places = exact * 100, max(0, places - 2)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _ANY_DIGITS)
    shown = f"{rounded or abs(rounded):f}"
    if field.kind in (Kind.POINTS, Kind.COUNT, Kind.MEASURE) and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown}%" if ratio else shown
