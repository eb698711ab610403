"""Headers of two lines, headers that come again, forms side by side, forms in 元."""

from __future__ import annotations

import pytest

from perfxl.check import report_of
from perfxl.locate import locate
from perfxl.model import FormBinding, Template
from perfxl.template import shipped
from tests.grids import book, grid

HEAD = """| 2024年度项目支出绩效自评表 |
| 项目支出名称 | 送温暖 | 主管部门 | 某某局 | 实施单位 | 某某局 |
| | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| 年度资金总额 | 1.15 | 1.2 | 1.15 | 10 | 95.83% | 9.58 |
"""
TOTAL = "| 总分 | | | | | 100 | 99 | |\n"
ROW = ["产出指标", "数量指标", "甲", "≥2次", "3次", 10, 9, "有"]


def project(text: str, template: Template) -> FormBinding:
    return locate(book(grid(HEAD + text)), template).of("项目")[0]


@pytest.mark.parametrize(
    "header",
    [
        """| 绩效指标 | < | < | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析 |
| 一级指标 | 二级指标 | 三级指标 | ^ | ^ | ^ | ^ | ^ |
""",
        """| 绩效指标 | | | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析 |
| 一级指标 | 二级指标 | 三级指标 | | | | | |
""",
        """| 一级指标 | 二级指标 | 三级指标 | 年度指标 | 完成情况 | 考核 | < | 偏差原因分析 |
| ^ | ^ | ^ | 年度指标值 | 实际完成值 | 分值 | 得分 | ^ |
""",
        """| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 |
| ^ | | | | | | | |
""",
    ],
    ids=["upper line merged", "upper line as text", "lower line parts", "merged down by a blank"],
)
def test_a_header_of_two_lines(header: str, template: Template) -> None:
    form = project(
        header + "| 产出指标 | 数量指标 | 甲 | ≥2次 | 3次 | 10 | 9 | 有 |\n" + TOTAL, template
    )
    (row,) = form.groups["指标"]
    assert [bound.value.value for bound in row.values.values()] == ROW
    assert not [name for name in form.missing if name.startswith("指标.")]


def test_in_a_header_of_two_lines_the_lower_line_wins() -> None:
    rows = """| 公开14表 2022年度项目支出绩效自评表 |
| 项目名称 | 送温暖 | 主管部门 | 某某局 | 实施单位 | 某某局 |
| 绩效指标 | < | < | 年度指标值 | < | < | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
| 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | ^ | ^ | ^ | ^ |
| 产出指标 | 数量指标 | 预算执行率 | ≥ | 90 | % | 88 | 10 | 9 | 见说明 |
| 总分 | < | < | < | < | < | < | 100 | 96 | 优 |
"""
    form = locate(book(grid(rows)), shipped("yunnan-2022")).of("项目")[0]
    (row,) = form.groups["指标"]
    values = {name: bound.value.raw for name, bound in row.values.items()}
    assert values["三级指标"] == "预算执行率"
    assert [values[name] for name in ("指标性质", "指标值", "度量单位", "完成值")] == [
        "≥",
        "90",
        "%",
        "88",
    ]
    totals = [form.fields[name].value.raw for name in ("分值合计", "总分", "等级")]
    assert totals == ["100", "96", "优"]


COLUMNS = "| 一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 得分 |\n"


@pytest.mark.parametrize("gap", ["", "| | | | | | |\n"], ids=["close", "after a blank row"])
def test_rows_of_two_blocks_belong_to_one_group_each_under_its_heading(gap: str) -> None:
    text = f"""| 2020年度项目自评表 |
| 项目名称 | 送温暖 | 主管部门 | 某某局 | 项目实施单位 | 某某局 |
| | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分×执行率） |
| | 年度财政资金总额 | 10 | 9 | 90% | 18 |
| 年度绩效目标1（40分） | 慰问职工 | | | | |
{COLUMNS}| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 40 |
{gap}| 年度绩效目标2（40分） | 培训职工 | | | | |
{COLUMNS}| | 质量指标 | 乙 | 2次 | 2次 | 39 |
| 总分 | 97 | | | | |
"""
    form = locate(book(grid(text)), shipped("hubei-2020")).of("项目")[0]
    rows = form.groups["指标"]
    assert [(row.section, row.values["三级指标"].value.value) for row in rows] == [
        ("年度绩效目标1（40分）", "甲"),
        ("年度绩效目标2（40分）", "乙"),
    ]
    assert rows[1].values["一级指标"].value.value is None
    targets = [form.fields[name].value.value for name in ("年度目标1", "年度目标2")]
    assert targets == ["慰问职工", "培训职工"]
    assert form.fields["总分"].value.value == 97


def test_a_header_printed_again_on_the_next_page_begins_no_block(template: Template) -> None:
    columns = "|一级指标|二级指标|三级指标|指标值|完成值|分值|得分|偏差原因分析|\n"
    rows = project(
        columns
        + "| 产出指标 | 数量指标 | 甲 | 1次 | 1次 | 50 | 50 | |\n"
        + columns
        + "| | | 乙 | 1次 | 1次 | 50 | 50 | |\n"
        + TOTAL,
        template,
    ).groups["指标"]
    assert [row.values["一级指标"].value.value for row in rows] == ["产出指标"] * 2
    assert {row.section for row in rows} == {""}


def test_forms_side_by_side_are_read_each_in_its_columns(template: Template) -> None:
    one = """2024年度项目支出绩效自评表
项目支出名称 | {0} | 主管部门 | 某某局 | 实施单位 | 某某局
 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | {1} | 1.2 | 1.15 | 10 | 95.83% | 9.58
一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析
产出指标 | 数量指标 | 甲 | 1次 | 1次 | 90 | {2} |
总分 | | | | | 100 | 99 |"""

    def wide(*values: object) -> list[str]:
        lines = [line.split("|") for line in one.format(*values).splitlines()]
        return [" | ".join([*line, *[""] * (8 - len(line))]) for line in lines]

    pairs = zip(wide("送温暖", 1, 89), wide("培训", 2, 88), strict=True)
    forms = locate(book(grid("\n".join(f"| {a} | | {b} |" for a, b in pairs))), template).of("项目")
    assert [form.fields["项目支出名称"].value.value for form in forms] == ["送温暖", "培训"]
    assert [form.fields["年初预算数"].value.value for form in forms] == [1, 2]
    assert [form.groups["指标"][0].values["得分"].value.value for form in forms] == [89, 88]
    assert [form.region.left for form in forms] == [1, 10]


MONEY = """| 2024年度项目支出绩效自评表 |
{line}| 项目支出名称 | 送温暖 | 主管部门 | 某某局 | 实施单位 | 某某局 |
| {heading} | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| | 年度资金总额 | 11500 | 12000 | 1.15万元 | 10 | 95.83% | 9.58 |
"""


@pytest.mark.parametrize(
    ("line", "heading"),
    [("", "项目资金（元）"), ("| 金额单位：元 |\n", "项目资金"), ("", "项目资金 (单位：元)")],
)
def test_amounts_are_read_in_the_unit_that_the_form_prints(
    line: str, heading: str, template: Template
) -> None:
    binding = locate(
        book(grid(MONEY.format(line=line, heading=heading.replace("\n", "")))), template
    )
    form = binding.of("项目")[0]
    names = ("年初预算数", "全年预算数", "全年执行数", "执行率分值")
    assert [form.fields[name].value.value for name in names] == [1.15, 1.2, 1.15, 10]
    assert form.fields["年初预算数"].value.scale == 0.0001
    assert form.fields["全年执行数"].value.scale == 1
    assert [finding.code for finding in binding.findings].count("V207") == 1


def test_the_nearer_unit_wins(template: Template) -> None:
    text = MONEY.format(line="", heading="项目资金（万元）").replace(
        "11500 | 12000 | 1.15万元", "1|1|1"
    )
    form = locate(book(grid(text)), template).of("项目")[0]
    assert form.fields["年初预算数"].value.value == 1


def test_the_year_of_a_form_without_a_title() -> None:
    text = """| (2021年度) |
| 转移支付(项目)名称 | 防治项目 |
| 中央主管部门 | 某某委 |
| 地方主管部门 | 某某局 | 资金使用单位 | 某某局 |
| 项目资金 (万元) | | 全年预算数(A) | 全年执行数(B) | 预算执行率(B/A) |
| | 年度资金总额: | 8 | 8 | 100% |
| | 其中:中央财政资金 | 7 | 7 | 100% |
| | 地方资金 | 1 | 1 | 100% |
| 总体目标完成情况 | 总体目标 | < | 全年实际完成情况 | < |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 |
| 产出指标 | 数量指标 | 甲 | 1次 | 1次 |
"""
    (form,) = locate(book(grid(text)), shipped("transfer-2022")).forms
    assert (form.title, form.year) == (None, 2021)


def test_a_wrong_year_is_found_where_it_stands(template: Template) -> None:
    overall = (
        "| 2024年度部门整体支出绩效自评表 |\n| 预算单位名称 | 某某局 |\n"
        + """\
| 年初预算数 | 3 | 全年预算数 | 3 | 全年执行数 | 3 | 分值 | 10 | 执行率 | 100% | 得分 | 10 |
"""
    )
    dated = HEAD.replace(
        "| 2024年度项目支出绩效自评表 |", "| 项目支出绩效自评表 |\n| （2023年度） |"
    )
    found = report_of(
        given := book(grid(overall), grid(dated, "Sheet2")), locate(given, template)
    ).findings
    (finding,) = (one for one in found if one.code == "X414")
    assert (finding.cell, finding.stated) == ("A2", "（2023年度）")
