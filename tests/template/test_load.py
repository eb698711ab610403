"""The engine reads the workbook: its hidden sheets, its names, its forms."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.errors import TemplateError, UnknownTemplate
from perfxl.model import Kind, Level, Range, Role
from perfxl.template import available, find, load, shipped
from perfxl.template.draft import FIELD_KEYS, FURTHER_KEYS
from tests.template.samples import SMALL, Made, helped


def edited(path: Path, edit: Callable[[openpyxl.Workbook], object]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def test_a_single_field_has_its_labels_its_kind_and_its_merged_cell(template: Made) -> None:
    field = template().form("整体").fields["单位名称"]
    assert field.labels == ("单位名称", "预算单位")
    assert (field.kind, field.role, field.required) == (Kind.TEXT, Role.PREFILLED, True)
    assert field.area == Range(2, 2, 2, 4)


def test_a_matrix_crosses_row_labels_with_headings(template: Made) -> None:
    field = template().form("整体").fields["基本支出.上年"]
    assert field.labels == ("基本支出", "一、基本支出")
    assert field.columns == ("2023年决算数", "上年决算数")
    assert (field.unit, field.decimals, field.area) == ("万元", 2, Range(4, 2, 4, 2))


def test_a_row_group_has_its_key_its_area_its_headings_and_its_end(template: Made) -> None:
    group = template().form("整体").groups["指标"]
    assert [column.name for column in group.columns] == ["名称", "目标", "分值", "得分"]
    assert group.key == "名称"
    assert group.area == Range(8, 1, 11, 4)
    assert group.sections == ("一、重点", "二、其他")
    assert group.until == ("总分", "合计")
    assert group.column("得分").area == Range(8, 4, 11, 4)


def test_a_field_that_is_not_printed_has_no_area(template: Made) -> None:
    assert template().form("整体").fields["等级"].area is None


def test_the_help_of_a_heading_is_that_of_the_fields_under_it(template: Made) -> None:
    fields = template(helped("*.上年", 提示="按决算批复填。")).form("整体").fields
    assert fields["三公.上年"].prompt == fields["基本支出.上年"].prompt == "按决算批复填。"
    assert (fields["三公.本年"].prompt, fields["三公.本年"].options) == ("", ())


def test_a_number_may_have_bounds_of_its_own(template: Made) -> None:
    fields = template(helped("三公.*", 最小="不限", 最大="9")).form("整体").fields
    assert (fields["三公.本年"].least, fields["三公.本年"].most) == (-math.inf, 9)
    assert (fields["基本支出.本年"].least, fields["基本支出.本年"].most) == (None, None)


def test_a_template_from_before_there_was_help_still_loads(workbook: Callable[..., Path]) -> None:
    def forget_help(book: openpyxl.Workbook) -> None:
        book["_字段"].delete_cols(len(FIELD_KEYS) + 2, len(FURTHER_KEYS))

    field = load(edited(workbook(), forget_help)).form("整体").fields["总分"]
    assert (field.prompt, field.options, field.least) == ("", (), None)


def test_the_forms_know_what_tells_them_apart(template: Made) -> None:
    overall, project = template().forms
    assert (overall.id, overall.sheet, overall.repeatable) == ("overall", "附件1", False)
    assert overall.titles == ("整体自评表", "自评表")
    assert (overall.unit_field, overall.name_field) == ("单位名称", None)
    assert (project.repeatable, project.name_field) == (True, "项目名称")
    assert overall.grid.at(3, 1).value == "经费\n（万元）"  # type: ignore[union-attr]


def test_a_rule_says_where_it_runs(template: Made) -> None:
    rules = {rule.code: rule for rule in template().rules}
    assert (rules["C301"].forms, rules["C301"].group) == (("整体",), None)
    assert (rules["S501"].forms, rules["S501"].group) == (("整体",), "指标")
    assert rules["X401"].forms == ("整体",), "between forms: the form of its 位置"
    assert rules["X401"].level is Level.WARNING
    assert rules["S502"].tolerance == "0.1"


def test_a_case_gives_one_text_per_row_and_blanks(template: Made) -> None:
    first, _, third = (case for case in template().cases if case.code == "S501")
    assert first.inputs["本表.指标.得分"] == ("10", "4")
    assert third.inputs == {"本表.指标.名称": "甲", "本表.指标.得分": ""}


def test_rows_an_officer_inserts_into_a_group_belong_to_it(workbook: Callable[..., Path]) -> None:
    def grow(book: openpyxl.Workbook) -> None:
        for column, letter in (("名称", "A"), ("目标", "B"), ("分值", "C"), ("得分", "D")):
            name = book.defined_names[f"整体.指标.{column}"]
            name.attr_text = f"'附件1'!${letter}$8:${letter}$13"

    group = load(edited(workbook(), grow)).form("整体").groups["指标"]
    assert group.area == Range(8, 1, 13, 4)


def drop(sheet: str) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: book.remove(book[sheet])


def put(sheet: str, cell: str, text: str | None) -> Callable[[openpyxl.Workbook], object]:
    def edit(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = text

    return edit


def blank_row(book: openpyxl.Workbook) -> None:
    for cell in book["_规则"][3]:
        cell.value = None


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (drop("_规则"), "没有“_规则”工作表"),
        (drop("附件1"), "没有表 整体 的工作表“附件1”"),
        (put("_字段", "C1", "标志"), "_字段!C1 应为列名“标签”，现在是“标志”"),
        (put("_模板", "A3", "年份"), "_模板!A3 应为“年度”"),
        (put("_字段", "A2", "总体"), "_字段 第 2 行的表“总体”在 _模板 中没有登记"),
        (put("_字段", "F2", "文字"), "_字段 第 2 行“单位名称”的类型“文字”不认识"),
        (put("_字段", "H5", "两位"), "_字段 第 5 行的小数“两位”不是整数"),
        (put("_字段", "M2", "很小"), "_字段 第 2 行“单位名称”的最小“很小”不认识"),
        (put("_规则", "D2", "严重"), "_规则 第 2 行规则 C301 的级别“严重”不认识"),
        (put("_规则", "E2", "行 整体"), "范围“行 整体”不认识"),
        (put("_试例", "C2", "本表.控制率"), "_试例 第 2 行规则 C301 的试例“本表.控制率”里没有等号"),
        (blank_row, "_规则 第 3 行是空行"),
        (put("_模板", "B2", " "), "_模板!B2 的编号是空的"),
        (put("_字段", "I2", "必须"), "_字段 第 2 行“单位名称”的必填“必须”不认识，可用的有：是、否"),
        (put("_字段", "B7", "基本支出.*"), "第 7 行的名称“基本支出.[*]”与_字段 第 5 行重复"),
    ],
)
def test_a_template_that_cannot_be_used_names_the_sheet_and_the_cell(
    workbook: Callable[..., Path], edit: Callable[[openpyxl.Workbook], object], says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        load(edited(workbook(), edit))


def test_spaces_around_an_entry_do_not_matter(workbook: Callable[..., Path]) -> None:
    rule = load(edited(workbook(), put("_规则", "D2", " 核实 "))).rules[0]
    assert rule.level is Level.WARNING


def test_a_rule_typed_as_a_formula_of_excel_is_the_rule(workbook: Callable[..., Path]) -> None:
    text = "本表.三公.各列<=本表.基本支出.各列"
    assert load(edited(workbook(), put("_规则", "H2", f"={text}"))).rules[0].formula == text


def test_wordings_may_be_parted_by_a_narrow_semicolon(workbook: Callable[..., Path]) -> None:
    made = load(edited(workbook(), put("_字段", "D2", "预算单位;填报单位")))
    assert made.form("整体").fields["单位名称"].labels == ("单位名称", "预算单位", "填报单位")


def test_the_shipped_template_loads_with_its_three_forms() -> None:
    hunan = shipped("hunan-2024")
    assert [form.prefix for form in hunan.forms] == ["基础", "整体", "项目"]
    assert hunan.form("整体").groups["指标"].until[0] == "总分"
    assert hunan.form("基础").groups["项目"].sections == (
        "1、业务经费（一个项目一行）",
        "2、运行维护经费（一个专项一行）",
        "3、专项资金（一个项目一行）",
    )


def test_a_template_is_found_by_its_id_or_its_path(workbook: Callable[..., Path]) -> None:
    assert find("hunan-2024") in available()
    path = workbook(SMALL)
    assert find(path) == path
    with pytest.raises(UnknownTemplate, match=r"没有编号为“hunan-1999”的模板.*hunan-2024"):
        find("hunan-1999")


def test_loading_brings_neither_openpyxl_nor_xlsxwriter_nor_the_parser_along() -> None:
    code = (
        "import sys; from perfxl.template import shipped; shipped('hunan-2024'); "
        "print([m for m in ('openpyxl', 'xlsxwriter', 'formulas', 'numpy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
