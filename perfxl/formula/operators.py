"""Excel's operators on scalars.

Errors travel as values here: an operator returns one, it never raises.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from ..model import ExcelError, Scalar
from .coerce import MAX_TEXT, NUMERIC, Problem, number, text

Operator = Callable[[Scalar, Scalar], Scalar]

PLAIN = frozenset((int, float, bool))
"""The types that need no conversion to be reckoned with."""

EXACT = 2.0**53
"""Beyond this not every whole number is a double."""

_LARGEST = 1.7976931348623157e308
_NEAR_ZERO = 2.0**-48


def finite(value: Any) -> Scalar:
    """A result as Excel can hold it: a double, or #NUM! beyond its range."""
    if -EXACT < value < EXACT:
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
    if type(a) in PLAIN and type(b) in PLAIN:
        total: Any = a + b  # type: ignore[operator]
        if -EXACT < total < EXACT:
            # Excel takes a sum that is zero but for the last binary digits as zero.
            if total and abs(total) < abs(a) * _NEAR_ZERO:  # type: ignore[arg-type]
                return 0
            return total
        return finite(total)
    return _add(a, b)


_add = _slow(add)


def subtract(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in PLAIN and type(b) in PLAIN:
        return add(a, -b)  # type: ignore[operator]
    return _subtract(a, b)


_subtract = _slow(subtract)


def multiply(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in PLAIN and type(b) in PLAIN:
        product: Any = a * b  # type: ignore[operator]
        return product if -EXACT < product < EXACT else finite(product)
    return _multiply(a, b)


_multiply = _slow(multiply)


def divide(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in PLAIN and type(b) in PLAIN:
        return finite(a / b) if b else ExcelError.DIV0  # type: ignore[operator]
    return _divide(a, b)


_divide = _slow(divide)


def power(a: Scalar, b: Scalar) -> Scalar:
    if type(a) in PLAIN and type(b) in PLAIN:
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
    if type(a) in PLAIN:
        return -a  # type: ignore[operator]
    try:
        return -number(a)
    except Problem as problem:
        return problem.error


def to_number(a: Scalar) -> Scalar:
    """What two minus signs leave of a value."""
    if type(a) in PLAIN:
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
        if type(a) is str and type(b) is str:
            return direct(a.lower(), b.lower())
        if type(a) is ExcelError:
            return a
        if type(b) is ExcelError:
            return b
        return direct(order(a, b), 0)

    return compare


DIRECT: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq, "<>": ne, "<": lt, ">": gt, "<=": le, ">=": ge,
}  # fmt: skip
"""Python's comparison of two numbers that are clearly apart, or of two texts in lower case."""

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
