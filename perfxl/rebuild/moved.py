"""A binding and a report moved to the rebuilt workbook: the same values at their new cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from perfxl import repair
from perfxl.locate.pairs import BESIDE, INSIDE
from perfxl.model import (
    Binding,
    Bound,
    Cell,
    Finding,
    FormBinding,
    Grid,
    GroupRow,
    Place,
    Range,
    Repair,
    Report,
    Waiting,
    a1,
    in_reading_order,
    row_col,
)
from perfxl.rebuild.sheet import FormSheet
from perfxl.rebuild.typed import bounds_of
from perfxl.recompute import recompute

_ADDRESS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}[1-9]\d{0,6}(?![A-Za-z0-9])")
_OF_LOCATOR = ("L", "V")
"""The families of codes whose messages name cells."""

Places = Mapping[tuple[str, int, int], tuple[str, int, int]]
"""Where a cell of the returned workbook is now: sheet, row, column."""


class Laid(NamedTuple):
    """A rebuilt form: the sheet it is on, as planned and as it reads."""

    name: str
    sheet: FormSheet
    grid: Grid


def moved_binding(binding: Binding, laid: Sequence[Laid]) -> Binding:
    """The binding with each value at its new cell; what has none keeps its old one."""
    return replace(binding, forms=tuple(map(_form, laid)))


def _form(laid: Laid) -> FormBinding:
    name, sheet, grid = laid
    form = sheet.form

    def at(bound: Bound, new: tuple[int, int] | None) -> Bound:
        if new is None:
            return bound._replace(sheet=name)
        source = grid.cells.get(new)
        apart = bound.how == INSIDE and bound.field.area is not None
        numeric = bound.value.numeric or (
            apart and source is not None and isinstance(source.value, (int, float))
        )
        return bound._replace(
            sheet=name,
            row=new[0],
            col=new[1],
            value=bound.value._replace(numeric=numeric),
            how=BESIDE if apart else bound.how,
            label_at=sheet.places.get(bound.label_at) if bound.label_at else None,
            source=source,
        )

    fields = {key: at(bound, sheet.fields.get(key)) for key, bound in form.fields.items()}
    groups = {}
    for group, rows in form.groups.items():
        made = []
        for place, row in enumerate(rows):
            values = {
                column: at(bound, sheet.columns.get((group, place, column)))
                for column, bound in row.values.items()
            }
            own = [b.row for c, b in values.items() if (group, place, c) in sheet.columns]
            made.append(GroupRow(max(own, default=row.row), values, row.section))
        groups[group] = tuple(made)
    whole = Range(1, 1, max(len(sheet.like), 1), sheet.face.columns)
    title = at(form.title, sheet.title) if form.title else None
    return replace(form, sheet=name, region=whole, fields=fields, groups=groups, title=title)


def moved_report(report: Report, binding: Binding, places: Places, sheets: Sequence[str]) -> Report:
    """The report about the rebuilt workbook: the same findings and right values, new cells.

    ``binding`` is the moved one; formulas of the right values are over its cells. ``sheets``
    are all sheets of the rebuilt workbook, in order: so the findings are listed.
    """
    findings = in_reading_order((_finding(one, places) for one in report.findings), sheets)
    computed, final = recompute(binding)
    made, _ = repair.repairs(binding, computed, findings, final)
    cells = {(b.sheet, b.row, b.col): b.source for f in binding.forms for b in bounds_of(f)}
    return replace(
        report,
        findings=findings,
        repairs=tuple(_repairs(report.repairs, places, made, cells)),
        waiting=tuple(_waiting(report.waiting, places)),
        refreshed=(),
        record=None,
        before=None,
        forms=tuple(form.found for form in binding.forms),
    )


def _finding(finding: Finding, places: Places) -> Finding:
    if finding.sheet is None:
        return finding
    sheet, message = finding.sheet, finding.message
    to = _new(sheet, finding.cell, places) if finding.cell else None
    if finding.code.startswith(_OF_LOCATOR):

        def renamed(found: re.Match[str]) -> str:
            new = _new(sheet, found[0], places)
            return new.cell if new else found[0]

        message = _ADDRESS.sub(renamed, message)
    return replace(
        finding,
        # What stands nowhere any more is said of the sheet.
        sheet=to.sheet if to else _sheet(sheet, places),
        cell=to.cell if to else None,
        related=tuple(_new(*place, places) or place for place in finding.related),
        message=message,
    )


def _sheet(sheet: str, places: Places) -> str:
    """The new sheet of one that held a form; of several forms, the first one's."""
    return next((new[0] for old, new in places.items() if old[0] == sheet), sheet)


def _new(sheet: str, cell: str, places: Places) -> Place | None:
    new = places.get((sheet, *row_col(cell))) if _ADDRESS.fullmatch(cell) else None
    return Place(new[0], a1(new[1], new[2])) if new else None


def _repairs(
    repairs: Iterable[Repair],
    places: Places,
    made: Iterable[Repair],
    cells: Mapping[tuple[str, int, int], Cell | None],
) -> Iterator[Repair]:
    """What is put right, at the new cells; a formula only where it gives the same value."""
    live = {(one.sheet, one.row, one.col): one for one in made}
    for one in repairs:
        new = places.get((one.sheet, one.row, one.col))
        if new is None:
            continue
        own = live.get(new)
        if own is not None and own.shown == one.shown:
            yield replace(own, stated=one.stated)
        else:
            sheet, row, col = new
            yield replace(
                one, sheet=sheet, row=row, col=col, formula=None, text=None, source=cells.get(new)
            )


def _waiting(waiting: Iterable[Waiting], places: Places) -> Iterator[Waiting]:
    for one in waiting:
        new = _new(one.sheet, one.cell, places)
        if new is not None:
            on = tuple((name, _new(*place, places) or place) for name, place in one.on)
            yield Waiting(*new, on)
