from __future__ import annotations

import json

from perfxl import __version__
from perfxl.model import Level
from perfxl.report import render
from tests.report.reports import RELATED, finding, report, unreadable


def test_the_document_is_the_contracts():
    given = report(
        finding(related=RELATED), skipped={"C301@附件2": "…"}, corrected="in/a.checked.xlsx"
    )
    assert json.loads(render("json", [given])) == {
        "schema": 1,
        "tool": {"name": "perfxl", "version": __version__},
        "files": [
            {
                "path": "in/a.xlsx",
                "sha256": "ab" * 32,
                "template": "hunan-2024",
                "unit": "某某单位",
                "year": 2024,
                "verdict": "fail",
                "forms": [{"form": "overall", "sheet": "附件3", "range": "A1:M33"}],
                "corrected": "in/a.checked.xlsx",
                "rules": {"run": 61, "skipped": 1},
                "findings": [
                    {
                        "code": "S501",
                        "level": "error",
                        "form": "overall",
                        "sheet": "附件3",
                        "cell": "K4",
                        "field": "执行率",
                        "stated": "89.05%",
                        "expected": "98.05%",
                        "message": "执行率填报 89.05%，应为 98.05%。",
                        "advice": "改正。",
                        "basis": "表内说明",
                        "related": [{"sheet": "附件3", "cell": "E4"}],
                        "fingerprint": "0123456789ab",
                        "explanation": None,
                        "explained": False,
                    }
                ],
                "settled": [],
            }
        ],
        "summary": {"files": 1, "error": 1, "warning": 0, "note": 0, "unreadable": 0},
    }


def test_chinese_stays_chinese_and_the_last_line_ends():
    text = render("json", [report(finding())])
    assert "执行率" in text and text.endswith("}\n")


def test_the_summary_counts_by_level():
    reports = [report(finding(), finding("C1", Level.NOTE)), unreadable()]
    assert json.loads(render("json", reports))["summary"] == {
        "files": 2, "error": 2, "warning": 0, "note": 1, "unreadable": 1,
    }  # fmt: skip
