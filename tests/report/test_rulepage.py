from __future__ import annotations

import pytest

from perfxl.codes import CODES
from perfxl.report.rulepage import code_page, listing, rule_page
from perfxl.report.width import width
from perfxl.template import available, shipped

HEADINGS = ["查什么", "为什么", "错例", "正例", "怎么改", "公式", "依据", "自哪年"]


@pytest.fixture(params=[path.stem for path in available()])
def template(request: pytest.FixtureRequest):
    return shipped(request.param)


def test_every_shipped_rule_has_a_page_with_all_headings(template):
    for rule in template.rules:
        lines = rule_page(rule, template, 100).splitlines()
        assert [line for line in lines if line in HEADINGS] == HEADINGS, rule.code


def test_every_rule_and_every_own_code_is_listed_once(template):
    codes = [line.split()[0] for line in listing([template]).splitlines() if line[:2] == "  "]
    assert codes == [rule.code for rule in template.rules] + list(CODES)


def test_the_scopes_stand_under_each_other(template):
    rules = listing([template]).split("\n\n")[0].splitlines()[1:]
    starts = {width(line[: line.rindex("  ") + 2]) for line in rules if "  " in line.strip()}
    assert len(starts) == 1


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_an_own_code_has_a_page(code):
    text = code_page(code, 80)
    assert code.title in text and "依据" in text
