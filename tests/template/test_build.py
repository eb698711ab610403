"""A workbook is built from the text face, and says the same when it is dumped."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.errors import TemplateError, UnwritableTarget
from perfxl.model import Range
from perfxl.named import named_area
from perfxl.package import open_package, read_book
from perfxl.template import available
from perfxl.template.build import build
from perfxl.template.dump import dump
from perfxl.template.reuse import written_out
from perfxl.template.stamp import STAMP
from perfxl.template.text import write
from tests.template.samples import SMALL, changed


def test_dumping_what_was_built_gives_the_text_again(workbook: Callable[..., Path]) -> None:
    assert dump(workbook()) == SMALL


def test_a_field_between_the_rows_of_a_group_stays_a_field(tmp_path: Path) -> None:
    text = SMALL.replace("| 二、其他 | | | |", "| 二、其他 | {说明} | | |").replace(
        "| 等级 | 自评等级 |", "| 说明 | 二、其他 | | | 文本 | | | 否 | 输入 |\n| 等级 | 自评等级 |"
    )
    build(text, tmp_path / "between.xlsx")
    assert dump(tmp_path / "between.xlsx") == text


@pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
def test_the_two_shipped_faces_say_the_same(workbook: Path) -> None:
    text = workbook.with_suffix(".md").read_text("utf-8")
    assert dump(workbook) == write(written_out(text, (workbook.parent,)))


@pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
def test_a_shipped_workbook_is_what_its_text_builds(workbook: Path, tmp_path: Path) -> None:
    """By what it says, not by its bytes: another XlsxWriter may write the same otherwise."""
    text = workbook.with_suffix(".md").read_text("utf-8")
    build(text, tmp_path / "again.xlsx", workbook.parent)
    again, shipped = read_book(tmp_path / "again.xlsx"), read_book(workbook)
    hint = "run perfxl template build after editing the text"
    assert again.grids == shipped.grids, hint
    assert again.names == shipped.names, hint


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        build(SMALL, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_officers_edits_in_excel_show_in_the_text(workbook: Callable[..., Path]) -> None:
    path = workbook()
    book = openpyxl.load_workbook(path)
    sheet = book["附件1"]
    sheet["A12"] = "自评总分"
    sheet.row_dimensions[12].height = 30
    sheet.unmerge_cells("B2:D2")
    book["_规则"]["B2"] = "三公经费"
    book.save(path)
    text = dump(path)
    assert "| 30 | 自评总分 | < | < | {总分} |" in text
    assert "| 24 | 单位名称 | {单位名称} | | |" in text
    assert "### C301 三公经费" in text


def test_labels_are_locked_and_inputs_are_not(workbook: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(workbook())["附件1"]
    locked = {at: sheet[at].protection.locked for at in ("A2", "B2", "B4", "D4", "A9", "A10")}
    assert locked == {"A2": True, "B2": False, "B4": False, "D4": True, "A9": True, "A10": False}
    assert sheet.protection.sheet and not sheet.protection.insertRows


def test_rows_of_a_group_can_be_deleted_and_headings_between_them_cannot(
    workbook: Callable[..., Path],
) -> None:
    text = SMALL.replace("| 24 | 一、重点 | | | |", "| 24 | 一、重点 | | | 备注 |").replace(
        "{指标.得分} |\n| 24 | 二", "^ |\n| 24 | 二"
    )
    path = workbook(text)
    book = openpyxl.load_workbook(path)
    # openpyxl forgets how the covered cells of a merge are locked: look at the part itself.
    with zipfile.ZipFile(path) as package:
        part = package.read("xl/worksheets/sheet2.xml").decode()
    for row, locked in ((8, False), (9, True), (10, False), (11, False)):
        styles = re.findall(rf'<c r="[A-D]{row}" s="(\d+)"', part)
        formats = [book._cell_styles[int(style)] for style in styles]
        assert [bool(one.protectionId) for one in formats] == [not locked] * 4
        assert book["附件1"].row_dimensions[row].protection.locked is locked


def test_the_line_for_names_and_dates_can_be_written_in(workbook: Callable[..., Path]) -> None:
    text = SMALL.replace("| 20 附注 | [左]填表人： |", "| 20 附注 | [左]附注：见通知 |")
    for made, locked in ((SMALL, False), (text, True)):
        sheet = openpyxl.load_workbook(workbook(made))["附件1"]
        assert sheet["A13"].protection.locked is locked


def test_a_form_opens_on_its_first_input_in_its_whole_width(
    workbook: Callable[..., Path],
) -> None:
    wide = SMALL.replace("| 列宽 | 20 12 12 12 |", "| 列宽 | 60 60 60 60 |")
    book = openpyxl.load_workbook(workbook(wide))
    view = book["附件1"].sheet_view
    assert (view.selection[0].activeCell, view.zoomScale) == ("B4", 75)
    assert book.active is book["填报说明"]


def test_the_foot_names_template_year_and_version(workbook: Callable[..., Path]) -> None:
    foot = openpyxl.load_workbook(workbook())["附件1"].oddFooter
    assert foot.left.text.strip() == "small · 2024 年度 · 版本 1.0"
    assert "&P" in foot.right.text


def test_computed_cells_hold_the_formula_of_their_rule(workbook: Callable[..., Path]) -> None:
    book = openpyxl.load_workbook(workbook())
    assert book["附件1"]["D4"].value == (
        '=IFERROR(IF(N(整体.基本支出.上年)>0,ROUND(整体.基本支出.本年/整体.基本支出.上年,4),""),"")'
    )
    assert book["附件1"]["D4"].number_format == "0.00%"
    assert book["附件2"]["B4"].value == (
        '=IFERROR(IF(N(项目.预算数)>0,ROUND(项目.执行数/项目.预算数,4),""),"")'
    )


def test_names_of_the_repeated_form_belong_to_its_sheet(workbook: Callable[..., Path]) -> None:
    book = openpyxl.load_workbook(workbook())
    assert "整体.控制率" in book.defined_names
    assert "项目.预算数" not in book.defined_names
    assert book["附件2"].defined_names["项目.预算数"].attr_text == "'附件2'!$B$2"
    assert named_area(book.defined_names["整体.指标.得分"].attr_text) == (
        "附件1",
        Range(8, 4, 11, 4),
    )


def test_defaults_that_look_like_numbers_are_numbers(workbook: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(workbook())["附件1"]
    assert [sheet[at].value for at in ("C8", "C10", "B8")] == [10, 5.5, "≥90%"]


def test_the_forms_print_on_a4_one_page_wide(workbook: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(workbook())["附件1"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert setup.blackAndWhite, "tints are for the screen"


def test_the_template_is_named_in_the_document_properties(workbook: Callable[..., Path]) -> None:
    properties = openpyxl.load_workbook(workbook()).custom_doc_props
    values = {p.name: p.value for p in properties.props}
    assert values.pop(STAMP)
    assert values == {"perfxl模板": "small", "perfxl年度": "2024", "perfxl版本": "1.0"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            changed("| < | < | < |\n| 24 | 单位", "| ^ | < | < |\n| 24 | 单位"),
            "旁边没有可以合并的格",
        ),
        (changed("| {三公.上年} |", "| {三公.前年} |"), "{三公.前年} 不在栏目表中"),
        (changed("| {控制率} |", "| {单位名称} |"), "{单位名称} 在版面上出现了 2 次"),
        (changed("| 列宽 | 20 12 12 12 |", "| 列宽 | 20 12 |"), "应是 4 个数"),
        (changed("| 年度 | 2024 |", "| 年度 | 今年 |"), "年度“今年”不是整数"),
        (changed("| 比率 | | 4 |", "| 百分比 | | 4 |"), "类型“百分比”不认识"),
        (changed("- 级别：强制", "- 级别：严重"), "级别“严重”不认识"),
        (changed("- 范围：表间", "- 范围：全部"), "范围“全部”不认识"),
        (SMALL.replace("总分", "总（分"), "不能用作 Excel 名称"),
    ],
)
def test_a_text_that_makes_no_template_is_refused_in_words(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        build(text, tmp_path / "x.xlsx")


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableTarget, match="不能写入"):
        build(SMALL, tmp_path / "no" / "such" / "x.xlsx")


def test_only_framed_merges_have_cells_behind_their_first(workbook: Callable[..., Path]) -> None:
    package = open_package(workbook())
    form = next(entry for entry in package.sheets if entry.name == "附件1")
    xml = package.read(form.part)
    assert b'<mergeCell ref="A1:D1"/>' in xml and b'r="B1"' not in xml
    assert b'<mergeCell ref="B2:D2"/>' in xml and b'<c r="C2" s=' in xml


def test_nothing_looks_at_the_theme(workbook: Callable[..., Path]) -> None:
    package = open_package(workbook())
    styles = package.related(package.workbook_part, "styles")
    assert styles and b"theme=" not in package.read(styles)
    assert b"scheme" not in package.read(styles)
