"""The units of a roster, with what is known of each before it fills in anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.blank.cells import Plain, Unfit, has_control, plain, rounded, text_of
from perfxl.blank.columns import ASIDE, Target, is_owner, is_project, key, match, other_money
from perfxl.blank.sheet import SAMPLE, Row, Table, first_meaning
from perfxl.blank.tables import Source
from perfxl.errors import RosterError
from perfxl.model import ExcelError, Template
from perfxl.notation import fold

LONGEST_NAME = 80
_MOST_SHOWN = 50

_FIGURES = re.compile(r"[\d.,]+")
_ERRORS = frozenset(error.value for error in ExcelError)

Values = dict[str, Plain]
"""What goes into which field, by its full name (``整体.年初预算数``)."""


class Project(NamedTuple):
    """One project of a unit: its name, and what its own form is prefilled with."""

    name: str
    values: Values


@dataclass
class Unit:
    """One unit; ``texts`` are the cells of its row as shown, by heading; ``rows`` what goes
    into which cell of a row group, by the prefix of the form."""

    name: str
    row: int
    values: Values
    texts: Mapping[str, str]
    projects: list[Project] = field(default_factory=list)
    rows: dict[str, dict[tuple[int, int], Plain]] = field(default_factory=dict)


def same(name: str) -> str:
    """The same for two ways of writing one name: width, spaces and case do not matter."""
    return fold(name).casefold()


class Listed(NamedTuple):
    """The units in the order of the roster; all that is wrong with it, in words; remarks on
    what was changed."""

    units: list[Unit]
    problems: list[str]
    remarks: list[str]


def read_units(
    template: Template, source: Source, most: int, extra: Collection[str] = ()
) -> Listed:
    """Read the units of a roster, and their projects.

    ``most`` is how many projects a unit may have; ``extra`` are headings that need be no
    field's. Wrong are columns that are no field's, values of the wrong kind, names that are
    missing, unusable or there twice, projects of units that are not listed.
    """
    reader = _Reader(template, most, {key(name) for name in (*extra, *ASIDE)})
    units = reader.units(source.units)
    if source.projects is not None:
        reader.projects(source.projects, units)
    return Listed(units, list(dict.fromkeys(reader.problems)), list(reader.remarks()))


def refused(problems: Sequence[str]) -> RosterError:
    """All problems in one error; a message lists the first of very many."""
    shown = [*problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        shown.append(f"……另有 {len(problems) - _MOST_SHOWN} 处，改正上面的以后再看")
    lines = "\n".join(f"  {one}" for one in shown)
    return RosterError(f"名册有 {len(problems)} 处要改正，没有写出任何文件：\n{lines}", problems)


class _Columns(NamedTuple):
    """What the columns of a table are for, by their numbers."""

    owner: int
    project: int
    fields: Mapping[int, Target]


class _Reader:
    def __init__(self, template: Template, most: int, extra: Collection[str]):
        self.template, self.most, self.extra = template, most, extra
        self.problems: list[str] = []
        self._rounded: Counter[str] = Counter()
        self._samples: list[str] = []

    def remarks(self) -> Iterator[str]:
        yield from self._samples
        for place, count in self._rounded.items():
            yield f"{place}有 {count} 个数的小数位比表样多，已四舍五入"

    def units(self, table: Table) -> list[Unit]:
        self._look_for_samples(table)
        columns = self._columns(table, projects=False)
        found: list[Unit] = []
        seen: dict[str, int] = {}
        for row in table.rows:
            name = self._name(table, row, columns.owner, "单位名称")
            if name and same(name) in seen:
                earlier = table.place(seen[same(name)], 0)
                self._say(
                    table, row.number, columns.owner, f"单位“{name}”与{earlier}重复；请删去一行"
                )
            elif name:
                seen[same(name)] = row.number
            texts = {
                heading: text_of(row.cells.get(col)) for col, heading in table.headings.items()
            }
            found.append(Unit(name, row.number, self._values(table, row, columns), texts))
        if not found:
            self.problems.append(f"{table.place(table.header_row, 0)}以下没有单位；请填写名册")
        return found

    def projects(self, table: Table, units: Sequence[Unit]) -> None:
        if not any(form.repeatable for form in self.template.forms):
            self.problems.append(
                f"“{table.name}”列有项目，模板 {self.template.id} 没有按项目填报的表；请删去项目表"
            )
            return
        self._look_for_samples(table)
        columns = self._columns(table, projects=True)
        owners = {same(unit.name): unit for unit in units if unit.name}
        seen: dict[tuple[str, str], int] = {}
        for row in table.rows:
            owner = self._name(table, row, columns.owner, "单位名称")
            name = self._name(table, row, columns.project, "项目名称")
            values = self._values(table, row, columns)
            unit = owners.get(same(owner)) if owner else None
            if owner and unit is None:
                self._say(
                    table, row.number, columns.owner, f"单位“{owner}”不在单位名册里；请核对名称"
                )
            if unit is None or not name:
                continue
            where = (same(owner), same(name))
            if where in seen:
                earlier = table.place(seen[where], 0)
                self._say(table, row.number, columns.project, f"项目“{name}”与{earlier}重复")
            seen[where] = row.number
            unit.projects.append(Project(name, values))
            if len(unit.projects) == self.most + 1:
                self._say(
                    table,
                    row.number,
                    0,
                    f"“{owner}”的项目超过 {self.most} 个，一个工作簿放不下；"
                    f"请把单位分成几行（如“{owner}（一）”“{owner}（二）”），项目分列其下",
                )

    def _look_for_samples(self, table: Table) -> None:
        rows = [
            row.number
            for row in table.rows
            if any(text_of(cell).endswith(SAMPLE) for cell in row.cells.values())
        ]
        if rows:
            self._samples.append(
                f"{table.place(rows[0], 0)}{f'等 {len(rows)} 行' if len(rows) > 1 else ''}"
                f"还有“{SAMPLE}”，也写进了空白表；请改写或删去，再写一次"
            )

    def _columns(self, table: Table, *, projects: bool) -> _Columns:
        owner = first_meaning(table.headings, lambda text: is_owner(self.template, text))
        project = 0
        if projects:
            project = first_meaning(table.headings, lambda text: is_project(self.template, text))
        fields: dict[int, Target] = {}
        taken: dict[str, int] = {}
        for col, heading in table.headings.items():
            if col in (owner, project):
                continue
            target = self._target(table, col, projects)
            if isinstance(target, str):
                last = table.last_headings.get(col, heading)
                if key(heading) not in self.extra and key(last) not in self.extra:
                    self._say(table, table.header_row, col, target)
                continue
            if target.name in taken:
                other = table.headings[taken[target.name]]
                self._say(
                    table, table.header_row, col,
                    f"“{heading}”和“{other}”都是 {target.name}；请删去一列",
                )  # fmt: skip
            taken.setdefault(target.name, col)
            fields[col] = target
        for col in sorted({col for row in table.rows for col in row.cells} - set(table.headings)):
            row = next(row.number for row in table.rows if col in row.cells)
            self._say(table, row, col, "有内容，但这一列没有列名；请补上列名或删去内容")
        return _Columns(owner, project, fields)

    def _target(self, table: Table, col: int, projects: bool) -> Target | str:
        """The field that a column fills; under several headings the last alone may name it."""
        heading = table.headings[col]
        found = match(self.template, heading, projects)
        last = table.last_headings.get(col, heading)
        if isinstance(found, str) and last != heading:
            alone = match(self.template, last, projects)
            found = alone if isinstance(alone, Target) else found
        if isinstance(found, Target):
            return other_money(found, heading, table.money) or found
        return found

    def _name(self, table: Table, row: Row, col: int, what: str) -> str:
        name = text_of(row.cells.get(col))
        if not name:
            self._say(table, row.number, col, f"没有{what}；请补上，或删去这一行")
        elif name in _ERRORS:
            self._say(table, row.number, col, f"{what}显示 {name}；请改正公式，或直接填写")
            return ""
        elif _FIGURES.fullmatch(name):
            # A formula that refers to an empty cell gives 0.
            self._say(table, row.number, col, f"{what}是“{name}”；请改正公式，或填写名称")
            return ""
        elif has_control(name):
            self._say(table, row.number, col, f"{what}里有换行或看不见的字符；请重新输入")
            return ""
        elif len(name) > LONGEST_NAME:
            self._say(
                table, row.number, col,
                f"{what}有 {len(name)} 个字，最多 {LONGEST_NAME} 个；请用规范简称",
            )  # fmt: skip
            return ""
        return name

    def _values(self, table: Table, row: Row, columns: _Columns) -> Values:
        values: Values = {}
        for col, target in columns.fields.items():
            cell = row.cells.get(col)
            if cell is None:
                continue
            try:
                value = plain(cell, target.field)
            except Unfit as problem:
                self._say(table, row.number, col, str(problem))
                continue
            if value is not None:
                values[target.name] = rounded(value, target.field)
                if values[target.name] != value:
                    place = table.place(table.header_row, col)
                    self._rounded[f"{place}（{table.headings[col]}）"] += 1
        return values

    def _say(self, table: Table, row: int, col: int, text: str) -> None:
        self.problems.append(f"{table.place(row, col)}：{text}")
