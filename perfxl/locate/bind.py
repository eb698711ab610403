"""Binds one form: from its region to fields and rows with their values."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.locate.align import Alignment, Match, align, candidates
from perfxl.locate.bounds import Bounds, Sign
from perfxl.locate.groups import GroupBinder
from perfxl.locate.headers import Block, find_blocks, headings_of
from perfxl.locate.index import GroupIndex
from perfxl.locate.misread import mend_blocks, mend_headings
from perfxl.locate.money import Units
from perfxl.locate.names import Names
from perfxl.locate.notices import IN_DOUBT, NOT_FOUND, Notices
from perfxl.locate.pairs import BELOW, IN_ORDER, INSIDE, Layout, Spot, is_number
from perfxl.locate.regions import Found, Title
from perfxl.model import Bound, Field, FormBinding, GroupRow, Kind
from perfxl.values import parse

_SURE_BY_ORDER = 0.7


class FormBinder:
    """The work of binding one form; `bind` gives the result, ``notices`` what was noticed."""

    def __init__(self, found: Found, year: int, names: Names):
        self.index, self.region = found.form, found.region
        self.form = found.form.form
        self.sheet = found.region.grid.sheet
        self.found, self.names = found, names
        self.year = found.year or year
        self.notices = Notices(self.index, self.sheet)
        self.missing: dict[str, str] = {}
        self.settled: set[int] = set()
        self._signs: dict[tuple[int, float], Sign] = {}
        self.headings = {
            group.group.name: headings_of(self.region, group) for group in self.index.groups
        }

    def bind(self) -> FormBinding:
        blocks = {
            group.group.name: find_blocks(self.region, group, self.headings[group.group.name])
            for group in self.index.groups
            if not group.inner
        }
        for group in self.index.groups:
            for misread in mend_blocks(self.region, group, blocks.get(group.group.name, [])):
                self.notices.misread(*misread)
        alignment = self._align(blocks)
        for misread in mend_headings(self.region, self.index, alignment):
            self.notices.misread(*misread)
        self.layout = Layout(self.region, self.index, alignment.matches)
        units = Units(self.region, self.index.money, self.layout.labels)
        self.bounds = Bounds(self.region, self.names, self.notices, units)
        fields = dict(self._fields(alignment))
        for order, names in self.index.totals.items():
            if order in alignment.matches and not any(is_stated(fields.get(n)) for n in names):
                self._in_order(fields, names, alignment)
        groups = {
            group.group.name: tuple(self._rows(group, blocks.get(group.group.name, []), alignment))
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
            year=self.found.year,
            dated=self._dated(self.found.title),
        )

    def _align(self, blocks: dict[str, list[Block]]) -> Alignment:
        """Align the labels outside the rows; a group's own header is pinned beforehand."""
        pinned: list[Match] = []
        bodies: list[tuple[int, int]] = []
        sides: list[tuple[int, int]] = []
        for group in self.index.groups:
            found = blocks.get(group.group.name, [])
            bodies += [(block.header.top, block.end) for block in found]
            if not found:
                continue
            header = found[0].header
            mine = [
                Match(group.slots[name], cell, 1.0)
                for name, cell in header.cells.items()
                if name in group.slots
            ]
            sides.append((header.top, min((m.slot.order for m in mine), default=0)))
            pinned += mine
        fixed = {match.slot.order for match in pinned} | self.index.of_groups
        rows = self.region.live_rows
        inside = {row for top, end in bodies for row in rows if top <= row <= end}
        title = self.found.title.cell if self.found.title else None
        outside = [c for c in self.region.texts if c.row not in inside and c != title]
        options = []
        for matches in candidates(self.index, outside, self.year):
            kept = [m for m in matches if m.slot.order not in fixed and _same_side(m, sides)]
            if kept:
                options.append(kept)
        return align(options, self.index, pinned)

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
        return self.bounds.bound(field, name, *spot, self._sign(heading or match, sure), match.tail)

    def _in_order(self, fields: dict[str, Bound], names: list[str], alignment: Alignment) -> None:
        """The values of a line with totals that stand under none of their headings.

        They are taken in the order of the headings if there are as many as there should be.
        """
        match = alignment.matches[self.index.label_of[names[0]].order]
        cells = self.layout.beyond(match)
        headings = {
            name: alignment.matches[self.index.heading_of[name].order]
            for name in names
            if name in fields
        }
        if not headings:
            return
        wanted = sorted(headings, key=lambda name: headings[name].cell.col)
        for numbers in (True, False):
            stated = [cell for cell in cells if is_number(cell) is numbers]
            mine = [n for n in wanted if (self.form.fields[n].kind is not Kind.TEXT) is numbers]
            if len(stated) == len(mine):
                for name, cell in zip(mine, stated, strict=True):
                    sign = self._sign(headings[name], _SURE_BY_ORDER)
                    place = Spot(cell.row, cell.col, cell, IN_ORDER)
                    fields[name] = self.bounds.bound(self.form.fields[name], name, *place, sign)
            elif stated and numbers:
                for name in mine:
                    del fields[name]
                    self.missing[name] = IN_DOUBT
                self.notices.in_doubt(match.slot, stated)

    def _sign(self, match: Match, sure: float) -> Sign:
        """The heading of a matrix gives away a whole column of cells, always in the same way."""
        key = (id(match), sure)
        sign = self._signs.get(key)
        if sign is None:
            sign = self._signs[key] = Sign.of(match.cell, sure)
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
                return self.bounds.bound(
                    field, name, *spot, self._sign(heading or match, 1.0), match.tail
                )
        return None

    def _rows(self, group: GroupIndex, blocks: list[Block], alignment: Alignment) -> list[GroupRow]:
        headings = self.headings[group.group.name]
        binder = GroupBinder(self.region, group, headings, alignment, self.layout, self.bounds)
        rows = list(binder.rows(blocks))
        self.missing.update(binder.missing)
        return rows

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

    def _dated(self, title: Title | None) -> Bound | None:
        if title is None or title.dated is None:
            return None
        return self._title(title._replace(cell=title.dated, text=str(title.dated.value)))


def is_stated(bound: Bound | None) -> bool:
    """True for a field with something in its cell."""
    return bound is not None and bound.value.raw != ""


def _same_side(match: Match, sides: list[tuple[int, int]]) -> bool:
    """A label printed before a group's header is looked for before it, and after it after."""
    if not match.slot.floating:
        order, row = match.slot.order, match.cell.row
        for top, low in sides:
            if (order < low) != (row < top):
                return False
    return True
