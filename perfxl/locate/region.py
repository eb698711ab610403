"""The part of a sheet that one form covers, row by row."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from perfxl.locate.labels import is_footer
from perfxl.model import Cell, Grid, Range

LAST_COLUMN = 16_384


@dataclass(frozen=True)
class Region:
    """The rows of a sheet that one form covers; its columns too where forms stand side by side."""

    grid: Grid
    top: int
    bottom: int
    left: int = 1
    right: int = LAST_COLUMN

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells that hold something, in reading order."""
        return list(chain.from_iterable(self.rows.values()))

    @cached_property
    def strings(self) -> list[Cell]:
        """The cells that hold text."""
        return [cell for cell in self.cells if isinstance(cell.value, str)]

    @cached_property
    def texts(self) -> list[Cell]:
        """The cells that may hold a label: text that is no footer."""
        return [cell for cell in self.strings if not is_footer(cell.value)]

    @cached_property
    def shares(self) -> dict[int, tuple[float, int]]:
        """What `share` gave, by the identity of the form's index."""
        return {}

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """The filled cells of each row that has any."""
        held, covered = self.grid.rows, range(self.top, self.bottom + 1)
        # A sheet can have two rows a million apart, or a thousand forms one under the other.
        rows = covered if len(covered) < len(held) else filter(covered.__contains__, held)
        found = {}
        left, right = self.left, self.right
        beside = left > 1 or right < LAST_COLUMN
        for row in rows:
            cells = [cell for cell in held.get(row, ()) if is_filled(cell)]
            if beside:
                cells = [cell for cell in cells if left <= cell.col <= right]
            if cells:
                found[row] = cells
        return found

    @cached_property
    def live_rows(self) -> list[int]:
        return list(self.rows)

    @cached_property
    def live_columns(self) -> list[int]:
        return sorted({cell.col for cell in self.cells})

    @cached_property
    def extent(self) -> Range:
        columns = self.live_columns or [1]
        last = columns[-1]
        # Merges seldom reach beyond the last column, and only those are worth looking for.
        if any(area.right > last for area in self.grid.merges):
            last = max(self.grid.span(cell.row, cell.col).right for cell in self.cells)
        return Range(self.live_rows[0], columns[0], self.live_rows[-1], last)

    def row_below(self, row: int) -> int | None:
        """The next row that holds anything."""
        at = bisect_right(self.live_rows, row)
        return self.live_rows[at] if at < len(self.live_rows) else None

    def between(self, row: int, left: int, right: int) -> list[Cell]:
        """The filled cells of a row from one column to another."""
        return [cell for cell in self.rows.get(row, ()) if left <= cell[1] <= right]

    def first(self, row: int, left: int, right: int) -> Cell | None:
        """The first filled cell of a row from one column to another."""
        for cell in self.rows.get(row, ()):
            if cell[1] >= left:
                return cell if cell[1] <= right else None
        return None


def is_filled(cell: Cell) -> bool:
    """False for a cell that shows nothing: formatted only, or a formula that gives ``""``."""
    value = cell.value
    if isinstance(value, str):
        return value != "" and not value.isspace()
    return value is not None
