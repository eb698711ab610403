"""Excel's operators on scalars, and their spreading over arrays.

Errors travel as values here: an operator returns one, it never raises.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from ..model import ExcelError, Scalar
from .coerce import MAX_CELLS, MAX_TEXT, NUMERIC, Array, Overload, Problem, number, text

Operator = Callable[[Scalar, Scalar], Scalar]

MAX_CHARACTERS = 64_000_000
"""How much text one array may hold."""

_FAST = frozenset((int, float, bool))
_EXACT = 2.0**53
_LARGEST = 1.7976931348623157e308
_NEAR_ZERO = 2.0**-48


def finite(value: Any) -> Scalar:
    """A result as Excel can hold it: a double, or #NUM! beyond its range."""
    if -_EXACT < value < _EXACT:
        return value
    if -_LARGEST <= value <= _LARGEST:
        return float(value)
    return ExcelError.NUM


def _slow(function: Operator) -> Callable[[Scalar, Scalar], Scalar]:
    def coerced(a: Scalar, b: Scalar) -> Scalar:
        try:
            return function(number(a), number(b))
        except Problem as problem:
            return problem.error

    return coerced


def add(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in _FAST and type(b) in _FAST:
        total: Any = a + b  # type: ignore[operator]
        if -_EXACT < total < _EXACT:
            # Excel takes a sum that is zero but for the last binary digits as zero.
            if total and abs(total) < abs(a) * _NEAR_ZERO:  # type: ignore[arg-type]
                return 0
            return total
        return finite(total)
    return _add(a, b)


_add = _slow(add)


def subtract(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in _FAST and type(b) in _FAST:
        return add(a, -b)  # type: ignore[operator]
    return _subtract(a, b)


_subtract = _slow(subtract)


def multiply(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in _FAST and type(b) in _FAST:
        product: Any = a * b  # type: ignore[operator]
        return product if -_EXACT < product < _EXACT else finite(product)
    return _multiply(a, b)


_multiply = _slow(multiply)


def divide(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in _FAST and type(b) in _FAST:
        return finite(a / b) if b else ExcelError.DIV0  # type: ignore[operator]
    return _divide(a, b)


_divide = _slow(divide)


def power(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in _FAST and type(b) in _FAST:
        if not a:
            if not b:
                return ExcelError.NUM
            return 0 if b > 0 else ExcelError.DIV0  # type: ignore[operator]
        try:
            raised = float(a) ** b  # type: ignore[arg-type, operator]
        except OverflowError:
            return ExcelError.NUM
        return ExcelError.NUM if isinstance(raised, complex) else finite(raised)
    return _power(a, b)


_power = _slow(power)


def join(a: Scalar, b: Scalar) -> Scalar:
    try:
        joined = text(a) + text(b)
    except Problem as problem:
        return problem.error
    return joined if len(joined) <= MAX_TEXT else ExcelError.VALUE


def negate(a: Scalar) -> Scalar:
    if type(a) in _FAST:
        return -a  # type: ignore[operator]
    try:
        return -number(a)
    except Problem as problem:
        return problem.error


def to_number(a: Scalar) -> Scalar:
    """What two minus signs leave of a value."""
    if type(a) in _FAST:
        return +a  # type: ignore[operator]
    try:
        return number(a)
    except Problem as problem:
        return problem.error


def percent(a: Scalar) -> Scalar:
    return divide(a, 100)


def same_number(a: float, b: float) -> bool:
    """Equal in fifteen significant digits, which is how Excel compares."""
    if a == b:
        return True
    return abs(a - b) <= 1e-14 * abs(a) and f"{a:.14e}" == f"{b:.14e}"


_RANK = {int: 0, float: 0, str: 1, bool: 2}


def order(a: Scalar, b: Scalar) -> int:
    """-1, 0 or 1; number < text < logical, text without regard to case, blank as needed.

    Errors are the caller's business: neither side may be one.
    """
    if a is None:
        if b is None:
            return 0
        a = "" if type(b) is str else False if type(b) is bool else 0
    elif b is None:
        b = "" if type(a) is str else False if type(a) is bool else 0
    rank_a, rank_b = _RANK[type(a)], _RANK[type(b)]
    if rank_a != rank_b:
        return -1 if rank_a < rank_b else 1
    if rank_a == 0:
        if same_number(a, b):  # type: ignore[arg-type]
            return 0
    elif rank_a == 1:
        a, b = a.lower(), b.lower()  # type: ignore[union-attr]
        if a == b:
            return 0
    elif a == b:
        return 0
    return -1 if a < b else 1  # type: ignore[operator]


def _comparison(direct: Callable[[Any, Any], bool], ties: bool) -> Operator:
    def compare(a: Scalar, b: Scalar) -> Scalar:
        if type(a) in NUMERIC and type(b) in NUMERIC:
            return ties if same_number(a, b) else direct(a, b)  # type: ignore[arg-type]
        if type(a) is ExcelError:
            return a
        if type(b) is ExcelError:
            return b
        return direct(order(a, b), 0)

    return compare


equal = _comparison(eq, True)
different = _comparison(ne, False)
less = _comparison(lt, False)
greater = _comparison(gt, False)
at_most = _comparison(le, True)
at_least = _comparison(ge, True)

BINARY: dict[str, Operator] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "^": power, "&": join,
    "=": equal, "<>": different, "<": less, ">": greater, "<=": at_most, ">=": at_least,
}  # fmt: skip


def spread(function: Callable[..., Scalar], *args: object) -> Array:
    """Apply a scalar function over arrays: one row or column repeats, the rest is #N/A."""
    arrays = [arg for arg in args if type(arg) is list]
    height = max(len(array) for array in arrays)
    width = max(len(array[0]) for array in arrays)
    if height * width > MAX_CELLS:
        raise Overload
    columns = [_stretched(arg, height, width) for arg in args]
    return [
        [
            ExcelError.NA if any(cell is _BEYOND for cell in cells) else function(*cells)
            for cells in zip(*rows, strict=True)
        ]
        for rows in zip(*columns, strict=True)
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


def lifted(function: Operator) -> Callable[[object, object], object]:
    """A binary operator that takes arrays as well as scalars."""

    def operate(a: object, b: object) -> object:
        if type(a) is not list and type(b) is not list:
            return function(a, b)  # type: ignore[arg-type]
        if type(a) is list and type(b) is list:
            if len(a) == len(b) and len(a[0]) == len(b[0]):
                if len(a[0]) == 1:
                    return [[function(x[0], y[0])] for x, y in zip(a, b, strict=True)]
                return [
                    [function(x, y) for x, y in zip(row, other, strict=True)]
                    for row, other in zip(a, b, strict=True)
                ]
            return spread(function, a, b)
        if type(a) is list:
            if len(a[0]) == 1:
                return [[function(row[0], b)] for row in a]  # type: ignore[arg-type]
            return [[function(x, b) for x in row] for row in a]  # type: ignore[arg-type]
        return [[function(a, y) for y in row] for row in b]  # type: ignore[arg-type, attr-defined]

    return operate


def lifted_unary(function: Callable[[Scalar], Scalar]) -> Callable[[object], object]:
    """A unary operator that takes arrays as well as scalars."""

    def operate(a: object) -> object:
        if type(a) is list:
            return [[function(x) for x in row] for row in a]
        return function(a)  # type: ignore[arg-type]

    return operate


LIFTED = {sign: lifted(function) for sign, function in BINARY.items()}

_join_arrays = LIFTED["&"]


def _longest(value: object) -> int:
    if type(value) is list:
        return max(len(cell) if type(cell) is str else 20 for row in value for cell in row)
    return len(value) if isinstance(value, str) else 20


def _join_within_memory(a: object, b: object) -> object:
    if type(a) is list or type(b) is list:
        sizes = [(len(x), len(x[0])) for x in (a, b) if type(x) is list]
        cells = max(height for height, _ in sizes) * max(width for _, width in sizes)
        if cells * (_longest(a) + _longest(b)) > MAX_CHARACTERS:
            raise Overload
    return _join_arrays(a, b)


LIFTED["&"] = _join_within_memory
