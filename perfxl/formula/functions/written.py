"""Numbers written out as text."""

from __future__ import annotations

from ...model import ExcelError, Scalar
from ...numberformat.digits import chinese_digits, chinese_number, fixed, round_half_away
from ..coerce import logical, number, whole
from .registry import function


def _grouped(value: float, digits: int) -> str:
    rounded = round_half_away(value, digits)
    whole_part, decimals = fixed(rounded, max(digits, 0))
    return f"{int(whole_part):,}" + (f".{decimals}" if digits > 0 else "")


@function("FIXED", params=(number, whole, logical))
def fixed_text(value: float, digits: int = 2, plain: bool = False) -> Scalar:
    if not -127 <= digits <= 127:
        return ExcelError.VALUE
    shown = _grouped(value, digits)
    if plain:
        shown = shown.replace(",", "")
    return f"-{shown}" if value < 0 and shown.strip("0.,") else shown


def _money(symbol: str, value: float, digits: int) -> Scalar:
    if not -127 <= digits <= 127:
        return ExcelError.VALUE
    sign = "-" if round_half_away(value, digits) < 0 else ""
    return f"{sign}{symbol}{_grouped(value, digits)}"


@function("DOLLAR", params=(number, whole))
def dollar(value: float, digits: int = 2) -> Scalar:
    return _money("$", value, digits)


@function("RMB", "YEN", params=(number, whole))
def renminbi(value: float, digits: int = 2) -> Scalar:
    return _money("¥", value, digits)


@function("NUMBERSTRING", params=(number, whole))
def number_string(value: float, style: int) -> Scalar:
    """1: 一百二十三, 2: 壹佰贰拾叁, 3: 一二三 (an undocumented function of Chinese Excel)."""
    if value < 0 or value >= 1e15 or not 1 <= style <= 3:
        return ExcelError.NUM
    rounded = int(round_half_away(value, 0))
    return chinese_digits(str(rounded), 1) if style == 3 else chinese_number(rounded, style)


_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
          (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@function("ROMAN", params=(whole,))
def roman(value: int) -> Scalar:
    if not 0 <= value <= 3999:
        return ExcelError.VALUE
    out = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        out += letters * count
    return out
