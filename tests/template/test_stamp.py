"""The stamp tells whether a template's 自查 was made from the rules it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.model import Field
from perfxl.package import read_book
from perfxl.template import available, load, shipped
from perfxl.template.build import build
from perfxl.template.stamp import STAMP, stamp

SHIPPED = pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)


def changed(tmp_path: Path, change: Callable[[Workbook], object]) -> Path:
    source = next(path for path in available() if path.stem == "hunan-2024")
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(tmp_path / "mine.xlsx")
    return tmp_path / "mine.xlsx"


def put(sheet: str, found: str, column: str, text: str) -> Callable[[Workbook], object]:
    """Write a text into the row whose first cell is ``found``."""

    def change(book: Workbook) -> None:
        lines = book[sheet]
        heads = {cell.value: cell.column for cell in lines[1]}
        row = next(cell.row for cell in lines["A"] if cell.value == found)
        lines.cell(row, heads[column]).value = text

    return change


@SHIPPED
def test_what_is_built_says_what_it_was_built_from(workbook: Path):
    assert read_book(workbook).properties[STAMP] == stamp(load(workbook))


@pytest.mark.parametrize(
    "change",
    [
        put("_规则", "C302", "公式", "本表.实有人数<=本表.编制数*1.2"),
        put("_规则", "C302", "状态", "停用"),
        put("_规则", "C302", "提示语", "超编。"),
        lambda book: book["_规则"].delete_rows(2),
    ],
)
def test_another_rule_is_another_stamp(tmp_path: Path, change: Callable[[Workbook], object]):
    mine = changed(tmp_path, change)
    assert read_book(mine).properties[STAMP] != stamp(load(mine))


def test_the_look_of_a_form_is_none_of_its_rules(tmp_path: Path):
    def widen(book: Workbook) -> None:
        book["附件2"].column_dimensions["A"].width = 60
        book["附件2"].row_dimensions[6].height = 40

    mine = changed(tmp_path, widen)
    assert read_book(mine).properties[STAMP] == stamp(load(mine))


def test_the_text_face_and_the_workbook_have_one_stamp(tmp_path: Path):
    text = next(path for path in available() if path.stem == "mof-2020").with_suffix(".md")
    build(text.read_text("utf-8"), tmp_path / "one.xlsx", text.parent)
    assert read_book(tmp_path / "one.xlsx").properties[STAMP] == stamp(load(tmp_path / "one.xlsx"))


@dataclass(frozen=True)
class LaterField(Field):
    """A field of a perfxl to come, of which templates can say more."""

    colour: str = ""


def test_what_templates_will_be_able_to_say_leaves_the_stamp_as_it_is():
    def later(field: Field) -> Field:
        return LaterField(**{one.name: getattr(field, one.name) for one in fields(field)})

    template = shipped("hunan-2024")
    forms = tuple(
        replace(form, fields={name: later(field) for name, field in form.fields.items()})
        for form in template.forms
    )
    assert stamp(replace(template, forms=forms)) == stamp(template)
