"""Where in a blank each value belongs, and the steps that type it there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.model import Field, Form, Role, RowGroup, Template, a1
from tests.unit_at_work.actions import Job


@dataclass(frozen=True)
class Row:
    """What is typed into one row of a group, by column; ``section`` is the heading it belongs
    under. An ``added`` row gets a row of its own, inserted for it."""

    texts: Mapping[str, str]
    section: str = ""
    added: bool = False


@dataclass(frozen=True)
class Sheet:
    """What is typed into one form, by field; never into a computed cell.

    From a ``tidied`` form the rows of groups that stayed empty are deleted in the end.
    """

    prefix: str
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    tidied: bool = False


class Spot(NamedTuple):
    """A row of the filled form: the ``below``-th inserted one below row ``row`` of the blank,
    or that row itself for 0."""

    row: int
    below: int = 0


@dataclass(frozen=True)
class Placed:
    """A filled form: its sheet, and where the blank's rows and the inserted ones came to be;
    ``deleted`` are rows of the blank."""

    form: Form
    sheet: str
    inserted: tuple[Spot, ...]
    deleted: tuple[int, ...] = ()

    def at_first(self, spot: Spot) -> int:
        """The row's number once all rows are inserted and none is deleted."""
        return spot.row + sum(one.row < spot.row for one in self.inserted) + spot.below

    def row(self, spot: Spot) -> int:
        """The row's number in the end."""
        return self.at_first(spot) - sum(row < spot.row for row in self.deleted)

    def cell(self, name: str) -> str:
        """The address of a field that is not in a group."""
        area = self.form.fields[name].area
        assert area is not None, f"{self.form.prefix}.{name} is not on the form"
        return a1(self.row(Spot(area.top)), area.left)


def fill(job: Job, template: Template, filling: Sequence[Sheet]) -> list[Placed]:
    """Add the steps that copy repeated forms, insert rows, type, and delete rows; ``job``
    opens the blank."""
    placed = []
    for form in template.forms:
        for number, sheet in enumerate([one for one in filling if one.prefix == form.prefix], 1):
            name = form.sheet if number == 1 else f"{form.sheet} ({number})"
            if number > 1:
                job.do("copy_sheet", form.sheet, name)
            placed.append((_spread(form, sheet, name), sheet))
    for (made, _), _ in placed:
        for spot in sorted(made.inserted, reverse=True):
            job.do("insert_rows", made.sheet, spot.row + 1, 1)
    cells = [cell for (made, spots), sheet in placed for cell in _typed(made, spots, sheet)]
    job.do("type_cells", cells)
    for (made, _), _ in placed:
        for row in sorted(made.deleted, reverse=True):
            job.do("delete_rows", made.sheet, made.at_first(Spot(row)), 1)
    return [made for (made, _), _ in placed]


Spots = Mapping[str, Sequence[Spot]]


def _spread(form: Form, sheet: Sheet, name: str) -> tuple[Placed, Spots]:
    spots = {
        group: tuple(_spots(form, form.groups[group], rows)) for group, rows in sheet.rows.items()
    }
    inserted = tuple(spot for each in spots.values() for spot in each if spot.below)
    deleted = tuple(_unused(form, spots)) if sheet.tidied else ()
    return Placed(form, name, inserted, deleted), spots


def _unused(form: Form, spots: Spots) -> Iterator[int]:
    """The rows that stayed empty, but for those whose category stands for rows below too."""
    for group, each in spots.items():
        taken = {spot.row for spot in each}
        for row in free_rows(form, form.groups[group]):
            begins = any(area.top == row < area.bottom for area in form.grid.merges)
            if row not in taken and not begins:
                yield row


def _typed(placed: Placed, spots: Spots, sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    form = placed.form
    for name, text in sheet.fields.items():
        area = form.fields[name].area
        if area is not None and text != printed(form, area.top, area.left):
            yield placed.sheet, a1(placed.at_first(Spot(area.top)), area.left), text
    for group, rows in sheet.rows.items():
        for spot, row in zip(spots[group], rows, strict=True):
            for column in form.groups[group].columns:
                text = row.texts.get(column.name, "")
                assert column.area is not None
                here = not spot.below and form.grid.anchor(spot.row, column.area.left)
                if not text or (here and (here[0] != spot.row or text == printed(form, *here))):
                    continue
                yield placed.sheet, a1(placed.at_first(spot), column.area.left), text


def printed(form: Form, row: int, col: int) -> str:
    """What the blank has in a cell, as text."""
    cell = form.grid.at(row, col)
    if cell is None or cell.value is None:
        return ""
    return f"{cell.value:g}" if isinstance(cell.value, float) else str(cell.value)


def free_rows(form: Form, group: RowGroup) -> dict[int, str]:
    """The rows of a group that a unit fills, with the section each is in."""
    key = group.column(group.key)
    assert key.area is not None
    others = [f.area for f in form.fields.values() if f.area and not f.group]
    found: dict[int, str] = {}
    section = group.sections[0] if group.sections else ""
    for row in range(group.area.top, group.area.bottom + 1):
        at = (row, key.area.left)
        text = printed(form, *at)
        if text in group.sections:
            section = text
        elif (
            form.grid.anchor(*at) == at
            and not _is_heading(key, text)
            and not any(at in area for area in others)
        ):
            found[row] = section
    return found


def _is_heading(key: Field, text: str) -> bool:
    return text in key.labels


def _spots(form: Form, group: RowGroup, rows: Sequence[Row]) -> Iterator[Spot]:
    """Rows that the blank has prefilled for them first; then free rows between their
    neighbours; a row for which none is left, or that is ``added``, is inserted."""
    free = _in_blocks(free_rows(form, group), group, rows)
    taken: dict[int, Spot] = {}
    last = 0
    for place, row in enumerate(rows):
        fitting = (at for at in free if at > last and not row.added and _fits(form, group, row, at))
        found = next((at for at in fitting if _section(row, free[at])), None)
        if found:
            taken[place], last = Spot(found), found
    for place, row in enumerate(rows):
        if place not in taken:
            taken[place] = _squeezed_in(free, taken, place, row)
        yield taken[place]


def _in_blocks(free: dict[int, str], group: RowGroup, rows: Sequence[Row]) -> dict[int, str]:
    """Where a header printed again parts a group, its first block is for the rows of the
    first section, and so on."""
    sections = list(dict.fromkeys(row.section for row in rows))
    if group.sections or len(sections) < 2:
        return free if group.sections else dict.fromkeys(free, "")
    found, block = {}, 0
    for row in free:
        block += row - 1 not in free and bool(found)
        found[row] = sections[min(block, len(sections) - 1)]
    return found


def _squeezed_in(free: Mapping[int, str], taken: Mapping[int, Spot], place: int, row: Row) -> Spot:
    before = max((spot for at, spot in taken.items() if at < place), default=None)
    after = min((spot for at, spot in taken.items() if at > place), default=None)
    own = [at for at, section in free.items() if _section(row, section)]
    if not row.added:
        used = {spot.row for spot in taken.values()}
        for at in own:
            early, late = before and at <= before.row, after and at >= after.row
            if at not in used and not early and not late:
                return Spot(at)
    above = before.row if before and before.row in own else own[0]
    inserted = [spot.below for spot in taken.values() if spot.row == above]
    return Spot(above, max(inserted, default=0) + 1)


def _section(row: Row, section: str) -> bool:
    return not row.section or not section or row.section == section


def _fits(form: Form, group: RowGroup, row: Row, at: int) -> bool:
    """Whether what is printed in a row of the blank is what the row says."""
    for column in group.columns:
        assert column.area is not None
        text = printed(form, at, column.area.left)
        said = row.texts.get(column.name, "")
        if text and said and text != said:
            return False
        if not text and said and column.role is Role.PREFILLED and column is not group.columns[0]:
            return False
    return True
