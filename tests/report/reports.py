"""Reports made by hand, so that a test shows what it renders."""

from __future__ import annotations

from perfxl.model import Finding, FormFound, Level, Place, Report

_CHANGE = {Level.ERROR: "改正", Level.WARNING: "说明", Level.NOTE: "可以不改"}


def finding(
    code: str = "S501",
    level: Level = Level.ERROR,
    cell: str | None = "K4",
    sheet: str | None = "附件3",
    form: str | None = "overall",
    **rest: object,
) -> Finding:
    given = {
        "message": "执行率填报 89.05%，应为 98.05%。",
        "advice": f"{_CHANGE[level]}。",
        "basis": "表内说明",
        "field": "执行率",
        "stated": "89.05%",
        "expected": "98.05%",
        "name": "预算执行率",
        "fingerprint": "0123456789ab",
        **rest,
    }
    return Finding(code, level, form=form, sheet=sheet, cell=cell, **given)  # type: ignore[arg-type]


def report(*findings: Finding, **rest: object) -> Report:
    given = {
        "path": "in/a.xlsx",
        "sha256": "ab" * 32,
        "template": "hunan-2024",
        "unit": "某某单位",
        "year": 2024,
        "verdict": "fail",
        "forms": (FormFound("overall", "附件3", "A1:M33"),),
        "findings": findings,
        "rules_run": 61,
        **rest,
    }
    return Report(**given)  # type: ignore[arg-type]


def unreadable(path: str = "in/b.xlsx") -> Report:
    why = finding(
        "F004", cell=None, sheet=None, form=None, message="工作簿已损坏。", field=None, stated=None,
        expected=None, fingerprint="",
    )  # fmt: skip
    return Report(path, verdict="unreadable", findings=(why,))


RELATED = (Place("附件3", "E4"),)
