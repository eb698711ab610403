"""What 自查 says of each rule, what ``perfxl check`` says, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import perfxl
from perfxl.audit import ON_TRIAL
from perfxl.model import Book, Finding, Form, Grid, Level, Report, Template
from perfxl.package import read_book
from perfxl.template import RuleInstance, expanded
from perfxl.template.live import EMPTY, FAILED, NOT_APPLICABLE, PASSED, plan

SELF_CHECK, BLOCK = "自查", "本表自查"
_CODE, _TITLE, _FORM, _RESULT = "编码", "查什么", "表", "结果"
LIVE = frozenset({PASSED, FAILED, EMPTY, NOT_APPLICABLE})
_ROUNDING = "四舍五入的范围内"


class Line(NamedTuple):
    """One line of 自查 or 本表自查: ``form`` is the sheet the rule is about."""

    form: str
    code: str
    title: str
    result: str
    message: str


class Verdict(NamedTuple):
    """One live rule on one form: what the workbook says itself, what check found."""

    sheet: str
    code: str
    title: str
    own: str
    found: tuple[Finding, ...]
    message: str

    @property
    def agrees(self) -> bool:
        return (self.own == FAILED) == bool(self.found)

    def __str__(self) -> str:
        said = "；".join(one.message for one in self.found) or "没有问题"
        return (
            f"{self.code} {self.title} @{self.sheet}：自查 {self.own} {self.message}｜check {said}"
        )


def lines(book: Book) -> Iterator[Line]:
    """The lines of all lists of rules in a workbook, sheet by sheet."""
    for grid in book.grids:
        for row, columns in _headers(grid):
            yield from _below(grid, row, columns)


def _headers(grid: Grid) -> Iterator[tuple[int, Mapping[str, int]]]:
    for cell in grid.cells.values():
        if cell.value == _CODE:
            columns = {str(one.value): one.col for one in grid.row(cell.row)}
            if _RESULT in columns:
                yield cell.row, columns


def _below(grid: Grid, row: int, columns: Mapping[str, int]) -> Iterator[Line]:
    def text(name: str) -> str:
        cell = grid.at(row, columns[name]) if name in columns else None
        return str(cell.value) if cell and cell.value is not None else ""

    while True:
        row += 1
        if not text(_RESULT):
            return
        if text(_CODE):
            form = text(_FORM) if grid.sheet == SELF_CHECK else grid.sheet
            yield Line(form, text(_CODE), text(_TITLE), text(_RESULT), text("提示语"))


def compared(path: Path, template: Template) -> tuple[list[Verdict], Report]:
    """Each live rule of each form in a filled workbook, as both see it.

    Raises AssertionError where the workbook lacks a live rule, or lists one twice.
    """
    book = read_book(path)
    report = perfxl.check(path, template.id)
    assert report.verdict not in ("unknown", "unreadable"), report.findings
    said = [line for line in lines(book) if line.result in LIVE]
    keys = [(line.form, line.code, line.title) for line in said]
    assert len(set(keys)) == len(keys), "a rule is listed twice"
    for sheet, listed in Counter(line.form for line in said).items():
        prefix = _form(sheet, template).prefix
        live = [one for one in plan(template).rules if one.form == prefix]
        assert listed == len(live), f"{sheet} lists {listed} of {len(live)} live rules"
    return [_verdict(line, template, report) for line in said], report


def _verdict(line: Line, template: Template, report: Report) -> Verdict:
    instance = _instance(line, template)
    prefix, _, field = instance.target.partition(".")
    about = template.form(prefix)
    found = tuple(
        one
        for one in report.findings
        if one.code == line.code
        and one.form == about.id
        and one.sheet == (line.form if prefix == instance.form else about.sheet)
        and (instance.heading is None or one.field == field)
        and not _only_rounding(one, instance)
    )
    return Verdict(line.form, line.code, line.title, line.result, found, line.message)


def _only_rounding(finding: Finding, instance: RuleInstance) -> bool:
    """A note that a difference is explained by rounding says that the rule holds."""
    heavier = instance.rule.level is not Level.NOTE and instance.rule.status != ON_TRIAL
    return finding.level is Level.NOTE and (heavier or _ROUNDING in finding.message)


def _instance(line: Line, template: Template) -> RuleInstance:
    form = _form(line.form, template)
    own = [
        one for one in expanded(template) if one.rule.code == line.code and one.form == form.prefix
    ]
    if len(own) > 1:
        own = [one for one in own if line.title.endswith(f"（{_heading(form, one)}）")]
    assert len(own) == 1, f"{line} stands for {len(own)} rules"
    return own[0]


def _heading(form: Form, instance: RuleInstance) -> str:
    named = (f.columns[0] for n, f in form.fields.items() if n.endswith(f".{instance.heading}"))
    return next(named, instance.heading or "")


def _form(sheet: str, template: Template) -> Form:
    """The form on a sheet or on a copy of it (附件4 (2))."""
    return next(
        form
        for form in template.forms
        if sheet == form.sheet or (form.repeatable and sheet.startswith(f"{form.sheet} ("))
    )
