"""Dynamic arrays: FILTER, UNIQUE, SORT, SEQUENCE."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import MAX_CELLS, Array, Overload, Problem, logical, number, numbers, whole
from ..operators import order
from .registry import ARGUMENT, ARRAY, function


def turned(cells: Array) -> Array:
    """Rows and columns swapped."""
    return [list(row) for row in zip(*cells, strict=True)]


@function("FILTER", params=(ARRAY, ARRAY, ARGUMENT))
def filter_(cells: Array, wanted: Array, empty: Any = ExcelError.CALC) -> Any:
    if len(wanted) == len(cells) and len(wanted[0]) == 1:
        kept = [row for row, (flag,) in zip(cells, wanted, strict=True) if logical(flag)]
        return kept or empty
    if len(wanted) == 1 and len(wanted[0]) == len(cells[0]):
        flags = [logical(flag) for flag in wanted[0]]
        if not any(flags):
            return empty
        return [[cell for cell, flag in zip(row, flags, strict=True) if flag] for row in cells]
    return ExcelError.VALUE


def _key(row: list[Scalar]) -> tuple[Any, ...]:
    return tuple(
        value.lower() if isinstance(value, str) else (type(value) is bool, value) for value in row
    )


@function("UNIQUE", params=(ARRAY, logical, logical))
def unique(cells: Array, by_column: bool = False, once: bool = False) -> Any:
    rows = turned(cells) if by_column else cells
    seen: dict[tuple[Any, ...], list[list[Scalar]]] = {}
    for row in rows:
        seen.setdefault(_key(row), []).append(row)
    kept = [group[0] for group in seen.values() if not once or len(group) == 1]
    if not kept:
        return ExcelError.CALC
    return turned(kept) if by_column else kept


def _compare(a: Scalar, b: Scalar) -> int:
    """Sorting order: numbers, texts, logicals, errors, blanks last."""
    for side, other, sign in ((a, b, 1), (b, a, -1)):
        if side is None or (isinstance(side, ExcelError) and other is not None):
            return 0 if type(other) is type(side) else sign
    return order(a, b)


def _sorted_by(rows: Array, keys: list[tuple[list[Scalar], int]]) -> Array:
    places = list(range(len(rows)))
    for values, direction in reversed(keys):
        if direction not in (1, -1):
            raise Problem(ExcelError.VALUE)
        filled = [place for place in places if values[place] is not None]
        blank = [place for place in places if values[place] is None]

        def compared(a: int, b: int, values: list[Scalar] = values) -> int:
            return _compare(values[a], values[b])

        filled.sort(key=cmp_to_key(compared), reverse=direction == -1)
        places = filled + blank
    return [rows[place] for place in places]


@function("SORT", params=(ARRAY, ARRAY, ARRAY, logical))
def sort(
    cells: Array, columns: Array | None = None, orders: Array | None = None, across: bool = False
) -> Any:
    rows = turned(cells) if across else cells
    wanted = [_count_or_one(value) for row in columns or [[1]] for value in row]
    directions = [_count_or_one(value) for row in orders or [[1]] for value in row]
    if any(not 1 <= column <= len(rows[0]) for column in wanted):
        return ExcelError.VALUE
    if len(directions) == 1:
        directions *= len(wanted)
    keys = [
        ([row[column - 1] for row in rows], direction)
        for column, direction in zip(wanted, directions, strict=False)
    ]
    result = _sorted_by(rows, keys)
    return turned(result) if across else result


@function("SORTBY", params=(ARRAY,), repeat=(ARRAY, ARGUMENT), least=2)
def sort_by(cells: Array, *keys: Any) -> Any:
    across = len(keys[0]) == 1 and len(cells) > 1 and len(keys[0][0]) == len(cells[0])
    rows = turned(cells) if across or len(cells) == 1 else cells
    ordered = []
    for index in range(0, len(keys), 2):
        line = keys[index][0] if len(keys[index]) == 1 else [row[0] for row in keys[index]]
        direction = keys[index + 1] if index + 1 < len(keys) else 1
        direction = direction[0][0] if type(direction) is list else direction
        if len(line) != len(rows):
            return ExcelError.VALUE
        ordered.append((line, 1 if direction is None else whole(direction)))
    result = _sorted_by(rows, ordered)
    return turned(result) if rows is not cells else result


def _or_one(value: Scalar) -> float | int:
    return 1 if value is None else number(value)


def _count_or_one(value: Scalar) -> int:
    return 1 if value is None else whole(value)


@function("SEQUENCE", params=(_count_or_one, _count_or_one, _or_one, _or_one))
def sequence(rows: int, cols: int = 1, start: float = 1, step: float = 1) -> Any:
    if rows < 1 or cols < 1:
        return ExcelError.CALC
    if rows * cols > MAX_CELLS:
        raise Overload
    return [[start + step * (row * cols + col) for col in range(cols)] for row in range(rows)]


@function("MMULT", params=(ARRAY, ARRAY))
def matrix_product(one: Array, other: Array) -> Any:
    if len(one[0]) != len(other):
        return ExcelError.VALUE
    if len(one) * len(other[0]) * len(other) > 10 * MAX_CELLS:
        raise Overload
    for cells in (one, other):
        if len(numbers([cells])) != len(cells) * len(cells[0]):
            return ExcelError.VALUE
    others = turned(other)
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in others]  # type: ignore[operator, misc]
        for row in one
    ]


@function("MUNIT", params=(whole,))
def unit_matrix(size: int) -> Any:
    if not 1 <= size <= 1000:
        return ExcelError.VALUE
    return [[int(row == col) for col in range(size)] for row in range(size)]
