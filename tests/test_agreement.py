"""When a typed number counts as right: DESIGN section 5, rules.md section 2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.agreement import Agreement, compare, printed_decimals, round_half_up, same_text
from perfxl.model import ExcelError, Field, Kind, Value

RATE = Field("overall", "执行率", ("执行率",), kind=Kind.RATIO, decimals=4)
AMOUNT = Field("overall", "全年执行数", ("全年执行数",), kind=Kind.AMOUNT, decimals=2)
SCORE = Field("overall", "执行率得分", ("得分",), kind=Kind.POINTS, decimals=2)


def judged(stated, decimals, expected, field, moves=0.0, tolerance=None):
    value = Value(str(stated), stated, decimals)
    return compare(stated, expected, value, field, tolerance, lambda half: moves)


@pytest.mark.parametrize(
    ("stated", "decimals", "expected", "field", "moves", "agreement"),
    [
        pytest.param(0.9805, 4, 85.53 / 87.23, RATE, 0, Agreement.SAME, id="98.05% of 98.0511%"),
        pytest.param(9.8, 1, 9.805, SCORE, 0, Agreement.SAME, id="one decimal of 9.805"),
        pytest.param(9.81, 2, 9.805, SCORE, 0, Agreement.SAME, id="two decimals of 9.805"),
        pytest.param(0.98, 2, 0.9805, RATE, 0, Agreement.SAME, id="98% of 98.05%"),
        pytest.param(0.8905, 4, 0.9805, RATE, 0.0001, Agreement.DIFFERENT, id="digits swapped"),
        pytest.param(110.71, 2, 110.70, AMOUNT, 0.01, Agreement.ROUNDING, id="94.25+16.45"),
        pytest.param(110.72, 2, 110.70, AMOUNT, 0.01, Agreement.DIFFERENT, id="beyond 0.015"),
        pytest.param(216, 0, 215.88, AMOUNT, 0.005, Agreement.DOUBTFUL, id="rounded to whole"),
        pytest.param(217, 0, 215.88, AMOUNT, 0.005, Agreement.DIFFERENT, id="not even so"),
        pytest.param(0.8619, 4, 0.861830, RATE, 0, Agreement.DIFFERENT, id="86.19% of 86.183%"),
    ],
)
def test_a_stated_number_against_the_expected_one(
    stated, decimals, expected, field, moves, agreement
):
    assert judged(stated, decimals, expected, field, moves) is agreement


def test_a_rules_own_tolerance_replaces_rounding():
    assert judged(9.9, 1, 9.9896, AMOUNT, tolerance=0.1) is Agreement.SAME
    assert judged(9.5, 1, 9.9896, AMOUNT, moves=5.0, tolerance=0.1) is Agreement.DIFFERENT


@given(
    st.decimals(min_value=0, max_value=10_000, places=2).map(float),
    st.floats(min_value=0, max_value=10_000),
)
def test_the_further_off_the_heavier(near, far):
    expected = 100.0
    ordered = sorted((near, far), key=lambda stated: abs(stated - expected))
    first, second = (judged(stated, 2, expected, AMOUNT, 0.01) for stated in ordered)
    assert first <= second


def test_halves_round_away_from_zero_on_the_digits_a_person_sees():
    assert round_half_up(1.005, 2) == 1.01
    assert round_half_up(-2.5, 0) == -3
    assert round_half_up(9.805, 2) == 9.81


@given(st.floats(-1e300, 1e300), st.integers(15, 300))
def test_rounding_to_more_digits_than_there_are_changes_nothing(number: float, decimals: int):
    assert round_half_up(number, decimals) == pytest.approx(number, rel=1e-14, abs=1e-15)


def test_a_right_value_has_the_digits_the_form_asks_for_or_more_where_the_unit_used_more():
    assert printed_decimals(Value("9.8", 9.7, 1), SCORE) == 2
    assert printed_decimals(Value("9.805", 9.805, 3), SCORE) == 3
    assert printed_decimals(Value("7.726287263", 7.726287263, 9), SCORE) == 2
    assert printed_decimals(Value("123456.7元", 12.34567, 5), AMOUNT) == 5
    assert printed_decimals(Value("98%", 0.98, 2), RATE) == 4
    assert printed_decimals(Value(), RATE) == 4


def test_texts_agree_whatever_their_case_and_an_error_agrees_with_nothing():
    assert same_text("优", " 优 ")
    assert not same_text("优", "良")
    assert not same_text(ExcelError.NA, ExcelError.NA)
