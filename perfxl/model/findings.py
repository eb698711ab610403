"""What checking gave: findings, repairs, the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from perfxl.model.cells import Cell, Scalar, a1, row_col
from perfxl.model.forms import Level
from perfxl.model.record import Record

VERDICTS = {
    "fail": "需改正",
    "unreadable": "不能读取",
    "unknown": "认不出表样",
    "explain": "需说明",
    "pass": "通过",
}
"""The verdicts of a report and what a person reads for each, heaviest first."""


class Place(NamedTuple):
    """A cell of the returned workbook."""

    sheet: str
    cell: str


def place_key(code: str, sheet: str, cell: str) -> str:
    """What tells findings of one workbook apart while no rows are moved."""
    return "|".join((code, sheet, cell))


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, at one cell.

    ``form`` is the form's id, ``field`` the field's name without the form's prefix
    (``指标.得分`` for a column); ``stated`` is what was typed, as typed; ``expected`` is None
    where nothing can be computed. ``fingerprint`` names the same finding after rows moved.
    ``explanation`` is what the unit wrote about it in 校验结果; a 核实 finding is ``explained``
    where that gives a reason.
    """

    code: str
    level: Level
    message: str
    advice: str
    basis: str
    form: str | None = None
    sheet: str | None = None
    cell: str | None = None
    field: str | None = None
    stated: str | None = None
    expected: str | None = None
    related: tuple[Place, ...] = ()
    fingerprint: str = ""
    name: str = ""
    explanation: str = ""
    explained: bool = False

    @cached_property
    def place(self) -> Place | None:
        """The cell that a person must look at; None for a finding about a whole file or form."""
        return Place(self.sheet, self.cell) if self.sheet and self.cell else None

    @property
    def standing(self) -> str:
        """强制, 核实 or 提示, or 已说明 for what the unit has explained."""
        return "已说明" if self.explained else self.level.chinese

    @property
    def key(self) -> str:
        """What tells the finding from others of its workbook, also in a later check."""
        return self.fingerprint or self.key_by_place

    @property
    def key_by_place(self) -> str:
        """The same by code and cell alone."""
        return place_key(self.code, self.sheet or "", self.cell or "")


def in_reading_order(findings: Iterable[Finding], sheets: Iterable[str]) -> tuple[Finding, ...]:
    """The findings sheet by sheet, as ``sheets`` has them, and row by row in each; those on no
    sheet first, and of those on one cell the heaviest."""
    order = {sheet: number for number, sheet in enumerate(sheets)}

    def place(finding: Finding) -> tuple[int, int, int, int, str]:
        row, col = row_col(finding.cell) if finding.cell else (0, 0)
        number = order.get(finding.sheet or "", -1)
        return number, row, col, finding.level.rank, finding.code

    return tuple(sorted(findings, key=place))


@dataclass(frozen=True)
class Repair:
    """A computed cell that is put right in the corrected copy.

    ``formula`` (over the returned sheet's own cells, without ``=``) is None where the form's
    cells do not allow one; ``value`` is then written as a constant. ``stated`` is what stood
    there, ``shown`` the right value as the form prints it. ``text`` is set where label and
    value share one cell: the whole new text of that cell.
    """

    sheet: str
    row: int
    col: int
    field: str
    stated: str
    value: float
    shown: str
    formula: str | None
    number_format: str | None = None
    text: str | None = None
    source: Cell | None = None

    @property
    def cell(self) -> str:
        return a1(self.row, self.col)

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.cell)


@dataclass(frozen=True)
class Waiting:
    """A wrong computed cell that is left as it is, because facts it rests on are in doubt:
    ``on`` are their names and places, ``repair`` is what it would get as they are."""

    sheet: str
    cell: str
    on: tuple[tuple[str, Place], ...]
    repair: Repair | None = None

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.cell)

    @property
    def words(self) -> str:
        """The facts as a message names them."""
        return "、".join(
            f"{name}（{place.cell if place.sheet == self.sheet else '!'.join(place)}）"
            for name, place in self.on
        )


class Refreshed(NamedTuple):
    """The new result of the unit's own formula that rests on a repaired cell."""

    sheet: str
    row: int
    col: int
    value: Scalar


class FormFound(NamedTuple):
    """A form and where it was found; ``title`` is what its template calls it."""

    form: str
    sheet: str
    range: str
    title: str = ""


@dataclass(frozen=True)
class Report:
    """What checking one workbook gave.

    ``verdict`` is pass, explain, fail, unknown or unreadable. ``skipped`` maps a rule's code
    (with the form it was to run on) to what blocked it. Of a corrected copy that is checked
    again, ``record`` is what it carries of the earlier check, and ``before`` the report on the
    workbook with the unit's own values in the cells that were put right; ``rebuilt_from`` names
    the file that the copy was rebuilt from, where that could not be patched.
    """

    path: str
    sha256: str = ""
    template: str | None = None
    template_version: str | None = None
    unit: str | None = None
    year: int | None = None
    verdict: str = "pass"
    forms: tuple[FormFound, ...] = ()
    findings: tuple[Finding, ...] = ()
    rules_run: int = 0
    skipped: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    refreshed: tuple[Refreshed, ...] = ()
    corrected: str | None = None
    before: Report | None = None
    record: Record | None = None
    rebuilt_from: str = ""

    @property
    def settled(self) -> tuple[Finding, ...]:
        """The findings of an earlier check that do not hold any more, because their cells
        were put right."""
        now = {(one.key, one.sheet, one.cell) for one in self.findings}
        earlier = self.before.findings if self.before else ()
        return tuple(one for one in earlier if (one.key, one.sheet, one.cell) not in now)

    def count(self, level: Level) -> int:
        """How many findings of that level the unit has not explained."""
        return sum(one.level is level and not one.explained for one in self.findings)
