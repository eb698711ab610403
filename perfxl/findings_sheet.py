"""The sheet 校验结果 that a corrected workbook gets: verdict, counts, every finding."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from perfxl.choice import verdict_of
from perfxl.marks import FILLS, MEANINGS, PAGE, SIGNS, advice, tint, treatment
from perfxl.model import VERDICTS, Finding, Level, Place, Range, Repair, Report, Waiting
from perfxl.package.looks import Look
from perfxl.package.newsheet import NewCell, NewSheet, PrintSetup
from perfxl.page import VISIBLE
from perfxl.record import HIDDEN, REPLY, SHOWN, SIGNATURE, content, keys, written

_WIDTHS = (5, 8, 13, 11, 13, 13, 10, 34, 30, 27, 6, 13, 22)
_COLUMNS = tuple(zip(VISIBLE, _WIDTHS, strict=True))
_CENTRED = frozenset({"序号", "级别", "单元格", "编码"})
_LINK = "单元格"
_LINKED = 1 + [name for name, _ in _COLUMNS].index(_LINK)
_FIRST = 6
"""The row of the first finding, below the heading and the names of the columns."""
_VALUES = "V"
_FONT = "宋体"
_LINE = 14.5
"""Points that one line of 10-point text takes."""
_NARROW, _WIDE = 1.1, 2.1
"""How wide an ASCII character and any other is, in those of the default font."""

_TO_FILL = "FFF9DB"
_TITLE = Look(bold=True, size=16, font=_FONT, horizontal="center", vertical="center")
_PLAIN = Look(size=10, font=_FONT, vertical="center")
_HEAD = Look(
    bold=True, size=10, font=_FONT, fill="D9D9D9", border="thin", horizontal="center",
    vertical="center", wrap=True,
)  # fmt: skip


_Words = tuple[str | float | None, ...]
"""What a row shows, column by column."""


@dataclass(frozen=True)
class Page:
    """What the sheet tells: a report on the workbook as the unit filled it in; by cell the
    repairs that were made, the cells that wait, and how each marked cell looks; whether cells
    that are right by now are marked."""

    report: Report
    repairs: Mapping[Place, Repair]
    waiting: Mapping[Place, Waiting]
    looks: Mapping[Place, str]
    had_formulas: Collection[Place]
    settled_shown: bool


def rows_by_cell(findings: Iterable[Finding]) -> dict[Place, int]:
    """The row of the sheet that each marked cell's first finding gets."""
    rows: dict[Place, int] = {}
    for row, finding in enumerate(findings, _FIRST):
        if finding.place:
            rows.setdefault(finding.place, row)
    return rows


def findings_sheet(page: Page) -> NewSheet:
    """The sheet, with the record of the check in hidden columns."""
    width = len(_COLUMNS)
    findings = page.report.findings
    lines = [_words(number, finding, page) for number, finding in enumerate(findings, 1)]
    heights = {row: _height(map(str, cells)) for row, cells in enumerate(lines, _FIRST)}
    rows = [*_heading(page), _names(), *_lines(page, lines)]
    rows[0] += [*[None] * (width - 1), NewCell(SIGNATURE)]
    rows[0] += [NewCell(SHOWN if page.settled_shown else "")]
    whole = Range(1, 1, len(rows), width)
    return NewSheet(
        name=PAGE,
        rows=rows,
        widths=[width for _, width in _COLUMNS],
        heights={1: 30, _FIRST - 1: 22} | heights,
        merges=[Range(row, 1, row, width) for row in range(1, _FIRST - 1)],
        links={
            (row, _LINKED): finding.place
            for row, finding in enumerate(findings, _FIRST)
            if finding.place
        },
        freeze=_FIRST - 1,
        autofilter=whole._replace(top=_FIRST - 1),
        printing=PrintSetup(
            area=whole, title_rows=(_FIRST - 1, _FIRST - 1), footer="&C第 &P 页，共 &N 页"
        ),
        tab_color="C00000" if _open(page) == "fail" else "70AD47",
        hidden_from=width + 1,
        locked=True,
    )


def _names() -> list[NewCell | None]:
    """The names of the columns, those of the hidden ones without a look."""
    return [*(NewCell(name, _HEAD) for name, _ in _COLUMNS), *map(NewCell, HIDDEN)]


def _lines(page: Page, lines: Iterable[_Words]) -> Iterator[list[NewCell | None]]:
    """A row for each finding, with what the record keeps of it in the hidden columns."""
    findings = page.report.findings
    first = rows_by_cell(findings)
    for row, (key, finding, cells) in enumerate(
        zip(keys(findings), findings, lines, strict=True), _FIRST
    ):
        looks = _looks(tint(finding), finding.cell is not None)
        shown = [NewCell(text, look) for text, look in zip(cells, looks, strict=True)]
        place = finding.place
        kept = list(_kept(page, place)) if place and first[place] == row else []
        between = [None] * (len(HIDDEN) - 2 - len(kept))
        yield [*shown, NewCell(key), *kept, *between, NewCell(row - _FIRST + 1)]


def _kept(page: Page, place: Place) -> Iterator[NewCell]:
    """What the record keeps of a marked cell."""
    yield NewCell(refers_to=place)
    yield NewCell(page.looks.get(place, ""))
    repair = page.repairs.get(place)
    if repair is None:
        return
    source = repair.source
    yield NewCell(content(source.value if source else None))
    yield NewCell(source.number_format if source else "General")
    yield NewCell("是" if place in page.had_formulas else None)
    yield NewCell(written(repair))


def put_right(finding: Finding, page: Page) -> bool:
    """Whether a finding is settled by what was put into its cell."""
    return finding.place in page.repairs and (
        finding.expected is not None or finding.code.startswith(_VALUES)
    )


def _open(page: Page) -> str:
    return verdict_of(finding for finding in page.report.findings if not put_right(finding, page))


def _heading(page: Page) -> list[list[NewCell | None]]:
    report = page.report
    counts = "，".join(f"{level.chinese} {_count(page, level)} 处" for level in Level)
    done = f"已更正计算格 {len(page.repairs)} 处"
    explained = sum(finding.explained for finding in page.report.findings)
    if explained:
        done += f"，单位已说明 {explained} 处"
    legend = "；".join(f"{SIGNS[level]} {meaning}" for level, meaning in MEANINGS.items())
    who = f"单位：{report.unit or '（未填）'}　　年度：{report.year or '（未填）'}"
    used = f"表样：{report.template}（{report.template_version}）"
    if report.rebuilt_from:
        used += (
            f"　　本更正稿由 {report.rebuilt_from} 按表样重新生成（原格式不能直接改写），"
            "下列单元格是本工作簿里的"
        )
    verdict = f"结论：{VERDICTS[_open(page)]}　　{counts}；其中{done}"
    ran = f"运行规则 {report.rules_run} 条次，因缺数跳过 {len(report.skipped)} 条次"
    how = "点单元格可跳到该处；单位自填的数据只标记、不改动；要说明的，写在“单位说明”栏。"
    lines = (
        (PAGE, _TITLE),
        (f"{who}　　{used}", _PLAIN),
        (verdict, Look(bold=True, size=11, font=_FONT, vertical="center")),
        (f"{legend}。{ran}。{how}", _PLAIN),
    )
    return [[NewCell(text, look)] for text, look in lines]


def _count(page: Page, level: Level) -> int:
    return sum(finding.level is level for finding in page.report.findings)


def _words(number: int, finding: Finding, page: Page) -> _Words:
    titles = {form.form: form.title for form in page.report.forms}
    where = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet or "全表"
    sign = "已说明" if finding.explained else f"{SIGNS[finding.level]} {finding.level.chinese}"
    todo = advice(finding, page.waiting.get(finding.place) if finding.place else None)
    return (
        number, sign, titles.get(finding.form or ""), where, finding.field,
        finding.stated, finding.expected, finding.message, todo, finding.basis,
        finding.code, treatment(finding, page.repairs, page.waiting), finding.explanation or None,
    )  # fmt: skip


@cache
def _looks(level: Level, linked: bool) -> tuple[Look, ...]:
    """How the cells of a finding look, column by column."""
    return tuple(_look(column, level, linked) for column, _ in _COLUMNS)


def _look(column: str, level: Level, linked: bool) -> Look:
    link = column == _LINK and linked
    fills = {"级别": FILLS[level], REPLY: _TO_FILL}
    return Look(
        size=10,
        font=_FONT,
        color="0563C1" if link else None,
        underline=link,
        bold=column == "级别",
        fill=fills.get(column),
        border="thin",
        horizontal="center" if column in _CENTRED else None,
        vertical="center",
        wrap=True,
        locked=column != REPLY,
    )


def _height(texts: Iterable[str]) -> float:
    """Row height in points so that the longest text of the row shows whole."""
    most = max(map(_lines_of, texts, _WIDTHS))
    return min(409.0, max(20.0, most * _LINE + 4))


def _lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width."""
    if len(text) * _WIDE < width - 1 and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(_width(line) / (width - 1))) for line in text.split("\n"))


def _width(text: str) -> float:
    """Width in characters of the default font; what is not ASCII is as wide as a Chinese
    character in a Chinese font."""
    narrow = len(text.encode("ascii", "ignore"))
    return _NARROW * narrow + _WIDE * (len(text) - narrow)
