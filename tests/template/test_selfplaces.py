"""What 自查 sums up over the sheets of a form that may be copied."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from perfxl.blank.make import plain, run
from perfxl.model import ExcelError, Template
from perfxl.named import named_area
from perfxl.package import read_book
from perfxl.template import available, shipped
from perfxl.template.build import build
from perfxl.template.live import plan
from perfxl.template.selfplaces import tallies
from tests.clients import convert, needs_soffice

_SHOWN = 9
"""The columns of the lists that are not hidden."""
HUNAN = next(path for path in available() if path.stem == "hunan-2024").with_suffix(".md")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blank")
    build(HUNAN.read_text("utf-8"), folder / "template.xlsx", HUNAN.parent)
    (path,) = run(plain(folder / "template.xlsx", folder / "blank.xlsx"))
    return Path(path)


def totals(template: Template) -> dict[str, str]:
    (form,) = (form for form in template.forms if form.repeatable)
    return tallies(template, form, tuple(plan(template).exports))


def test_each_total_is_a_cell_with_a_plain_formula_and_a_name(blank: Path):
    book = openpyxl.load_workbook(blank)
    found = totals(shipped("hunan-2024"))
    assert "自查.项目.错" in found and "自查.项目.全年执行数.COUNT" in found
    for name, formula in found.items():
        area = named_area(book.defined_names[name].attr_text)
        assert area is not None and area[0] == "自查"
        cell = book["自查"].cell(*area[1][:2])
        assert cell.value == f"={formula}"
        assert re.fullmatch(r"=[A-Z]+\(填报说明:自查!\$[A-Z]+\$1\)", cell.value)


def test_nothing_is_named_over_several_sheets(blank: Path):
    assert not [name for name in read_book(blank).names if "填报说明:自查" in name.refers_to]


@needs_soffice
def test_the_count_lives_on_when_a_unit_saves_and_opens_again(blank: Path, tmp_path: Path):
    book = openpyxl.load_workbook(blank)
    form = book["附件4"]
    form["D6"], form["E6"], form["F6"] = 100, 100, 120
    path = tmp_path / "filled.xlsx"
    book.save(path)
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        path = convert(path, "xlsx", tmp_path / str(number))
        grid = read_book(path).grid("自查")
        assert grid is not None
        counted, summary = grid.cells[2, 1].value, grid.cells[4, 5].value
        assert str(counted).startswith("不符（✗）") and str(summary).startswith("✗")


@needs_soffice
def test_an_error_in_a_cell_lets_the_rules_on_it_wait(blank: Path, tmp_path: Path):
    book = openpyxl.load_workbook(blank)
    for sheet, cells in (("附件3", ("C4", "H13", "K13")), ("附件4", ("E6", "F13"))):
        book[sheet]["D13"] = "完成率"
        for cell in cells:
            book[sheet][cell] = "=1/0"
    book.save(tmp_path / "filled.xlsx")
    (tmp_path / "saved").mkdir()
    found = read_book(convert(tmp_path / "filled.xlsx", "xlsx", tmp_path / "saved"))
    for name in ("自查", "附件4"):
        grid = found.grid(name)
        assert grid is not None
        results = {cell.row: cell for cell in grid.cells.values() if cell.value in ("✓", "未填")}
        assert len(results) > 20
        shown = [cell for row in results for cell in grid.row(row) if cell.col <= _SHOWN]
        assert not [cell for cell in shown if isinstance(cell.value, ExcelError)]
