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


def taken_back(record: Record, repairs: Iterable[Repair]) -> Record:
    """The record of those values only that are put right no more: the corrected copy gives the
    unit's own back to their cells, unless those were formulas."""
    still = {(repair.sheet, repair.row, repair.col) for repair in repairs}
    gone = (
        mark
        for mark in record.marks
        if mark.original
        and not mark.original.formula
        and (mark.sheet, mark.row, mark.col) not in still
    )
    return replace(record, marks=tuple(gone))


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
