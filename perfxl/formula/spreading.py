"""Operators and functions spread over arrays.

Rules work on columns, arrays one cell wide; these have ways of their own, which give what the
general way gives.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

from ..model import ExcelError, Scalar
from .coerce import MAX_CELLS, MAX_TEXT, NUMERIC, Array, Overload
from .operators import BINARY, DIRECT, EXACT, PLAIN, Operator, join, multiply

MAX_CHARACTERS = 64_000_000
"""How much text one array may hold."""

_FEW = 256
"""An array of so few cells cannot hold too much text."""
_NEAR = 1e-13

# Nothing writes into the rows of an array, so these two can stand in all of them.
_ANSWERS: tuple[list[Scalar], list[Scalar]] = ([False], [True])


def spread(function: Callable[..., Scalar], *args: object) -> Array:
    """Apply a scalar function over arrays: one row or column repeats, the rest is #N/A."""
    arrays = [arg for arg in args if type(arg) is list]
    height = max(len(array) for array in arrays)
    width = max(len(array[0]) for array in arrays)
    if height * width > MAX_CELLS:
        raise Overload
    if width == 1 and all(len(array) == height for array in arrays):
        columns = [[cell for (cell,) in arg] if type(arg) is list else repeat(arg) for arg in args]
        return [[function(*cells)] for cells in zip(*columns, strict=False)]
    stretched = [_stretched(arg, height, width) for arg in args]
    return [
        [
            ExcelError.NA if any(cell is _BEYOND for cell in cells) else function(*cells)
            for cells in zip(*rows, strict=True)
        ]
        for rows in zip(*stretched, strict=True)
    ]


class _Beyond:
    """Marks the cells past the end of the smaller of two arrays."""


_BEYOND = _Beyond()


def _stretched(arg: object, height: int, width: int) -> list[list[object]]:
    if type(arg) is not list:
        return [[arg] * width] * height
    rows = arg
    if len(rows[0]) != width:
        if len(rows[0]) == 1:
            rows = [row * width for row in rows]
        else:
            rows = [row + [_BEYOND] * (width - len(row)) for row in rows]
    if len(rows) != height:
        missing = height - len(rows)
        rows = rows * height if len(rows) == 1 else rows + [[_BEYOND] * width] * missing
    return rows


Lifted = Callable[[object, object], object]


def lifted(
    function: Operator,
    over_column: Callable[[Array, Scalar], Array] | None = None,
    over_columns: Callable[[Array, Array], Array] | None = None,
) -> Lifted:
    """A binary operator that takes arrays as well as scalars.

    ``over_column`` is a quicker way for a column on the left and a scalar on the right,
    ``over_columns`` one for two columns of one length.
    """

    def operate(a: Any, b: Any) -> object:
        if type(a) is list:
            if type(b) is list:
                if len(a) != len(b) or len(a[0]) != len(b[0]):
                    return spread(function, a, b)
                if len(a[0]) == 1:
                    if over_columns:
                        return over_columns(a, b)
                    return [[function(x, y)] for (x,), (y,) in zip(a, b, strict=True)]
                return [
                    [function(x, y) for x, y in zip(row, other, strict=True)]
                    for row, other in zip(a, b, strict=True)
                ]
            if len(a[0]) == 1:
                return over_column(a, b) if over_column else [[function(x, b)] for (x,) in a]
            return [[function(x, b) for x in row] for row in a]
        if type(b) is list:
            return [[function(a, y) for y in row] for row in b]
        return function(a, b)

    return operate


def lifted_unary(function: Callable[[Scalar], Scalar]) -> Callable[[object], object]:
    """A unary operator that takes arrays as well as scalars."""

    def operate(a: object) -> object:
        if type(a) is list:
            return [[function(x) for x in row] for row in a]
        return function(a)  # type: ignore[arg-type]

    return operate


def _compared(sign: str) -> Callable[[Array, Scalar], Array]:
    """A column compared with one number or text, which need not be looked at row by row."""
    compare: Callable[[Any, Any], Scalar] = BINARY[sign]
    direct = DIRECT[sign]
    above, equal, below = (_ANSWERS[direct(a, b)] for a, b in ((1, 0), (0, 0), (0, 1)))

    def over_column(column: Any, wanted: Any) -> Array:
        blank = [compare(None, wanted)]
        if type(wanted) is str:
            lower = wanted.lower()
            return [
                blank if x is None
                else _ANSWERS[direct(x.lower(), lower)] if type(x) is str
                else [compare(x, wanted)]
                for (x,) in column
            ]  # fmt: skip
        if type(wanted) not in NUMERIC:
            return [[compare(x, wanted)] for (x,) in column]
        # Numbers as near as this may count as equal, so that they are looked at closely.
        near = _NEAR * abs(wanted)
        low, high = wanted - near, wanted + near
        return [
            blank if x is None
            else [compare(x, wanted)] if type(x) not in NUMERIC
            else above if x > high
            else below if x < low
            else equal if x == wanted
            else [compare(x, wanted)]
            for (x,) in column
        ]  # fmt: skip

    return over_column


def _multiplied(one: Any, other: Any) -> Array:
    return [
        [
            product
            if type(x) in PLAIN and type(y) in PLAIN and -EXACT < (product := x * y) < EXACT
            else multiply(x, y)
        ]
        for (x,), (y,) in zip(one, other, strict=True)
    ]


def _joined(column: Any, tail: Any) -> Array:
    if type(tail) is not str:
        return [[join(x, tail)] for (x,) in column]
    room = MAX_TEXT - len(tail)
    return [[x + tail if type(x) is str and len(x) <= room else join(x, tail)] for (x,) in column]


def _longest(value: object) -> int:
    if type(value) is list:
        return max(len(cell) if type(cell) is str else 20 for row in value for cell in row)
    return len(value) if isinstance(value, str) else 20


def _size(value: Any) -> tuple[int, int]:
    return (len(value), len(value[0])) if type(value) is list else (1, 1)


def _within_memory(operate: Lifted) -> Lifted:
    def join_within_memory(a: Any, b: Any) -> object:
        height, width = _size(a)
        tall, wide = _size(b)
        cells = max(height, tall) * max(width, wide)
        if cells > _FEW and cells * (_longest(a) + _longest(b)) > MAX_CHARACTERS:
            raise Overload
        return operate(a, b)

    return join_within_memory


LIFTED: dict[str, Lifted] = {
    **{sign: lifted(function) for sign, function in BINARY.items()},
    **{sign: lifted(BINARY[sign], _compared(sign)) for sign in DIRECT},
    "*": lifted(multiply, None, _multiplied),
    "&": _within_memory(lifted(join, _joined)),
}
