"""A returned workbook laid out anew as its template prints it: the same values, told the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.check import check_book
from perfxl.intake import read
from perfxl.model import Book, Cell, Grid, Range
from perfxl.plaintext import read_plaintext
from tests.rebuild.comparing import lost, placed, rebuild, said
from tests.test_damage import KINDS, WORKBOOKS, damaged, sample

ROOT = Path(__file__).parents[2]
SAMPLES = [path for path in WORKBOOKS if ".checked" not in path.name]
HUNAN = ROOT / "samples" / "hongjiang-2024" / "洪江区总工会.xlsx"
STACKED = ROOT / "samples" / "extract" / "洪江区总工会.xlsx"

INDICATORS = [
    "培训人次,人次,正向指标,≥{0}00,5,{0}00,5,",
    "培训合格率,%,正向指标,≥9{0},5,9{0},5,",
]


def table(rows: int) -> str:
    """A project of Chongqing as a table of text, with that many indicators."""
    indicators = [INDICATORS[row % 2].format(row % 9 + 1) for row in range(rows)]
    return "\n".join(
        [
            "2022年度项目支出绩效自评表,,,,,,,,",
            "项目名称,技能培训,项目编码,,0012,,自评总分（分）,,98",
            "主管部门,某某局,实施单位,,某某中心,,,,",
            "项目资金（万元）,,年初预算数,,全年（调整）预算数,全年执行数,执行率,执行率权重,执行率得分",
            ",年度总金额,100,,110.5,105.2,95.20%,10,9.52",
            "当年绩效目标,年初绩效目标,,全年（调整）绩效目标,,,全年目标实际完成情况,,",
            ",办好培训,,办好培训,,,都已办好,,",
            "绩效指标,指标名称,计量单位,指标性质,指标值,指标权重（分）,全年完成值,指标得分（分）,说明",
            *(f",{line}" for line in indicators),
            "填表人：张三　填报日期：2023.4.30,,,,,,,,",
            "另附：培训名单存于人事股。,,,,,,,,",
        ]
    )


def text_table(rows: int) -> Book:
    return read_plaintext("技能培训.csv", table(rows).encode())


def column(book: Book, sheet: str, col: int) -> list[object]:
    grid = book.grid(sheet)
    assert grid is not None
    return [cell.value for (_, at), cell in sorted(grid.cells.items()) if at == col]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_the_findings_are_the_same_at_the_new_cells(path: Path):
    book = read(path)
    report, made, again = rebuild(book)
    fresh = check_book(again, report.template)
    assert said(made.report.findings) == said(report.findings) == said(fresh.findings)
    assert placed(made.report) == placed(fresh)
    assert lost(book, again) == []


@settings(max_examples=40, deadline=None)
@given(
    path=st.sampled_from(SAMPLES),
    kinds=st.sets(st.sampled_from(KINDS), max_size=4).map(
        lambda chosen: [kind for kind in KINDS if kind in chosen]
    ),
    rows=st.lists(st.integers(1, 60), max_size=4),
    columns=st.lists(st.integers(1, 14), max_size=2),
)
def test_whatever_shape_it_came_in(
    path: Path, kinds: list[str], rows: list[int], columns: list[int]
):
    book, binding, _ = sample(path)
    returned = damaged(book, binding, kinds, rows, columns)
    report, made, again = rebuild(returned)
    fresh = check_book(again, report.template)
    assert said(made.report.findings) == said(report.findings)
    assert said(fresh.findings) == said(report.findings)
    assert {one.sheet for one in made.report.findings if one.sheet} <= {
        grid.sheet for grid in again.grids
    }
    assert lost(returned, again) == []


@pytest.mark.parametrize("rows", [1, 3, 8, 21])
def test_a_group_has_as_many_rows_as_were_read(rows: int):
    _, _, again = rebuild(text_table(rows))
    (grid, *_) = again.grids
    header = next(row for (row, _), cell in grid.cells.items() if cell.value == "指标名称")
    names = [grid.cells[row, 2].value for row in range(header + 1, header + rows + 1)]
    assert names == [("培训人次", "培训合格率")[row % 2] for row in range(rows)]
    assert (header + rows + 1, 2) not in grid.cells
    # The label beside the rows is merged over all of them and the header.
    assert Range(header, 1, header + rows, 1) in grid.merges


def test_what_was_typed_as_text_stays_text():
    _, _, again = rebuild(text_table(3))
    values = {cell.value for cell in again.grids[0].cells.values()}
    assert {"95.20%", "110.5", "0012", "≥100"} <= values
    assert 110.5 not in values


def test_numbers_stay_numbers_with_the_format_they_had():
    _, _, again = rebuild(read(HUNAN))
    overall = again.grid("附件3")
    shown = {(cell.value, cell.number_format) for cell in overall.cells.values()}
    assert (0.9805, "0.00%") in shown and (110.71, "General") in shown


def test_the_text_after_a_label_becomes_a_number_of_its_own():
    _, _, again = rebuild(read(HUNAN))
    cells = again.grid("附件3").cells.values()
    beside = {cell.value: again.grid("附件3").at(cell.row, cell.col + 3) for cell in cells}
    value = beside["其中：基本支出："]
    assert value is not None and (value.value, value.number_format) == (84.38, "0.00")


def test_each_form_gets_a_sheet_and_keeps_its_sheets_name():
    assert [g.sheet for g in rebuild(read(HUNAN))[2].grids] == [
        "附件2", "附件3", "附件4-1", "附件4-2",
    ]  # fmt: skip
    # All of them in one sheet: the names are those of the template.
    assert [g.sheet for g in rebuild(read(STACKED))[2].grids] == [
        "附件2", "附件3", "附件4", "附件4-2",
    ]  # fmt: skip


def test_a_sheet_name_that_excel_refuses_is_made_one_that_it_takes():
    book = read(HUNAN)
    names = {"附件2": "基础/数据[1]", "附件3": "表" * 40, "附件4-1": "history"}
    renamed = replace(
        book, grids=tuple(replace(g, sheet=names.get(g.sheet, g.sheet)) for g in book.grids)
    )
    assert [g.sheet for g in rebuild(renamed)[2].grids] == [
        "基础_数据_1_", "表" * 31, "附件4", "附件4-2",
    ]  # fmt: skip


def test_lines_under_the_form_and_who_filled_it_in_stay():
    _, _, again = rebuild(text_table(3))
    first = column(again, again.grids[0].sheet, 1)
    assert "填表人：张三　填报日期：2023.4.30" in first
    assert first[-1] == "另附：培训名单存于人事股。"


def test_what_stands_in_no_place_of_the_form_is_listed_with_its_cell():
    book = read(HUNAN)
    first, *others = book.grids
    right = first.extent.right + 2
    row = first.extent.bottom // 2
    remarked = replace(first, cells={**first.cells, (row, right): Cell(row, right, "财务股核过")})
    report, _, again = rebuild(replace(book, grids=(remarked, *others)))
    listed = again.grid("其他内容")
    assert again.grids[-1] is listed
    rows = [[listed.cells[at, col].value for col in (1, 2, 3)] for at in range(3, 4)]
    assert rows == [["附件2", Cell(row, right, None).address, "财务股核过"]]
    assert said(check_book(again, report.template).findings) == said(report.findings)


def test_sheets_that_hold_no_form_come_along_as_they_are():
    book = read(HUNAN)
    cells = {(2, 2): Cell(2, 2, "附：明细"), (3, 2): Cell(3, 2, 12.5, None, "0.00")}
    extra = Grid("明细", cells, (Range(2, 2, 2, 4),), visible=False)
    _, _, again = rebuild(replace(book, grids=(*book.grids, extra)))
    copied = again.grid("明细")
    assert copied is not None and not copied.visible
    assert copied.merges == extra.merges
    assert {at: (c.value, c.number_format) for at, c in copied.cells.items()} == {
        (2, 2): ("附：明细", "General"),
        (3, 2): (12.5, "0.00"),
    }


def test_what_an_earlier_copy_kept_is_kept_again():
    _, _, first = rebuild(text_table(3))
    kept = Grid("其他内容", {(3, 3): Cell(3, 3, "财务股核过")})
    ours = Grid("校验结果", {(1, 1): Cell(1, 1, "校验结果")})
    _, _, again = rebuild(replace(first, kind="xls", grids=(*first.grids, kept, ours)))
    assert [grid.sheet for grid in again.grids] == [first.grids[0].sheet, "其他内容-2"]
    assert column(again, "其他内容-2", 3) == ["财务股核过"]


def test_a_rate_of_an_xlsb_is_shown_as_per_cent():
    book = read(HUNAN)
    bare = replace(
        book,
        kind="xlsb",
        grids=tuple(
            replace(g, cells={at: c._replace(number_format="General") for at, c in g.cells.items()})
            for g in book.grids
        ),
    )
    _, _, again = rebuild(bare)
    shown = {(cell.value, cell.number_format) for cell in again.grid("附件3").cells.values()}
    assert (0.9805, "0.00%") in shown


def test_what_was_not_found_in_the_returned_form_is_not_made_up():
    book = read(HUNAN)
    overall = book.grid("附件3")
    bare = {at: cell for at, cell in overall.cells.items() if cell.value != "全年执行数"}
    without = replace(
        book, grids=tuple(replace(g, cells=bare) if g is overall else g for g in book.grids)
    )
    report, _, again = rebuild(without)
    assert any(one.code == "L101" for one in report.findings)
    assert said(check_book(again, report.template).findings) == said(report.findings)


def test_right_values_are_formulas_over_the_new_cells():
    report, made, again = rebuild(read(HUNAN))
    assert {(r.field, r.formula) for r in made.report.repairs} == {
        ("收入合计", "ROUND(SUM(E6,E7,E8,0),2)"),
        ("支出合计", "ROUND(SUM(J6,J7),2)"),
    }
    assert {r.field for r in report.repairs} == {r.field for r in made.report.repairs}
    grid = again.grid("附件3")
    assert (grid.cells[6, 5].value, grid.cells[6, 2].value) == (85.53, "其中：一般公共预算：")


def test_the_same_workbook_gives_the_same_bytes():
    book = read(STACKED)
    first, second = (rebuild(book)[1].package for _ in range(2))
    assert first.data == second.data
