"""How findings look in a corrected workbook: colours, notes, the legend's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from perfxl.model import Finding, Level, Repair

FILLS = {Level.ERROR: "FFC7CE", Level.WARNING: "FFEB9C", Level.NOTE: "DDEBF7"}
SIGNS = {Level.ERROR: "✗", Level.WARNING: "？", Level.NOTE: "·"}
MEANINGS = {
    Level.ERROR: "强制：必须改正",
    Level.WARNING: "核实：改正，或写明原因",
    Level.NOTE: "提示：可以不改",
}
_EMPTY = "（空）"


def by_cell(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """The findings of each marked cell, by (sheet, address), heaviest first."""
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.sheet and finding.cell:
            cells.setdefault((finding.sheet, finding.cell), []).append(finding)
    for found in cells.values():
        found.sort(key=lambda finding: finding.level.rank)
    return cells


def note(findings: Sequence[Finding], repair: Repair | None) -> str:
    """The note of one cell: what was found, what is expected, why, and what to do."""
    parts = [_paragraph(finding) for finding in findings]
    if repair:
        was = repair.stated.strip() or _EMPTY
        how = "公式，结果" if repair.formula else ""
        parts.insert(0, f"已更正为{how} {repair.shown}（原填报值 {was}）")
    return "\n\n".join(parts)


def _paragraph(finding: Finding) -> str:
    lines = [f"【{finding.level.chinese}】{finding.code} {finding.name}"]
    lines.append(f"填报值：{(finding.stated or '').strip() or _EMPTY}")
    if finding.expected is not None:
        lines.append(f"应为：{finding.expected}")
    lines.append(f"为什么：{finding.message}")
    lines.append(f"怎么改：{finding.advice}")
    if finding.basis:
        lines.append(f"依据：{finding.basis}")
    return "\n".join(lines)


def treatment(finding: Finding, repairs: Mapping[tuple[str, str], Repair]) -> str:
    """What perfxl did about a finding, in a few words."""
    repair = repairs.get((finding.sheet or "", finding.cell or ""))
    if repair:
        return f"已更正为 {repair.shown}" + ("（公式）" if repair.formula else "")
    if finding.level is Level.NOTE:
        return "可以不改"
    return "请单位改正" if finding.level is Level.ERROR else "请单位改正或说明"
