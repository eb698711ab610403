"""Every shipped template is sound, and its rules do what their cases say."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.template import available, load
from perfxl.template.lint import lint
from perfxl.trials import run_cases

SHIPPED = pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)


@SHIPPED
def test_nothing_is_to_be_put_right(workbook: Path) -> None:
    assert lint(load(workbook)) == []


@SHIPPED
def test_every_case_of_its_rules_holds(workbook: Path) -> None:
    outcomes = list(run_cases(load(workbook)))
    assert outcomes, "no rule without a case"
    assert [one for one in outcomes if not one.holds] == []
