"""What the computed cells should hold, by the formulas of the shipped template."""

import pytest

from perfxl.recompute import Outcome, defining
from perfxl.template import shipped
from tests.judging import TEMPLATE, computed

MONEY = {"整体.全年预算数": "87.23", "整体.全年执行数": "85.53", "整体.执行率分值": "10"}
SCORES = {"整体.指标.得分": ("10", "9.5"), "整体.指标.分值": ("10", "10")}


@pytest.mark.parametrize(
    ("stated", "outcome", "value"),
    [
        ("98.05%", Outcome.AGREES, 0.9805),
        ("98%", Outcome.AGREES, 0.9805),
        ("98.06%", Outcome.ROUNDING, 0.9805),
        ("89.05%", Outcome.WRONG, 0.9805),
        ("", Outcome.BLANK, 0.9805),
        ("见附表", Outcome.WRONG, 0.9805),
    ],
)
def test_an_execution_rate_against_its_formula(stated, outcome, value):
    cell = computed({**MONEY, "整体.执行率": stated})["整体.执行率"]
    assert (cell.outcome, cell.value) == (outcome, value)


def test_a_score_is_right_by_the_rate_as_stated_or_by_the_rate_put_right():
    wrong_rate = {**MONEY, "整体.执行率": "88.05%"}
    by_right_rate = computed({**wrong_rate, "整体.执行率得分": "9.81"})
    assert by_right_rate["整体.执行率得分"].outcome is Outcome.AGREES
    by_wrong_rate = computed({**wrong_rate, "整体.执行率得分": "8.81"})["整体.执行率得分"]
    assert (by_wrong_rate.outcome, by_wrong_rate.value) == (Outcome.FOLLOWS, 9.81)


@pytest.mark.parametrize("score", ["9.73", "9.7"])
@pytest.mark.parametrize("rate", ["97%", "97.00%"])
def test_a_score_is_right_by_the_rate_as_rounded_or_by_the_rate_to_its_last_digit(rate, score):
    rounded = {"整体.全年预算数": "50", "整体.全年执行数": "48.64", "整体.执行率分值": "10"}
    cells = computed({**rounded, "整体.执行率": rate, "整体.执行率得分": score})
    assert cells["整体.执行率得分"].outcome is Outcome.AGREES


def test_one_wrong_rate_runs_through_to_the_total():
    cells = computed(
        {
            **MONEY,
            **SCORES,
            "整体.执行率": "88.05%",
            "整体.执行率得分": "8.81",
            "整体.总分": "28.31",
        }
    )
    outcomes = {name: cell.outcome for name, cell in cells.items() if name.startswith("整体")}
    assert outcomes["整体.执行率"] is Outcome.WRONG
    assert outcomes["整体.执行率得分"] is Outcome.FOLLOWS
    assert outcomes["整体.总分"] is Outcome.FOLLOWS
    assert cells["整体.总分"].value == 29.31


def test_a_right_value_has_the_decimals_the_form_asks_for():
    cells = computed({**MONEY, "整体.执行率": "98.05%", "整体.执行率得分": "8.9"})
    assert cells["整体.执行率得分"].value == 9.81


@pytest.mark.parametrize(
    ("stated", "value"), [("8.905", 9.805), ("8.9051", 9.805), ("8.905137263", 9.81)]
)
def test_decimals_that_only_a_formula_gives_are_not_kept(stated, value):
    cells = computed({**MONEY, "整体.执行率": "98.05%", "整体.执行率得分": stated})
    assert cells["整体.执行率得分"].value == value


def test_a_score_never_exceeds_its_points():
    over = {"整体.全年预算数": "80", "整体.全年执行数": "100", "整体.执行率分值": "10"}
    cells = computed({**over, "整体.执行率": "125%", "整体.执行率得分": "12.5"})
    assert cells["整体.执行率得分"].value == 10


def test_a_zero_budget_is_not_computed():
    cells = computed({"整体.全年预算数": "0", "整体.全年执行数": "0", "整体.执行率": "0"})
    assert "整体.执行率" not in cells


def test_nothing_is_computed_from_what_cannot_be_read():
    cells = computed({"整体.全年预算数": "7,00.0,77", "整体.全年执行数": "85.53"})
    assert "整体.执行率" not in cells


def test_each_computed_field_of_the_template_has_one_formula():
    template = shipped(TEMPLATE)
    fields = {
        (form.prefix, field.name)
        for form in template.forms
        for field in form.fields.values()
        if field.role.value == "计算"
    }
    assert set(defining(template)) == fields
