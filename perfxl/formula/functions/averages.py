"""Counting, averages and spread."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import NUMERIC, Array, Problem, flat, number, numbers, parse_number
from .registry import ARGUMENT, ARRAY, function


def _floats(args: tuple[Any, ...]) -> list[float]:
    return [float(value) for value in numbers(args)]


def _numbers_all(args: tuple[Any, ...]) -> Iterator[float]:
    """The numbers AVERAGEA works with: in arrays TRUE is 1 and text is 0."""
    for arg in args:
        if type(arg) is not list:
            yield number(arg)
            continue
        for value in flat(arg):
            if isinstance(value, ExcelError):
                raise Problem(value)
            if isinstance(value, str):
                yield 0
            elif value is not None:
                yield float(value)


@function("COUNT", repeat=(ARGUMENT,), least=1)
def count(*args: Any) -> int:
    found = 0
    for arg in args:
        if type(arg) is list:
            for row in arg:
                for value in row:
                    if type(value) in NUMERIC:
                        found += 1
        elif isinstance(arg, str):
            found += parse_number(arg) is not None
        else:
            found += not isinstance(arg, ExcelError)
    return found


@function("COUNTA", repeat=(ARGUMENT,), least=1)
def count_filled(*args: Any) -> int:
    return sum(
        sum(value is not None for value in flat(arg)) if type(arg) is list else 1 for arg in args
    )


@function("COUNTBLANK", params=(ARRAY,))
def count_blank(cells: Array) -> int:
    return sum(value is None or value == "" for value in flat(cells))


@function("AVERAGE", repeat=(ARGUMENT,), least=1)
def average(*args: Any) -> Scalar:
    values = numbers(args)
    return sum(values) / len(values) if values else ExcelError.DIV0


@function("AVERAGEA", repeat=(ARGUMENT,), least=1)
def average_all(*args: Any) -> Scalar:
    values = list(_numbers_all(args))
    return sum(values) / len(values) if values else ExcelError.DIV0


@function("MIN", repeat=(ARGUMENT,), least=1)
def minimum(*args: Any) -> Scalar:
    return min(numbers(args), default=0)


@function("MAX", repeat=(ARGUMENT,), least=1)
def maximum(*args: Any) -> Scalar:
    return max(numbers(args), default=0)


@function("MINA", repeat=(ARGUMENT,), least=1)
def minimum_all(*args: Any) -> Scalar:
    return min(_numbers_all(args), default=0)


@function("MAXA", repeat=(ARGUMENT,), least=1)
def maximum_all(*args: Any) -> Scalar:
    return max(_numbers_all(args), default=0)


@function("MEDIAN", repeat=(ARGUMENT,), least=1)
def median(*args: Any) -> Scalar:
    values = sorted(numbers(args))
    if not values:
        return ExcelError.NUM
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


@function("MODE", "MODE.SNGL", repeat=(ARGUMENT,), least=1)
def mode(*args: Any) -> Scalar:
    tally = Counter(numbers(args)).most_common(1)
    return tally[0][0] if tally and tally[0][1] > 1 else ExcelError.NA


@function("MODE.MULT", repeat=(ARGUMENT,), least=1)
def modes(*args: Any) -> Array | ExcelError:
    tally = Counter(numbers(args))
    most = max(tally.values(), default=0)
    if most < 2:
        return ExcelError.NA
    return [[value] for value, times in tally.items() if times == most]


def squared_deviations(values: list[float]) -> float:
    """The sum of squared distances from the mean."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values)


def _spread(values: list[float], sample: bool) -> float:
    freedom = len(values) - sample
    if freedom < 1:
        raise Problem(ExcelError.DIV0)
    return squared_deviations(values) / freedom


@function("VAR", "VAR.S", repeat=(ARGUMENT,), least=1)
def variance(*args: Any) -> float:
    return _spread(_floats(args), sample=True)


@function("VARP", "VAR.P", repeat=(ARGUMENT,), least=1)
def variance_population(*args: Any) -> float:
    return _spread(_floats(args), sample=False)


@function("STDEV", "STDEV.S", repeat=(ARGUMENT,), least=1)
def deviation(*args: Any) -> float:
    return math.sqrt(_spread(_floats(args), sample=True))


@function("STDEVP", "STDEV.P", repeat=(ARGUMENT,), least=1)
def deviation_population(*args: Any) -> float:
    return math.sqrt(_spread(_floats(args), sample=False))


@function("DEVSQ", repeat=(ARGUMENT,), least=1)
def sum_of_deviations(*args: Any) -> Scalar:
    values = _floats(args)
    return squared_deviations(values) if values else ExcelError.NUM


@function("AVEDEV", repeat=(ARGUMENT,), least=1)
def mean_deviation(*args: Any) -> Scalar:
    values = _floats(args)
    if not values:
        return ExcelError.NUM
    mean = math.fsum(values) / len(values)
    return math.fsum(abs(value - mean) for value in values) / len(values)


@function("GEOMEAN", repeat=(ARGUMENT,), least=1)
def geometric_mean(*args: Any) -> Scalar:
    values = _floats(args)
    if not values or min(values) <= 0:
        return ExcelError.NUM
    return math.exp(math.fsum(map(math.log, values)) / len(values))


@function("HARMEAN", repeat=(ARGUMENT,), least=1)
def harmonic_mean(*args: Any) -> Scalar:
    values = _floats(args)
    if not values or min(values) <= 0:
        return ExcelError.NUM
    return len(values) / math.fsum(1 / value for value in values)


@function("TRIMMEAN", params=(ARRAY, number))
def trimmed_mean(cells: Array, share: float) -> Scalar:
    values = sorted(numbers([cells]))
    if not values or not 0 <= share < 1:
        return ExcelError.NUM
    cut = int(len(values) * share / 2 + 1e-12)
    kept = values[cut : len(values) - cut]
    return sum(kept) / len(kept)
