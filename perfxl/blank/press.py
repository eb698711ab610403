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
from perfxl.package import book_of, open_package
from perfxl.package.compose import compose
from perfxl.package.fill import Filler

Cells = Mapping[tuple[int, int], Plain]


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
    """All that workbooks of one template and one number of sheets share."""

    filler: Filler
    calculator: Calculator
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
    results = _results(press.calculator, values)
    press.filler.save(blank.target, values, results, blank.title, blank.subject)
    return blank.target


def _stamp(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _press(template: str, stamp: tuple[int, int], repeat: tuple[tuple[str, int], ...]) -> _Press:
    composed = compose(open_package(template), dict(repeat))
    book = book_of(composed.package)
    calculator = Calculator(book.grids, book.names)
    return _Press(Filler(composed.package), calculator, composed.sheets)


def _results(
    calculator: Calculator, values: Mapping[str, Cells]
) -> dict[str, dict[tuple[int, int], Scalar]]:
    changed: dict[tuple[str, int, int], Scalar] = {
        (sheet, *at): value for sheet, cells in values.items() for at, value in cells.items()
    }
    found = calculator.recompute(changed)
    results: dict[str, dict[tuple[int, int], Scalar]] = {}
    # What our engine refuses shows nothing until Excel has worked it out.
    for (sheet, row, col), value in {**dict.fromkeys(found.blocked), **found.values}.items():
        results.setdefault(sheet, {})[row, col] = value
    return results
