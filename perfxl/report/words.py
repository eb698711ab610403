"""The words that all reports use for verdicts, forms and places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.model import VERDICTS, Finding, FormFound, Level, Report

FORMS = {
    "basic": "基础数据表",
    "overall": "部门整体支出绩效自评表",
    "project": "项目支出绩效自评表",
}


class Counts(NamedTuple):
    """The summary over all files; each level counts findings."""

    files: int
    error: int
    warning: int
    note: int
    unreadable: int


def counts(reports: Sequence[Report]) -> Counts:
    """Count files and findings."""
    return Counts(
        files=len(reports),
        error=sum(report.count(Level.ERROR) for report in reports),
        warning=sum(report.count(Level.WARNING) for report in reports),
        note=sum(report.count(Level.NOTE) for report in reports),
        unreadable=sum(report.verdict == "unreadable" for report in reports),
    )


def worst(reports: Sequence[Report]) -> str:
    """The heaviest verdict of all files; pass where there is none."""
    verdicts = {report.verdict for report in reports}
    return next((verdict for verdict in VERDICTS if verdict in verdicts), "pass")


def form_title(form: str | None, found: Sequence[FormFound] = ()) -> str:
    """What the form is called: by the template where it was found, else by its kind; an id
    that perfxl does not know stands for itself."""
    called = next((one.title for one in found if one.form == form and one.title), None)
    return called or FORMS.get(form or "", form or "")


def place(finding: Finding) -> str:
    """Sheet and cell as Excel writes them: 附件3!K4; the sheet alone, or nothing."""
    if finding.sheet and finding.cell:
        return f"{finding.sheet}!{finding.cell}"
    return finding.sheet or ""
