"""Cells, ranges, sheets and names as formulas reach them."""

from __future__ import annotations

import pytest

from perfxl.formula import DictScope, GridScope, compile, evaluate
from perfxl.model import Cell, DefinedName, ExcelError, Grid

CELLS = {"A1": 1, "A2": 2, "A3": 3, "B1": 10, "B2": 20, "B3": "30", "附件 3!A1": 7, "表!A1": 8}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(A1:B2)", 33),
        ("=SUM($B$2:A1)", 33),
        ("=SUM(A:A)", 6),
        ("=SUM(1:2)", 33),
        ("=SUM(A1:A2:B1)", 33),
        ("=SUM('附件 3'!A1:'附件 3'!A2)", 7),
        ("=SUM('附件 3'!A1:表!A2)", "#VALUE!"),
        ("=SUM(A1:INDEX(A:A,3))", 6),
        ("=SUM((A1,B1:B2))", 31),
        ("=SUM(A1:B2 A2:B3)", 22),
        ("=A1:A2 B1:B2", "#NULL!"),
        ("='附件 3'!A1+表!A1", 15),
        ("=没有!A1", 0),
        ("=ROWS(A:A)", 1048576),
        ("=COLUMNS(A1:C2)", 3),
        ("=ROW(A5)", 5),
        ("=ROW(A1:A3)", [[1], [2], [3]]),
        ("=A1:A3*2", [[2], [4], [6]]),
        ("=A1:A3*{1,10}", [[1, 10], [2, 20], [3, 30]]),
        ("=A1:A3+B1:B2", [[11], [22], ["#N/A"]]),
        ("=ISREF(A1)", True),
        ("=ISREF(1)", False),
        ("=SUM(INDEX(A1:B3,0,1))", 6),
        ("=INDEX(A1:B3,2,0)", [[2, 20]]),
        ("=INDEX(A1:B3,4,1)", "#REF!"),
        ("=SUM(B3)", 0),
        ("=SUM(INDEX(B:B,3))", 0),
        ("=SUM(IF(TRUE,B3))", 0),
        ("=SUM(XLOOKUP(3,A:A,B:B))", 0),
    ],
)
def test_references_give_what_excel_gives(formula: str, expected: object) -> None:
    assert evaluate(formula, CELLS) == expected


def test_at_takes_the_value_of_the_own_row() -> None:
    formula = compile("=@A1:A3*10")
    assert formula.evaluate(DictScope(CELLS, here=(None, 2, 5))) == 20
    assert formula.evaluate(DictScope(CELLS, here=(None, 9, 5))) is ExcelError.VALUE


def test_a_column_of_a_row_group_gives_one_value_per_row() -> None:
    scope = DictScope(
        {"本表.得分": [9, 10, 8], "本表.分值": [10, 10, 8], "本表.原因": ["", None, "x"]}
    )
    formula = compile("(本表.得分<本表.分值)*(LEN(本表.原因)=0)")
    assert formula.evaluate(scope) == [[1], [0], [0]]
    assert compile("IF(本表.得分<本表.分值,本表.分值-本表.得分,0)").evaluate(scope) == [
        [1],
        [0],
        [0],
    ]
    assert compile("SUM(本表.得分)").evaluate(scope) == 27


def test_text_in_a_single_named_cell_is_left_out_of_a_sum_as_in_a_range() -> None:
    scope = DictScope({"整体.得分": "9", "整体.分值": 10})
    assert compile("SUM(整体.得分,整体.分值)").evaluate(scope) == 10
    assert compile("整体.得分+整体.分值").evaluate(scope) == 19


def grid(sheet: str, **cells: object) -> Grid:
    found = {}
    for address, value in cells.items():
        row, col = int(address[1:]), ord(address[0]) - 64
        found[row, col] = Cell(row, col, value)  # type: ignore[arg-type]
    return Grid(sheet, found)


def test_sheets_and_names_of_a_workbook() -> None:
    grids = [grid("甲", A1=1, A2=2), grid("乙", A1=10, A3=30)]
    names = [
        DefinedName("合计", "SUM(甲!$A$1:$A$2)"),
        DefinedName("首格", "甲!$A$1"),
        DefinedName("首格", "乙!$A$1", sheet="乙"),
        DefinedName("循环", "循环+1"),
    ]
    scope = GridScope(grids, names, here=("乙", 5, 5))
    assert compile("A1+合计").evaluate(scope) == 13
    assert compile("首格").evaluate(scope) == 10
    assert compile("甲!首格").evaluate(scope) == 1
    assert compile("ROW(首格)").evaluate(scope) == 1
    assert compile("SUM(a:a)").evaluate(scope) == 40
    assert compile("循环").evaluate(scope) is ExcelError.NAME
    assert compile("丙!A1").evaluate(scope) is ExcelError.REF


def test_whole_columns_of_sheets_of_different_length_line_up() -> None:
    scope = GridScope([grid("甲", A1=1, A2=2), grid("乙", A1=10, A9=30)])
    assert compile("SUMPRODUCT(甲!A:A*乙!A:A)").evaluate(scope) == 10


def test_one_far_away_cell_does_not_blow_a_range_up() -> None:
    far = Grid("甲", {(1, 1): Cell(1, 1, 1), (1048576, 16384): Cell(1048576, 16384, 1)})
    assert compile("SUM(A1:XFD1048576)").evaluate(GridScope(far)) is ExcelError.NUM
