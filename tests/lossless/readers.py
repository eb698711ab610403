"""Workbooks as three readers see them: perfxl's own, openpyxl and calamine."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from perfxl.model import a1
from perfxl.package import read_book

Cell = tuple[str, str]
Seen = dict[Cell, Any]
LOOKS = ("number_format", "font", "border", "alignment", "protection")


def by_perfxl(path: Path) -> Seen:
    """The stored value and the formula of every cell."""
    return {
        (grid.sheet, a1(*at)): (cell.value, cell.formula)
        for grid in read_book(path).grids
        for at, cell in grid.cells.items()
        if cell.value not in (None, "") or cell.formula
    }


def by_calamine(path: Path) -> Seen:
    """The stored value of every cell."""
    book = python_calamine.load_workbook(str(path))
    kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
    worksheets = [
        n for n in book.sheet_names if kinds[n] == python_calamine.SheetTypeEnum.WorkSheet
    ]
    return {
        (name, a1(row, col)): value
        for name in worksheets
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(False), 1)
        for col, value in enumerate(cells, 1)
        if value != ""
    }


def by_openpyxl(path: Path) -> Seen:
    """The value of every cell; of a formula its text."""
    return {
        (sheet.title, cell.coordinate): _plain(cell.value)
        for sheet in _opened(path)
        for cell in _cells(sheet)
        if cell.value is not None
    }


def looks(path: Path) -> Seen:
    """All that a fill may not change about a cell, as openpyxl reads it."""
    known: dict[tuple[int, ...], tuple[str, ...]] = {}
    found = {}
    for sheet in _opened(path):
        for cell in _cells(sheet):
            if cell.has_style:
                style = cell._style
                key = (style.fontId, style.borderId, style.numFmtId)
                key += (style.alignmentId, style.protectionId)
                if key not in known:
                    known[key] = tuple(repr(getattr(cell, name)) for name in LOOKS)
                found[sheet.title, cell.coordinate] = known[key]
    return found


@functools.lru_cache(maxsize=4)
def _opened(path: Path) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm").worksheets


def _plain(value: Any) -> Any:
    """A formula of an array or a data table as something to compare."""
    return repr(sorted(vars(value).items())) if hasattr(value, "__dict__") else value


def _cells(sheet: Any) -> Iterator[Any]:
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                yield cell


def differing(before: Seen, after: Seen, added: set[str]) -> set[Cell]:
    """The cells that the two do not show alike, but for those of the added sheets."""
    changed = {at for at in before if at not in after or not alike(before[at], after[at])}
    return changed | {at for at in after if at not in before and at[0] not in added}


def alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or one != one)
