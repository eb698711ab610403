"""The block of one form in the text report: its findings in aligned columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfxl.model import Finding, FormFound, Level, Range, Report, row_col
from perfxl.report.width import clip, one_line, pad, width, wrap
from perfxl.report.words import form_title

_INDENT = "  "
_GAP = "  "
_NOTHING = "（空）"
_HEADINGS = ("级别", "编码", "位置", "栏目", "填报 → 应为")
_SHARES = (6, 4, 16, 30)
"""The widest that each column but the last may get."""
_LEAST_LAST = 12


class Line(NamedTuple):
    """One line of the report; ``style`` colours ``styled``, from and to, or all of it."""

    text: str = ""
    style: Level | str | None = None
    styled: tuple[int, int] | None = None


def by_form(report: Report) -> list[tuple[str, list[Finding]]]:
    """The findings under the heading of their form, in the order of the workbook.

    What is said about the whole file comes first, under an empty heading.
    """
    blocks: dict[str, list[Finding]] = {}
    for finding in report.findings:
        blocks.setdefault(_heading(report, finding), []).append(finding)
    return sorted(blocks.items(), key=lambda block: bool(block[0]))


def _heading(report: Report, finding: Finding) -> str:
    if finding.form is None and finding.sheet is None:
        return ""
    title, sheet = form_title(finding.form, report.forms), one_line(finding.sheet or "")
    if not sheet or not title:
        return title or sheet
    siblings = [f for f in report.forms if (f.form, f.sheet) == (finding.form, finding.sheet)]
    if len(siblings) > 1 and finding.cell:
        at = row_col(finding.cell)
        own = next((f for f in siblings if at in _area(f)), siblings[0])
        sheet = f"{sheet} {own.range}"
    return f"{title}（{sheet}）"


def _area(form: FormFound) -> Range:
    first, _, last = form.range.partition(":")
    return Range(*row_col(first), *row_col(last or first))


def form_block(heading: str, findings: Sequence[Finding], columns: int) -> Iterator[Line]:
    """The lines for one form: the heaviest first, findings of one code together."""
    if heading:
        yield Line(heading, "head")
    groups: dict[tuple[int, bool, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.level.rank, finding.explained, finding.code)
        groups.setdefault(key, []).append(finding)
    ordered = sorted(groups.items(), key=lambda group: group[0][:2])
    sheets = {finding.sheet for finding in findings}
    rows = [_row(group[0], len(sheets) > 1) for _, group in ordered]
    widths = _widths(rows, columns)
    if any(row[2] for row in rows):
        yield Line(_aligned(_HEADINGS, widths), "faint")
    for (_, group), row in zip(ordered, rows, strict=True):
        level = group[0].level
        begin = len(_INDENT)
        text = _aligned(row, widths) if row[2] else _INDENT + _GAP.join((*row[:2], group[0].name))
        yield Line(text.rstrip(), level, (begin, begin + len(group[0].standing)))
        yield from _told(group[0], columns)
        yield from _siblings(group[0], group[1:], len(sheets) > 1, columns)


def _row(finding: Finding, with_sheet: bool) -> tuple[str, ...]:
    place = _place(finding, with_sheet)
    return (
        finding.standing, finding.code, place, one_line(finding.field or ""), _change(finding)
    )  # fmt: skip


def _place(finding: Finding, with_sheet: bool) -> str:
    cell = finding.cell or ""
    return f"{one_line(finding.sheet or '')}!{cell}" if with_sheet and cell else cell


def _change(finding: Finding) -> str:
    if not finding.cell or (finding.stated is None and finding.expected is None):
        return ""
    stated = one_line(finding.stated or "") or _NOTHING
    return f"{stated} → {one_line(finding.expected)}" if finding.expected else stated


def _widths(rows: Sequence[tuple[str, ...]], columns: int) -> list[int]:
    table = [*rows, _HEADINGS]
    widths = [
        min(most, max(width(row[at]) for row in table)) for at, most in enumerate(_SHARES)
    ]  # fmt: skip
    used = len(_INDENT) + sum(widths) + len(_GAP) * len(widths)
    return [*widths, max(columns - used, _LEAST_LAST)]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (pad(clip(cell, most), most) for cell, most in zip(row, widths, strict=True))
    return (_INDENT + _GAP.join(cells)).rstrip()


def _told(finding: Finding, columns: int) -> Iterator[Line]:
    yield from _paragraph("", finding.message, columns)
    if finding.explained:
        yield from _paragraph("单位说明：", finding.explanation, columns)
    elif finding.advice:
        yield from _paragraph("怎么改：", finding.advice, columns)
    if finding.basis:
        yield from _paragraph("依据：", finding.basis, columns, "faint")


def _paragraph(label: str, text: str, columns: int, style: str | None = None) -> Iterator[Line]:
    margin = " " * 8
    room = columns - len(margin) - width(label)
    for at, line in enumerate(wrap(text, room)):
        head = label if at == 0 else " " * width(label)
        yield Line(margin + head + line, style)


def _siblings(
    first: Finding, others: Sequence[Finding], with_sheet: bool, columns: int
) -> Iterator[Line]:
    """The other findings of the same code in one paragraph, each with its cell."""
    if not others:
        return
    told = "；".join(_briefly(other, first, with_sheet) for other in others)
    yield from _paragraph(f"另有 {len(others)} 处：", told, columns)


def _briefly(finding: Finding, first: Finding, with_sheet: bool) -> str:
    if not finding.cell:
        return one_line(finding.message)
    field = "" if finding.field == first.field else one_line(finding.field or "")
    return " ".join(filter(None, [_place(finding, with_sheet), field, _change(finding)]))
