"""Functions run down columns.

What rules ask of a column of indicators they ask of each of its rows; so the arguments that
stay the same are converted once, and a call costs no more than it must. The results are those
of the general way in `calls`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..model import ExcelError
from .coerce import Array, Problem, Reference, anything
from .operators import EXACT, finite

Convert = Callable[[Any], Any]

MOST_ROWS = 1000
"""So few rows cannot hold too much text, as each of them holds a cell's text at most."""

FAILURES = (Problem, OverflowError, ZeroDivisionError, KeyError)
"""What a function may raise; `error_of` says which error value it means."""


def error_of(failure: BaseException) -> ExcelError:
    """The error value that stands for what a function raised."""
    if isinstance(failure, Problem):
        return failure.error
    if isinstance(failure, OverflowError):
        return ExcelError.NUM
    return ExcelError.DIV0 if isinstance(failure, ZeroDivisionError) else ExcelError.REF


def cell_of(result: Any) -> Any:
    """What one cell of an array can hold of a result."""
    if type(result) is Reference:
        result = result.value()
    return result[0][0] if type(result) is list else result


def is_column(array: Array) -> bool:
    return len(array[0]) == 1 and len(array) <= MOST_ROWS


def down_column(call: Callable[[Any], Any], convert: Convert, column: Array) -> Array:
    """A function of one argument applied to each row."""
    results: Array = []
    for (cell,) in column:
        try:
            result = call(convert(cell))
            kind = type(result)
            if kind is int or kind is float:
                if not -EXACT < result < EXACT:
                    result = finite(result)
            elif kind is Reference or kind is list:
                result = cell_of(result)
        except FAILURES as failure:
            result = error_of(failure)
        results.append([result])
    return results


def down_columns(
    call: Callable[..., Any],
    converters: Sequence[Convert],
    values: Sequence[Any],
    lifted: Sequence[int],
) -> Array | None:
    """A function applied row by row, where its ``lifted`` arguments are columns or scalars.

    None where the columns differ in length, or an argument that stays the same is an error:
    which error comes first then depends on the row.
    """
    moving = [index for index in lifted if type(values[index]) is list]
    columns = [values[index] for index in moving]
    height = len(columns[0])
    if not all(len(column) == height and is_column(column) for column in columns):
        return None
    arguments = list(values)
    try:
        for index, convert in enumerate(converters):
            if index not in moving:
                arguments[index] = convert(values[index])
    except FAILURES:
        return None
    if len(moving) == 1:
        at = moving[0]
        before, after = arguments[:at], arguments[at + 1 :]
        return down_column(lambda cell: call(*before, cell, *after), converters[at], columns[0])
    places = [(index, converters[index]) for index in moving]
    as_they_are = all(convert is anything for _, convert in places)

    def by_row(row: tuple[list[Any], ...]) -> Any:
        if as_they_are:
            for index, (cell,) in zip(moving, row, strict=True):
                arguments[index] = cell
        else:
            for (index, convert), (cell,) in zip(places, row, strict=True):
                arguments[index] = convert(cell)
        return call(*arguments)

    rows: Any = [(row,) for row in zip(*columns, strict=True)]
    return down_column(by_row, anything, rows)
