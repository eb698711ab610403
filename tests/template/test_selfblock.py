"""本表自查: the list of rules below a form that may be copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.model import Template
from perfxl.package import read_book
from perfxl.template import find, shipped
from perfxl.template.formpart import BLOCK, COUNT
from perfxl.template.live import FAILED, PASSED, plan
from perfxl.template.selflist import listed
from tests.clients import needs_soffice
from tests.template.samples import Made, changed
from tests.template.test_live import recalculated, shown, verdicts

_FORM, _LIST = "附件2", "自查"


def test_every_rule_of_the_form_is_listed_below_it_and_no_other(
    workbook: Callable[..., Path], template: Made
) -> None:
    grid = read_book(workbook()).grid(_FORM)
    assert grid is not None
    (heading,) = [cell for cell in grid.cells.values() if cell.value == BLOCK]
    codes = [grid.at(row, 1) for row in range(heading.row + 3, grid.extent.bottom + 1)]
    made = template()
    below = [one.rule.code for one in listed(made, made.form("项目"))]
    assert [cell.value for cell in codes if cell and cell.col == 1] == below == ["X402"]
    assert below and not set(below) & {one.rule.code for one in listed(made, None)}


def test_nothing_in_the_list_names_its_sheet_so_that_a_copy_lists_its_own(
    workbook: Callable[..., Path],
) -> None:
    grid = read_book(workbook()).grid(_FORM)
    assert grid is not None
    formulas = [cell.formula for cell in grid.cells.values() if cell.formula]
    assert formulas and not [formula for formula in formulas if _FORM in formula]


def test_the_list_is_locked_and_outside_what_is_printed(workbook: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(workbook())[_FORM]
    (heading,) = [cell for (cell,) in sheet.iter_rows(max_col=1) if cell.value == BLOCK]
    bottom = int(sheet.print_area.rpartition("$")[2])
    assert heading.row > bottom
    below = sheet.iter_rows(min_row=heading.row)
    held = [cell for row in below for cell in row if cell.value is not None]
    assert held and all(cell.protection.locked for cell in held)


@needs_soffice
@pytest.mark.parametrize(
    ("typed", "verdict", "count", "message"),
    [
        ({"B2": 2, "B3": 1}, PASSED, f"{COUNT}没有 {FAILED}", None),
        ({"B2": 2, "B3": 1, "B4": 0.7}, FAILED, f"{COUNT}{FAILED} 1", "填报 70.00%"),
    ],
)
def test_the_list_the_count_and_the_summary_follow_what_is_typed(
    typed: dict[str, float],
    verdict: str,
    count: str,
    message: str | None,
    workbook: Callable[..., Path],
    tmp_path: Path,
) -> None:
    book = recalculated(workbook(), {_FORM: typed}, tmp_path)
    assert verdicts(book)["X402", f"{_FORM}!B4"] == verdict
    grid = book.grid(_FORM)
    assert grid is not None
    texts = [str(cell.value) for cell in grid.cells.values() if isinstance(cell.value, str)]
    assert count in texts
    assert message is None or any(message in text for text in texts)
    assert shown(book, _LIST, "E4") == [f"{FAILED} 1" if verdict == FAILED else PASSED]


@pytest.mark.parametrize("named", [None, "hunan-2024"])
def test_a_returned_blank_is_read_without_its_lists(named: str | None, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(find("hunan-2024"))
    sheet = book["附件4"]
    for cell, value in {"C3": "甲", "D6": 2, "E6": 2, "F6": 1, "D7": 2, "E7": 2, "F7": 1}.items():
        sheet[cell] = value
    for name in [name for name in book.sheetnames if name.startswith("_")]:
        del book[name]
    book.save(tmp_path / "returned.xlsx")
    report = perfxl.check(tmp_path / "returned.xlsx", named)
    assert report.template == "hunan-2024"
    assert [form.sheet for form in report.forms] == ["附件2", "附件3", "附件4"]
    assert {finding.sheet for finding in report.findings} <= {"附件2", "附件3", "附件4", None}
    last = {"附件2": 30, "附件3": 25, "附件4": 26}
    rows = [(one.sheet, one.cell) for one in report.findings if one.sheet and one.cell]
    assert all(int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) <= last[at] for at, cell in rows)


def test_a_rule_that_excel_cannot_run_comes_last_and_waits(template: Made) -> None:
    made: Template = template(
        changed("- 应为：`本表.执行数/本表.预算数`", "- 应为：`IFNA(本表.执行数,0)`")
    )
    below = listed(made, made.form("项目"))
    assert below and not any(plan(made).live(one) for one in below)


def test_most_rules_of_each_shipped_template_are_live() -> None:
    for id_, most in (("hunan-2024", 3), ("mof-2020", 3), ("yunnan-2022", 0)):
        made = shipped(id_)
        forms = [form for form in made.forms if form.repeatable]
        rules = [*listed(made, None), *(one for form in forms for one in listed(made, form))]
        later = [one.rule.code for one in rules if plan(made).live(one) is None]
        assert len(later) <= most, later
