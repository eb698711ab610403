"""Rules are written out with full names: one instance per form and per heading."""

from __future__ import annotations

import pytest

from perfxl.errors import TemplateError
from perfxl.template import Name, expand, expanded, folded, names_in, resolve
from perfxl.template.names import is_excel_name, replace_names
from tests.template.samples import Made, changed


def test_a_rule_on_each_heading_runs_once_per_heading(template: Made) -> None:
    instances = [one for one in expand(template()) if one.rule.code == "C301"]
    assert [one.heading for one in instances] == ["上年", "本年"]
    assert instances[1].formula == "整体.三公.本年<=整体.基本支出.本年"
    assert instances[1].target == "整体.三公.本年"
    assert instances[1].message == "“三公”经费 {整体.三公.本年} 超过基本支出 {整体.基本支出.本年}。"


def test_a_heading_at_which_a_name_is_missing_is_left_out(template: Made) -> None:
    text = changed("| {三公.上年} |", "| |")
    headings = [one.heading for one in expand(template(text)) if one.rule.code == "C301"]
    assert headings == ["本年"]


def test_shorthands_are_unfolded_in_brackets_through_one_another(template: Made) -> None:
    text = changed("- 公式：`算式.满分`", "- 公式：`算式.有分`")
    (instance,) = (one for one in expand(template(text)) if one.rule.code == "S501")
    assert instance.formula == "(ISNUMBER(整体.指标.得分)*(整体.指标.得分<=整体.指标.分值))"
    assert instance.group == "指标"


def test_only_rules_with_shorthands_are_written_out_again_to_keep_their_names(
    template: Made,
) -> None:
    made = template(changed("- 公式：`算式.满分`", "- 公式：`算式.有分`"))
    again = {
        in_full.rule.code: one.formula
        for one, in_full in zip(folded(made), expanded(made), strict=True)
        if one is not in_full
    }
    assert again == {"S501": "整体.算式.有分"}


def test_a_rule_on_two_forms_runs_on_each(template: Made) -> None:
    text = changed("- 范围：表 项目", "- 范围：表 项目、整体")
    assert [one.form for one in expand(template(text)) if one.rule.code == "X402"] == [
        "项目",
        "整体",
    ]


def test_a_rule_that_is_stopped_does_not_run(template: Made) -> None:
    codes = {one.rule.code for one in expand(template(changed("- 状态：试行", "- 状态：停用")))}
    assert "X401" not in codes and "X402" in codes


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("`本表.指标.得分<=本表.指标.分值` |", "`算式.有分` |", "圈：满分→有分→满分"),
        ("- 公式：`算式.满分`", "- 公式：`算式.零分`", "没有名为“零分”的算式"),
        ("- 范围：表 项目", "- 范围：表 绩效", "没有“绩效”这张表"),
    ],
)
def test_what_cannot_be_written_out_is_named(template: Made, old: str, new: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        template(changed(old, new))


def test_names_in_strings_and_functions_are_left_alone() -> None:
    formula = "IF(整体.甲=\"整体.乙\",CEILING.MATH(整体.丙.数),'附'!A1)&整体.甲"
    assert names_in(formula) == ("整体.甲", "整体.丙.数")
    assert replace_names(formula, str.upper) == formula
    assert replace_names(formula, lambda _: "X").startswith('IF(X="整体.乙",CEILING.MATH(X)')


@pytest.mark.parametrize(
    ("full", "taken_apart"),
    [
        ("整体.控制率", Name("整体", "控制率")),
        ("整体.基本支出.上年", Name("整体", "基本支出.上年")),
        ("整体.指标.目标.数", Name("整体", "指标.目标", "数")),
        ("整体.控制率.原文", Name("整体", "控制率", "原文")),
        ("项目.年度", Name("项目", "年度")),
        ("整体.指标", None),
        ("整体.指标.目标.量", None),
        ("绩效.控制率", None),
        ("整体", None),
    ],
)
def test_a_full_name_is_taken_apart(template: Made, full: str, taken_apart: Name | None) -> None:
    assert resolve(template(), full) == taken_apart


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("整体.指标.得分", True),
        ("整体.收入_1", True),
        ("整体.等（级）", False),
        ("整体.三 公", False),
        ("2024.数", False),
        ("A1.数", False),
        ("R1C1.数", False),
    ],
)
def test_only_some_names_can_be_defined_in_excel(name: str, taken: bool) -> None:
    assert is_excel_name(name) is taken
