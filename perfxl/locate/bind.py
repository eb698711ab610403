"""Binds one form: from its region to fields and rows with their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.locate.align import Alignment, Match, align, candidates
from perfxl.locate.index import GroupIndex
from perfxl.locate.names import Names
from perfxl.locate.notices import IN_DOUBT, NO_COLUMN, NO_HEADER, NOT_FOUND, Notices
from perfxl.locate.pairs import BELOW, INSIDE, Layout, Spot
from perfxl.locate.regions import Found, Title, is_filled
from perfxl.locate.rows import Header, RowReader, end_of_rows, find_header, headings_of
from perfxl.model import Bound, Cell, Field, FormBinding, GroupRow, Value
from perfxl.values import Reading, parse, read

_ROWS, _BY_NAME = "行组", "名称"
_NOTHING = Reading(Value())
# A named tuple's own constructor takes twice as long, and a workbook has hundreds of these.
_new = tuple.__new__


class _Sign(NamedTuple):
    """What gave a cell away: the text of the label or heading, its place, how sure it is."""

    text: str
    at: tuple[int, int]
    sure: float

    @classmethod
    def of(cls, cell: Cell, sure: float) -> _Sign:
        return cls(str(cell.value).strip(), (cell.row, cell.col), round(sure, 2))


class FormBinder:
    """The work of binding one form; `bind` gives the result, ``notices`` what was noticed."""

    def __init__(self, found: Found, year: int, names: Names):
        self.index, self.region = found.form, found.region
        self.form = found.form.form
        self.sheet = found.region.grid.sheet
        self.found, self.names = found, names
        self.year = (found.title.year if found.title else None) or year
        self.notices = Notices(self.index, self.sheet)
        self.missing: dict[str, str] = {}
        self.settled: set[int] = set()
        self._ends: dict[str, int] = {}
        self._signs: dict[tuple[int, float], _Sign] = {}
        self.headings = {
            group.group.name: headings_of(self.region, group) for group in self.index.groups
        }

    def bind(self) -> FormBinding:
        headers = self._headers()
        alignment = self._align(headers)
        matches = list(alignment.matches.values())
        self.layout = Layout(self.region, self.index, matches)
        fields = dict(self._fields(alignment))
        groups = {
            group.group.name: tuple(self._rows(group, headers.get(group.group.name), alignment))
            for group in self.index.groups
        }
        for order in self.settled:
            alignment.doubtful.pop(order)
        self.notices.labels(self.missing, alignment)
        self.notices.numbers_as_text()
        return FormBinding(
            form=self.form,
            sheet=self.sheet,
            region=self.region.extent,
            fields=fields,
            groups=groups,
            missing=self.missing,
            title=self._title(self.found.title),
            year=self.found.title.year if self.found.title else None,
        )

    def _headers(self) -> dict[str, Header]:
        found = {
            group.group.name: find_header(self.region, group, self.headings[group.group.name])
            for group in self.index.groups
            if not group.inner
        }
        return {name: header for name, header in found.items() if header}

    def _align(self, headers: dict[str, Header]) -> Alignment:
        """Align the labels outside the rows; a group's own header is pinned beforehand."""
        pinned: list[Match] = []
        bodies: list[tuple[int, int, int, int]] = []
        for group in self.index.groups:
            header = headers.get(group.group.name)
            if header is None:
                continue
            end = self._end(group, header)
            orders = [group.slots[name].order for name in header.cells if name in group.slots]
            bodies.append((header.top, end, min(orders, default=0), max(orders, default=0)))
            pinned += [
                Match(group.slots[name], cell, 1.0)
                for name, cell in header.cells.items()
                if name in group.slots
            ]
        fixed = {match.slot.order for match in pinned}
        fixed |= {
            slot.order
            for group in self.index.groups
            if not group.inner
            for slot in group.slots.values()
        }
        rows = self.region.live_rows
        inside = {row for top, end, _, _ in bodies for row in rows if top <= row <= end}
        title = self.found.title.cell if self.found.title else None
        outside = [c for c in self.region.texts if c.row not in inside and c != title]
        options = []
        for matches in candidates(self.index, outside, self.year):
            kept = [m for m in matches if m.slot.order not in fixed and _same_side(m, bodies)]
            if kept:
                options.append(kept)
        return align(options, self.index, pinned)

    def _end(self, group: GroupIndex, header: Header) -> int:
        """The last row of a group, worked out once: for the labels, and for the rows."""
        end = self._ends.get(group.group.name)
        if end is None:
            key = header.cells.get(group.group.key)
            first = key.col if key else min(cell.col for cell in header.cells.values())
            end = end_of_rows(self.region, group, header.bottom, first)
            self._ends[group.group.name] = end
        return end

    def _fields(self, alignment: Alignment) -> Iterator[tuple[str, Bound]]:
        taken: dict[tuple[int, int], str] = {}
        for name, field in self.form.fields.items():
            bound = self._field(name, field, alignment)
            if bound is None:
                self.missing[name] = self._why(name, alignment)
                continue
            at = (bound.row, bound.col)
            if bound.how != INSIDE and taken.setdefault(at, name) != name:
                self.missing[name] = f"与“{taken[at]}”落在同一格 {bound.cell}"
                continue
            yield name, bound

    def _field(self, name: str, field: Field, alignment: Alignment) -> Bound | None:
        slot, heading_slot = self.index.label_of.get(name), self.index.heading_of.get(name)
        if slot is None:
            return None
        heading = alignment.matches.get(heading_slot.order) if heading_slot else None
        if heading_slot is not None and heading is None:
            return None
        match = alignment.matches.get(slot.order)
        if match is None:
            return self._named(field, name, heading, alignment)
        sure = alignment.confidence[match.slot.order]
        if heading is not None:
            sure = min(sure, alignment.confidence[heading.slot.order])
        spot = self._spot(match, heading)
        return self._bound(field, name, *spot, self._sign(heading or match, sure), match.tail)

    def _sign(self, match: Match, sure: float) -> _Sign:
        """The heading of a matrix gives away a whole column of cells, always in the same way."""
        key = (id(match), sure)
        sign = self._signs.get(key)
        if sign is None:
            sign = self._signs[key] = _Sign.of(match.cell, sure)
        return sign

    def _spot(self, match: Match, heading: Match | None) -> Spot:
        if heading is None:
            return self.layout.pair(match)
        return self.layout.crossing(match, heading.cell)

    def _named(
        self, field: Field, name: str, heading: Match | None, alignment: Alignment
    ) -> Bound | None:
        """The cell a surviving defined name points to, where a label in doubt confirms it."""
        for match in alignment.doubtful.get(self.index.label_of[name].order, ()):
            spot = self._spot(match, heading)
            if self.names.points_to(name, self.region, spot.row, spot.col):
                self.settled.add(match.slot.order)
                return self._bound(
                    field, name, *spot, self._sign(heading or match, 1.0), match.tail
                )
        return None

    def _bound(
        self,
        field: Field,
        name: str,
        row: int,
        col: int,
        cell: Cell | None,
        how: str,
        sign: _Sign,
        tail: str | None = None,
    ) -> Bound:
        if cell is None and how != INSIDE:
            shown = self.region.grid.cells.get((row, col))
            cell = None if shown is None or is_filled(shown) else shown
        if tail is not None:
            value, remark = read(tail, field)
        elif cell is not None:
            value, remark = read(cell.value, field, cell.number_format)
        else:
            value, remark = _NOTHING
        text, at, sure = sign
        if self.names.known and tail is None and self.names.points_to(name, self.region, row, col):
            how, sure = _BY_NAME, 1.0
        bound = _new(Bound, (field, self.sheet, row, col, value, how, text, at, sure, cell))
        # Most cells hold a number as a number, about which there is nothing to say.
        if cell is not None and not (value.numeric and value.problem is None and remark is None):
            self.notices.value(bound, name, remark, inline=tail is not None)
        return bound

    def _rows(
        self, group: GroupIndex, header: Header | None, alignment: Alignment
    ) -> Iterator[GroupRow]:
        if group.inner:
            header = self._inner_header(group, alignment)
        if header is None:
            for column in group.group.columns:
                self.missing[f"{group.group.name}.{column.name}"] = NO_HEADER
            return
        columns = {
            name: self.layout.columns(cell)
            for name, cell in sorted(header.cells.items(), key=lambda item: item[1].col)
        }
        if group.inner:
            key = header.cells[group.group.key]
            span = self.region.grid.span(key.row, key.col)
            columns[group.group.key] = (span.left, span.right)
        for column in group.group.columns:
            if column.name not in columns:
                self.missing[f"{group.group.name}.{column.name}"] = NO_COLUMN
        top, end = header.bottom + 1, self._end(group, header)
        if group.inner:
            end = min([end, *(r - 1 for r in self.layout.label_rows if r >= top)])
        reader = RowReader(self.region, group, columns, self.headings[group.group.name])
        prepared = {name: self._column(group, header, name, alignment) for name in columns}
        for row in reader.read(top, end):
            bounds = {}
            for name, at in row.cells.items():
                field, full_name, sign = prepared[name]
                bounds[name] = self._bound(field, full_name, *at, _ROWS, sign)
            yield GroupRow(row.row, bounds, row.section)

    @staticmethod
    def _column(
        group: GroupIndex, header: Header, name: str, alignment: Alignment
    ) -> tuple[Field, str, _Sign]:
        slot = group.slots.get(name)
        sure = alignment.confidence.get(slot.order, 1.0) if slot else 1.0
        sign = _Sign.of(header.cells[name], sure)
        return group.fields[name], f"{group.group.name}.{name}", sign

    def _inner_header(self, group: GroupIndex, alignment: Alignment) -> Header | None:
        """The headings of a group inside a matrix: its key column's label, and the matrix's."""
        cells = {
            name: alignment.matches[slot.order].cell
            for name, slot in group.slots.items()
            if slot.order in alignment.matches
        }
        key = cells.get(group.group.key)
        if key is None or len(cells) < 2:
            return None
        return Header(key.row, self.region.grid.span(key.row, key.col).bottom, cells)

    def _why(self, name: str, alignment: Alignment) -> str:
        slots = (self.index.label_of.get(name), self.index.heading_of.get(name))
        doubtful = any(slot and slot.order in alignment.doubtful for slot in slots)
        return IN_DOUBT if doubtful else NOT_FOUND

    def _title(self, title: Title | None) -> Bound | None:
        if title is None:
            return None
        value = parse(title.text, self.index.title_field)._replace(year=title.year)
        cell = title.cell
        field = self.index.title_field
        return Bound(field, self.sheet, cell.row, cell.col, value, BELOW, source=cell)


def _same_side(match: Match, bodies: list[tuple[int, int, int, int]]) -> bool:
    """A label printed before a group's header is looked for before it, and after it after."""
    if not match.slot.floating:
        order, row = match.slot.order, match.cell.row
        for top, _, low, _ in bodies:
            if (order < low) != (row < top):
                return False
    return True
