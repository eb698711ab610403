"""Functions that round; all of them on the 15-digit decimal form of a number."""

from __future__ import annotations

import math

from ...model import ExcelError, Scalar
from ...numberformat.digits import round_half_away
from ..coerce import number, optional, whole
from .registry import function


@function("ROUND", params=(number, whole))
def round_(value: float, digits: int) -> float:
    return round_half_away(value, min(max(digits, -400), 400))


@function("ROUNDUP", params=(number, whole))
def round_up(value: float, digits: int) -> float:
    return round_half_away(value, min(max(digits, -300), 300), "up")


@function("ROUNDDOWN", params=(number, whole))
def round_down(value: float, digits: int) -> float:
    return round_half_away(value, min(max(digits, -400), 400), "down")


@function("TRUNC", params=(number, whole))
def truncate(value: float, digits: int = 0) -> float:
    return round_half_away(value, min(max(digits, -400), 400), "down")


def _steady(value: float) -> float:
    """The number without the noise of its last binary digits."""
    return float(f"{value:.15g}")


@function("INT", params=(number,))
def integer(value: float) -> float:
    return math.floor(_steady(value))


@function("EVEN", params=(number,))
def to_even(value: float) -> float:
    return math.copysign(math.ceil(_steady(abs(value) / 2)) * 2, value)


@function("ODD", params=(number,))
def to_odd(value: float) -> float:
    return math.copysign(max(math.ceil(_steady((abs(value) + 1) / 2)) * 2 - 1, 1), value)


@function("MROUND", params=(number, number))
def round_to_multiple(value: float, step: float) -> Scalar:
    if not value or not step:
        return 0
    if (value < 0) != (step < 0):
        return ExcelError.NUM
    return _steady(round_half_away(value / step, 0) * step)


def _multiple(value: float, step: float, up: bool) -> float:
    count = _steady(value / step)
    return _steady((math.ceil(count) if up else math.floor(count)) * step)


@function("CEILING", params=(number, number))
def ceiling(value: float, step: float) -> Scalar:
    """Away from zero when both are negative, as Excel has it."""
    if not value or not step:
        return 0
    if value > 0 > step:
        return ExcelError.NUM
    return _multiple(value, step, up=True)


@function("FLOOR", params=(number, number))
def floor(value: float, step: float) -> Scalar:
    if not value:
        return 0
    if not step:
        return ExcelError.DIV0
    if value > 0 > step:
        return ExcelError.NUM
    return _multiple(value, step, up=False)


@function("CEILING.MATH", params=(number, optional(number), number))
def ceiling_math(value: float, step: float | None = None, away: float = 0) -> Scalar:
    step = 1 if step is None else step
    if not value or not step:
        return 0
    return _multiple(value, abs(step), up=not (value < 0 and away))


@function("FLOOR.MATH", params=(number, optional(number), number))
def floor_math(value: float, step: float | None = None, towards: float = 0) -> Scalar:
    step = 1 if step is None else step
    if not value or not step:
        return 0
    return _multiple(value, abs(step), up=bool(value < 0 and towards))


@function("CEILING.PRECISE", "ISO.CEILING", params=(number, number))
def ceiling_precise(value: float, step: float = 1) -> Scalar:
    return _multiple(value, abs(step), up=True) if value and step else 0


@function("FLOOR.PRECISE", params=(number, number))
def floor_precise(value: float, step: float = 1) -> Scalar:
    return _multiple(value, abs(step), up=False) if value and step else 0
