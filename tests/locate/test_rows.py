"""Rows that repeat: indicators and projects."""

from __future__ import annotations

import pytest

from perfxl.locate import locate
from perfxl.model import FormBinding, GroupRow, Template
from perfxl.template import shipped
from tests.grids import book, grid

HEAD = """| 2024年度项目支出绩效自评表 |
| 项目支出名称 | 送温暖 | 主管部门 | 某某局 | 实施单位 | 某某局 |
| | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| 年度资金总额 | 1.15 | 1.2 | 1.15 | 10 | 95.83% | 9.58 |
"""
COLUMNS = "| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 |\n"
TOTAL = "| 总分 | | | | | 100 | 99 | |\n"


def project(
    rows: str, template: Template, columns: str = COLUMNS, total: str = TOTAL
) -> FormBinding:
    return locate(book(grid(HEAD + columns + rows + total)), template).of("项目")[0]


def told(rows: tuple[GroupRow, ...], column: str) -> list[object]:
    return [row.values[column].value.value for row in rows]


def test_categories_are_filled_down_but_not_past_a_new_one(template: Template) -> None:
    rows = project(
        """| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 10 | 10 | |
| | | 乙 | 2次 | 2次 | 10 | 10 | |
| | 质量指标 | 丙 | 3次 | 3次 | 10 | 10 | |
| 效益指标 | | 丁 | 好 | 好 | 10 | 10 | |
""",
        template,
    ).groups["指标"]
    assert told(rows, "一级指标") == ["产出指标"] * 3 + ["效益指标"]
    assert told(rows, "二级指标") == ["数量指标", "数量指标", "质量指标", None]


def test_a_merged_reason_counts_for_all_its_rows_and_merged_points_once(template: Template) -> None:
    rows = project(
        """| 产出指标 | 数量指标 | 甲 | 1次 | — | 10 | 0 | 项目未开展 |
| ^ | ^ | 乙 | 2次 | — | ^ | ^ | ^ |
""",
        template,
    ).groups["指标"]
    assert told(rows, "原因") == ["项目未开展", "项目未开展"]
    assert told(rows, "分值") == [10, None]
    assert told(rows, "二级指标") == ["数量指标", "数量指标"]


def test_blank_template_rows_are_no_rows_but_points_without_a_name_are(template: Template) -> None:
    rows = project(
        """| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 10 | 10 | |
| 产出指标 | 质量指标 | | | | | | |
| 效益指标 | 社会效益 | | ≥90% | 95% | 10 | 10 | |
""",
        template,
    ).groups["指标"]
    assert told(rows, "三级指标") == ["甲", None]
    assert told(rows, "指标值") == ["1次", "≥90%"]


@pytest.mark.parametrize("dots", ["……", "......", "。。。"])
def test_dots_left_standing_in_place_of_an_indicator_are_a_row(
    dots: str, template: Template
) -> None:
    rows = project(f"| 产出指标 | 数量指标 | {dots} | | | | | |\n", template).groups["指标"]
    assert [row.values["三级指标"].value.raw for row in rows] == [dots]


def test_an_indicator_called_like_a_label_is_an_indicator(template: Template) -> None:
    form = project(
        """| 产出指标 | 数量指标 | 执行率 | ≥90% | 88% | 10 | 9 | 见说明 |
| 产出指标 | 质量指标 | 全年执行数 | ≤2万元 | 1万元 | 10 | 10 | |
""",
        template,
    )
    assert form.fields["执行率"].value.value == 0.9583
    assert form.fields["全年执行数"].value.value == 1.15
    assert told(form.groups["指标"], "三级指标") == ["执行率", "全年执行数"]


def test_columns_in_another_order(template: Template) -> None:
    form = project(
        "| 产出指标 | 数量指标 | 甲 | 10 | ≥2次 | 3次 | 9 | 有 |\n",
        template,
        "|一级指标|二级指标|三级指标|权重|年度指标值|全年实际值|自评得分|未完成原因分析|\n",
        "| 合计 | | | 100 | | | 99 | |\n",
    )
    (row,) = form.groups["指标"]
    assert [row.values[name].value.value for name in ("分值", "指标值", "完成值", "得分")] == [
        10,
        "≥2次",
        "3次",
        9,
    ]
    assert (form.fields["分值合计"].value.value, form.fields["总分"].value.value) == (100, 99)


def totals(line: str, template: Template) -> tuple[FormBinding, list[str]]:
    rows = "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 90 | 89 | |\n"
    binding = locate(book(grid(HEAD + COLUMNS + rows + line)), template)
    return binding.of("项目")[0], [finding.code for finding in binding.findings]


@pytest.mark.parametrize(
    "line", ["| 总分 | 100 | 98.58 | 优 |\n", "| 总分 | < | 100分 | < | 98.58 | | | |\n"]
)
def test_totals_under_no_heading_are_taken_in_order(line: str, template: Template) -> None:
    form, codes = totals(line, template)
    found = [form.fields[name] for name in ("分值合计", "总分")]
    assert [(bound.value.value, bound.how) for bound in found] == [(100, "次序"), (98.58, "次序")]
    assert all(bound.confidence < 1 for bound in found)
    assert "L102" not in codes


def test_one_total_for_two_headings_is_not_guessed(template: Template) -> None:
    form, codes = totals("| 总分 | 98.58 |\n", template)
    assert "总分" not in form.fields and "分值合计" not in form.fields
    assert codes.count("L102") == 1


def test_a_line_with_totals_ends_the_rows_of_a_form_that_prints_none() -> None:
    text = """| 2022年度项目支出绩效自评表 |
| 项目名称 | 送温暖 | 自评总分（分） | 99 |
| 主管部门 | 某某局 | 实施单位 | 某某局 |
|指标名称|计量单位|指标性质|指标值|指标权重（分）|全年完成值|指标得分（分）|说明|
| 培训次数 | 次 | ≥ | 2 | 90 | 3 | 90 | |
| 合计 | | | | 90 | | 90 | |
"""
    (form,) = locate(book(grid(text)), shipped("chongqing-2022")).forms
    assert told(form.groups["指标"], "三级指标") == ["培训次数"]


def test_what_stands_to_the_right_of_the_form_is_no_value(template: Template) -> None:
    end = "| 总分 | | | | | 100 | 99 | | 已核 |\n| 自评等级 | | | | | | | | 请补 |\n"
    rows = "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 90 | 89 | | 同意 |\n"
    form = project(rows, template, total=end)
    assert form.groups["指标"][0].values["原因"].value.raw == ""
    assert form.fields["等级"].value.raw == ""


@pytest.mark.parametrize("end", ["| 填表人：张三 |\n", "| 注：本表一式两份 |\n", ""])
def test_without_a_total_the_rows_end_at_a_footnote(end: str, template: Template) -> None:
    rows = "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 10 | 10 | |\n"
    assert len(project(rows, template, total=end).groups["指标"]) == 1


def test_a_repeated_header_is_no_row(template: Template) -> None:
    one = "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 10 | 10 | |\n"
    assert len(project(one + COLUMNS + one, template).groups["指标"]) == 2


def test_a_missing_header_is_one_finding(template: Template) -> None:
    rows = "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 10 | 10 | |\n"
    binding = locate(book(grid(HEAD + rows + TOTAL)), template)
    codes = [finding.code for finding in binding.findings if finding.code[0] == "L"]
    assert codes.count("L103") == 1
    assert "L102" not in codes
    assert binding.of("项目")[0].groups["指标"] == ()


BASIC = """| 2024年度部门整体支出绩效评价基础数据表 |
| 经费控制情况 | 2023年决算数 | 2024年预算数 | 2024年决算数 |
| 一、部门基本支出 | 1 | 2 | 3 |
| 其中：公用经费 | 1 | 2 | 3 |
| “三公”经费 | 1 | 2 | 3 |
| 二、部门项目支出 | 4 | 5 | 6 |
"""
BASIC_END = "| 政府采购金额 | 7 | 8 | 9 |\n| 部门基本支出预算调整 | | | 1 |\n"


def projects(rows: str, template: Template) -> tuple[GroupRow, ...]:
    form = locate(book(grid(BASIC + rows + BASIC_END)), template).of("基础")[0]
    assert form.fields["政府采购.上年决算数"].value.value == 7
    return form.groups["项目"]


def test_projects_stand_under_their_section(template: Template) -> None:
    rows = projects(
        """| 1、业务经费（一个项目一行） | | | |
| 宣传 | | 1.5 | 1.2 |
| ..... | | | |
| 2、运行维护经费（一个专项一行） | | | |
| 3、专项资金 | | | |
| 慰问 | 0 | 3.5 | 4.8 |
""",
        template,
    )
    assert [(row.section, row.values["名称"].value.value) for row in rows] == [
        ("1、业务经费（一个项目一行）", "宣传"),
        ("3、专项资金", "慰问"),
    ]
    assert told(rows, "本年决算数") == [1.2, 4.8]


def test_a_section_with_amounts_of_its_own_is_a_row_unless_rows_follow(template: Template) -> None:
    rows = projects(
        """| 1、业务经费 | 1 | 2 | 3 |
| 2、运行维护经费 | 3 | 3 | 3 |
| 网络维护 | 3 | 3 | 3 |
""",
        template,
    )
    assert told(rows, "名称") == ["1、业务经费", "网络维护"]
