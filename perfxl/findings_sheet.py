"""The sheet 校验结果 that a corrected workbook gets: verdict, counts, every finding."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

from perfxl.marks import FILLS, MEANINGS, SIGNS, treatment
from perfxl.model import VERDICTS, Finding, Level, Range, Repair, Report
from perfxl.package.looks import Look
from perfxl.package.newsheet import NewCell, NewSheet, PrintSetup

NAME = "校验结果"
_COLUMNS = (
    ("序号", 5), ("级别", 8), ("单元格", 12), ("栏目", 14), ("填报值", 13), ("应为", 11),
    ("问题", 34), ("怎么改", 28), ("依据", 20), ("编码", 6), ("处理", 12), ("单位说明", 16),
)  # fmt: skip
_CENTRED = frozenset({"序号", "级别", "单元格", "编码"})
_LINK = "单元格"
_REPLY = "单位说明"
_FONT = "宋体"
_LINE = 14.5
"""Points that one line of 10-point text takes."""
_WIDE = "FWA"

_TITLE = Look(bold=True, size=16, font=_FONT, horizontal="center", vertical="center")
_PLAIN = Look(size=10, font=_FONT, vertical="center")
_HEAD = Look(
    bold=True, size=10, font=_FONT, fill="D9D9D9", border="thin", horizontal="center",
    vertical="center", wrap=True,
)  # fmt: skip


def findings_sheet(
    report: Report, repairs: Mapping[tuple[str, str], Repair]
) -> tuple[NewSheet, dict[tuple[str, str], str]]:
    """The sheet, and for each marked cell the address of its first row in it.

    ``repairs`` are those that were made, by (sheet, address).
    """
    width = len(_COLUMNS)
    rows: list[list[NewCell | None]] = _heading(report, repairs)
    rows.append([NewCell(name, _HEAD) for name, _ in _COLUMNS])
    header = len(rows)
    links: dict[tuple[int, int], tuple[str, str]] = {}
    heights: dict[int, float] = {1: 30, header: 22}
    back: dict[tuple[str, str], str] = {}
    for number, finding in enumerate(report.findings, 1):
        cells = _words(number, finding, repairs)
        rows.append([NewCell(text, _look(name, finding)) for name, text in cells.items()])
        at = len(rows)
        heights[at] = _height([str(text) for text in cells.values()])
        if finding.sheet and finding.cell:
            links[at, 3] = (finding.sheet, finding.cell)
            back.setdefault((finding.sheet, finding.cell), f"A{at}")
    merges = [Range(row, 1, row, width) for row in range(1, header)]
    sheet = NewSheet(
        name=NAME,
        rows=rows,
        widths=[width for _, width in _COLUMNS],
        heights=heights,
        merges=merges,
        links=links,
        freeze=header,
        autofilter=Range(header, 1, max(header, len(rows)), width),
        printing=PrintSetup(title_rows=(header, header), footer="&C第 &P 页，共 &N 页"),
        tab_color="C00000" if report.count(Level.ERROR) else "70AD47",
    )
    return sheet, back


def _heading(
    report: Report, repairs: Mapping[tuple[str, str], Repair]
) -> list[list[NewCell | None]]:
    counts = "，".join(f"{level.chinese} {report.count(level)} 处" for level in Level)
    legend = "；".join(f"{SIGNS[level]} {meaning}" for level, meaning in MEANINGS.items())
    who = f"单位：{report.unit or '（未填）'}　　年度：{report.year or '（未填）'}"
    used = f"表样：{report.template}（{report.template_version}）"
    verdict = f"结论：{VERDICTS[report.verdict]}　　{counts}；已更正计算格 {len(repairs)} 处"
    ran = f"运行规则 {report.rules_run} 条次，因缺数跳过 {len(report.skipped)} 条次"
    lines = (
        ("校验结果", _TITLE),
        (f"{who}　　{used}", _PLAIN),
        (verdict, Look(bold=True, size=11, font=_FONT, vertical="center")),
        (f"{legend}。{ran}。点单元格可跳到该处；单位自填的数据只标记、不改动。", _PLAIN),
    )
    return [[NewCell(text, look)] for text, look in lines]


def _words(
    number: int, finding: Finding, repairs: Mapping[tuple[str, str], Repair]
) -> dict[str, str | float | None]:
    where = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet or "全表"
    values = (
        number, f"{SIGNS[finding.level]} {finding.level.chinese}", where, finding.field,
        finding.stated, finding.expected, finding.message, finding.advice, finding.basis,
        finding.code, treatment(finding, repairs), None,
    )  # fmt: skip
    return {name: value for (name, _), value in zip(_COLUMNS, values, strict=True)}


def _look(column: str, finding: Finding) -> Look:
    link = column == _LINK and finding.cell is not None
    return Look(
        size=10,
        font=_FONT,
        color="0563C1" if link else None,
        underline=link,
        bold=column == "级别",
        fill=FILLS[finding.level] if column == "级别" else None,
        border="thin",
        horizontal="center" if column in _CENTRED else None,
        vertical="center",
        wrap=True,
        locked=column != _REPLY,
    )


def _height(texts: list[str]) -> float:
    """Row height in points so that the longest text of the row shows whole."""
    lines = [
        sum(max(1, math.ceil(_width(line) / (width - 1))) for line in text.split("\n"))
        for text, (_, width) in zip(texts, _COLUMNS, strict=True)
    ]
    return min(409.0, max(20.0, max(lines) * _LINE + 4))


def _width(text: str) -> float:
    """Width in characters of the default font; Chinese characters take two and a little."""
    return sum(2.1 if unicodedata.east_asian_width(char) in _WIDE else 1.1 for char in text)
