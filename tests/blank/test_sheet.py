"""The sheets of a roster as bureaus lay them out: merged headings, totals, notes, money."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.blank.make import Plan, plan
from perfxl.errors import RosterError
from tests.blank.rosters import Rows, write_roster
from tests.blank.test_roster import value


def planned(
    tmp_path: Path, sheets: dict[str, Rows], change: Callable[[Workbook], object] | None = None
) -> Plan:
    path = write_roster(tmp_path / "名册.xlsx", sheets)
    if change:
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
    return plan("hunan-2024", path, tmp_path / "下发")


def names(made: Plan) -> list[str]:
    return [blank.subject for blank in made.blanks]


def merging(sheet: str, *areas: str) -> Callable[[Workbook], object]:
    return lambda book: [book[sheet].merge_cells(area) for area in areas]


@pytest.mark.parametrize(
    "last",
    [
        ["合计", 17, 30],
        ["总  计：", 17, None],
        ["小计", "=SUM(B2:B3)", None],
        ["填表人：某某", None, None],
        ["注：年初预算数取自批复。", None, None],
    ],
)
def test_totals_and_notes_below_the_units_are_no_units(tmp_path: Path, last: list[object]):
    rows: Rows = [["单位", "编制数", "年初预算数"], ["甲局", 8, 10], ["乙局", 9, 20], last]
    made = planned(tmp_path, {"单位": rows})
    assert names(made) == ["甲局", "乙局"]
    assert made.remarks == (f"工作表“单位”第 4 行“{last[0]}”不是单位，没有用到",)


@pytest.mark.parametrize("heading", [["一、党群部门"], [None, "（二）政府部门", None]])
def test_a_heading_over_some_units_is_no_unit(tmp_path: Path, heading: list[object]):
    rows: Rows = [["序号", "单位", "编制数"], heading, [1, "甲局", 8]]
    made = planned(tmp_path, {"单位": rows})
    assert names(made) == ["甲局"]
    shown = next(filter(None, heading))
    assert made.remarks == (f"工作表“单位”第 2 行“{shown}”不是单位，没有用到",)


def test_numbered_names_alone_are_units(tmp_path: Path):
    made = planned(tmp_path, {"单位": [["单位"], ["一、甲局"], ["二、乙局"]]})
    assert names(made) == ["一、甲局", "二、乙局"]


def test_a_total_may_stand_before_the_column_of_units(tmp_path: Path):
    rows: Rows = [["序号", "单位", "编制数"], [1, "甲局", 8], ["合计", None, 8]]
    made = planned(tmp_path, {"单位": rows}, merging("单位", "A3:B3"))
    assert names(made) == ["甲局"]


def test_a_unit_whose_name_begins_like_a_note_stays_a_unit(tmp_path: Path):
    made = planned(tmp_path, {"单位": [["单位"], ["合计局"], ["注册会计师协会"], ["说明办"]]})
    assert len(made.blanks) == 3


def test_headings_in_two_rows_are_read_together(tmp_path: Path):
    rows: Rows = [
        ["2024年单位名册"],
        ["单位名称", "人员情况", None, "公用经费", None],
        [None, "编制数", "2024年实际在职人数", "2023年决算数", "2024年预算数"],
        ["甲局", 8, 7, 1.5, 2.5],
    ]
    areas = ("A1:E1", "A2:A3", "B2:C2", "D2:E2")
    made = planned(tmp_path, {"单位": rows}, merging("单位", *areas))
    fields = ("编制数", "实有人数", "公用经费.上年决算数", "公用经费.本年预算数")
    assert [value(made, 0, "附件2", field) for field in fields] == [8, 7, 1.5, 2.5]


def test_a_unit_merged_over_its_projects_is_that_of_each(tmp_path: Path):
    sheets: dict[str, Rows] = {
        "单位": [["单位"], ["甲局"], ["乙局"]],
        "项目": [["单位", "项目名称"], ["甲局", "修路"], [None, "造桥"], ["乙局", "植树"]],
    }
    made = planned(tmp_path, sheets, merging("项目", "A2:A3"))
    assert [value(made, 0, "附件4", "项目支出名称", copy) for copy in (0, 1)] == ["修路", "造桥"]
    assert value(made, 1, "附件4", "项目支出名称") == "植树"


def test_hidden_rows_are_used_and_said(tmp_path: Path):
    def hide(book: Workbook) -> None:
        book["单位"].row_dimensions[3].hidden = True

    made = planned(tmp_path, {"单位": [["单位"], ["甲局"], ["乙局"]]}, hide)
    assert names(made) == ["甲局", "乙局"]
    assert made.remarks == ("工作表“单位”有 1 行是隐藏的，也用了；不要的请删去",)


@pytest.mark.parametrize(
    "line", ["单位：元", "（金额单位: 元）", "单位：人、元", "单位：人民币元 2024年"]
)
def test_amounts_in_another_unit_than_the_form_are_refused(tmp_path: Path, line: str):
    rows: Rows = [["名册", None, line], ["单位", "编制数", "年初预算数"], ["甲局", 8, 1234567]]
    with pytest.raises(RosterError, match="第 2 行 C 列：“年初预算数”上方写明金额单位是元") as told:
        planned(tmp_path, {"单位": rows})
    assert len(told.value.problems) == 1


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("单位：万元", "年初预算数"),
        ("单位：元", "年初预算数（万元）"),
        ("填报单位：元坝区财政局", "年初预算数"),
    ],
)
def test_amounts_in_the_unit_of_the_form_are_taken(tmp_path: Path, line: str, heading: str):
    made = planned(tmp_path, {"单位": [[line], ["单位", heading], ["甲局", 12.5]]})
    assert value(made, 0, "附件3", "年初预算数") == 12.5


def test_the_sheets_may_stand_in_either_order(tmp_path: Path):
    made = planned(
        tmp_path,
        {
            "项目": [["单位", "项目名称", "年初预算数"], ["甲局", "修路", 10]],
            "单位": [["单位", "年初预算数"], ["甲局", 99]],
        },
    )
    assert value(made, 0, "附件3", "年初预算数") == 99
    assert value(made, 0, "附件4", "年初预算数") == 10


def test_a_list_of_projects_alone_lists_its_units_too(tmp_path: Path):
    rows: Rows = [
        ["单位", "项目名称", "年初预算数"],
        ["甲局", "修路", 10],
        ["乙局", "植树", 5],
        ["甲 局", "造桥", 20],
    ]
    made = planned(tmp_path, {"Sheet1": rows})
    assert names(made) == ["甲局", "乙局"]
    assert value(made, 0, "附件4", "年初预算数", 1) == 20
    assert value(made, 0, "附件3", "年初预算数") is None


def test_sheets_before_the_units_are_passed_over(tmp_path: Path):
    made = planned(tmp_path, {"封面": [["2024年名册"]], "单位": [["单位名称（全称）"], ["甲局"]]})
    assert names(made) == ["甲局"] and made.remarks == ("名册的工作表“封面”没有用到",)


@pytest.mark.parametrize("heading", ["单位编码", "预算单位编码", "单位代码", "项目编码"])
def test_codes_of_a_budget_system_need_no_field(tmp_path: Path, heading: str):
    made = planned(tmp_path, {"单位": [[heading, "单位"], ["101001", "甲局"]]})
    assert names(made) == ["甲局"]


def test_such_a_column_may_stand_under_a_heading_of_several(tmp_path: Path):
    rows: Rows = [["单位", "部门预算", None], [None, "年初预算数", "备注"], ["甲局", 8, "新设"]]
    made = planned(tmp_path, {"单位": rows}, merging("单位", "A1:A2", "B1:C1"))
    assert names(made) == ["甲局"] and value(made, 0, "附件3", "年初预算数") == 8


def test_columns_that_every_list_has_need_no_field(tmp_path: Path):
    made = planned(tmp_path, {"单位": [["序号", "单位", "备注"], [1, "甲局", "新设"]]})
    assert names(made) == ["甲局"]


@pytest.mark.parametrize("suffix", ["csv", "txt"])
def test_text_in_one_column_is_a_roster_of_names(tmp_path: Path, suffix: str):
    roster = tmp_path / f"名册.{suffix}"
    roster.write_text("2024年名册\n单位名称\n甲局\n\n乙局\n", encoding="gb18030")
    assert names(plan("hunan-2024", roster, tmp_path)) == ["甲局", "乙局"]


def test_a_file_that_is_no_table_is_named(tmp_path: Path):
    roster = tmp_path / "名册.csv"
    roster.write_text("单位，编制数\n甲局，8\n", encoding="utf-8")
    with pytest.raises(RosterError, match=r"名册\.csv 不是工作簿，也不是用逗号.*另存为"):
        plan("hunan-2024", roster, tmp_path)
    roster.write_bytes(b"PK\3\4" + bytes(100))
    with pytest.raises(RosterError, match=r"名册\.csv 不能读取"):
        plan("hunan-2024", roster, tmp_path)
