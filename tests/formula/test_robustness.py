"""Whatever text stands in a cell, the engine answers: a value, an error value, a refusal."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.formula import DictScope, FormulaError, GridScope, compile
from perfxl.formula.functions import FUNCTIONS
from perfxl.model import Cell, ExcelError, Grid

from .writing import CELLS, formulas

SCALARS = (int, float, str, bool, type(None), ExcelError)
SCOPE = DictScope(CELLS, here=(None, 3, 3))
MARKS = "=+-*/^&<>%:(),;{}@#!\"'$[]. \n，（）：；“”ＡA1b2甲_\\~?*9eE"


def answer(text: str) -> object:
    try:
        formula = compile(text)
    except FormulaError as error:
        assert error.args[0]
        return error
    value = formula.evaluate(SCOPE)
    if isinstance(value, list):
        assert value and all(len(row) == len(value[0]) > 0 for row in value)
        assert all(isinstance(cell, SCALARS) for row in value for cell in row), (text, value)
    else:
        assert isinstance(value, SCALARS), (text, value)
    return value


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(alphabet=MARKS, max_size=30)))
@example("=")
@example("A1:B")
@example("'附件")
@example('"')
@example("1E999")
@example("#REF!A1")
@example("SUM(A:A:1:1)")
@example("A1#")
@example("(A1,B2)")
@example("{1,2;3}")
@example("LET(1,2,3)")
@example("LET(a,1,b)")
def test_any_text_either_parses_or_is_refused_in_words(text: str) -> None:
    answer(text)


@settings(max_examples=1500, deadline=None)
@given(formulas(sorted(set(FUNCTIONS) - {"NOW", "TODAY"})))
def test_evaluating_never_raises(text: str) -> None:
    answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["1"] * 4000),
        "1" + "%" * 8000,
        "-" * 8000 + "1",
        "&".join(['"a"'] * 2000),
        "A1 " * 2700,
        "(" + ",".join(["A1"] * 2700) + ")",
        ":".join(["A1"] * 2700),
        "=".join(["1"] * 4000),
        "(" * 64 + "1" + ")" * 64,
        "IF(1," * 64 + "1" + ")" * 64,
        "1=(1&(1+(1*(1^(-" * 12 + "1" + ")))))" * 12,
    ],
    ids=lambda text: text[:12],
)
def test_long_formulas_do_not_exhaust_the_stack(text: str) -> None:
    assert not isinstance(answer(text), FormulaError)


@pytest.mark.parametrize("text", ["(" * 65 + "1" + ")" * 65, "ABS(" * 65 + "1" + ")" * 65])
def test_more_than_64_levels_are_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="64 层"):
        compile(text)


def test_more_than_8192_characters_are_refused() -> None:
    with pytest.raises(FormulaError, match="8192"):
        compile("1" + "+1" * 4096)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('REPT("工",32768)', ExcelError.VALUE),
        ('REPT("a",20000)&REPT("b",20000)', ExcelError.VALUE),
        ("9^9^9^9", ExcelError.NUM),
        ("1E308*10", ExcelError.NUM),
        ("FACT(1000)", ExcelError.NUM),
        ("SUM(SEQUENCE(100000,100000))", ExcelError.NUM),
        ("SUM(ROW(1:4096)*COLUMN(A:XFD))", ExcelError.NUM),
        ('SUBSTITUTE(REPT("a",30000),"a","aaaaaaaaaaaa")', ExcelError.VALUE),
        ('TEXTJOIN(REPT("-",1000),TRUE,SEQUENCE(1000))', ExcelError.VALUE),
    ],
)
def test_results_stay_within_what_a_cell_can_hold(text: str, error: ExcelError) -> None:
    assert answer(text) is error


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "SUMPRODUCT(COUNTIF(A1:A100000,A1:A100000))",
        "SUMPRODUCT(MATCH(A1:A100000,A1:A100000,0))",
        "+".join(["SUM(A:A)"] * 500),
        "A:A" + "%" * 2000,
        "A:A" + "+1" * 2000,
        'SUM(LEN(REPT("a",32767)&SEQUENCE(1000000)))',
        'SUM(LEN(REPT("a",30000+SEQUENCE(1000000)*0)))',
        "LET(x,SEQUENCE(1000,1000)," + "+".join(["SUM(x)"] * 500) + ")",
        "SUM(" + "*".join(["SEQUENCE(1000,1000)"] * 300) + ")",
        "SUMPRODUCT((A1:A10000=TRANSPOSE(A1:A10000))*1)",
    ],
    ids=lambda text: text[:40],
)
def test_a_formula_cannot_keep_the_checker_busy_for_long(text: str) -> None:
    grid = Grid("表", {(row, 1): Cell(row, 1, float(row)) for row in range(1, 100_001)})
    begun = time.perf_counter()
    assert compile(text).evaluate(GridScope(grid)) is ExcelError.NUM
    assert time.perf_counter() - begun < 20


def test_a_pattern_of_many_stars_is_quick() -> None:
    assert answer(f'COUNTIF(A1,"{"*a" * 100}")') == 0
    assert answer(f'ISERROR(SEARCH("{"*a" * 100}b",REPT("a",30000)))') is True
