"""How findings look in a corrected workbook: colours, notes, the legend's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from perfxl.model import Finding, Level, Place, Repair, Waiting

FILLS = {Level.ERROR: "FFC7CE", Level.WARNING: "FFEB9C", Level.NOTE: "DDEBF7"}
DARK_FILLS = {Level.ERROR: "9C0006", Level.WARNING: "7F6000", Level.NOTE: "1F4E79"}
"""The same, under a cell's own light letters."""
OUR_FILLS = frozenset((*FILLS.values(), *DARK_FILLS.values()))
PAGE = "校验结果"
"""What the sheet with the findings is called."""
NOTE_HEAD = "perfxl 校验"
"""The first line of every note of ours."""
OUR_NOTE = re.compile(
    rf"{NOTE_HEAD}[ \t]*\r?\n"
    rf"(?:(?!{NOTE_HEAD})[\s\S])*?"
    r"\n[ \t]*（规则 [A-Z]\d{3}(?:、[A-Z]\d{3})*）"
)
"""A note of ours within a note, from its first line to its last: what stands before and after
it is the unit's."""
SIGNS = {Level.ERROR: "✗", Level.WARNING: "？", Level.NOTE: "·"}
MEANINGS = {
    Level.ERROR: "强制：必须改正",
    Level.WARNING: "核实：改正，或写明原因",
    Level.NOTE: "提示：可以不改",
}
_EMPTY = "（空）"


def tint(finding: Finding) -> Level:
    """The level whose colour a finding gets: one that is explained needs no more attention
    than a 提示."""
    return Level.NOTE if finding.explained else finding.level


def by_cell(findings: Iterable[Finding]) -> dict[Place, list[Finding]]:
    """The findings of each marked cell, heaviest first."""
    cells: dict[Place, list[Finding]] = {}
    for finding in findings:
        if finding.place:
            cells.setdefault(finding.place, []).append(finding)
    for found in cells.values():
        found.sort(key=lambda finding: tint(finding).rank)
    return cells


def note(
    findings: Sequence[Finding],
    repair: Repair | None,
    waiting: Waiting | None = None,
    row: int | None = None,
    covered: bool = False,
) -> str:
    """The note of one cell: what was found, what is expected, why, and what to do.

    ``waiting`` says why a wrong computed cell was left as it is, ``row`` where 校验结果 lists
    the cell, ``covered`` that a conditional format may hide its fill.
    """
    parts = [_paragraph(finding, waiting) for finding in findings]
    if repair:
        was = repair.stated.strip() or _EMPTY
        how = "公式，结果" if repair.formula else ""
        parts.insert(0, f"已更正为{how} {repair.shown}（原填报值 {was}）")
    elif waiting:
        parts.insert(0, f"暂不更正：{waiting.words}有误，待其改正后，本格再按公式计算。")
    if covered:
        parts.append("本格另有条件格式，底色以条件格式为准。")
    listed = f"详见“{PAGE}”第 {row} 行。\n" if row else ""
    codes = "、".join(dict.fromkeys(finding.code for finding in findings))
    body = "\n\n".join(parts)
    return f"{NOTE_HEAD}\n{body}\n{listed}（规则 {codes}）"


def advice(finding: Finding, waiting: Waiting | None) -> str:
    """What to do about a finding: at a cell that waits, first about what it waits for."""
    if waiting is None or finding.expected is None:
        return finding.advice
    return f"先改正{waiting.words}；应为数按现有的数算出，改正后会随之变动。"


def _paragraph(finding: Finding, waiting: Waiting | None) -> str:
    lines = [f"【{finding.level.chinese}】{finding.name}"]
    lines.append(f"填报值：{(finding.stated or '').strip() or _EMPTY}")
    if finding.expected is not None:
        lines.append(f"应为：{finding.expected}")
    lines.append(f"为什么：{finding.message}")
    lines.append(f"怎么改：{advice(finding, waiting)}")
    if finding.basis:
        lines.append(f"依据：{finding.basis}")
    if finding.explanation:
        lines.append(f"单位说明：{finding.explanation}")
    return "\n".join(lines)


def treatment(
    finding: Finding,
    repairs: Mapping[Place, Repair],
    waiting: Mapping[Place, Waiting],
) -> str:
    """What perfxl did about a finding, in a few words."""
    at = finding.place
    if at and at in repairs:
        return f"已更正为 {repairs[at].shown}" + ("（公式）" if repairs[at].formula else "")
    if at and at in waiting:
        return f"待{waiting[at].words}改正后再算"
    if finding.explained:
        return "单位已说明"
    if finding.level is Level.NOTE:
        return "可以不改"
    return "请单位改正" if finding.level is Level.ERROR else "请单位改正或说明"
