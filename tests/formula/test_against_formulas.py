"""Agreement with the package ``formulas``, where that package is right about Excel."""

from __future__ import annotations

import math
import operator

import formulas
import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.formula import evaluate

whole = st.integers(-50, 50)
decimal = st.integers(-5000, 5000).map(lambda value: value / 100)
numbers = st.one_of(whole, decimal)


def theirs(formula: str, **cells: object) -> object:
    compiled = formulas.Parser().ast(formula)[1].compile()
    given = [
        numpy.array([[cells[str(name)]]], dtype=object) if str(name) in cells else None
        for name in compiled.inputs
    ]
    result = numpy.asarray(compiled(*given), dtype=object).ravel()[0]
    # Its error values are texts too, but equal to nothing but themselves.
    return result if isinstance(result, (bool, int, float, numpy.generic)) else f"{result}"


def agree(ours: object, other: object) -> bool:
    if isinstance(ours, (int, float)) and isinstance(other, (int, float, numpy.number)):
        return math.isclose(ours, float(other), rel_tol=1e-9, abs_tol=1e-9)
    return ours == other


# `formulas` folds `--x`, so signs are kept inside parentheses.
atoms = numbers.map(lambda value: f"({value})")
arithmetic = st.recursive(
    st.one_of(atoms, st.sampled_from(["A1", "B1"])),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("IF({}>{},{},{})".format, inner, inner, inner, inner),
        st.builds("SUM({},{},{})".format, inner, inner, inner),
        st.builds("MAX({},{})".format, inner, inner),
        st.builds("MIN({},{})".format, inner, inner),
        st.builds("ABS({})".format, inner),
        st.builds("AVERAGE({},{})".format, inner, inner),
        st.builds("IFERROR({},{})".format, inner, inner),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@example("((0)/(0))", 0, 0)
@given(arithmetic, numbers, numbers)
def test_arithmetic_and_if_agree(text: str, a: float, b: float) -> None:
    formula = f"={text}+A1*0+B1*0"
    assert agree(evaluate(formula, {"A1": a, "B1": b}), theirs(formula, A1=a, B1=b))


@settings(max_examples=40, deadline=None)
@given(whole, whole, st.sampled_from(["=", "<>", "<", ">", "<=", ">="]))
def test_comparisons_agree(a: int, b: int, sign: str) -> None:
    compare = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt,
               "<=": operator.le, ">=": operator.ge}[sign]  # fmt: skip
    formula = f"=A1{sign}B1"
    ours = evaluate(formula, {"A1": a, "B1": b})
    assert ours is compare(a, b)
    assert ours == bool(theirs(formula, A1=a, B1=b))


@settings(max_examples=40, deadline=None)
@given(st.text("ab总工会 ", max_size=8), st.integers(0, 9), st.integers(1, 9))
def test_text_functions_agree(value: str, count: int, start: int) -> None:
    for formula in (
        f"=LEFT(A1,{count})&RIGHT(A1,{count})&MID(A1,{start},{count})&LEN(A1)",
        '=SUBSTITUTE(UPPER(A1),"A","x")&LOWER(A1)',
    ):
        assert evaluate(formula, {"A1": value or "a"}) == theirs(formula, A1=value or "a")
