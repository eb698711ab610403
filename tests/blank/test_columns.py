"""A heading of the roster finds its field, or says why it finds none."""

from __future__ import annotations

import pytest

from perfxl.blank.columns import Target, is_owner, is_project, match, targets
from perfxl.template import available, load, shipped

HUNAN = shipped("hunan-2024")


def named(heading: str, projects: bool = False) -> str:
    found = match(HUNAN, heading, projects)
    return found.name if isinstance(found, Target) else found


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("编制数", "基础.编制数"),
        (" 核定 编制数 ", "基础.编制数"),
        ("年初预算数", "整体.年初预算数"),
        ("年初预算数（万元）", "整体.年初预算数"),
        ("基础.公用经费.上年决算数", "基础.公用经费.上年决算数"),
        ("公用经费.上年决算数", "基础.公用经费.上年决算数"),
        ("公用经费 2023年决算数", "基础.公用经费.上年决算数"),
        ("其中：公用经费２０２３年决算数", "基础.公用经费.上年决算数"),
        ("主管部门", "项目.主管部门"),
    ],
)
def test_a_column_of_units_is_found_by_full_name_own_name_or_label(heading: str, field: str):
    assert named(heading) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("年初预算数", "项目.年初预算数"),
        ("当年财政拨款 年初预算数", "项目.当年财政拨款.年初预算数"),
        ("主管部门", "项目.主管部门"),
        ("实施单位", "项目.实施单位"),
    ],
)
def test_a_column_of_projects_means_the_project_form(heading: str, field: str):
    assert named(heading, projects=True) == field


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("2023年决算数", "可以是 基础.基本支出.上年决算数、"),
        ("上年决算数", "请写全称"),
        ("总分", "由表内公式计算"),
        ("自评等级", "没有“自评等级”的格子"),
        ("年初预算数（元）", "请换算成万元"),
        ("年初予算数", "是不是“年初预算数”"),
        ("联系电话号码", "请改用表样上的栏目名称"),
    ],
)
def test_what_cannot_be_prefilled_is_said_with_the_next_step(heading: str, told: str):
    assert told in named(heading)


def test_a_project_column_never_fills_the_form_of_the_unit():
    assert "不是模板" in named("编制数", projects=True)


def test_the_unit_and_the_project_go_by_several_headings():
    assert all(is_owner(HUNAN, text) for text in ("单位", "单位名称", "预算单位名称", "部门名称"))
    assert not is_owner(HUNAN, "实施单位")
    assert all(is_project(HUNAN, text) for text in ("项目", "项目名称", "项目支出名称"))


@pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
def test_every_field_answers_to_its_full_name(workbook):
    template = load(workbook)
    for target in targets(template.forms):
        assert match(template, target.name, target.form.repeatable) == target
