"""What a cell of the roster puts into a cell of the form."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from perfxl import values
from perfxl.agreement import round_half_up
from perfxl.model import Cell, ExcelError, Field, Kind
from perfxl.notation import MONEY, fold, leading_number
from perfxl.numberformat import render
from perfxl.numberformat.calendar import to_serial
from perfxl.template.prompts import is_open, limits

Plain = float | str
_NUMBERS = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.POINTS, Kind.COUNT, Kind.AREA, Kind.YEAR})
_SLIPS = frozenset({"V204", "V206"})
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_LONGEST = 32_767


class Unfit(Exception):
    """The value does not fit the field; the message says why and what to do."""


def text_of(cell: Cell | None) -> str:
    """What the cell shows, without white space at its ends."""
    return render(cell.value, cell.number_format).strip() if cell else ""


def plain(cell: Cell, field: Field) -> Plain | None:
    """The number or the text for the field; None for a blank. Raises Unfit."""
    if isinstance(cell.value, ExcelError):
        raise Unfit(f"显示 {cell.value}；请改正公式，或直接填写")
    if cell.value is None:
        if cell.formula:
            raise Unfit("公式没有结果；请在 Excel 里打开名册重新保存，或直接填写")
        return None
    if field.kind in _NUMBERS:
        return _number(cell, field)
    if field.kind is Kind.DATE:
        return _day(cell)
    return _text(cell, field)


def _number(cell: Cell, field: Field) -> float | None:
    reading = values.read(cell.value, field, cell.number_format)
    value = reading.value
    if value.problem or reading.remark in _SLIPS or isinstance(value.value, (str, bool)):
        raise Unfit(f"填的是“{value.raw}”，应填数字{_in(field)}")
    if value.value is None:
        return None
    number = float(value.value)
    _refuse_other_money(cell, number, field)
    least, most = limits(field)
    if field.kind is Kind.COUNT and (number < 0 or not number.is_integer()):
        raise Unfit(f"填的是“{value.raw}”，应填整数{_in(field)}")
    if number < least:
        raise Unfit(f"填的是“{value.raw}”，不应小于 {least:g}")
    if number > most:
        raise Unfit(f"填的是“{value.raw}”，不应大于 {most:g}")
    return number


def _refuse_other_money(cell: Cell, number: float, field: Field) -> None:
    """Refuse a number that its format shows in another unit: 12345678 as 1234.6万元."""
    if isinstance(cell.value, str) or field.unit not in MONEY:
        return
    shown = leading_number(fold(text_of(cell)))
    if shown is None or shown.rest not in MONEY:
        return
    meant = shown.number * MONEY[shown.rest] / MONEY[field.unit]
    half = 0.5 * 10**-shown.decimals * MONEY[shown.rest] / MONEY[field.unit]
    if abs(meant - number) > half * 1.001:
        raise Unfit(
            f"显示为“{text_of(cell)}”，格里的数是 {number:.15g}；"
            f"请填写以{field.unit}为单位的数，不用格式换算"
        )


def rounded(value: Plain, field: Field) -> Plain:
    """The value with no more decimals than the form has."""
    if isinstance(value, str) or field.decimals is None:
        return value
    return round_half_up(value, field.decimals)


def _in(field: Field) -> str:
    if field.kind is Kind.RATIO:
        return "（百分数，如 98.05%）"
    return f"（{field.unit}）" if field.unit else ""


def _day(cell: Cell) -> float | None:
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return float(cell.value)
    shown = text_of(cell)
    if not shown:
        return None
    found = _DAY.fullmatch(fold(shown))
    try:
        if found:
            return float(to_serial(date(*(int(part) for part in found.groups()))))
    except ValueError:
        pass
    raise Unfit(f"填的是“{shown}”，应填日期（如 2024-12-31）")


def _text(cell: Cell, field: Field) -> str | None:
    shown = text_of(cell)
    most = min(limits(field)[1], _LONGEST) if field.kind is Kind.TEXT else _LONGEST
    if len(shown) > most:
        raise Unfit(f"有 {len(shown):,} 个字，一格最多 {most:,.0f} 个；请缩短")
    if shown and field.options and not is_open(field):
        return _option(shown, field)
    return shown or None


def _option(shown: str, field: Field) -> str:
    """The option that is meant, as the form words it."""
    for option in field.options:
        if fold(option) == fold(shown):
            return option
    raise Unfit(f"填的是“{shown}”，应是{'、'.join(field.options)}之一")


def has_control(text: str) -> bool:
    """Whether the text has line breaks or other characters that a name cannot have."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs") for letter in text)
