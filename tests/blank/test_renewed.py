"""Blanks of a template that an officer changed in Excel show the rules it has now."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from perfxl.blank.make import plain, plan, run
from perfxl.template import available
from perfxl.template.build import build
from tests.template.test_stamp import put

HUNAN = next(path for path in available() if path.stem == "hunan-2024").with_suffix(".md")


def template(tmp_path: Path, column: str = "", text: str = "") -> Path:
    """The template of Hunan, with another text in one column of its rule C302."""
    path = tmp_path / "模板.xlsx"
    build(HUNAN.read_text("utf-8"), path, HUNAN.parent)
    book = openpyxl.load_workbook(path)
    book["附件2"].column_dimensions["A"].width = 50
    if column:
        put("_规则", "C302", column, text)(book)
    book.save(path)
    return path


def self_check(path: str) -> list[str]:
    return [
        str(getattr(cell.value, "text", cell.value))
        for row in openpyxl.load_workbook(path)["自查"].iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_a_changed_rule_is_the_one_that_the_unit_sees(tmp_path: Path):
    mine = template(tmp_path, "公式", "本表.实有人数<=本表.编制数*1.2")
    made = plain(mine, tmp_path / "空白.xlsx")
    (path,) = run(made)
    assert any("*1.2" in text for text in self_check(path))
    assert "模板.xlsx 的规则或栏目改过" in made.remarks[0]
    assert openpyxl.load_workbook(path)["附件2"].column_dimensions["A"].width > 48


def test_a_stopped_rule_is_not_listed(tmp_path: Path):
    made = plan(template(tmp_path, "状态", "停用"), [{"单位": "甲局"}], tmp_path / "下发")
    (path,) = run(made)
    assert "C302" not in self_check(path) and "C301" in self_check(path)


def test_a_template_with_its_own_rules_is_taken_as_it_is(tmp_path: Path):
    mine = template(tmp_path)
    made = plain(mine, tmp_path / "空白.xlsx")
    assert made.master.workbook == mine and made.remarks == ()
