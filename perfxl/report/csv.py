"""The CSV report: one row a finding, for Excel and WPS."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from perfxl.model import VERDICTS, Finding, Report
from perfxl.report.words import form_title

BOM = "\ufeff"
"""Without it Excel takes the file for GBK."""
HEADER = (
    "文件", "单位", "年度", "模板", "结论", "级别", "编码", "表", "工作表", "单元格", "栏目",
    "填报", "应为", "说明", "整改建议", "依据", "更正稿",
)  # fmt: skip
_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(reports: Sequence[Report]) -> str:
    """The findings of all files; a file without any has one row with its verdict.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for report in reports:
        head = (
            report.path, report.unit, report.year, report.template, VERDICTS[report.verdict],
        )  # fmt: skip
        for finding in report.findings or (None,):
            writer.writerow(map(safe, (*head, *_columns(finding, report), report.corrected)))
    return BOM + out.getvalue()


def _columns(finding: Finding | None, report: Report) -> tuple[str | None, ...]:
    if finding is None:
        return (None,) * 11
    return (
        finding.standing,
        finding.code,
        form_title(finding.form, report.forms),
        finding.sheet,
        finding.cell,
        finding.field,
        finding.stated,
        finding.expected,
        finding.message,
        finding.advice,
        finding.basis,
    )


def safe(value: str | int | None) -> str:
    """The text of a cell, with an apostrophe in front where it would run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_LOOKS_LIKE_A_FORMULA) else text
