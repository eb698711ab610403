"""Functions outside the runtime, run by the package ``formulas`` when one is really called.

Importing it takes a tenth of a second and brings numpy, so it happens only here and only
then.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..model import ExcelError, Scalar
from .coerce import Array

_ERRORS = {error.value: error for error in ExcelError}


@cache
def _functions() -> dict[str, Any]:
    import formulas

    return {
        name: entry["function"] if isinstance(entry, dict) else entry
        for name, entry in formulas.get_functions().items()
    }


@cache
def _find(name: str) -> Any:
    functions = _functions()
    for spelled in (name, f"_XLFN.{name}", f"_XLFN._XLWS.{name}"):
        if callable(functions.get(spelled)):
            return functions[spelled]
    return None


def known(name: str) -> bool:
    """Whether ``formulas`` has the function."""
    return name.isascii() and _find(name) is not None


def call(name: str, args: list[Any]) -> Scalar | Array:
    """The function's result; #NAME? when unknown, #VALUE! when it fails."""
    if not known(name):
        return ExcelError.NAME
    for arg in args:
        if isinstance(arg, ExcelError):
            return arg
    try:
        return _from_numpy(_find(name)(*[_to_numpy(arg) for arg in args]))
    except Exception:
        # What a foreign implementation raises is not ours to know; Excel would show an error.
        return ExcelError.VALUE


def _to_numpy(arg: Any) -> Any:
    import numpy
    from formulas.functions import Error

    if type(arg) is not list:
        return arg
    cells = numpy.empty((len(arg), len(arg[0])), dtype=object)
    for row, values in enumerate(arg):
        for col, value in enumerate(values):
            if isinstance(value, ExcelError):
                value = Error.errors.get(value.value, value.value)
            cells[row, col] = "" if value is None else value
    return cells


def _from_numpy(result: Any) -> Scalar | Array:
    import numpy

    cells = numpy.asarray(result, dtype=object)
    if cells.ndim == 0:
        return _scalar(cells.item())
    if cells.ndim == 1:
        cells = cells.reshape(1, -1)
    rows = [[_scalar(value) for value in row] for row in cells.tolist()]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _scalar(value: Any) -> Scalar:
    if str(value) in _ERRORS:
        return _ERRORS[str(value)]
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    if hasattr(value, "item"):
        return _scalar(value.item())
    return str(value)
