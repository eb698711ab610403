"""The text report: what a person at the bureau reads, the verdict last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfxl.model import VERDICTS, Finding, Level, Report
from perfxl.report import blocks
from perfxl.report.blocks import Line
from perfxl.report.width import one_line, wrap
from perfxl.report.words import counts, worst

DEFAULT_COLUMNS = 100
_NARROWEST = 48
_REASONS = 3
_RESET = "\x1b[0m"
_STYLES: dict[Level | str, str] = {
    Level.ERROR: "\x1b[1;31m",
    Level.WARNING: "\x1b[33m",
    Level.NOTE: "\x1b[36m",
    "pass": "\x1b[32m",
    "head": "\x1b[1m",
    "faint": "\x1b[2m",
}
_OF_VERDICT: dict[str, Level | str] = {"pass": "pass", "explain": Level.WARNING}


class Look(NamedTuple):
    """How the report is shown: ``columns`` is the width of the terminal, in characters."""

    columns: int = DEFAULT_COLUMNS
    color: bool = False
    quiet: bool = False


def render(reports: Sequence[Report], look: Look | None = None) -> str:
    """The report on all files; its last line is the verdict with the counts over everything.

    A quiet one has that line alone, after one line for each file with an error.
    """
    look = look or Look()
    lines: list[Line] = []
    for report in reports:
        if not look.quiet:
            lines += [*_file(report, max(look.columns, _NARROWEST)), Line()]
        elif report.count(Level.ERROR):
            lines.append(_head(report))
    lines.append(_verdict(reports))
    return "".join(f"{_shown(line, look.color)}\n" for line in lines)


def _shown(line: Line, color: bool) -> str:
    style = _STYLES.get(line.style or "") if color else None
    if not style or not line.text:
        return line.text
    begin, end = line.styled or (0, len(line.text))
    text = line.text
    return f"{text[:begin]}{style}{text[begin:end]}{_RESET}{text[end:]}"


def _head(report: Report) -> Line:
    facts = [one_line(report.path)]
    if report.unit:
        facts.append(one_line(report.unit))
    if report.year:
        facts.append(f"{report.year} 年度")
    if report.template:
        facts.append(report.template)
    text = " · ".join([*facts, VERDICTS[report.verdict] + _tally(report.findings)])
    return Line(text, "head")


def _tally(findings: Sequence[Finding]) -> str:
    words = (*(level.chinese for level in Level), "已说明")
    by_word = ((word, sum(f.standing == word for f in findings)) for word in words)
    counted = "，".join(f"{word} {count}" for word, count in by_word if count)
    return f"（{counted}）" if counted else ""


def _file(report: Report, columns: int) -> Iterator[Line]:
    yield _head(report)
    for heading, findings in blocks.by_form(report):
        yield Line()
        yield from blocks.form_block(heading, findings, columns)
    if report.skipped or report.corrected:
        yield Line()
    if report.skipped:
        for at, text in enumerate(wrap(_skipped(report), columns - 4)):
            yield Line(("  " if not at else "    ") + text, "faint")
    if report.corrected:
        # Not wrapped: a person copies the path.
        yield Line(f"  {_copy(report)}")


def _skipped(report: Report) -> str:
    blocked: dict[str, list[str]] = {}
    for rule, why in report.skipped.items():
        blocked.setdefault(why, []).append(rule.partition("@")[0])
    reasons = sorted(blocked.items(), key=lambda reason: -len(reason[1]))
    told = "；".join(f"{why}（{_few(codes)}）" for why, codes in reasons[:_REASONS])
    rest = "；等" if len(reasons) > _REASONS else ""
    total = len(report.skipped)
    return f"没有进行的检查 {total} 项（进行了 {report.rules_run} 项）：{told}{rest}"


def _few(codes: Sequence[str]) -> str:
    named = "、".join(list(dict.fromkeys(codes))[:_REASONS])
    return f"{named} 等 {len(codes)} 项" if len(codes) > _REASONS else named


def _copy(report: Report) -> str:
    marked = len({(f.sheet, f.cell) for f in report.findings if f.cell})
    where = one_line(report.corrected or "")
    earlier = len({(f.sheet, f.cell) for f in report.settled})
    kept = f"，此前已改正 {earlier} 格" if earlier else ""
    return f"更正稿：{where}（改正 {len(report.repairs)} 格，标注 {marked} 格{kept}）"


def _verdict(reports: Sequence[Report]) -> Line:
    total = counts(reports)
    verdict = worst(reports)
    unread = f"，{total.unreadable} 个不能读取" if total.unreadable else ""
    text = (
        f"结论：{VERDICTS[verdict]}（强制 {total.error}，核实 {total.warning}，"
        f"提示 {total.note}；{total.files} 个文件{unread}）"
    )
    return Line(text, _OF_VERDICT.get(verdict, Level.ERROR))
