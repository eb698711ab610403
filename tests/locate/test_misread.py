"""Headings with a wrong letter, and rows that only some units have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfxl.locate import locate
from perfxl.model import Template
from tests.grids import book, grid

FORM = """| 2024年度项目支出绩效自评表 |
| 项目支出名称 | 送温暖 | 主管部门 | 某某局 | 实施单位 | 某某局 |
| | {money} | 分值 | 执行率 | 得分 |
| 年度资金总额 | 1.15 | 1.2 | 1.15 | 10 | 95.83% | 9.58 |
{more}| 年度总体目标 | 预期目标 | 慰问 | 实际完成情况 | 已慰问 |
| 一级指标 | 二级指标 | 三级指标 | {target} | 实际完成值 | {points} | 得分 | 偏差原因分析 |
| 产出指标 | 数量指标 | 甲 | ≥2次 | 3次 | 90 | 89 | |
| 总分 | | | | | 100 | 99 | |
"""
RIGHT = {
    "money": "年初预算数 | 全年预算数 | 全年执行数",
    "target": "年度指标值",
    "points": "参考分值",
    "more": "",
}


def read(template: Template, **typed: str) -> tuple[list[object], list[str]]:
    binding = locate(book(grid(FORM.format(**{**RIGHT, **typed}))), template)
    (form,) = binding.of("项目")
    row = form.groups["指标"][0].values
    found = [
        form.fields[n].value.value if n in form.fields else None
        for n in ("年初预算数", "全年执行数")
    ]
    found += [row[n].value.value if n in row else None for n in ("指标值", "分值")]
    return found, [finding.code for finding in binding.findings]


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ({"points": "考值参分"}, 1),
        ({"target": "年度指杯值", "points": "参考分直"}, 2),
        ({"money": "年初预匏数 | 全年预算数 | 全年执行"}, 2),
    ],
)
def test_a_heading_with_a_wrong_letter_is_taken_by_its_place_and_said(
    typed: dict[str, str], notes: int, template: Template
) -> None:
    found, codes = read(template, **typed)
    assert found == [1.15, 1.15, "≥2次", 90]
    assert codes.count("L107") == notes


@pytest.mark.parametrize(
    "typed",
    [{"points": "备注"}, {"points": "复核"}, {"target": "单位", "points": "年度指杯值"}],
    ids=["another word", "a remark", "in another place"],
)
def test_another_heading_in_its_place_is_not_taken(
    typed: dict[str, str], template: Template
) -> None:
    found, codes = read(template, **typed)
    assert found[3] is None
    assert "L107" not in codes


def test_a_row_that_the_form_does_not_print_crosses_its_headings(template: Template) -> None:
    form = template.form("项目")
    printed = form.fields["其他资金.全年预算数"]
    extra = replace(printed, name="盟市资金.全年预算数", labels=("盟市财政资金",), area=None)
    wider = replace(form, fields={**form.fields, extra.name: extra})
    widened = replace(template, forms=tuple(wider if f is form else f for f in template.forms))
    typed = FORM.format(**{**RIGHT, "more": "| 其中：盟市财政资金 | 1 | 0.7 | 0.6 | | | |\n"})
    bound = locate(book(grid(typed)), widened).of("项目")[0].fields[extra.name]
    assert (bound.value.value, bound.how, bound.label) == (0.7, "交叉", "全年预算数")
    without = locate(book(grid(FORM.format(**RIGHT))), widened)
    assert extra.name not in without.of("项目")[0].fields
    assert not [finding for finding in without.findings if finding.code in ("L101", "L102")]
