"""A test case becomes the binding that a workbook filled like that would have given."""

from __future__ import annotations

import pytest

from perfxl.errors import TemplateError
from perfxl.model import Binding, Case
from perfxl.template.trial import binding_of
from tests.template.samples import Made


def bind(template: Made, code: str, **inputs: str | tuple[str, ...]) -> Binding:
    typed = {name.replace("_", "."): value for name, value in inputs.items()}
    return binding_of(template(), Case(code, "通过", typed))


def test_self_and_each_heading_mean_the_first_form_and_heading(template: Made) -> None:
    (form,) = bind(template, "C301", 本表_三公_各列="3.50").of("整体")
    bound = form.fields["三公.上年"]
    assert (bound.value.value, bound.value.decimals, bound.cell) == (3.5, 2, "B5")
    assert bound.label == "2023年决算数"


def test_fields_that_are_not_mentioned_are_there_and_blank(template: Made) -> None:
    (form,) = bind(template, "C302", 本表_控制率="75%").of("整体")
    assert form.fields["控制率"].value.value == 0.75
    assert form.fields["总分"].value.value is None
    assert form.fields["总分"].source is None
    assert [row.values["得分"].value.value for row in form.groups["指标"]] == [None]


def test_a_column_gives_one_row_per_text(template: Made) -> None:
    (form,) = bind(template, "S501", 本表_指标_得分=("10", "", "4"), 本表_指标_名称="甲").of("整体")
    rows = form.groups["指标"]
    assert [row.values["得分"].value.value for row in rows] == [10, None, 4]
    assert [row.values["名称"].value.raw for row in rows] == ["甲", "", ""]
    assert [row.row for row in rows] == [8, 9, 10]


def test_a_repeated_form_occurs_once_per_text(template: Made) -> None:
    projects = bind(template, "X401", 项目_执行数=("1", "2"), 项目_项目名称=("甲", "乙")).of("项目")
    assert [form.fields["执行数"].value.value for form in projects] == [1, 2]
    assert [form.label() for form in projects] == ["附件2 甲", "附件2 (2) 乙"]


def test_the_year_is_the_templates_unless_the_case_gives_one(template: Made) -> None:
    assert bind(template, "C302").of("整体")[0].year == 2024
    assert bind(template, "C302", 整体_年度="2023").of("整体")[0].year == 2023


def test_the_year_in_a_label_can_be_given(template: Made) -> None:
    (form,) = bind(template, "C302", 整体_基本支出_上年_栏年="2022").of("整体")
    assert form.fields["基本支出.上年"].label == "2022年决算数"


@pytest.mark.parametrize(
    ("code", "name", "says"),
    [
        ("C302", "本表.利润", "没有“本表.利润”这个名称"),
        ("C302", "整体.指标.目标.数", "不能直接给出“整体.指标.目标.数”"),
        ("C999", "整体.控制率", "编码 C999 没有对应的规则"),
    ],
)
def test_a_case_about_nothing_is_refused(template: Made, code: str, name: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        binding_of(template(), Case(code, "通过", {name: "1"}))
