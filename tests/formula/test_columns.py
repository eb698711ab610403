"""Columns have ways of their own; they give what the same formula gives row by row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.formula import DictScope, Shelf, compile
from perfxl.formula.columns import MOST_ROWS
from perfxl.model import ExcelError, Scalar

numbers = st.one_of(
    st.integers(-20, 20),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from([0.1 + 0.2, 0.3, 0.0, 1e-15, 2.0**53, 1e308, -1e308, 100, 100.00000000000001]),
)
texts = st.sampled_from(
    [
        "",
        "万元",
        "ABC",
        "abc",
        "≤",
        "12",
        "98.05%",
        "成本指标",
        " 一 二 ",
        "TRUE",
        "a*",
        "?",
        ">1",
        "=abc",
    ]
)
scalars = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.sampled_from([ExcelError.NA, ExcelError.DIV0])
)
few = settings(max_examples=50, deadline=None)
columns = st.lists(scalars, min_size=2, max_size=6)

ELEMENTWISE = (
    *(f"x{sign}y" for sign in ("+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=")),
    "-x", "--x", "x%", "x*y*x", "x&y&x", 'x&""', 'x="万元"', "x>0", "0<x", "x<=0.3", "x=TRUE",
    "x=0",
    "NOT(x)", "ISNUMBER(x)", "ISBLANK(x)", "ISTEXT(x)", "ISERROR(x)", "ISNA(x)", "ISERR(x)",
    "ISLOGICAL(x)", "ISNONTEXT(x)", "ISEVEN(x)", "N(x)", "T(x)", "ABS(x)", "LEN(x)", 'LEN(x&"")>0',
    "TRIM(x)", "VALUE(x)", "LEFT(x,2)", "LEFT(x,y)", "MID(x,1,2)", 'SEARCH("成本",x)', "FIND(x,y)",
    "ROUND(x,2)", "ROUND(x,y)", "MOD(x,y)", "IF(x,y,0)", "IF(x>y,x,y)", "IFERROR(x,y)",
    "IFERROR(x/y,0)", "IFNA(x,1)", "SUBSTITUTE(x,y,x)", "ISNUMBER(x)*(x>0)*(LEN(y&\"\")>0)",
    "POWER(x,0.5)", "SQRT(x)", "UPPER(x)", "EXACT(x,y)",
)  # fmt: skip


def value(text: str, **names: object) -> object:
    return compile(text).evaluate(DictScope(names))


def same(one: object, other: object) -> bool:
    """Equal and of one type: 1, 1.0 and TRUE are three results."""
    return repr(one) == repr(other)


def cell(result: object) -> object:
    return result[0][0] if isinstance(result, list) else result


@pytest.mark.parametrize("text", ELEMENTWISE)
@few
@given(data=st.data())
def test_a_column_gives_what_its_rows_give(text: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(scalars, scalars), min_size=2, max_size=6))
    xs, ys = ([[row[i]] for row in rows] for i in (0, 1))
    expected = [[cell(value(text, x=x, y=y))] for x, y in rows]
    assert same(value(text, x=xs, y=ys), expected)


@pytest.mark.parametrize("text", ELEMENTWISE)
@few
@given(column=columns, fixed=scalars)
def test_a_scalar_stands_for_every_row(text: str, column: list[Scalar], fixed: Scalar) -> None:
    expected = [[cell(value(text, x=x, y=fixed))] for x in column]
    found = value(text, x=[[x] for x in column], y=fixed)
    assert same(found, expected)


@pytest.mark.parametrize("text", ELEMENTWISE)
@few
@given(column=columns)
def test_a_column_gives_what_a_wide_array_gives(text: str, column: list[Scalar]) -> None:
    tall = value(text, x=[[x] for x in column], y=2)
    wide = value(text, x=[[x, x] for x in column], y=2)
    assert same([[row[0], row[0]] for row in tall], wide)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["LEFT(x,2)", "x&y", "ROUND(x,y)", "NOT(x)", "COUNTIF(x,x)"])
def test_a_long_column_gives_what_a_short_one_gives(text: str) -> None:
    column: list[list[Scalar]] = [[1], ["12"], [None], [ExcelError.NA]]
    short = value(text, x=column, y=1)
    rounds = MOST_ROWS // len(column) + 1
    long = value(text, x=column * rounds, y=1)
    if text.startswith("COUNTIF"):
        short = [[row[0] * rounds] for row in short]  # type: ignore[attr-defined]
    assert same(long, short * rounds)  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "COUNTIF(x,{})", "COUNTIFS(x,{})", "COUNTIFS(x,{},y,{})", "SUMIFS(n,x,{})",
        "SUMIFS(n,x,{},y,{})", "AVERAGEIFS(n,x,{})", "MAXIFS(n,y,{})", "MINIFS(n,x,{},x,{})",
        "SUMIF(x,{},n)", "COUNTIFS(1,{},2,{})",
    ],
)  # fmt: skip
@few
@given(rows=st.lists(st.tuples(scalars, scalars, st.integers(-9, 9)), min_size=2, max_size=6))
def test_criteria_given_together_count_as_one_by_one(
    text: str, rows: list[tuple[Scalar, Scalar, int]]
) -> None:
    names = {name: [[row[i]] for row in rows] for i, name in enumerate("xyn")}
    together = value(text.format("x", "y"), **names)
    alone = [[value(text.format("a", "b"), **names, a=a, b=b)] for a, b, _ in rows]
    assert same(together, alone)


REPEATING = ("ISNUMBER(x)*(x>1)", "SUM(x)+(x>1)", "(x>1)+ISNUMBER(x)", "SUM(x)", 'LEN(x&"")>1')


@few
@given(column=columns)
def test_formulas_of_one_shelf_give_what_they_give_alone(column: list[Scalar]) -> None:
    shelf, memo, scope = Shelf(), {}, DictScope({"x": [[x] for x in column]})  # type: ignore[var-annotated]
    for text in (*REPEATING, *REPEATING):
        assert same(compile(text, shelf).evaluate(scope, memo), compile(text).evaluate(scope))


def test_what_formulas_share_is_worked_out_once() -> None:
    class Counting(DictScope):
        asked = 0

        def name(self, name: str):  # type: ignore[no-untyped-def]
            self.asked += 1
            return super().name(name)

    shelf, memo, scope = Shelf(), {}, Counting({"x": 3})  # type: ignore[var-annotated]
    assert compile("ISNUMBER(x)*2", shelf).evaluate(scope, memo) == 2
    assert compile("1+ISNUMBER( X )", shelf).evaluate(scope, memo) == 2
    assert compile("ISNUMBER(x)+1", shelf).evaluate(scope, memo) == 2
    assert scope.asked == 2


def test_what_only_looks_alike_is_not_shared() -> None:
    shelf, memo, scope = Shelf(), {}, DictScope({"x": 1})  # type: ignore[var-annotated]
    assert compile("x=1", shelf).evaluate(scope, memo) is True
    assert compile("x=TRUE", shelf).evaluate(scope, memo) is False
    assert compile('x="1"', shelf).evaluate(scope, memo) is False


def test_variables_of_let_stay_their_own() -> None:
    shelf, memo, scope = Shelf(), {}, DictScope({"x": 5})  # type: ignore[var-annotated]
    assert compile("LET(x,1,x+1)", shelf).evaluate(scope, memo) == 2
    assert compile("LET(x,2,x+1)", shelf).evaluate(scope, memo) == 3
    assert compile("x+1", shelf).evaluate(scope, memo) == 6
