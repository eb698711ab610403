"""A workbook as values: cells, grids, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from typing import NamedTuple


class ExcelError(Enum):
    """The error values a cell or a formula can have; ``value`` is what Excel shows."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    GETTING_DATA = "#GETTING_DATA"
    SPILL = "#SPILL!"
    CALC = "#CALC!"

    def __str__(self) -> str:
        return self.value


Scalar = float | int | str | bool | ExcelError | None
"""What one cell holds; None is an empty cell, which is not the same as ``""``."""


@lru_cache(maxsize=512)
def column_letters(col: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, col: int) -> str:
    """The address of a cell as Excel prints it: a1(4, 11) is K4."""
    return f"{column_letters(col)}{row}"


def row_col(address: str) -> tuple[int, int]:
    """Row and column of an address: row_col("K4") is (4, 11)."""
    letters = address.rstrip("0123456789")
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return int(address[len(letters) :]), col


def quoted(sheet: str) -> str:
    """The name of a sheet as a formula writes it: ``'附件 4'``, quotes within it doubled."""
    return "'" + sheet.replace("'", "''") + "'"


class Range(NamedTuple):
    """A rectangle of cells, all four bounds inclusive, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{a1(self.top, self.left)}:{a1(self.bottom, self.right)}"

    def __contains__(self, at: object) -> bool:
        if not isinstance(at, tuple) or len(at) != 2:
            return False
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right


class Cell(NamedTuple):
    """One cell of a sheet that holds a value or a formula.

    ``formula`` is without the leading ``=``; ``style`` is the index of its cell format in
    styles.xml; ``number_format`` is the format code (``0.00%``), ``General`` by default.
    """

    row: int
    col: int
    value: Scalar
    formula: str | None = None
    number_format: str = "General"
    style: int = 0

    @property
    def address(self) -> str:
        return a1(self.row, self.col)


@dataclass(frozen=True)
class Grid:
    """One worksheet as values: only the cells that hold something, and the merges."""

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    visible: bool = True
    part: str = ""

    @cached_property
    def extent(self) -> Range:
        """The used area, from A1 to the last row and column that hold anything."""
        rows = max(self.rows, default=1)
        cols = max((cells[-1].col for cells in self.rows.values()), default=1)
        return Range(1, 1, rows, cols)

    @cached_property
    def _merged(self) -> dict[tuple[int, int], Range]:
        found: dict[tuple[int, int], Range] = {}
        _, _, last_row, last_col = self.extent
        for area in self.merges:
            top, left, bottom, right = area
            if right > last_col:
                right = last_col
            if bottom > last_row:
                bottom = last_row
            # Most merges are one row high.
            if top == bottom:
                for col in range(left, right + 1):
                    found[top, col] = area
                continue
            columns = range(left, right + 1)
            for row in range(top, bottom + 1):
                for col in columns:
                    found[row, col] = area
        return found

    def span(self, row: int, col: int) -> Range:
        """The merged area that covers the cell, or the cell itself."""
        return self._merged.get((row, col)) or tuple.__new__(Range, (row, col, row, col))

    def anchor(self, row: int, col: int) -> tuple[int, int]:
        """The cell that holds the value of a merged area: its top left one."""
        area = self._merged.get((row, col))
        return (area.top, area.left) if area else (row, col)

    def at(self, row: int, col: int) -> Cell | None:
        """The cell there, looking through merges; None when it is empty."""
        return self.cells.get((row, col)) or self.cells.get(self.anchor(row, col))

    def row(self, row: int) -> Iterator[Cell]:
        """The cells of one row that hold something, from left to right."""
        return iter(self.rows.get(row, ()))

    @cached_property
    def rows(self) -> Mapping[int, Sequence[Cell]]:
        """The cells that hold something, row by row from the top, each from left to right."""
        rows: dict[int, list[Cell]] = {}
        for key in sorted(self.cells):
            rows.setdefault(key[0], []).append(self.cells[key])
        return rows


class DefinedName(NamedTuple):
    """A defined name; ``sheet`` is None for a workbook-wide one."""

    name: str
    refers_to: str
    sheet: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook as values, in the order of its sheets (hidden ones too).

    ``kind`` is xlsx or xlsm here (xls, xlsb, ods, csv from other readers).
    ``properties`` are the custom document properties.
    """

    path: str
    sha256: str
    kind: str
    grids: tuple[Grid, ...]
    names: tuple[DefinedName, ...] = ()
    date1904: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    def grid(self, sheet: str) -> Grid | None:
        """The sheet of that name; Excel ignores case in sheet names, so do we."""
        wanted = sheet.casefold()
        return next((g for g in self.grids if g.sheet.casefold() == wanted), None)
