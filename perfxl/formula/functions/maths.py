"""Arithmetic functions."""

from __future__ import annotations

import math
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import Array, Problem, flat, number, numbers, whole
from ..operators import divide, multiply, power
from .registry import ARGUMENT, ARRAY, function


@function("ABS", params=(number,))
def absolute(value: float) -> float:
    return abs(value)


@function("SIGN", params=(number,))
def sign(value: float) -> int:
    return (value > 0) - (value < 0)


@function("SUM", repeat=(ARGUMENT,), least=1)
def total(*args: Any) -> Scalar:
    result: float = 0
    for value in numbers(args):
        result += value
    return result


@function("PRODUCT", repeat=(ARGUMENT,), least=1)
def product(*args: Any) -> Scalar:
    values = numbers(args)
    return math.prod(float(value) for value in values) if values else 0


@function("SUMSQ", repeat=(ARGUMENT,), least=1)
def sum_of_squares(*args: Any) -> Scalar:
    return sum(float(value) * value for value in numbers(args))


@function("SUMPRODUCT", repeat=(ARRAY,), least=1)
def sum_product(*args: Array) -> Scalar:
    """Texts and logicals count as 0, so a condition needs ``--`` or ``*1``."""
    if len({(len(array), len(array[0])) for array in args}) > 1:
        return ExcelError.VALUE
    result: float = 0
    for cells in zip(*(flat(array) for array in args), strict=True):
        term: float = 1
        for cell in cells:
            if type(cell) is ExcelError:
                return cell
            term *= cell if type(cell) in (int, float) else 0
        result += term
    return result


@function("MOD", params=(number, number))
def modulo(value: float, divisor: float) -> Scalar:
    """The sign of the result is that of the divisor."""
    if not divisor:
        return ExcelError.DIV0
    rest = math.fmod(value, divisor)
    if abs(rest) >= abs(divisor) * (1 - 1e-14) or abs(rest) < abs(value) * 1e-15:
        return 0
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


@function("QUOTIENT", params=(number, number))
def quotient(value: float, divisor: float) -> Scalar:
    return math.trunc(value / divisor) if divisor else ExcelError.DIV0


@function("POWER", params=(number, number))
def to_the_power(value: float, exponent: float) -> Scalar:
    return power(value, exponent)


@function("SQRT", params=(number,))
def square_root(value: float) -> Scalar:
    return math.sqrt(value) if value >= 0 else ExcelError.NUM


@function("SQRTPI", params=(number,))
def square_root_of_pi(value: float) -> Scalar:
    return math.sqrt(value * math.pi) if value >= 0 else ExcelError.NUM


@function("EXP", params=(number,))
def exponential(value: float) -> float:
    return math.exp(value)


@function("LN", params=(number,))
def natural_logarithm(value: float) -> Scalar:
    return math.log(value) if value > 0 else ExcelError.NUM


@function("LOG", params=(number, number))
def logarithm(value: float, base: float = 10) -> Scalar:
    if value <= 0 or base <= 0:
        return ExcelError.NUM
    return math.log10(value) if base == 10 else divide(math.log(value), math.log(base))


@function("LOG10", params=(number,))
def common_logarithm(value: float) -> Scalar:
    return math.log10(value) if value > 0 else ExcelError.NUM


@function("PI")
def pi() -> float:
    return math.pi


def _circular(name: str, compute: Any) -> None:
    @function(name, params=(number,))
    def apply(angle: float) -> Scalar:
        try:
            return compute(angle)
        except ValueError:
            return ExcelError.NUM


for _name in ("SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "SINH", "COSH", "TANH", "ASINH",
              "ACOSH", "ATANH", "DEGREES", "RADIANS"):  # fmt: skip
    _circular(_name, getattr(math, _name.lower()))


@function("ATAN2", params=(number, number))
def angle_of(x: float, y: float) -> Scalar:
    """Excel takes x first."""
    return math.atan2(y, x) if x or y else ExcelError.DIV0


def _whole_numbers(args: tuple[Any, ...]) -> list[int]:
    found = [whole(value) for value in numbers(args)]
    if any(value < 0 for value in found):
        raise Problem(ExcelError.NUM)
    return found


@function("GCD", repeat=(ARGUMENT,), least=1)
def greatest_common_divisor(*args: Any) -> int:
    return math.gcd(*_whole_numbers(args))


@function("LCM", repeat=(ARGUMENT,), least=1)
def least_common_multiple(*args: Any) -> Scalar:
    result = 1
    for value in _whole_numbers(args):
        result = math.lcm(result, value)
        if result > 2**53:
            return ExcelError.NUM
    return result


@function("FACT", params=(number,))
def factorial(value: float) -> Scalar:
    return float(math.factorial(int(value))) if 0 <= value < 171 else ExcelError.NUM


@function("FACTDOUBLE", params=(number,))
def double_factorial(value: float) -> Scalar:
    if not -1 <= value < 301:
        return ExcelError.NUM
    return float(math.prod(range(int(value), 0, -2)))


@function("COMBIN", params=(number, number))
def combinations(count: float, chosen: float) -> Scalar:
    if not 0 <= chosen <= count or count > 1e6:
        return ExcelError.NUM
    return _as_double(math.comb(int(count), int(chosen)))


@function("PERMUT", params=(number, number))
def permutations(count: float, chosen: float) -> Scalar:
    if not 0 <= chosen <= count or chosen > 170:
        return ExcelError.NUM
    return _as_double(math.perm(int(count), int(chosen)))


def _as_double(value: int) -> Scalar:
    return value if value < 2**53 else multiply(float(value), 1)


@function("BASE", params=(whole, whole, whole))
def in_base(value: int, radix: int, width: int = 0) -> Scalar:
    if value < 0 or not 2 <= radix <= 36 or not 0 <= width <= 255 or value >= 2**53:
        return ExcelError.NUM
    digits = ""
    while value:
        value, rest = divmod(value, radix)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return (digits or "0").rjust(width, "0")
