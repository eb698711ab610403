"""Works out the index of a template's forms: which cell of the form is which field's label."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.locate.index import FLOATING, FormIndex, GroupIndex, Indexes, Slot
from perfxl.locate.labels import PLAIN, label, title_text
from perfxl.model import Cell, Field, Form, Range, RowGroup, Template

_KEPT_TEMPLATES = 16
_TOTALS = ("总分", "合计", "总计")


class _Builder:
    def __init__(self, form: Form, year: int):
        self.form, self.year = form, year
        self.slots: dict[tuple[int, int], Slot] = {}
        self.texts = [
            cell
            for _, cell in sorted(form.grid.cells.items())
            if isinstance(cell.value, str) and cell.formula is None
        ]

    def slot(self, cell: Cell) -> Slot:
        found = self.slots.get((cell.row, cell.col))
        if found is None:
            year = label(str(cell.value)).year
            found = Slot(cell.row, cell.col, str(cell.value))
            found.shift = year - self.year if year else None
            self.slots[cell.row, cell.col] = found
        return found

    def matching(self, wordings: tuple[str, ...]) -> Iterator[Cell]:
        keys = {label(wording).keys[0][0] for wording in wordings if label(wording).keys}
        for cell in self.texts:
            found = label(str(cell.value)).keys
            if any(key in keys for key, _ in found):
                yield cell

    def beside(self, wordings: tuple[str, ...], area: Range) -> Cell | None:
        """The nearest matching label to the left of an area, in its rows."""
        span = self.form.grid.span
        left = [
            cell
            for cell in self.matching(wordings)
            if cell.col < area.left and cell.row <= area.top <= span(cell.row, cell.col).bottom
        ]
        return max(left, key=lambda cell: cell.col, default=None)

    def above(self, wordings: tuple[str, ...], area: Range) -> Cell | None:
        """The nearest matching label above an area, over its columns."""
        span = self.form.grid.span
        over = [
            cell
            for cell in self.matching(wordings)
            if cell.row < area.top
            and cell.col <= area.right
            and span(cell.row, cell.col).right >= area.left
        ]
        return max(over, key=lambda cell: cell.row, default=None)


def _index_fields(build: _Builder, index: FormIndex) -> None:
    floating: dict[tuple[str, ...], Slot] = {}
    for name, one in build.form.fields.items():
        if one.area is None:
            slot = floating.setdefault(one.labels, Slot(FLOATING + len(floating), 1, one.labels[0]))
            build.slots[slot.row, slot.col] = slot
        else:
            # The first wording is the template's own; the others are for what comes back.
            cell, under = _label_cell(build, one.labels[:1], one.area)
            if cell is None:
                cell, under = _label_cell(build, one.labels, one.area)
            heading = build.above(one.columns, one.area) if one.columns else None
            if cell is None:
                continue
            slot = build.slot(cell)
            slot.below = slot.below or (under and not one.columns)
            if heading is not None:
                index.heading_of[name] = build.slot(heading)
                index.heading_of[name].learn(one.columns)
                index.heading_of[name].heading = True
        slot.learn(one.labels)
        slot.names.append(name)
        index.label_of[name] = slot
    _cross_floating(build, index)


def _label_cell(
    build: _Builder, wordings: tuple[str, ...], area: Range
) -> tuple[Cell | None, bool]:
    """The label of an area, and whether it stands above it."""
    cell = build.beside(wordings, area)
    return (cell, False) if cell else (build.above(wordings, area), True)


def _cross_floating(build: _Builder, index: FormIndex) -> None:
    """Let rows that only some units have cross the headings of the rows that are printed."""
    for name, one in build.form.fields.items():
        if one.area is None and one.columns:
            wanted = {key for wording in one.columns for key, _ in label(wording).keys[:1]}
            for heading in index.heading_of.values():
                if not wanted.isdisjoint(heading.keys):
                    index.heading_of[name] = heading
                    break


def _index_group(build: _Builder, group: RowGroup) -> GroupIndex:
    slots: dict[str, Slot] = {}
    for column in group.columns:
        cell = build.above(column.labels, column.area or group.area)
        if cell is not None:
            slots[column.name] = build.slot(cell)
            slots[column.name].learn(column.labels)
    inner = not _has_own_header(build, group, list(slots.values()))
    header_keys: dict[str, list[tuple[str, float]]] = {}
    for column in group.columns:
        probe = Slot(0, 0, "")
        probe.learn(column.labels)
        for key, worth in probe.keys.items():
            header_keys.setdefault(key, []).append((column.name, worth))
    first = slots[group.key].row if inner and group.key in slots else group.area.top
    left = (group.column(group.key).area or group.area).left
    printed = [
        str(cell.value)
        for cell in build.texts
        if inner and cell.col == left and first < cell.row <= group.area.bottom
    ]
    names = [column.name for column in group.columns]
    return GroupIndex(
        group=group,
        slots=slots,
        inner=inner,
        header_keys=header_keys,
        until_keys=frozenset(_until_keys(build, group)),
        section_keys=frozenset(
            key for text in (*printed, *group.sections) for key, _ in label(text).keys
        ),
        filled_down=frozenset(names[: names.index(group.key)])
        if group.key in names
        else frozenset(),
    )


def _until_keys(build: _Builder, group: RowGroup) -> Iterator[str]:
    """What ends the rows: the labels after them, also those further down; one may be deleted.

    A line with totals ends them even where the template has none.
    """
    yield from _TOTALS
    for text in group.until:
        if label(text).keys:
            yield label(text).keys[0][0]
    for slot in build.slots.values():
        if not slot.floating and slot.row > group.area.bottom and slot.col == group.area.left:
            yield from (key for key, worth in slot.keys.items() if worth == PLAIN)


def _has_own_header(build: _Builder, group: RowGroup, slots: list[Slot]) -> bool:
    """True when all headings are in the one or two lines right above the group's rows."""
    rows = {slot.row for slot in slots}
    if len(rows) < 2:
        return True
    ends = {build.form.grid.span(slot.row, slot.col).bottom for slot in slots}
    return max(rows) - min(rows) == 1 and ends == {group.area.top - 1}


def _number_twins(groups: list[GroupIndex]) -> None:
    """Let groups with the same headings share the header rows that come back, in order."""
    for group in groups:
        same = [one for one in groups if one.header_keys.keys() == group.header_keys.keys()]
        group.place = next(place for place, one in enumerate(same) if one is group)
        group.twins = len(same)


def _index_form(form: Form, year: int) -> FormIndex:
    build = _Builder(form, year)
    titles = tuple(sorted((title_text(title) for title in form.titles), key=len, reverse=True))
    title_field = Field(form.prefix, "标题", form.titles)
    index = FormIndex(form, [], {}, {}, {}, [], titles, title_field)
    _index_fields(build, index)
    index.groups = [_index_group(build, group) for group in form.groups.values()]
    _number_twins(index.groups)
    index.slots = [build.slots[at] for at in sorted(build.slots)]
    for order, slot in enumerate(index.slots):
        slot.order = order
        for key, worth in slot.keys.items():
            index.by_key.setdefault(key, []).append((slot, worth))
    return index


_INDEXES: dict[int, tuple[Template, Indexes]] = {}


def indexes(template: Template) -> Indexes:
    """The indexes of a template's forms, kept for as long as the template is in use."""
    known = _INDEXES.get(id(template))
    if known is None or known[0] is not template:
        if len(_INDEXES) >= _KEPT_TEMPLATES:
            _INDEXES.clear()
        known = (template, Indexes(_index_form(form, template.year) for form in template.forms))
        _INDEXES[id(template)] = known
    return known[1]
