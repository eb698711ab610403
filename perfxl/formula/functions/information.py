"""Functions that ask what a value is."""

from __future__ import annotations

from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import Problem, Reference, anything, number
from .registry import ARGUMENT, REFERENCE, function


@function("ISBLANK", params=(anything,), total=True)
def is_blank(value: Scalar) -> bool:
    return value is None


@function("ISNUMBER", params=(anything,), total=True)
def is_number(value: Scalar) -> bool:
    return type(value) in (int, float)


@function("ISTEXT", params=(anything,), total=True)
def is_text(value: Scalar) -> bool:
    return isinstance(value, str)


@function("ISNONTEXT", params=(anything,), total=True)
def is_non_text(value: Scalar) -> bool:
    return not isinstance(value, str)


@function("ISLOGICAL", params=(anything,), total=True)
def is_logical(value: Scalar) -> bool:
    return isinstance(value, bool)


@function("ISERROR", params=(anything,), total=True)
def is_error(value: Scalar) -> bool:
    return isinstance(value, ExcelError)


@function("ISERR", params=(anything,), total=True)
def is_error_but_na(value: Scalar) -> bool:
    return isinstance(value, ExcelError) and value is not ExcelError.NA


@function("ISNA", params=(anything,), total=True)
def is_na(value: Scalar) -> bool:
    return value is ExcelError.NA


def _parity(value: Scalar) -> int:
    if isinstance(value, bool):
        raise Problem(ExcelError.VALUE)
    return int(abs(number(value))) % 2


@function("ISEVEN", params=(anything,))
def is_even(value: Scalar) -> bool:
    return not _parity(value)


@function("ISODD", params=(anything,))
def is_odd(value: Scalar) -> bool:
    return bool(_parity(value))


@function("ISREF", params=(REFERENCE,))
def is_reference(value: Any) -> bool:
    return isinstance(value, Reference)


@function("NA")
def not_available() -> ExcelError:
    return ExcelError.NA


_NUMBERS = {
    ExcelError.NULL: 1, ExcelError.DIV0: 2, ExcelError.VALUE: 3, ExcelError.REF: 4,
    ExcelError.NAME: 5, ExcelError.NUM: 6, ExcelError.NA: 7, ExcelError.GETTING_DATA: 8,
    ExcelError.SPILL: 9, ExcelError.CALC: 14,
}  # fmt: skip


@function("ERROR.TYPE", params=(anything,))
def error_type(value: Scalar) -> Scalar:
    return _NUMBERS[value] if isinstance(value, ExcelError) else ExcelError.NA


@function("TYPE", params=(ARGUMENT,))
def type_(value: Any) -> int:
    if type(value) is list:
        if len(value) > 1 or len(value[0]) > 1:
            return 64
        value = value[0][0]
    if isinstance(value, ExcelError):
        return 16
    return 4 if isinstance(value, bool) else 2 if isinstance(value, str) else 1


@function("N", params=(anything,))
def n(value: Scalar) -> Scalar:
    if isinstance(value, ExcelError):
        return value
    return 0 if value is None or isinstance(value, str) else +value


@function("T", params=(anything,))
def t(value: Scalar) -> Scalar:
    return value if isinstance(value, (str, ExcelError)) else ""
