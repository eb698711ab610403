"""Labels with one value: beside it, under it, behind its colon; and when that is in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfxl.locate import locate
from perfxl.model import DefinedName, FormBinding, Template
from tests.grids import book, grid

TITLE = "| 2024年度部门整体支出绩效自评表 |\n"
ROWS = """| 预算单位名称 | 某某局 |
|年初预算数|110.71|全年预算数|87.23|全年执行数|85.53|分值|10|执行率|98.05%|得分|9.8 |
"""
INDICATORS = """|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施|
| 产出指标 | 数量指标 | 培训次数 | ≥2次 | 3次 | 90 | 90 | |
| 总分 | | | | | 100 | 99.8 | |
"""


def overall(text: str, template: Template) -> FormBinding:
    return locate(book(grid(text)), template).of("整体")[0]


def stated(form: FormBinding, *names: str) -> list[object]:
    return [form.fields[name].value.value for name in names]


def test_a_value_beside_its_label(template: Template) -> None:
    form = overall(TITLE + ROWS + INDICATORS, template)
    assert stated(form, "年初预算数", "执行率", "执行率得分") == [110.71, 0.9805, 9.8]
    assert form.fields["执行率"].how == "右侧"


def test_a_value_under_its_label(template: Template) -> None:
    below = """| | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| 年度资金总额 | 110.71 | 87.23 | 85.53 | 10 | 98.05% | |
"""
    form = overall(TITLE + "| 预算单位名称 | 某某局 |\n" + below + INDICATORS, template)
    assert stated(form, "年初预算数", "执行率", "执行率得分") == [110.71, 0.9805, None]
    assert (form.fields["执行率得分"].how, form.fields["执行率得分"].cell) == ("下方", "G4")


def test_a_value_behind_the_colon_of_its_label(template: Template) -> None:
    parts = "| 其中：一般公共预算：85.53万元 | 其中: 基本支出: 84.38 |\n| | 项目支出： |\n"
    form = overall(TITLE + ROWS + parts + INDICATORS, template)
    assert stated(form, "一般公共预算", "基本支出", "项目支出") == [85.53, 84.38, None]
    assert form.fields["基本支出"].how == "同格"


def test_a_label_without_value_does_not_take_its_neighbours(template: Template) -> None:
    parts = "| 按收入性质分： | | 按支出性质分： | |\n| 一般公共预算 | 85.53 | 基本支出 | 84.38 |\n"
    form = overall(TITLE + ROWS + parts + INDICATORS, template)
    assert stated(form, "收入合计", "支出合计", "一般公共预算") == [None, None, 85.53]


@pytest.mark.parametrize("remark", ["请财务股核对", "12.5"])
def test_what_stands_beside_a_label_merged_to_the_edge_of_the_form_is_none_of_it(
    remark: str, template: Template
) -> None:
    parts = f"| 按收入性质分： | | | 按支出性质分： | < | < | < | < | | {remark} |\n"
    form = overall(TITLE + ROWS + parts + INDICATORS, template)
    assert stated(form, "支出合计") == [None]
    assert (form.fields["支出合计"].how, form.fields["支出合计"].cell) == ("同格", "D4")


def test_a_label_that_occurs_twice_is_not_guessed(template: Template) -> None:
    twice = ROWS.replace("|全年执行数|85.53|", "|全年执行数|85.53|全年执行数|80|")
    binding = locate(book(grid(TITLE + twice + INDICATORS)), template)
    form = binding.of("整体")[0]
    assert "全年执行数" not in form.fields
    assert form.missing["全年执行数"] == "栏目位置不能确定"
    doubts = [finding for finding in binding.findings if finding.code == "L102"]
    assert len(doubts) == 1
    assert "E3、G3" in doubts[0].message
    assert stated(form, "全年预算数", "执行率") == [87.23, 0.9805]


def test_a_surviving_name_settles_a_doubt(template: Template) -> None:
    twice = ROWS.replace("|全年执行数|85.53|", "|全年执行数|85.53|全年执行数|80|")
    names = (DefinedName("整体.全年执行数", "Sheet1!$H$3"),)
    form = locate(book(grid(TITLE + twice + INDICATORS), names=names), template).of("整体")[0]
    assert (form.fields["全年执行数"].value.value, form.fields["全年执行数"].how) == (80, "名称")


def test_a_name_that_points_elsewhere_loses_to_the_label(template: Template) -> None:
    names = (
        DefinedName("整体.全年执行数", "Sheet1!$B$3"),
        DefinedName("整体.全年预算数", "Sheet1!$D$3"),
    )
    form = locate(book(grid(TITLE + ROWS + INDICATORS), names=names), template).of("整体")[0]
    assert (form.fields["全年执行数"].value.value, form.fields["全年执行数"].how) == (85.53, "右侧")
    assert form.fields["全年预算数"].how == "名称"


def test_required_labels_that_are_not_there_are_one_finding(template: Template) -> None:
    fewer = "|预算单位名称|某某局|\n|全年预算数|87.23|全年执行数|85.53|分值|10|得分|9.8|\n"
    binding = locate(book(grid(TITLE + fewer + INDICATORS)), template)
    missing = [finding for finding in binding.findings if finding.code == "L101"]
    assert len(missing) == 1
    assert "年初预算数" in missing[0].message and "执行率" in missing[0].message
    assert "其他资金" not in missing[0].message
    assert "执行率" not in binding.of("整体")[0].fields


def test_last_year_and_this_year_are_told_apart(template: Template) -> None:
    def read(*headings: str) -> list[object]:
        columns = " | ".join(headings)
        values = " | ".join(str(place) for place in range(1, len(headings) + 1))
        text = f"""| 2024年度部门整体支出绩效评价基础数据表 |
| 财政供养人员情况 | 编制数 | 2024年实际在职人数 | 控制率 |
| | 8 | 7 | 87.50% |
| 经费控制情况 | {columns} |
| 一、部门基本支出 | {values} |
| 其中：公用经费 | {values} |
| “三公”经费 | {values} |
"""
        form = locate(book(grid(text)), template).of("基础")[0]
        names = ("基本支出.上年决算数", "基本支出.本年预算数", "基本支出.本年决算数")
        return [form.fields[name].value.value if name in form.fields else "–" for name in names]

    assert read("2023年决算数", "2024年预算数", "2024年决算数") == [1, 2, 3]
    assert read("2022年决算数", "2023年预算数", "2023年决算数") == [1, 2, 3]
    assert read("2024年预算数", "2024年决算数") == ["–", 1, 2]
    assert read("上年决算数", "本年预算数", "本年决算数") == [1, 2, 3]


def test_what_some_units_add_is_read_wherever_it_stands(template: Template) -> None:
    basic = """| 2024年度部门整体支出绩效评价基础数据表 |
| 填报单位：某某局　填报日期：2025.4.30 |
| 财政供养人员情况 | 编制数 | 2024年实际在职人数 | 控制率 |
| | 8 | 7 | 87.50% |
| 经费控制情况 | 2023年决算数 | 2024年预算数 | 2024年决算数 |
| 一、部门基本支出 | 1 | 2 | 3 |
| 二、部门项目支出 | 1 | 2 | 3 |
"""
    graded = TITLE + ROWS + INDICATORS + "| 自评等级 | 优 |\n"
    binding = locate(book(grid(basic, "基础"), grid(graded, "整体")), template)
    assert binding.of("基础")[0].fields["单位名称"].value.value == "某某局"
    assert binding.of("整体")[0].fields["等级"].value.value == "优"


def test_values_that_cannot_be_read_are_said_once_each(template: Template) -> None:
    odd = ROWS.replace("110.71", "7,00.0,77").replace("98.05%", "很高").replace("9.8 |", "9.8. |")
    binding = locate(book(grid(TITLE + odd + INDICATORS)), template)
    said = {finding.code: finding for finding in binding.findings if finding.code[0] == "V"}
    assert {code: said[code].cell for code in ("V201", "V202", "V204")} == {
        "V201": "B3",
        "V202": "J3",
        "V204": "L3",
    }
    assert said["V201"].stated == "7,00.0,77"


def test_who_filled_it_in_is_never_read(template: Template) -> None:
    footer = "| 填表人：张三　联系电话：13800000000 |\n"
    binding = locate(book(grid(TITLE + ROWS + INDICATORS + footer)), template)
    form = binding.of("整体")[0]
    read = [bound.value.raw for bound in form.fields.values()]
    read += [bound.value.raw for row in form.groups["指标"] for bound in row.values.values()]
    read += [finding.message for finding in binding.findings]
    assert not any("张三" in text or "138" in text for text in read)


def test_sheets_that_are_no_forms_are_left_alone(template: Template) -> None:
    form = grid(TITLE + ROWS + INDICATORS)
    others = tuple(replace(form, sheet=name) for name in ("自查", "_字段", "填报说明", "校验结果"))
    hidden = replace(form, sheet="旧表", visible=False)
    binding = locate(book(form, *others, hidden), template)
    assert [one.sheet for one in binding.forms] == ["Sheet1"]
