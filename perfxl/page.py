"""The sheet 校验结果 of a corrected copy read back, whatever was done to it since."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping

from perfxl.model import (
    Book,
    Cell,
    ExcelError,
    Grid,
    Mark,
    Original,
    Record,
    Scalar,
    place_key,
    row_col,
)
from perfxl.record import HIDDEN, REPLY, SHOWN, SIGNATURE, text_of

VISIBLE = (
    "序号", "级别", "表", "单元格", "栏目", "填报值", "应为", "问题", "怎么改", "依据", "编码",
    "处理", REPLY,
)  # fmt: skip
"""The columns that a person sees, from left to right."""
_NUMBER, _PLACE_SHOWN, _CODE = "序号", "单元格", "编码"
_MOST_COLUMNS = 60
_MOST_ROWS_ABOVE = 40
_PLACE = re.compile(r"ROW\((?:'((?:[^']|'')+)'|([^'!()]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})\)")
_ERRORS = {error.value: error for error in ExcelError}


def read_record(book: Book) -> Record | None:
    """The record in a workbook, None where it carries none.

    Where its hidden columns were cleared, what the unit replied is still read, by code and
    cell.
    """
    for grid in book.grids:
        column = _first_hidden(grid)
        if column is not None:
            return _read(grid, column)
    for grid in book.grids:
        header = _visible_header(grid)
        if header is not None:
            return Record(grid.sheet, (), frozenset(), _replies(grid, header, {}, {}), False)
    return None


def _first_hidden(grid: Grid) -> int | None:
    first = (cell for cell in grid.row(1) if cell.col <= _MOST_COLUMNS)
    return next((cell.col for cell in first if cell.value == SIGNATURE), None)


def _visible_header(grid: Grid) -> int | None:
    rows = range(1, min(grid.extent.bottom, _MOST_ROWS_ABOVE) + 1)
    # Counting the cells of a row is quicker than reading them, and few rows have so many.
    long = (row for row in rows if len(grid.rows.get(row, ())) >= len(VISIBLE))
    return next((row for row in long if _columns(grid, row).keys() >= set(VISIBLE)), None)


def _columns(grid: Grid, header: int) -> dict[str, int]:
    """The column under each heading."""
    return {text: cell.col for cell in grid.row(header) if (text := text_of(cell))}


def _read(grid: Grid, column: int) -> Record:
    shown = grid.cells.get((1, column + 1))
    hidden = _header(grid, column)
    header = hidden or _visible_header(grid)
    marks: dict[tuple[str, int, int], Mark] = {}
    keys: dict[int, str] = {}
    numbers: dict[str, str] = {}
    if hidden is not None:
        for row in range(hidden + 1, grid.extent.bottom + 1):
            cells = [grid.cells.get((row, column + at)) for at in range(len(HIDDEN))]
            key = text_of(cells[0])
            if not key:
                continue
            keys[row] = key
            numbers[text_of(cells[-1])] = key
            mark = _mark(cells)
            if mark:
                known = marks.get((mark.sheet, mark.row, mark.col))
                if known is None or mark.original:
                    marks[mark.sheet, mark.row, mark.col] = mark
    return Record(
        sheet=grid.sheet,
        marks=tuple(marks.values()),
        keys=frozenset(keys.values()),
        replies=_replies(grid, header, keys, numbers) if header else {},
        settled_shown=bool(shown and shown.value == SHOWN),
    )


def _header(grid: Grid, column: int) -> int | None:
    rows = range(1, grid.extent.bottom + 1)
    return next((row for row in rows if text_of(grid.cells.get((row, column))) == HIDDEN[0]), None)


def _replies(
    grid: Grid, header: int, keys: Mapping[int, str], numbers: Mapping[str, str]
) -> dict[str, str]:
    """What the unit wrote, by the key of the finding.

    A row is known by its number, for sorting the columns in sight leaves the hidden ones; then
    by the key beside it; and else by code and cell.
    """
    columns = _columns(grid, header)
    found: dict[str, str] = {}
    if REPLY not in columns:
        return found
    for row in range(header + 1, grid.extent.bottom + 1):
        cells = {name: grid.cells.get((row, col)) for name, col in columns.items()}
        said = text_of(cells[REPLY]).strip()
        if said:
            number = text_of(cells.get(_NUMBER))
            key = numbers.get(number) if number else None
            found[key or keys.get(row) or _by_place(cells)] = said
    return found


def _by_place(cells: Mapping[str, Cell | None]) -> str:
    sheet, _, cell = text_of(cells.get(_PLACE_SHOWN)).rpartition("!")
    return place_key(text_of(cells.get(_CODE)), sheet, cell)


def _mark(cells: list[Cell | None]) -> Mark | None:
    _, place, look, value, number_format, was_formula, put, _ = cells
    at = _PLACE.fullmatch((place.formula or "").replace("$'", "'") if place else "")
    if at is None:
        return None
    sheet = at[1].replace("''", "'") if at[1] else at[2]
    row, col = row_col(at[3] + at[4])
    original = None
    if value is not None and put is not None:
        original = Original(
            value=_value(text_of(value)),
            number_format=text_of(number_format) or "General",
            formula=text_of(was_formula) != "",
            written=text_of(put),
        )
    return Mark(sheet, row, col, text_of(look), original)


def _value(text: str) -> Scalar:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        return _ERRORS.get(str(found.get("error")))
    if isinstance(found, int | float) and not abs(found) <= sys.float_info.max:
        return None
    return found if isinstance(found, str | bool | int | float) else None
