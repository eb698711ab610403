"""Grids written as Markdown tables, so that a test shows the sheet it is about."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.model import Book, Cell, DefinedName, Grid, Range, Scalar


def grid(table: str, sheet: str = "Sheet1") -> Grid:
    """A sheet from a Markdown table.

    A text that looks like a number is one, unless it is quoted (``"12"``); ``<`` merges a
    cell with the one to its left, ``^`` with the one above; a blank one is empty.
    """
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.strip().splitlines()
    ]
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for r, row in enumerate(rows, 1):
        for c, text in enumerate(row, 1):
            beside = {"<": (r, c - 1), "^": (r - 1, c)}.get(text)
            owners[r, c] = owners[beside] if beside else (r, c)
            if beside is None and text:
                cells[r, c] = Cell(r, c, _typed(text))
    return Grid(sheet, cells, tuple(_merges(owners)))


def book(*grids: Grid, names: tuple[DefinedName, ...] = ()) -> Book:
    """A workbook of these sheets."""
    return Book(path="test.xlsx", sha256="", kind="xlsx", grids=grids, names=names)


def with_inserted(grid: Grid, rows: Iterable[int] = (), columns: Iterable[int] = ()) -> Grid:
    """The sheet after blank rows and columns were inserted before the given ones, as Excel
    does it: merges that they cut through grow."""
    rows, columns = sorted(rows), sorted(columns)

    def row(at: int) -> int:
        return at + sum(before <= at for before in rows)

    def column(at: int) -> int:
        return at + sum(before <= at for before in columns)

    cells = {
        (row(r), column(c)): cell._replace(row=row(r), col=column(c))
        for (r, c), cell in grid.cells.items()
    }
    merges = tuple(
        Range(row(m.top), column(m.left), row(m.bottom), column(m.right)) for m in grid.merges
    )
    return Grid(grid.sheet, cells, merges)


def _typed(text: str) -> Scalar:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _merges(owners: dict[tuple[int, int], tuple[int, int]]) -> Iterable[Range]:
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for at, owner in owners.items():
        members.setdefault(owner, []).append(at)
    for (top, left), inside in members.items():
        if len(inside) > 1:
            yield Range(top, left, max(r for r, _ in inside), max(c for _, c in inside))
