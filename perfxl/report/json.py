"""The JSON report: what other programs rely on, as CONTRACT.md fixes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from perfxl import __version__
from perfxl.model import Finding, Report
from perfxl.report.words import counts

SCHEMA = 1


def render(reports: Sequence[Report]) -> str:
    """The report as one JSON document; the same reports give the same text."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "perfxl", "version": __version__},
        "files": [_file(report) for report in reports],
        "summary": counts(reports)._asdict(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _file(report: Report) -> Mapping[str, Any]:
    return {
        "path": report.path,
        "sha256": report.sha256,
        "template": report.template,
        "unit": report.unit,
        "year": report.year,
        "verdict": report.verdict,
        "forms": [
            {"form": one.form, "sheet": one.sheet, "range": one.range} for one in report.forms
        ],
        "corrected": report.corrected,
        "rules": {"run": report.rules_run, "skipped": len(report.skipped)},
        "findings": [_finding(finding) for finding in report.findings],
        "settled": [_finding(finding) for finding in report.settled],
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level.value,
        "form": finding.form,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "field": finding.field,
        "stated": finding.stated,
        "expected": finding.expected,
        "message": finding.message,
        "advice": finding.advice,
        "basis": finding.basis,
        "related": [place._asdict() for place in finding.related],
        "fingerprint": finding.fingerprint,
        "explanation": finding.explanation or None,
        "explained": finding.explained,
    }
