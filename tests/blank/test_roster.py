"""Rosters as bureaus keep them are read; what is wrong with one is said all at once."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from perfxl.blank.make import Options, Plan, plan
from perfxl.blank.room import most_projects
from perfxl.errors import RosterError
from perfxl.package import open_package
from perfxl.package.compose import compose
from perfxl.template import available, find, load, shipped
from tests.blank.rosters import Rows, write_roster

HUNAN = shipped("hunan-2024")


def planned(tmp_path: Path, units: Rows, projects: Rows = (), **options: str) -> Plan:
    sheets = {"单位": units, **({"项目": projects} if projects else {})}
    roster = write_roster(tmp_path / "名册.xlsx", sheets)
    return plan("hunan-2024", roster, tmp_path / "下发", Options(**options))


def problems(tmp_path: Path, units: Rows, projects: Rows = ()) -> tuple[str, ...]:
    with pytest.raises(RosterError) as refused:
        planned(tmp_path, units, projects)
    assert not (tmp_path / "下发").exists()
    return refused.value.problems


def value(made: Plan, unit: int, sheet: str, field: str, copy: int = 0) -> object:
    form = next(form for form in HUNAN.forms if form.sheet == sheet)
    area = form.fields[field].area
    assert area is not None
    page = next(
        page for page in made.blanks[unit].pages if (page.sheet, page.copy) == (sheet, copy)
    )
    return page.cells.get(area[:2])


def test_headings_may_stand_under_a_title_and_numbers_may_be_text(tmp_path: Path):
    made = planned(
        tmp_path,
        [["2024年单位名册"], [], ["单位名称", "编制数", "年初预算数"], ["甲局", "８人", "1,234.5"]],
    )
    assert value(made, 0, "附件2", "编制数") == 8
    assert value(made, 0, "附件3", "年初预算数") == 1234.5
    assert value(made, 0, "附件3", "单位名称") == "甲局"


def test_each_project_gets_its_own_sheet_with_its_own_figures(tmp_path: Path):
    made = planned(
        tmp_path,
        [["单位", "主管部门"], ["甲局", "甲县政府"], ["乙局", None]],
        [
            ["单位", "项目名称", "年初预算数", "实施单位"],
            ["甲 局", "修路", 10, None],
            ["甲局", "造桥", 20, "乙局"],
        ],
    )
    assert [blank.repeat for blank in made.blanks] == [(("附件4", 2),), ()]
    assert value(made, 0, "附件4", "项目支出名称", 1) == "造桥"
    assert value(made, 0, "附件4", "年初预算数", 0) == 10
    assert value(made, 0, "附件4", "实施单位", 0) == "甲局"
    assert value(made, 0, "附件4", "实施单位", 1) == "乙局"
    assert value(made, 0, "附件4", "主管部门", 1) == "甲县政府"
    assert value(made, 1, "附件4", "项目支出名称") is None


def test_blank_cells_of_the_roster_leave_the_form_to_the_unit(tmp_path: Path):
    made = planned(tmp_path, [["单位", "编制数", "年初预算数"], ["甲局", None, "—"]])
    assert all(page.sheet != "附件2" for page in made.blanks[0].pages)
    assert value(made, 0, "附件3", "年初预算数") is None


def test_all_problems_are_told_at_once_with_row_and_column(tmp_path: Path):
    told = problems(
        tmp_path,
        [
            ["单位", "编制数", "联系电话号码", None],
            ["甲局", "若干", None, "备注"],
            ["甲　局", 8.5],
            [None, 3],
            ["乙\n局"],
            ["丙" * 90],
        ],
        [
            ["单位", "项目名称", "年初预算数"],
            ["丁局", "修路", "十来万"],
            ["甲局", None],
            ["甲局", "a"],
        ],
    )
    expected = (
        "第 1 行 C 列：“联系电话号码”不是模板",
        "第 2 行 D 列：有内容，但这一列没有列名",
        "第 2 行 B 列（编制数）：填的是“若干”，应填数字（人）",
        "第 3 行 A 列（单位）：单位“甲　局”与工作表“单位”第 2 行重复",
        "第 3 行 B 列（编制数）：填的是“8.5”，应填整数",
        "第 4 行 A 列（单位）：没有单位名称",
        "第 5 行 A 列（单位）：单位名称里有换行",
        "第 6 行 A 列（单位）：单位名称有 90 个字",
        "第 2 行 C 列（年初预算数）：填的是“十来万”",
        "第 2 行 A 列（单位）：单位“丁局”不在单位名册里",
        "第 3 行 B 列（项目名称）：没有项目名称",
    )
    assert len(told) == len(expected)
    for text, start in zip(told, expected, strict=True):
        assert start in text


def test_one_project_listed_twice_and_two_columns_for_one_field_are_told(tmp_path: Path):
    told = problems(
        tmp_path,
        [["单位", "编制数", "核定编制数"], ["甲局", 1, 1]],
        [["单位", "项目名称"], ["甲局", "修路"], ["甲局", "修 路"]],
    )
    assert ["都是 基础.编制数" in told[0], "与工作表“项目”第 2 行重复" in told[1]] == [True, True]


def test_two_names_that_would_be_one_file_are_told(tmp_path: Path):
    with pytest.raises(RosterError, match="同用文件名"):
        planned(tmp_path, [["单位", "编码"], ["甲局", 1], ["乙局", 1]], pattern="{编码}")


def test_a_column_may_serve_the_file_name_alone(tmp_path: Path):
    made = planned(tmp_path, [["单位", "编码"], ["甲局", "A-01"]], pattern="{编码}{单位}")
    assert Path(made.blanks[0].target).name == "A-01甲局.xlsx"


@pytest.mark.parametrize("sheets", [{"单位": [["名称"], ["甲局"]]}, {"单位": [[]]}])
def test_a_roster_without_the_column_of_units_is_refused(tmp_path: Path, sheets: dict[str, Rows]):
    roster = write_roster(tmp_path / "名册.xlsx", sheets)
    with pytest.raises(RosterError, match="没有“单位”一列"):
        plan("hunan-2024", roster, tmp_path)


def test_a_sheet_called_projects_must_be_one(tmp_path: Path):
    with pytest.raises(RosterError, match="“项目名称”"):
        planned(tmp_path, [["单位"], ["甲局"]], [["单位", "名字"], ["甲局", "修路"]])


def test_more_projects_than_a_workbook_can_be_checked_with_are_refused(tmp_path: Path):
    most = most_projects(HUNAN, find("hunan-2024"))
    rows = [["单位", "项目名称"], *(["甲局", f"项目{number}"] for number in range(most + 2))]
    (told,) = problems(tmp_path, [["单位"], ["甲局"]], rows)
    assert f"第 {most + 2} 行：“甲局”的项目超过 {most} 个，一个工作簿放不下" in told


@pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
def test_there_is_room_for_as_many_projects_as_a_unit_has(workbook: Path):
    assert 150 <= most_projects(load(workbook), workbook) <= 200


def test_a_workbook_with_as_many_projects_as_are_let_in_is_read():
    workbook = find("sichuan-2023")
    template = load(workbook)
    (form,) = template.forms
    most = most_projects(template, workbook)
    made = compose(open_package(workbook), {form.sheet: most})
    assert len(made.sheets[form.sheet]) == most < 200
    assert len(made.package.workbook.names) > most


def test_an_empty_roster_is_refused(tmp_path: Path):
    assert "没有单位" in problems(tmp_path, [["单位", "编制数"]])[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_rosters_of_every_encoding_are_read(tmp_path: Path, encoding: str):
    roster, listed = tmp_path / "名册.csv", tmp_path / "项目.csv"
    for path, rows in (
        (roster, [["单位", "年初预算数"], ["甲局", "1,000.50"]]),
        (listed, [["单位", "项目名称"], ["甲局", "修路"]]),
    ):
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(rows)
    made = plan("hunan-2024", roster, tmp_path, Options(projects=str(listed)))
    assert value(made, 0, "附件3", "年初预算数") == 1000.5
    assert value(made, 0, "附件4", "项目支出名称") == "修路"


def test_mappings_say_the_same_as_a_file(tmp_path: Path):
    units = [{"单位": "甲局", "编制数": 8, "项目": [{"项目名称": "修路", "年初预算数": 1.5}]}]
    given = plan("hunan-2024", units, tmp_path / "下发")
    read = planned(
        tmp_path,
        [["单位", "编制数"], ["甲局", 8]],
        [["单位", "项目名称", "年初预算数"], ["甲局", "修路", 1.5]],
    )
    assert given.blanks == read.blanks


@pytest.mark.parametrize("gap", [None, "", float("nan")])
def test_a_gap_in_a_mapping_is_a_blank_cell(tmp_path: Path, gap: object):
    units = [{"单位": "甲局", "编制数": gap, "年初预算数": 5}]
    without = [{"单位": "甲局", "年初预算数": 5}]
    made, plain = (plan("hunan-2024", one, tmp_path / "下发") for one in (units, without))
    assert made.blanks == plain.blanks


def test_a_value_has_the_decimals_of_the_form(tmp_path: Path):
    made = planned(tmp_path, [["单位", "年初预算数"], ["甲局", 1234.5678], ["乙局", 0.1 + 0.2]])
    assert [value(made, unit, "附件3", "年初预算数") for unit in (0, 1)] == [1234.57, 0.3]
    assert made.remarks == (
        "工作表“单位”第 1 行 B 列（年初预算数）有 1 个数的小数位比表样多，已四舍五入",
    )


def test_what_the_form_would_refuse_from_a_unit_is_refused_from_the_roster(tmp_path: Path):
    told = problems(
        tmp_path,
        [
            ["单位", "年初预算数", "执行率分值", "部门基本支出预算调整 2024年预算数"],
            ["甲局", -5, 120, -3],
        ],
        [["单位", "项目名称", "执行率分值"], ["甲局", "修路", -1]],
    )
    assert ["（年初预算数）：填的是“-5”，不应小于 0" in told[0], "不应大于 100" in told[1]] == [
        True,
        True,
    ]
    assert "填的是“-1”" in told[2] and len(told) == 3


@pytest.mark.parametrize(
    ("code", "number", "fits"),
    [
        ('#,##0.00"万元"', 1234.5, True),
        ('0"万元"', 1234.5, True),
        ('0!.0,"万元"', 12345678, False),
        ('0.00"元"', 1234.5, False),
    ],
)
def test_a_number_that_its_format_shows_in_another_unit_is_refused(
    tmp_path: Path, code: str, number: float, fits: bool
):
    roster = write_roster(
        tmp_path / "名册.xlsx", {"单位": [["单位", "年初预算数"], ["甲局", number]]}
    )
    book = openpyxl.load_workbook(roster)
    book["单位"]["B2"].number_format = code
    book.save(roster)
    if fits:
        assert value(plan("hunan-2024", roster, tmp_path), 0, "附件3", "年初预算数") == number
    else:
        with pytest.raises(RosterError, match=r"显示为“.*元”，格里的数是"):
            plan("hunan-2024", roster, tmp_path)


def test_a_figure_is_no_name(tmp_path: Path):
    assert "单位名称是“0”" in problems(tmp_path, [["单位"], ["甲局"], [0]])[0]


def test_an_option_is_written_as_the_form_words_it(tmp_path: Path):
    unit = {"单位": "甲局", "项目": [{"项目名称": "修路", "等级": " 良 "}]}
    made = plan("yunnan-2022", [unit], tmp_path)
    assert "良" in made.blanks[0].pages[0].cells.values()
    unit["项目"] = [{"项目名称": "修路", "等级": "及格"}]
    with pytest.raises(RosterError, match="填的是“及格”，应是优、良、中、差之一"):
        plan("yunnan-2022", [unit], tmp_path)


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ({"单位": "甲局", "编制数": "若干"}, "第 1 个单位的“编制数”：填的是“若干”"),
        ({"编制数": 8}, "第 1 个单位：没有单位名称"),
        ({"单位": "甲局", "项目": ["修路"]}, "项目应为字典"),
        ({"单位": "甲局", "编制数": []}, "是 list，应为数字或文字"),
        ({"单位": "甲局", "编制数": float("inf")}, "第 1 个单位的“编制数”是无穷大"),
        ("甲局", "应为字典"),
    ],
)
def test_wrong_mappings_are_told_of_by_number_and_name(tmp_path: Path, unit: object, told: str):
    with pytest.raises(RosterError, match=told):
        plan("hunan-2024", [unit], tmp_path)  # type: ignore[list-item]


def test_a_template_without_a_project_form_takes_no_projects(tmp_path: Path, monkeypatch):
    import dataclasses

    from perfxl.blank import make

    forms = tuple(form for form in HUNAN.forms if not form.repeatable)
    monkeypatch.setattr(make, "load", lambda _: dataclasses.replace(HUNAN, forms=forms))
    assert (
        "没有按项目填报的表"
        in problems(tmp_path, [["单位"], ["甲局"]], [["单位", "项目名称"], ["甲局", "修路"]])[0]
    )
