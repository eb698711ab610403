"""Where the value of a label stands: beside it, under it, behind it, or where two cross."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from perfxl.locate.align import Match
from perfxl.locate.index import FormIndex
from perfxl.locate.labels import looks_like_label
from perfxl.locate.region import LAST_COLUMN, Region, is_filled
from perfxl.model import Cell, Field, Kind, Range
from perfxl.values import parse

_KNOWN_LABEL = 0.85
_POINTS = Field("", "", ("",), kind=Kind.POINTS)

BESIDE, BELOW, INSIDE, CROSSING, IN_ORDER = "右侧", "下方", "同格", "交叉", "次序"


class Spot(NamedTuple):
    """The place of a value: ``cell`` is None when it is empty."""

    row: int
    col: int
    cell: Cell | None
    how: str


def is_number(cell: Cell) -> bool:
    """True for a cell that states one number, with or without a unit."""
    return parse(cell.value, _POINTS, cell.number_format).value is not None


class Layout:
    """The labels of one region, for telling values from labels."""

    def __init__(self, region: Region, index: FormIndex, matches: Mapping[int, Match]):
        self.region, self.index, self._matches = region, index, matches
        self.labels = {match.cell[:2] for match in matches.values()}
        self.label_rows = {row for row, _ in self.labels}
        self._columns: dict[tuple[int, int], tuple[int, int]] = {}

    @cached_property
    def last_heading(self) -> int:
        """The last column under a heading: there the form ends. 0 where it has no headings."""
        matches = self._matches
        found = [matches[order].cell for order in self.index.all_headings if order in matches]
        last = max([cell.col for cell in found], default=0)
        ends = [self.region.grid.span(cell.row, last).right for cell in found if cell.col == last]
        return max(ends, default=0)

    def is_label(self, cell: Cell) -> bool:
        """True for a text that was matched, or reads like a label of this form."""
        if (cell.row, cell.col) in self.labels:
            return True
        if not isinstance(cell.value, str):
            return False
        if looks_like_label(cell.value):
            return True
        return any(fit >= _KNOWN_LABEL for _, fit in self.index.options(cell.value))

    def pair(self, match: Match) -> Spot:
        """The value that belongs to one label."""
        cell, slot = match.cell, match.slot
        if match.tail is not None:
            return Spot(cell.row, cell.col, cell, INSIDE)
        span = self.region.grid.span(cell.row, cell.col)
        right = self.region.first(cell.row, span.right + 1, 1 << 20)
        beside = right
        if right is not None and (self.is_label(right) or self._is_remark(span, right)):
            beside = None
        below_row = self._value_row(span.bottom)
        below = self._under(below_row, span.left, span.right) if below_row else None
        if self._in_header_run(cell, span.right, right):
            if below_row is not None:
                return Spot(below_row, span.left, below, BELOW)
            # A label and its number, after another one whose number is missing.
            if beside is None or not is_number(beside):
                return self._empty(match)
        if slot.below and below is not None:
            return Spot(below.row, below.col, below, BELOW)
        if beside is not None:
            return Spot(beside.row, beside.col, beside, BESIDE)
        if below is not None:
            return Spot(below.row, below.col, below, BELOW)
        return self._empty(match)

    def _is_remark(self, label: Range, cell: Cell) -> bool:
        """True for what someone wrote to the right of the form, past its last heading."""
        if not label.left <= self.last_heading < cell.col:
            return False
        if cell.col in self.remark_columns or self._at_edge(label):
            return True
        return any(label.right < col < cell.col for col in self.region.live_columns)

    def _at_edge(self, label: Range) -> bool:
        """True for a label merged up to the last heading: beside it the form has ended."""
        return label.left < label.right and label.left <= self.last_heading <= label.right

    @cached_property
    def remark_columns(self) -> set[int]:
        """Columns past the last heading that go on beside the headings and the rows."""
        own = self.index.of_groups
        headings = {match.cell.row for order, match in self._matches.items() if order in own}
        return {
            cell.col
            for row, cells in self.region.rows.items()
            if row in headings or row not in self.label_rows
            for cell in cells
            if cell.col > self.last_heading
        }

    def beyond(self, match: Match) -> list[Cell]:
        """The values in a label's row that stand within the form, wherever that is."""
        span = self.region.grid.span(*match.cell[:2])
        right = self.last_heading or LAST_COLUMN
        cells = self.region.between(match.cell.row, span.right + 1, right)
        return [cell for cell in cells if not self.is_label(cell)]

    def _value_row(self, bottom: int) -> int | None:
        """The next filled row, if it holds values only: a row with labels has its own."""
        row = self.region.row_below(bottom)
        return None if row is None or row in self.label_rows else row

    def _under(self, row: int, left: int, right: int) -> Cell | None:
        for cell in self.region.between(row, left, right):
            if not self.is_label(cell):
                return cell
        return None

    def _in_header_run(self, cell: Cell, right_edge: int, right: Cell | None) -> bool:
        """True for a label that has another label right beside it: a header row."""
        if right is not None and self._adjacent(right_edge, right):
            return True
        before = None
        for other in self.region.rows[cell.row]:
            if other.col >= cell.col:
                break
            before = other
        if before is None or before[:2] not in self.labels:
            return False
        return self._adjacent(self.region.grid.span(cell.row, before.col).right, cell)

    def _adjacent(self, edge: int, cell: Cell) -> bool:
        if (cell.row, cell.col) not in self.labels:
            return False
        return not any(edge < col < cell.col for col in self.region.live_columns)

    def _empty(self, match: Match) -> Spot:
        """Where an empty value would stand: as in the template if there is room.

        A label hemmed in by others, or at the edge of the form, leaves room only behind its
        own colon.
        """
        grid, cell = self.region.grid, match.cell
        span = grid.span(cell.row, cell.col)
        below = (span.bottom + 1, span.left, BELOW)
        beside = (cell.row, span.right + 1, BESIDE)
        for row, col, how in (below, beside) if match.slot.below else (beside, below):
            out = row in self.label_rows if how == BELOW else self._at_edge(span)
            out = out or col > self.region.extent.right
            there = grid.at(row, col)
            if not out and (there is None or not is_filled(there)):
                return Spot(*grid.anchor(row, col), None, how)
        return Spot(cell.row, cell.col, None, INSIDE)

    def columns(self, heading: Cell) -> tuple[int, int]:
        """The columns a heading covers: its own, and empty ones up to the next heading."""
        at = heading[:2]
        known = self._columns.get(at)
        if known is None:
            span = self.region.grid.span(*at)
            after = self.region.first(heading.row, span.right + 1, 1 << 20)
            known = span.left, (after.col - 1 if after is not None else span.right)
            self._columns[at] = known
        return known

    def crossing(self, match: Match, heading: Cell) -> Spot:
        """The value in a label's row under a heading."""
        left, right = self.columns(heading)
        top, _, bottom, _ = self.region.grid.span(*match.cell[:2])
        rows, labels = self.region.rows, self.labels
        for row in range(top, bottom + 1):
            for cell in rows.get(row, ()):
                at = cell[:2]
                if left <= at[1] <= right and at not in labels:
                    return Spot(*at, cell, CROSSING)
        return Spot(*self.region.grid.anchor(top, left), None, CROSSING)
