"""Last year's figures for this year's blanks, from the workbooks that units returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from perfxl.blank import lastrows
from perfxl.blank.cells import Plain
from perfxl.blank.columns import Target, targets
from perfxl.blank.units import Unit, same
from perfxl.extract import Extract, FormItems, Item
from perfxl.model import Template


class _Found(NamedTuple):
    """One value and the file it was read from."""

    value: Plain
    path: str


class _Wanted(NamedTuple):
    """A field of this year's form, and the form (by id) and the field it comes from."""

    target: Target
    form: str
    field: str


def wanted(template: Template) -> list[_Wanted]:
    """The fields that the template says come from last year's workbook."""
    ids = {form.prefix: form.id for form in template.forms}
    found = []
    for target in targets(template.forms):
        prefix, _, name = target.field.carried_from.partition(".")
        if prefix in ids:
            found.append(_Wanted(target, ids[prefix], name))
    return found


def carry(template: Template, units: Sequence[Unit], extracts: Iterable[Extract]) -> list[str]:
    """Fill what the roster leaves open from last year's workbooks; returns remarks.

    Workbooks are matched by the unit's name, those of projects by the project's too. What was
    read with doubt, differs between two workbooks of a unit, or is of another year stays
    blank, and is said; so are units without a workbook.
    """
    carrier = _Carrier(template, units)
    for extract in extracts:
        carrier.take(extract)
    carrier.fill()
    return carrier.remarks


class _Carrier:
    def __init__(self, template: Template, units: Sequence[Unit]):
        self._template, self._units = template, units
        self._wanted = wanted(template)
        self._known = {same(unit.name) for unit in units}
        self._found: dict[tuple[str, str, str], _Found] = {}
        self._unsure: set[tuple[str, str, str]] = set()
        self._returned: set[str] = set()
        self._rows: dict[tuple[str, str], tuple[lastrows.Cells, str]] = {}
        self._unsure_rows: set[tuple[str, str]] = set()
        self.remarks: list[str] = []

    def take(self, extract: Extract) -> None:
        if extract.error:
            self.remarks.append(f"{extract.path}：没有读出（{extract.error[1]}）")
            return
        owner = same(extract.unit or "")
        if owner not in self._known:
            who = f"单位“{extract.unit}”不在名册里" if extract.unit else "没有单位名称"
            self.remarks.append(f"{extract.path}：{who}，没有取数")
            return
        years = {form.year for form in extract.forms if form.year}
        if years and self._template.year - 1 not in years:
            shown = "、".join(str(year) for year in sorted(years))
            self.remarks.append(
                f"{extract.path}：是 {shown} 年度的，不是 {self._template.year - 1} 年度，没有取数"
            )
            return
        self._returned.add(owner)
        for form in (one for one in extract.forms if one.year in (None, self._template.year - 1)):
            for one in self._wanted:
                if one.form == form.form and one.field in form.fields:
                    self._keep(extract.path, owner, form, one, form.fields[one.field])
        for source in lastrows.sources(self._template):
            self._keep_rows(extract, owner, source)

    def _keep_rows(self, extract: Extract, owner: str, source: lastrows.Source) -> None:
        place = (owner, source.form.prefix)
        try:
            cells = lastrows.taken_over(source, extract)
        except lastrows.Unfit as problem:
            why = f"{extract.path} 的{source.form.sheet}{problem}"
        else:
            earlier = self._rows.setdefault(place, (cells, extract.path)) if cells else None
            if earlier is None or earlier[0] == cells:
                return
            why = f"{earlier[1]} 和 {extract.path} 的明细行不同"
        self._unsure_rows.add(place)
        self.remarks.append(f"{why}，{source.form.prefix}.{source.group.name}各行留空")

    def _keep(self, path: str, owner: str, form: FormItems, one: _Wanted, item: Item) -> None:
        project = same(form.name) if one.target.form.repeatable else ""
        place = (owner, project, one.target.name)
        value = lastrows.value_of(item, one.target.field.kind)
        if value is None:
            if item.raw.strip():
                self._doubt(place, f"{path} {form.sheet}!{item.cell} 的“{item.raw}”读不准")
            return
        earlier = self._found.setdefault(place, _Found(value, path))
        if earlier.value != value:
            self._doubt(place, f"{earlier.path} 和 {path} 的数不同（{earlier.value}、{value}）")

    def _doubt(self, place: tuple[str, str, str], why: str) -> None:
        self._unsure.add(place)
        self.remarks.append(f"{why}，{place[2]}留空")

    def fill(self) -> None:
        units = {same(unit.name): unit for unit in self._units}
        projects = {
            (owner, same(project.name)): project.values
            for owner, unit in units.items()
            for project in unit.projects
        }
        for place, found in self._found.items():
            owner, project, name = place
            known = projects.get((owner, project)) if project else units[owner].values
            if known is not None and place not in self._unsure:
                known.setdefault(name, found.value)
        for rows, (cells, _) in self._rows.items():
            if rows not in self._unsure_rows:
                units[rows[0]].rows[rows[1]] = cells
        missing = [unit.name for owner, unit in units.items() if owner not in self._returned]
        if missing:
            self.remarks.append(f"{len(missing)} 个单位没有上年的工作簿：{'、'.join(missing)}")
