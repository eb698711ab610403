"""Real workbooks hold the results their program worked out; ours are the same."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from perfxl.errors import PerfxlError
from perfxl.formula import FormulaError, GridScope, compile
from perfxl.model import Book
from perfxl.package import read_book

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
# Cached by a program with a decimal comma; cached by implicit intersection of old Excel.
ELSEWHERE = ("61495-test", "Intersection-52111")


def same(ours: object, cached: object) -> bool:
    if isinstance(ours, bool) or isinstance(cached, bool):
        return ours is cached
    if isinstance(ours, (int, float)) and isinstance(cached, (int, float)):
        return math.isclose(ours, cached, rel_tol=1e-9, abs_tol=1e-12)
    return ours == cached


def differences(book: Book) -> tuple[int, dict[str, tuple[object, object]]]:
    """How many formulas were compared, and those with another result, by sheet and formula."""
    scope = GridScope(book.grids, book.names)
    compared, different = 0, {}
    for grid in book.grids:
        for (row, col), cell in grid.cells.items():
            if not cell.formula or cell.value is None:
                continue
            try:
                formula = compile(cell.formula)
            except FormulaError:
                continue
            if formula.refusal is not None:
                continue
            scope.here = (grid.sheet, row, col)
            ours = formula.evaluate(scope)
            ours = ours[0][0] if isinstance(ours, list) else ours
            compared += 1
            if not same(0 if ours is None else ours, cell.value):
                different[f"{grid.sheet}!{cell.address} {cell.formula}"] = (ours, cell.value)
    return compared, different


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_formulas_of_real_workbooks_give_their_cached_values() -> None:
    total = 0
    for path in sorted(CORPUS.glob("*.xls[xm]")):
        if any(mark in path.name for mark in ELSEWHERE):
            continue
        try:
            book = read_book(path)
        except PerfxlError:
            continue
        compared, different = differences(book)
        total += compared
        assert different == {}, path.name
    assert total > 100
