"""Order statistics."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right

from ...model import ExcelError, Scalar
from ..coerce import Array, number, numbers, whole
from .registry import ARRAY, function


def _sorted(cells: Array) -> list[float]:
    return sorted(numbers([cells]))


@function("LARGE", params=(ARRAY, number))
def large(cells: Array, k: float) -> Scalar:
    values = _sorted(cells)
    place = math.ceil(k)
    return values[-place] if 1 <= place <= len(values) else ExcelError.NUM


@function("SMALL", params=(ARRAY, number))
def small(cells: Array, k: float) -> Scalar:
    values = _sorted(cells)
    place = math.ceil(k)
    return values[place - 1] if 1 <= place <= len(values) else ExcelError.NUM


@function("RANK", "RANK.EQ", params=(number, ARRAY, number))
def rank(value: float, cells: Array, ascending: float = 0) -> int | ExcelError:
    values = _sorted(cells)
    if value not in values:
        return ExcelError.NA
    if ascending:
        return bisect_left(values, value) + 1
    return len(values) - bisect_right(values, value) + 1


@function("RANK.AVG", params=(number, ARRAY, number))
def rank_average(value: float, cells: Array, ascending: float = 0) -> Scalar:
    first = rank(value, cells, ascending)
    if isinstance(first, ExcelError):
        return first
    return first + (_sorted(cells).count(value) - 1) / 2


def _at(values: list[float], place: float) -> float:
    """The value at a fractional place, counted from 0."""
    low = math.floor(place)
    share = place - low
    if not share:
        return values[low]
    return values[low] + share * (values[low + 1] - values[low])


@function("PERCENTILE", "PERCENTILE.INC", params=(ARRAY, number))
def percentile(cells: Array, share: float) -> Scalar:
    values = _sorted(cells)
    if not values or not 0 <= share <= 1:
        return ExcelError.NUM
    return _at(values, float(f"{share * (len(values) - 1):.13g}"))


@function("PERCENTILE.EXC", params=(ARRAY, number))
def percentile_exclusive(cells: Array, share: float) -> Scalar:
    values = _sorted(cells)
    place = float(f"{share * (len(values) + 1):.13g}") - 1
    return _at(values, place) if values and 0 <= place <= len(values) - 1 else ExcelError.NUM


@function("QUARTILE", "QUARTILE.INC", params=(ARRAY, whole))
def quartile(cells: Array, quarter: int) -> Scalar:
    return percentile(cells, quarter / 4)


@function("QUARTILE.EXC", params=(ARRAY, whole))
def quartile_exclusive(cells: Array, quarter: int) -> Scalar:
    return percentile_exclusive(cells, quarter / 4) if 0 < quarter < 4 else ExcelError.NUM


@function("PERCENTRANK", "PERCENTRANK.INC", params=(ARRAY, number, whole))
def percent_rank(cells: Array, value: float, digits: int = 3) -> Scalar:
    values = _sorted(cells)
    if not values or digits < 1:
        return ExcelError.NUM
    if not values[0] <= value <= values[-1]:
        return ExcelError.NA
    if len(values) == 1:
        return 1
    low = bisect_left(values, value)
    place = float(low)
    if values[low] != value:
        place = low - 1 + (value - values[low - 1]) / (values[low] - values[low - 1])
    scale = 10.0 ** min(digits, 15)
    return math.floor(place / (len(values) - 1) * scale + 1e-9) / scale


@function("FREQUENCY", params=(ARRAY, ARRAY))
def frequency(cells: Array, bounds: Array) -> list[list[int]]:
    """One row per bound, counting what is above the bound before, and one for the rest."""
    values = _sorted(cells)
    limits = numbers([bounds]) or [0]
    counts: dict[int, int] = {}
    below = 0
    for index in sorted(range(len(limits)), key=lambda i: limits[i]):
        reached = bisect_right(values, limits[index])
        counts[index] = reached - below
        below = reached
    return [[counts[index]] for index in range(len(limits))] + [[len(values) - below]]
