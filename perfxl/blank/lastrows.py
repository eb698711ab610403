"""Last year's rows for a row group of this year's blanks: projects with what they cost then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.blank.cells import Plain
from perfxl.extract import Extract, Item, RowItems
from perfxl.model import Form, Kind, RowGroup, Template

_WORDS = frozenset({Kind.TEXT, Kind.MEASURE, Kind.DATE})
Cells = dict[tuple[int, int], Plain]


class Unfit(Exception):
    """The rows cannot be taken over; the message says why."""


class Source(NamedTuple):
    """A row group, and where its columns come from: the form (by id), its group, and for each
    column of ours the column there."""

    form: Form
    group: RowGroup
    their_form: str
    their_group: str
    columns: Mapping[str, str]


def sources(template: Template) -> list[Source]:
    """The row groups whose key the template takes from last year's workbook."""
    ids = {form.prefix: form.id for form in template.forms}
    found = []
    for form in template.forms:
        for group in () if form.repeatable else form.groups.values():
            named = {
                column.name: column.carried_from.split(".")
                for column in group.columns
                if column.carried_from.count(".") == 2 and column.area
            }
            key = named.get(group.key)
            if key and key[0] in ids:
                columns = {name: parts[2] for name, parts in named.items() if parts[:2] == key[:2]}
                found.append(Source(form, group, ids[key[0]], key[1], columns))
    return found


def taken_over(source: Source, extract: Extract) -> Cells | None:
    """What goes into which cell of the form; None where the workbook has no such rows.

    Raises Unfit where a section of the form has too few rows, or what was typed is in doubt.
    """
    form = next((one for one in extract.forms if one.form == source.their_form), None)
    rows = [row for row in (form.groups.get(source.their_group, ()) if form else ()) if row.values]
    key = source.columns[source.group.key]
    rows = [row for row in rows if key in row.values and row.values[key].raw.strip()]
    if not rows:
        return None
    room = _room(source.form, source.group)
    cells: Cells = {}
    for section in dict.fromkeys(row.section for row in rows):
        wanted = [row for row in rows if row.section == section]
        places = room.get(section, [])
        if len(places) < len(wanted):
            where = f"“{section}”下" if section else ""
            raise Unfit(f"{where}有 {len(wanted)} 行，表样只有 {len(places)} 行")
        for place, row in zip(places, wanted, strict=False):
            cells |= _cells(source, place, row)
    return cells


def _cells(source: Source, place: int, row: RowItems) -> Cells:
    cells: Cells = {}
    for name, theirs in source.columns.items():
        column = source.group.column(name)
        item = row.values.get(theirs)
        value = value_of(item, column.kind) if item else None
        if item and value is None and item.raw.strip():
            raise Unfit(f"{item.cell} 的“{item.raw}”读不准")
        if value is not None and column.area:
            cells[place, column.area.left] = value
    return cells


def _room(form: Form, group: RowGroup) -> dict[str, Sequence[int]]:
    """The free rows of a group under each of its printed headings."""
    headings = {"".join(heading.split()) for heading in group.sections}
    key = group.column(group.key).area
    section, room = "", dict[str, list[int]]()
    # The first heading stands above the first row.
    for row in range(group.area.top - 1, group.area.bottom + 1) if key else ():
        cell = form.grid.at(row, key.left) if key else None
        printed = "".join(str(cell.value).split()) if cell and cell.value is not None else ""
        if printed in headings:
            section = printed
        elif not printed and row >= group.area.top:
            room.setdefault(section, []).append(row)
    return dict(room)


def value_of(item: Item, kind: Kind) -> Plain | None:
    """The number or text that was read for sure; None for a blank and for a doubt."""
    if item.doubtful or item.value is None:
        return None
    if kind in _WORDS:
        return str(item.value)
    return float(item.number) if item.number is not None else None
