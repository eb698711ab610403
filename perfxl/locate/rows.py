"""The row groups: rows that repeat under one header, up to a total or a footnote."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from perfxl.locate.headers import LEAST_HEADINGS, Headings
from perfxl.locate.index import GroupIndex
from perfxl.locate.labels import is_footer, label
from perfxl.locate.region import Region
from perfxl.model import Cell, Kind, Scalar
from perfxl.notation import fold, is_blank

_LONGEST_CATEGORY = 30
_OWN_CELL_ONLY = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.POINTS, Kind.COUNT, Kind.AREA})


class RowSpot(NamedTuple):
    """One row: for each column the place, and the cell that holds its value (or None)."""

    row: int
    cells: Mapping[str, tuple[int, int, Cell | None]]
    section: str = ""


class RowReader:
    """Reads the rows between a header and the end of a group."""

    def __init__(
        self,
        region: Region,
        group: GroupIndex,
        columns: Mapping[str, tuple[int, int]],
        headings: Headings,
    ):
        self.region, self.group, self.columns = region, group, columns
        self.headings = headings
        self.fields = group.fields
        self.key = group.group.key
        self.top = 1

    def read(self, top: int, bottom: int, section: str = "") -> list[RowSpot]:
        """The rows that count, from ``top`` to ``bottom``, under a heading printed above them."""
        found: list[RowSpot] = []
        above: dict[str, tuple[int, int, Cell | None]] = {}
        heading = None
        self.top = top
        for row in self.region.live_rows:
            if not top <= row <= bottom or self._is_noise(row):
                continue
            spot = RowSpot(row, self._cells(row), section)
            if self._is_section(spot):
                if heading is not None:
                    found.append(heading)
                section = str(spot.cells[self.key][2].value).strip()  # type: ignore[union-attr]
                heading = spot._replace(section=section) if self._has_values(spot) else None
                continue
            filled = self._fill_down(spot, above)
            if self._counts(spot):
                found.append(filled)
                heading = None
        if heading is not None:
            found.append(heading)
        return found

    def _is_noise(self, row: int) -> bool:
        """A repeated header, a footnote or a remark written across the columns."""
        if len(self.headings.get(row, ())) >= LEAST_HEADINGS:
            return True
        cells = self.region.rows[row]
        first = cells[0]
        if isinstance(first.value, str) and is_footer(first.value):
            return True
        if len(cells) > 1 or self.key not in self.columns:
            return False
        span = self.region.grid.span(first.row, first.col)
        left, right = self.columns[self.key]
        return self.group.filled_down != frozenset() and span.left < left and span.right > right

    def _cells(self, row: int) -> dict[str, tuple[int, int, Cell | None]]:
        """Each column's place in a row: its first filled cell there, or where one would be."""
        cells = self.region.rows[row]
        found: dict[str, tuple[int, int, Cell | None]] = {}
        for name, (left, right) in self.columns.items():
            for cell in cells:
                if cell[1] >= left:
                    if cell[1] <= right:
                        found[name] = row, cell[1], cell
                    break
            if name not in found:
                found[name] = self._empty(row, left, name)
        return found

    def _empty(self, row: int, left: int, name: str) -> tuple[int, int, Cell | None]:
        anchor = self.region.grid.anchor(row, left)
        if anchor[0] != row and self.fields[name].kind in _OWN_CELL_ONLY:
            return row, left, None
        if anchor[1] < left or anchor[0] < self.top:
            return row, left, None
        merged = self.region.grid.cells.get(anchor)
        empty = merged is None or merged.value is None
        return anchor[0], anchor[1], None if empty else merged

    def _fill_down(self, spot: RowSpot, above: dict[str, tuple[int, int, Cell | None]]) -> RowSpot:
        """The row with its empty categories taken from above; a new one clears those after it."""
        if not self.group.filled_down:
            return spot
        cells = dict(spot.cells)
        fresh = False
        for name in self.columns:
            if name not in self.group.filled_down:
                continue
            own = cells[name]
            if own[2] is not None and len(str(own[2].value)) <= _LONGEST_CATEGORY:
                fresh = fresh or (name in above and above[name][2] is not own[2])
                above[name] = own
            elif own[2] is None and not fresh and name in above:
                cells[name] = above[name]
        return spot._replace(cells=cells)

    def _counts(self, spot: RowSpot) -> bool:
        """True for a row with a key or any value of its own beside the categories."""
        filled_down = self.group.filled_down
        for name, (_, _, cell) in spot.cells.items():
            if cell is None or name in filled_down or cell.row != spot.row:
                continue
            if _says(cell.value):
                return True
            # Between printed sections dots mean "and so on"; elsewhere they were left standing.
            if name == self.key and not self.group.section_keys and _is_dots(str(cell.value)):
                return True
        return False

    def _has_values(self, spot: RowSpot) -> bool:
        return any(
            name != self.key and cell is not None and _says(cell.value)
            for name, (_, _, cell) in spot.cells.items()
        )

    def _is_section(self, spot: RowSpot) -> bool:
        cell = spot.cells[self.key][2] if self.key in spot.cells else None
        if cell is None or not isinstance(cell.value, str):
            return False
        return any(key in self.group.section_keys for key, _ in label(cell.value).keys)


def _says(value: Scalar) -> bool:
    return not _is_nothing(value) if isinstance(value, str) else value is not None


def _is_dots(text: str) -> bool:
    return bool(text) and not text.strip("….。·⋯ \u3000")


@lru_cache(maxsize=8192)
def _is_nothing(text: str) -> bool:
    return is_blank(fold(text))
