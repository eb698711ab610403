"""The record of a check that a corrected copy carries in hidden columns of 校验结果.

A later check reads it: which cells were marked and how they looked, what stood in those that
were put right, and what the unit replied.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from perfxl import formula
from perfxl.model import (
    Book,
    Cell,
    ExcelError,
    Finding,
    Grid,
    Mark,
    Original,
    Record,
    Repair,
    Scalar,
    row_col,
)

SIGNATURE = "perfxl 校验记录 1"
REPLY = "单位说明"
HIDDEN = ("键", "位置", "原样", "原值", "格式", "公式", "写入")
"""The hidden columns: the finding's key, where its cell is, its own look; of a cell that was
put right its value, number format, whether it held a formula, and what was put there."""
SHOWN = "已标"
REBUILT_FROM = "perfxl由来"
"""The document property of a rebuilt workbook: the name of the file that it comes from."""
_MOST_COLUMNS = 60
_PLACE = re.compile(r"ROW\((?:'((?:[^']|'')+)'|([^'!()]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})\)")
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")
_ERRORS = {error.value: error for error in ExcelError}


def keys(findings: Iterable[Finding]) -> Iterator[str]:
    """The key of each finding, with a number where several share one."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.key] += 1
        times = seen[finding.key]
        yield finding.key if times == 1 else f"{finding.key}#{times}"


def content(value: Scalar) -> str:
    """A value as the record keeps it."""
    return json.dumps({"error": value.value} if isinstance(value, ExcelError) else value)


def written(repair: Repair) -> str:
    """What a repair puts into its cell, as the record keeps it."""
    if repair.text is not None:
        return repair.text
    return f"={repair.formula}" if repair.formula else f"{repair.value:.15g}"


def read_record(book: Book) -> Record | None:
    """The record in a workbook, None where it carries none (or none that can be read)."""
    for grid in book.grids:
        column = _first_hidden(grid)
        if column is not None:
            return _read(grid, column)
    return None


def _first_hidden(grid: Grid) -> int | None:
    first = (cell for cell in grid.row(1) if cell.col <= _MOST_COLUMNS)
    return next((cell.col for cell in first if cell.value == SIGNATURE), None)


def _read(grid: Grid, column: int) -> Record:
    shown = grid.cells.get((1, column + 1))
    header = _header(grid, column)
    replies: dict[str, str] = {}
    marks: dict[tuple[str, int, int], Mark] = {}
    listed: set[str] = set()
    if header is not None:
        reply = next((c.col for c in grid.row(header) if c.value == REPLY), None)
        for row in range(header + 1, grid.extent.bottom + 1):
            texts = [grid.cells.get((row, column + at)) for at in range(len(HIDDEN))]
            key = _text(texts[0])
            if not key:
                continue
            listed.add(key)
            said = grid.cells.get((row, reply)) if reply else None
            if said and _text(said).strip():
                replies[key] = _text(said).strip()
            mark = _mark(texts)
            if mark:
                known = marks.get((mark.sheet, mark.row, mark.col))
                if known is None or mark.original:
                    marks[mark.sheet, mark.row, mark.col] = mark
    return Record(
        sheet=grid.sheet,
        marks=tuple(marks.values()),
        keys=frozenset(listed),
        replies=replies,
        settled_shown=bool(shown and shown.value == SHOWN),
    )


def _header(grid: Grid, column: int) -> int | None:
    rows = range(1, grid.extent.bottom + 1)
    return next((row for row in rows if _text(grid.cells.get((row, column))) == HIDDEN[0]), None)


def _mark(cells: list[Cell | None]) -> Mark | None:
    _, place, look, value, number_format, was_formula, put = cells
    at = _PLACE.fullmatch((place.formula or "").replace("$'", "'") if place else "")
    if at is None:
        return None
    sheet = at[1].replace("''", "'") if at[1] else at[2]
    row, col = row_col(at[3] + at[4])
    original = None
    if value is not None and put is not None:
        original = Original(
            value=_value(_text(value)),
            number_format=_text(number_format) or "General",
            formula=_text(was_formula) != "",
            written=_text(put),
        )
    return Mark(sheet, row, col, _text(look), original)


def _value(text: str) -> Scalar:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if isinstance(found, dict):
        return _ERRORS.get(str(found.get("error")))
    if isinstance(found, float) and not math.isfinite(found):
        return None
    return found if isinstance(found, str | bool | int | float) else None


def _text(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    return cell.value if isinstance(cell.value, str) else f"{cell.value:.15g}"


def without_page(book: Book, record: Record) -> Book:
    """The workbook without the sheet that carries the record."""
    return replace(book, grids=tuple(grid for grid in book.grids if grid.sheet != record.sheet))


def recalculated(book: Book, record: Record) -> Book:
    """The workbook with the results of what was put in, and of what rests on it, worked out
    afresh: another program may have changed facts and kept old results."""
    formulas = {}
    for mark in record.marks:
        grid = book.grid(mark.sheet)
        cell = grid.cells.get((mark.row, mark.col)) if grid and mark.original else None
        if grid and cell and cell.formula:
            formulas[grid.sheet, mark.row, mark.col] = cell.formula
    if not formulas:
        return book
    return _filled(book, formula.Calculator(book.grids, book.names).recompute({}, formulas).values)


def standing(book: Book, record: Record) -> Record:
    """The record without the originals of cells that hold something else by now."""

    def own(mark: Mark) -> Mark:
        grid = book.grid(mark.sheet)
        cell = grid.cells.get((mark.row, mark.col)) if grid else None
        ours = mark.original is not None and still_ours(cell, mark.original)
        return mark if ours else replace(mark, original=None)

    return replace(record, marks=tuple(map(own, record.marks)))


def as_filled_in(book: Book, record: Record) -> Book:
    """The workbook with the unit's own values where what was put in their place still stands;
    its formulas that rest on them have the results they had."""
    originals: dict[tuple[str, int, int], Original] = {}
    grids = []
    for grid in book.grids:
        cells = dict(grid.cells)
        for mark in record.marks:
            at = (mark.row, mark.col)
            if mark.sheet != grid.sheet or mark.original is None:
                continue
            if not still_ours(cells.get(at), mark.original):
                continue
            originals[(grid.sheet, *at)] = mark.original
            if mark.original.value is None:
                cells.pop(at, None)
            else:
                own = cells[at]._replace(
                    value=mark.original.value,
                    formula=None,
                    number_format=mark.original.number_format,
                )
                cells[at] = own
        grids.append(replace(grid, cells=cells) if originals else grid)
    if not originals:
        return book
    restored = replace(book, grids=tuple(grids))
    values = {at: original.value for at, original in originals.items()}
    return _with_results(restored, values)


def _with_results(book: Book, values: Mapping[tuple[str, int, int], Scalar]) -> Book:
    if not any(cell.formula for grid in book.grids for cell in grid.cells.values()):
        return book
    return _filled(book, formula.Calculator(book.grids, book.names).recompute(values).values)


def _filled(book: Book, fresh: Mapping[tuple[str, int, int], Scalar]) -> Book:
    grids = []
    for grid in book.grids:
        cells = dict(grid.cells)
        for (sheet, row, col), value in fresh.items():
            cell = cells.get((row, col))
            if sheet == grid.sheet and cell and cell.formula:
                cells[row, col] = cell._replace(value=value)
        grids.append(replace(grid, cells=cells))
    return replace(book, grids=tuple(grids))


def still_ours(cell: Cell | None, original: Original) -> bool:
    """Whether a cell that was put right still holds what was put there, wherever the cells it
    refers to have moved."""
    if cell is None:
        return False
    put = original.written
    if put.startswith("="):
        own = _REFERENCE.sub("#", (cell.formula or "").replace(" ", ""))
        return own == _REFERENCE.sub("#", put[1:].replace(" ", ""))
    if cell.formula:
        return False
    value = cell.value
    return put == (value if isinstance(value, str) else _text(cell))
