"""The record of a check that a corrected copy carries in hidden columns of 校验结果.

A later check reads it: which cells were marked and how they looked, what stood in those that
were put right, and what the unit replied.
"""

from __future__ import annotations

import json
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
)

SIGNATURE = "perfxl 校验记录 1"
REPLY = "单位说明"
HIDDEN = ("键", "位置", "原样", "原值", "格式", "公式", "写入", "序")
"""The hidden columns: the finding's key, where its cell is, its own look; of a cell that was
put right its value, number format, whether it held a formula, and what was put there; and the
finding's number, by which its row is known once the columns in sight were sorted."""
SHOWN = "已标"
REBUILT_FROM = "perfxl由来"
"""The document property of a rebuilt workbook: the name of the file that it comes from."""
_At = tuple[str, int, int]
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")


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


def text_of(cell: Cell | None) -> str:
    """What a cell of the record, or one that was put right, holds, as text."""
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, str | ExcelError):
        return str(cell.value)
    return f"{cell.value:.15g}"


def without_page(book: Book, record: Record) -> Book:
    """The workbook without the sheet that carries the record."""
    return replace(book, grids=tuple(grid for grid in book.grids if grid.sheet != record.sheet))


def recalculated(book: Book, record: Record) -> Book:
    """The workbook with the results of what was put in, and of what rests on it, worked out
    afresh: another program may have changed facts and kept old results."""
    formulas = {
        at: cell.formula
        for mark, at, cell in _marked(book, record)
        if mark.original and cell and cell.formula
    }
    if not formulas:
        return book
    return _filled(book, formula.Calculator(book.grids, book.names).recompute({}, formulas).values)


def standing(book: Book, record: Record) -> Record:
    """The record without the originals of cells that hold something else by now."""
    ours = {
        mark
        for mark, _, cell in _marked(book, record)
        if mark.original and still_ours(cell, mark.original)
    }
    marks = (mark if mark in ours else replace(mark, original=None) for mark in record.marks)
    return replace(record, marks=tuple(marks))


def taken_back(record: Record, repairs: Iterable[Repair]) -> Record:
    """The record of those values only that are put right no more: the corrected copy gives
    the unit's own back to their cells."""
    still = {(repair.sheet, repair.row, repair.col) for repair in repairs}
    gone = (mark for mark in record.marks if mark.original and _place(mark) not in still)
    return replace(record, marks=tuple(gone))


def without_lost(record: Record, repairs: Iterable[Repair]) -> Record:
    """The record without the originals that were formulas of the unit's own, where those are
    replaced no more: they cannot be given back, and what was put in their place stays."""
    still = {(repair.sheet, repair.row, repair.col) for repair in repairs}

    def lost(mark: Mark) -> bool:
        formula = mark.original is not None and mark.original.formula
        return formula and _place(mark) not in still

    if not any(map(lost, record.marks)):
        return record
    marks = (replace(mark, original=None) if lost(mark) else mark for mark in record.marks)
    return replace(record, marks=tuple(marks))


def outdated(book: Book, record: Record, repairs: Iterable[Repair]) -> Iterator[tuple[str, str]]:
    """The (sheet, address) of what was put in earlier and comes to another value by now than
    what is put in this time: other cells have changed since."""
    anew = {(repair.sheet, repair.row, repair.col): repair for repair in repairs}
    for mark, at, cell in _marked(book, record):
        repair = anew.get(at)
        if repair and mark.original and still_ours(cell, mark.original):
            plain = written(replace(repair, formula=None))
            if text_of(cell) != plain:
                yield repair.sheet, repair.cell


def _place(mark: Mark) -> tuple[str, int, int]:
    return mark.sheet, mark.row, mark.col


def as_filled_in(book: Book, record: Record) -> Book:
    """The workbook with the unit's own values where what was put in their place still stands;
    its formulas that rest on them have the results they had."""
    originals: dict[_At, Original] = {}
    cells: dict[_At, Cell | None] = {}
    for mark, at, cell in _marked(book, record):
        original = mark.original
        if original and cell and still_ours(cell, original):
            originals[at] = original
            own = cell._replace(
                value=original.value, formula=None, number_format=original.number_format
            )
            cells[at] = None if original.value is None else own
    if not originals:
        return book
    restored = _with_cells(book, cells)
    if not any(cell.formula for grid in restored.grids for cell in grid.cells.values()):
        return restored
    values = {at: original.value for at, original in originals.items()}
    found = formula.Calculator(restored.grids, restored.names).recompute(values)
    return _filled(restored, found.values)


def _marked(book: Book, record: Record) -> Iterator[tuple[Mark, _At, Cell | None]]:
    """Each mark whose sheet is there, where it is, and what its cell holds."""
    for mark in record.marks:
        grid = book.grid(mark.sheet)
        if grid:
            at = (mark.row, mark.col)
            yield mark, (grid.sheet, *at), grid.cells.get(at)


def _filled(book: Book, fresh: Mapping[_At, Scalar]) -> Book:
    """The workbook with these results in the cells that hold formulas."""
    cells: dict[_At, Cell | None] = {}
    for (sheet, row, col), value in fresh.items():
        grid = book.grid(sheet)
        cell = grid.cells.get((row, col)) if grid else None
        if cell and cell.formula:
            cells[sheet, row, col] = cell._replace(value=value)
    return _with_cells(book, cells)


def _with_cells(book: Book, cells: Mapping[_At, Cell | None]) -> Book:
    """The workbook with these cells in it, without those that are None."""
    changed: dict[str, dict[tuple[int, int], Cell | None]] = {}
    for (sheet, *at), cell in cells.items():
        changed.setdefault(sheet, {})[at[0], at[1]] = cell
    return replace(book, grids=tuple(_merged(grid, changed.get(grid.sheet)) for grid in book.grids))


def _merged(grid: Grid, changed: Mapping[tuple[int, int], Cell | None] | None) -> Grid:
    if changed is None:
        return grid
    cells = {**grid.cells, **changed}
    return replace(grid, cells={at: cell for at, cell in cells.items() if cell is not None})


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
    return put == text_of(cell)
