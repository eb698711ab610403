"""Functions of two arrays taken value by value."""

from __future__ import annotations

import math

from ...model import ExcelError, Scalar
from ..coerce import Array, Problem, flat
from .averages import squared_deviations
from .registry import ARRAY, function


def pairs(one: Array, other: Array) -> tuple[list[float], list[float]]:
    """The numbers that stand opposite one another; a pair with anything else is left out.

    Raises Problem with #N/A when the arrays differ in size, or with the first error value.
    """
    left, right = list(flat(one)), list(flat(other))
    if len(left) != len(right):
        raise Problem(ExcelError.NA)
    firsts, seconds = [], []
    for a, b in zip(left, right, strict=True):
        for side in (a, b):
            if isinstance(side, ExcelError):
                raise Problem(side)
        if type(a) in (int, float) and type(b) in (int, float):
            firsts.append(float(a))  # type: ignore[arg-type]
            seconds.append(float(b))  # type: ignore[arg-type]
    return firsts, seconds


@function("SUMX2MY2", params=(ARRAY, ARRAY))
def sum_of_square_differences(one: Array, other: Array) -> float:
    return math.fsum(a * a - b * b for a, b in zip(*pairs(one, other), strict=True))


@function("SUMX2PY2", params=(ARRAY, ARRAY))
def sum_of_square_sums(one: Array, other: Array) -> float:
    return math.fsum(a * a + b * b for a, b in zip(*pairs(one, other), strict=True))


@function("SUMXMY2", params=(ARRAY, ARRAY))
def sum_of_squared_differences(one: Array, other: Array) -> float:
    return math.fsum((a - b) ** 2 for a, b in zip(*pairs(one, other), strict=True))


def _common_deviation(one: list[float], other: list[float]) -> float:
    mean_a, mean_b = math.fsum(one) / len(one), math.fsum(other) / len(other)
    return math.fsum((a - mean_a) * (b - mean_b) for a, b in zip(one, other, strict=True))


@function("CORREL", "PEARSON", params=(ARRAY, ARRAY))
def correlation(one: Array, other: Array) -> Scalar:
    a, b = pairs(one, other)
    if len(a) < 2:
        return ExcelError.DIV0
    return _common_deviation(a, b) / math.sqrt(squared_deviations(a) * squared_deviations(b))


@function("SLOPE", params=(ARRAY, ARRAY))
def slope(ys: Array, xs: Array) -> Scalar:
    y, x = pairs(ys, xs)
    if not x:
        return ExcelError.DIV0
    return _common_deviation(x, y) / squared_deviations(x)


@function("INTERCEPT", params=(ARRAY, ARRAY))
def intercept(ys: Array, xs: Array) -> Scalar:
    y, x = pairs(ys, xs)
    if not x:
        return ExcelError.DIV0
    tilt = _common_deviation(x, y) / squared_deviations(x)
    return math.fsum(y) / len(y) - tilt * math.fsum(x) / len(x)
