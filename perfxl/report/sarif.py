"""The SARIF 2.1.0 report, for programs that show code-review findings."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from perfxl import __version__
from perfxl.model import Finding, Level, Place, Report
from perfxl.report.words import place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def render(reports: Sequence[Report]) -> str:
    """The report as one SARIF log with one run."""
    rules: dict[str, Finding] = {}
    for report in reports:
        for finding in report.findings:
            rules.setdefault(finding.code, finding)
    order = {code: index for index, code in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "perfxl",
                "version": __version__,
                "rules": [_rule(rules[code]) for code in order],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report) for report in reports],
        "results": [
            _result(index, report, finding, order[finding.code])
            for index, report in enumerate(reports)
            for finding in report.findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(finding: Finding) -> Mapping[str, Any]:
    return {
        "id": finding.code,
        "shortDescription": {"text": finding.name or finding.code},
        "help": {"text": f"{finding.advice}\n依据：{finding.basis}"},
    }


def _artifact(report: Report) -> Mapping[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": _uri(report.path)}}
    if report.sha256:
        artifact["hashes"] = {"sha-256": report.sha256}
    return artifact


def _result(index: int, report: Report, finding: Finding, rule: int) -> Mapping[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.level],
        "message": {"text": finding.message},
        "locations": [_location(index, report, place(finding))],
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(index, report, _named(other))}
            for number, other in enumerate(finding.related)
        ]
    if finding.explained:
        reason = {"kind": "external", "justification": finding.explanation}
        result["suppressions"] = [reason]
    if finding.fingerprint:
        result["partialFingerprints"] = {"perfxl/v1": finding.fingerprint}
    return result


def _named(other: Place) -> str:
    return f"{other.sheet}!{other.cell}"


def _location(index: int, report: Report, name: str) -> Mapping[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(report.path), "index": index}}
    }
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "member"}]
    return location


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(os.fsencode(pure.as_posix()))
