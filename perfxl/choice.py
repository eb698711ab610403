"""Which findings a user asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfxl.model import Finding, Level, Report

_CODE = re.compile(r"[A-Z](\d{3})?")
_FILE = "F"
_READ = ("pass", "explain", "fail")


def is_choice(text: str) -> bool:
    """Whether the text is a code (C301) or a family of codes (C)."""
    return _CODE.fullmatch(text) is not None


def verdict_of(findings: Iterable[Finding]) -> str:
    """fail, explain or pass: what the findings on a workbook that was read come to; those
    that the unit has explained are settled."""
    levels = {finding.level for finding in findings if not finding.explained}
    if Level.ERROR in levels:
        return "fail"
    return "explain" if Level.WARNING in levels else "pass"


def chosen(report: Report, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Report:
    """The report with the findings that are selected (all, where nothing is) and not ignored.

    Both take codes and families. What is said about the file itself (F) stays, whatever was
    chosen; the verdict follows the findings, and a cell that none of them speaks of is not
    put right.
    """
    if not select and not ignore:
        return report

    def wanted(code: str) -> bool:
        asked = not select or code.startswith(tuple(select))
        return code.startswith(_FILE) or (asked and not code.startswith(tuple(ignore)))

    kept = tuple(finding for finding in report.findings if wanted(finding.code))
    spoken = {(finding.sheet, finding.cell) for finding in kept}
    return replace(
        report,
        findings=kept,
        verdict=verdict_of(kept) if report.verdict in _READ else report.verdict,
        repairs=tuple(r for r in report.repairs if (r.sheet, r.cell) in spoken),
        waiting=tuple(w for w in report.waiting if (w.sheet, w.cell) in spoken),
        before=chosen(report.before, select, ignore) if report.before else None,
    )
