"""What checking gave: findings, repairs, the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.model.cells import Scalar, a1
from perfxl.model.forms import Level

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


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, at one cell.

    ``form`` is the form's id, ``field`` the field's name without the form's prefix
    (``指标.得分`` for a column); ``stated`` is what was typed, as typed; ``expected`` is None
    where nothing can be computed. ``fingerprint`` names the same finding after rows moved.
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

    @property
    def cell(self) -> str:
        return a1(self.row, self.col)


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
    (with the form it was to run on) to what blocked it.
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
    refreshed: tuple[Refreshed, ...] = ()
    corrected: str | None = None

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)
