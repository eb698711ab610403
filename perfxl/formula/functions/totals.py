"""SUBTOTAL and AGGREGATE: other functions by their number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import flat, number
from .averages import (
    average,
    count,
    count_filled,
    deviation,
    deviation_population,
    maximum,
    median,
    minimum,
    mode,
    variance,
    variance_population,
)
from .maths import product, total
from .ranking import large, percentile, percentile_exclusive, small
from .registry import ARGUMENT, function

_SUBTOTALS: dict[int, Callable[..., Scalar]] = {
    6: product, 9: total,
    1: average, 2: count, 3: count_filled, 4: maximum, 5: minimum, 7: deviation,
    8: deviation_population, 10: variance, 11: variance_population, 12: median,
}  # fmt: skip


def _by_number(code: int, args: tuple[Any, ...]) -> Scalar:
    compute = _SUBTOTALS.get(code)
    return compute(*args) if compute else ExcelError.VALUE


@function("SUBTOTAL", params=(number,), repeat=(ARGUMENT,), least=2)
def subtotal(code: float, *args: Any) -> Scalar:
    """Hidden rows are counted: what a person hid is still in the total they typed."""
    code = int(code)
    return _by_number(code - 100 if code > 100 else code, args) if code != 12 else ExcelError.VALUE


@function("AGGREGATE", params=(number, number), repeat=(ARGUMENT,), least=3)
def aggregate(code: float, option: float, *args: Any) -> Scalar:
    """Options 2, 3, 6 and 7 leave error values out."""
    code, option = int(code), int(option)
    if not 0 <= option <= 7:
        return ExcelError.VALUE
    if option in (2, 3, 6, 7):
        args = tuple(
            [[cell for cell in flat(arg) if type(cell) is not ExcelError] or [None]]
            if type(arg) is list else arg
            for arg in args
        )  # fmt: skip
    if code == 13:
        return mode(*args)
    if 14 <= code <= 19:
        if len(args) != 2:
            return ExcelError.VALUE
        cells = args[0] if type(args[0]) is list else [[args[0]]]
        k = number(args[1][0][0] if type(args[1]) is list else args[1])
        if code in (17, 19):
            k /= 4
        choose = {14: large, 15: small, 16: percentile, 17: percentile, 18: percentile_exclusive,
                  19: percentile_exclusive}  # fmt: skip
        return choose[code](cells, k)
    return _by_number(code, args)
