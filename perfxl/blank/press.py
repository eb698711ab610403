"""One blank after the other from a template workbook, prefilled."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from perfxl.blank.cells import Plain
from perfxl.formula import Calculator
from perfxl.model import Scalar
from perfxl.package import Package, book_of, open_package
from perfxl.package.compose import compose
from perfxl.package.fill import Filler

Cells = Mapping[tuple[int, int], Plain]
Place = tuple[str, int, int]


class Page(NamedTuple):
    """One sheet to prefill: the template's sheet, and which of its copies (from 0)."""

    sheet: str
    copy: int
    cells: Cells


@dataclass(frozen=True)
class Blank:
    """One workbook to write; ``repeat`` says how many copies a sheet of the template has."""

    template: str
    target: str
    title: str
    subject: str
    repeat: tuple[tuple[str, int], ...]
    pages: tuple[Page, ...]


class _Press(NamedTuple):
    """All that workbooks of one template and one number of sheets share.

    ``stored`` are the results its formulas have while nothing is filled in, without those
    that our engine cannot work out and those in hidden columns: nobody sees them before a
    spreadsheet program has worked them out anew.
    """

    filler: Filler
    calculator: Calculator
    stored: Mapping[Place, Scalar]
    sheets: Mapping[str, tuple[str, ...]]


def write(blank: Blank) -> str:
    """Write one workbook; the same blank gives the same bytes. Returns its path.

    Results of formulas that depend on prefilled cells are refreshed, so that a previewer shows
    none that does not hold. Raises UnwritableTarget, and what reading the template raises.
    """
    press = _press(blank.template, _stamp(blank.template), blank.repeat)
    values: dict[str, dict[tuple[int, int], Plain]] = {}
    for page in blank.pages:
        values.setdefault(press.sheets[page.sheet][page.copy], {}).update(page.cells)
    results = _results(press, values)
    press.filler.save(blank.target, values, results, blank.title, blank.subject)
    return blank.target


def _stamp(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _press(template: str, stamp: tuple[int, int], repeat: tuple[tuple[str, int], ...]) -> _Press:
    composed = compose(open_package(template), dict(repeat))
    results = _worked_out(composed.package)
    filler = Filler(Filler(composed.package).settled(_by_sheet(results)))
    book = book_of(filler.package)
    stored = {at: value for at, value in results.items() if value is not None}
    return _Press(filler, Calculator(book.grids, book.names), stored, composed.sheets)


def _worked_out(package: Package) -> dict[Place, Scalar]:
    """The result of every formula, None for what is not stored."""
    book = book_of(package)
    formulas = {
        (grid.sheet, row, col): cell.formula
        for grid in book.grids
        for (row, col), cell in grid.cells.items()
        if cell.formula
    }
    hidden = {(grid.sheet, col) for grid in book.grids for col in grid.hidden_columns}
    found = Calculator(book.grids, book.names).recompute({}, formulas).values
    return {at: None if (at[0], at[2]) in hidden else found.get(at) for at in formulas}


def _results(
    press: _Press, values: Mapping[str, Cells]
) -> dict[str, dict[tuple[int, int], Scalar]]:
    """The results that differ from the stored ones.

    What could not be worked out before cannot now, for it depends on the same cells; it shows
    nothing until a spreadsheet program has.
    """
    changed: dict[Place, Scalar] = {
        (sheet, *at): value for sheet, cells in values.items() for at, value in cells.items()
    }
    found = press.calculator.recompute(changed)
    results = {**dict.fromkeys(found.blocked), **found.values}
    return _by_sheet(
        {
            at: value
            for at, value in results.items()
            if at in press.stored and value != press.stored[at]
        }
    )


def _by_sheet(results: Mapping[Place, Scalar]) -> dict[str, dict[tuple[int, int], Scalar]]:
    found: dict[str, dict[tuple[int, int], Scalar]] = {}
    for (sheet, row, col), value in results.items():
        found.setdefault(sheet, {})[row, col] = value
    return found
