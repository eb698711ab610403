"""What a formula may look like, and what the author is told when it does not."""

from __future__ import annotations

import pytest

from perfxl.formula import DictScope, FormulaError, compile, evaluate
from perfxl.model import ExcelError, Range


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM（1，2）", 3),
        ("＝1＋1", 2),
        ('=IF（1＞0，"是，否"，“否”）', "是，否"),
        ('="他说""好"""', '他说"好"'),
        ('="一\n二"', "一\n二"),
        ("= 1 +\n 2 ", 3),
        ("=+1", 1),
        ("=.5", 0.5),
        ("=1.5E+2", 150),
        ("=ROUND(1.25,)", 1),
        ("=_xlfn.IFNA(#N/A,3)", 3),
        ("=_xlfn._xlws.SORT({3;1})", [[1], [3]]),
        ("=LET(甲,2,乙,甲*3,甲+乙)", 8),
        ("=_xlfn.LET(_xlpm.x,2,_xlpm.x^2)", 4),
        ("=LET(x,1,LET(x,2,x)+x)", 3),
        ('={1,-2;"a",TRUE}', [[1, -2], ["a", True]]),
        ("=true", True),
        ("=sum(1,2)", 3),
    ],
)
def test_accepted_spellings(formula: str, expected: object) -> None:
    assert evaluate(formula, {}) == expected


@pytest.mark.parametrize(
    ("formula", "position", "says"),
    [
        ("", 0, "空"),
        ("=", 1, "空"),
        ("=1+", 3, "末尾"),
        ("=(1", 3, "末尾"),
        ("=1)", 2, "括号"),
        ("=A1 + 'x", 6, "单引号"),
        ('=A1&"x', 4, "双引号"),
        ("=A1≥1", 3, ">="),
        ("=A1×2", 3, "*"),
        ("=A1 B1 1", 7, "缺少运算符或逗号"),
        ("=表[列]", 2, "结构化引用"),
        ("={1,2;3}", 1, "长短不一"),
        ("={A1}", 2, "A1"),
        ("=ROUND(1)", 1, "ROUND"),
        ("=IF()", 1, "IF"),
        ("=XFE1:XFE2", 1, "超出了工作表"),
        ("=1 2", 3, "缺少运算符"),
    ],
)
def test_a_mistake_is_named_with_its_place(formula: str, position: int, says: str) -> None:
    with pytest.raises(FormulaError, match=r".") as caught:
        compile(formula)
    assert says in str(caught.value)
    assert caught.value.position == position


def test_what_a_formula_uses_is_listed_in_order() -> None:
    formula = compile(
        "=LET(x,整体.指标.得分,_xlfn.IFNA(SUM(x,'附件 3'!$A$1:B2,A:A),整体.分值))+整体.分值"
    )
    assert formula.names == ("整体.指标.得分", "整体.分值")
    assert formula.references == (
        ("附件 3", Range(1, 1, 2, 2)),
        (None, Range(1, 1, 1048576, 1)),
    )
    assert formula.functions == ("LET", "IFNA", "SUM")
    assert formula.unknown_functions == ()
    assert formula.refusal is None


def test_functions_nobody_has_are_listed() -> None:
    formula = compile("=没有.这个(1)+NOFUNC(2)+OFFSET(A1,1,1)+SUM(1)")
    assert formula.unknown_functions == ("没有.这个", "NOFUNC", "OFFSET")


def test_names_are_replaced_and_nothing_else_is() -> None:
    formula = compile('=ROUND( 整体.执行率，2 )&"整体.执行率"&整体.执行率2 & LET(得分,1,得分)')
    assert formula.with_names({"整体.执行率": "'附件3'!K4", "得分": "X"}) == (
        "ROUND( '附件3'!K4，2 )&\"整体.执行率\"&整体.执行率2 & LET(得分,1,得分)"
    )


@pytest.mark.parametrize("text", ["A1.数", "FY2024率", "ABCD1", "_x", "指标.2024年数"])
def test_names_that_begin_like_cells_are_names(text: str) -> None:
    assert compile(text).names == (text,)
    assert compile(text).evaluate(DictScope({text: 7})) == 7


def test_a_function_that_looks_like_a_cell_is_a_function() -> None:
    assert evaluate("=LOG10(100)", {"LOG10": 1}) == 2


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ('=INDIRECT("A1")', "INDIRECT"),
        ("=SUM(OFFSET(A1,0,0,2,2))", "OFFSET"),
        ('=WEBSERVICE("http://x")', "WEBSERVICE"),
        ("=[1]Sheet1!A1", "外部工作簿"),
        ("='[账.xlsx]表'!A1+1", "外部工作簿"),
        ("=SUM(甲:丙!A1)", "多张工作表"),
        ("=TODAY()", "TODAY"),
        ("=BESSELJ(1,1)", "BESSELJ"),
    ],
)
def test_formulas_that_must_not_run_on_returned_workbooks_say_why(formula: str, says: str) -> None:
    assert says in (compile(formula).refusal or "")


def test_another_workbook_is_never_opened() -> None:
    assert evaluate("=[1]Sheet1!A1", {"A1": 1}) == ExcelError.REF.value
    assert evaluate('=INDIRECT("A1")', {"A1": 1}) == ExcelError.NAME.value
