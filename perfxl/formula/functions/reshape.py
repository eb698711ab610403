"""Arrays cut, stacked and folded."""

from __future__ import annotations

from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import MAX_CELLS, Array, Overload, Problem, logical, optional, passed, whole
from .registry import ARRAY, function


def _taken(length: int, count: int) -> range:
    if not count:
        raise Problem(ExcelError.CALC)
    return range(length)[:count] if count > 0 else range(length)[count:]


def _dropped(length: int, count: int) -> range:
    left = range(length)[count:] if count >= 0 else range(length)[:count]
    if not left:
        raise Problem(ExcelError.CALC)
    return left


@function("TAKE", params=(ARRAY, optional(whole), optional(whole)))
def take(cells: Array, rows: int | None, cols: int | None = None) -> Array:
    columns = range(len(cells[0])) if cols is None else _taken(len(cells[0]), cols)
    lines = range(len(cells)) if rows is None else _taken(len(cells), rows)
    return [[cells[row][col] for col in columns] for row in lines]


@function("DROP", params=(ARRAY, whole, whole))
def drop(cells: Array, rows: int, cols: int = 0) -> Array:
    columns = _dropped(len(cells[0]), cols)
    return [[cells[row][col] for col in columns] for row in _dropped(len(cells), rows)]


def _widened(row: list[Scalar], width: int, filler: Scalar) -> list[Scalar]:
    return row + [filler] * (width - len(row))


def _limited(rows: int, cols: int) -> None:
    if rows * cols > MAX_CELLS:
        raise Overload


@function("VSTACK", repeat=(ARRAY,), least=1)
def stack_down(*arrays: Array) -> Array:
    width = max(len(array[0]) for array in arrays)
    _limited(sum(len(array) for array in arrays), width)
    return [_widened(row, width, ExcelError.NA) for array in arrays for row in array]


@function("HSTACK", repeat=(ARRAY,), least=1)
def stack_across(*arrays: Array) -> Array:
    height = max(len(array) for array in arrays)
    _limited(height, sum(len(array[0]) for array in arrays))
    return [
        [
            cell
            for array in arrays
            for cell in (array[row] if row < len(array) else [ExcelError.NA] * len(array[0]))
        ]
        for row in range(height)
    ]


def _line(cells: Array, ignore: int, by_column: bool) -> list[Scalar]:
    if not 0 <= ignore <= 3:
        raise Problem(ExcelError.VALUE)
    rows: Any = zip(*cells, strict=True) if by_column else cells
    kept = [
        cell
        for row in rows
        for cell in row
        if not (ignore & 1 and cell is None) and not (ignore & 2 and type(cell) is ExcelError)
    ]
    if not kept:
        raise Problem(ExcelError.CALC)
    return kept


@function("TOCOL", params=(ARRAY, whole, logical))
def to_column(cells: Array, ignore: int = 0, by_column: bool = False) -> Array:
    return [[cell] for cell in _line(cells, ignore, by_column)]


@function("TOROW", params=(ARRAY, whole, logical))
def to_row(cells: Array, ignore: int = 0, by_column: bool = False) -> Array:
    return [_line(cells, ignore, by_column)]


def _places(args: tuple[Array, ...], length: int) -> list[int]:
    places = []
    for array in args:
        for value in (cell for row in array for cell in row):
            place = whole(value)
            if not 1 <= abs(place) <= length:
                raise Problem(ExcelError.VALUE)
            places.append(place - 1 if place > 0 else length + place)
    return places


@function("CHOOSECOLS", params=(ARRAY,), repeat=(ARRAY,), least=2)
def choose_columns(cells: Array, *columns: Array) -> Array:
    places = _places(columns, len(cells[0]))
    _limited(len(cells), len(places))
    return [[row[place] for place in places] for row in cells]


@function("CHOOSEROWS", params=(ARRAY,), repeat=(ARRAY,), least=2)
def choose_rows(cells: Array, *rows: Array) -> Array:
    places = _places(rows, len(cells))
    _limited(len(places), len(cells[0]))
    return [cells[place] for place in places]


@function("EXPAND", params=(ARRAY, whole, optional(whole), passed))
def expand(
    cells: Array, rows: int, cols: int | None = None, filler: Scalar = ExcelError.NA
) -> Array | ExcelError:
    height, width = rows or len(cells), len(cells[0]) if cols is None else cols
    if height < len(cells) or width < len(cells[0]):
        return ExcelError.VALUE
    _limited(height, width)
    grown = [_widened(row, width, filler) for row in cells]
    return grown + [[filler] * width for _ in range(height - len(cells))]


def _wrapped(cells: Array, count: int, filler: Scalar) -> Array:
    if count < 1:
        raise Problem(ExcelError.NUM)
    if len(cells) > 1 and len(cells[0]) > 1:
        raise Problem(ExcelError.VALUE)
    values = cells[0] if len(cells) == 1 else [row[0] for row in cells]
    count = min(count, len(values))
    return [_widened(values[at : at + count], count, filler) for at in range(0, len(values), count)]


@function("WRAPROWS", params=(ARRAY, whole, passed))
def wrap_rows(cells: Array, count: int, filler: Scalar = ExcelError.NA) -> Array:
    return _wrapped(cells, count, filler)


@function("WRAPCOLS", params=(ARRAY, whole, passed))
def wrap_columns(cells: Array, count: int, filler: Scalar = ExcelError.NA) -> Array:
    return [list(column) for column in zip(*_wrapped(cells, count, filler), strict=True)]
