"""A template's author is told what to put right, at which cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.template import load, shipped
from perfxl.template.lint import lint
from tests.template.samples import SMALL, Made, changed


def test_a_sound_template_has_no_problems(template: Made) -> None:
    assert lint(template()) == []


def test_the_shipped_template_has_no_problems() -> None:
    assert lint(shipped("hunan-2024")) == []


C301 = "- 公式：`本表.三公.各列<=本表.基本支出.各列`"


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "says"),
    [
        (C301, "- 公式：`本表.三公.各列<=`", "T910", ("_规则", "H2"), "公式写法不对"),
        (C301, "- 公式：`三公数(本表.三公.各列)`", "T911", ("_规则", "H2"), "不认识的函数"),
        (C301, "- 公式：`整体.四公.上年>0`", "T912", ("_规则", "H2"), "名称“整体.四公.上年”"),
        (C301, "- 公式：`四公>0`", "T912", ("_规则", "H2"), "名称“四公”"),
        (C301, "- 公式：`$B$4>0`", "T912", ("_规则", "H2"), "写了单元格地址"),
        (C301, "- 公式：`本表.四公.各列>0`", "T912", ("_规则", "H2"), "“各列”没有一列能用"),
        (C301 + "\n", "", "T924", ("_规则", "H2"), "既没有公式也没有应为"),
        ("### C302 ", "### C301 ", "T913", ("_规则", "A2"), "编码 C301 用了 2 次"),
        ("### C302 ", "### Q302 ", "T914", ("_规则", "A3"), "编码“Q302”应为"),
        ("### C302 ", "### C3021 ", "T914", ("_规则", "A3"), "编码“C3021”应为"),
        ("- 整改建议：核对两栏。\n", "", "T915", ("_规则", "N2"), "没有写整改建议"),
        (
            "- 提示语：控制率填报 {填报}，应为 {应为}。\n",
            "",
            "T915",
            ("_规则", "M3"),
            "没有写提示语",
        ),
        ("- 依据：样例通知\n", "", "T915", ("_规则", "O2"), "没有写依据"),
        (
            "- 通过：本表.三公.各列=1；本表.基本支出.各列=2\n",
            "",
            "T916",
            ("_规则", "A2"),
            "没有“通过”的试例",
        ),
        (
            "- 不通过：本表.三公.各列=3；本表.基本支出.各列=2\n",
            "",
            "T916",
            ("_规则", "A2"),
            "没有“不通过”的试例",
        ),
        ("- 状态：启用", "- 状态：开始", "T917", ("_规则", "C2"), "状态“开始”不认识"),
        ("- 范围：行 整体.指标", "- 范围：行 整体.明细", "T918", ("_规则", "E4"), "没有这个行组"),
        (
            "- 公式：`算式.满分`",
            "- 公式：`AND(本表.指标.得分>=0,算式.满分)`",
            "T919",
            ("_规则", "H4"),
            "AND 会把整列并成一个结果",
        ),
        ("- 位置：本表.控制率\n", "", "T920", ("_规则", "I3"), "没有写位置"),
        ("- 位置：本表.控制率\n", "- 位置：本表.控\n", "T920", ("_规则", "I3"), "“整体.控”不是"),
        (
            "| 等级 | 自评等级 | | | 文本 | | | 否 |",
            "| 等级 | 自评等级 | | | 文本 | | | 是 |",
            "T921",
            ("_字段", ""),
            "必填栏“整体.等级”在工作簿里没有名称",
        ),
        ("| 主列 | 输入 |", "| 是 | 输入 |", "T922", ("附件1", "A8"), "没有主列"),
        (
            "| 预算数 | 预算数 | | | 金额",
            "| 预算数 | | | | 金额",
            "T923",
            ("附件2", "B2"),
            "“项目.预算数”没有标签",
        ),
        ("| 等级 | 自评", "| 等（级） | 自评", "T925", ("_字段", ""), "不能用作 Excel 名称"),
        (
            "- 整改建议：核对两栏。",
            "- 整改建议：改为 {应为}。",
            "T927",
            ("_规则", "N2"),
            "没有写应为",
        ),
        (
            "- 整改建议：核对两栏。",
            "- 整改建议：看 {本表.甲}。",
            "T927",
            ("_规则", "N2"),
            "{整体.甲} 不是",
        ),
        (
            "- 整改建议：核对两栏。",
            "- 整改建议：看 {本表.三公.各列。",
            "T927",
            ("_规则", "N2"),
            "花括号",
        ),
        ("| 预算数 | 预算数 | | | 金额 | 万元", "| 预算数 | 预算数 | | | 金额 | 万圆", "T932",
         ("附件2", "B2"), "单位“万圆”不认识"),
        ("| 名称栏 | 项目名称 |", "| 名称栏 | 名字 |", "T912", ("_模板", ""), "名称栏“名字”不在"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_at_its_cell(
    template: Made, old: str, new: str, code: str, where: tuple[str, str], says: str
) -> None:
    problems = lint(template(changed(old, new)))
    assert [p for p in problems if p.code == code and p.where == where and says in p.message]


def test_a_name_that_was_deleted_is_missed(workbook: Callable[..., Path]) -> None:
    path = workbook(SMALL)
    book = openpyxl.load_workbook(path)
    del book.defined_names["整体.总分"]
    book.save(path)
    assert "必填栏“整体.总分”在工作簿里没有名称" in lint(load(path))[0].message


def test_a_heading_that_was_reworded_on_the_form_only_is_named(
    workbook: Callable[..., Path],
) -> None:
    path = workbook(SMALL)
    book = openpyxl.load_workbook(path)
    book["附件1"]["A9"] = "二、其余"
    book["_试例"]["A2"] = "C399"
    book.save(path)
    messages = {problem.code: problem.message for problem in lint(load(path))}
    assert "分段标题“二、其他”不在工作表“附件1”上" in messages["T926"]
    assert "试例的编码 C399 没有对应的规则" in messages["T928"]
