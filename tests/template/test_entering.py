"""Only formulas that work on the cells of an area one by one are entered as arrays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from perfxl.template import available, shipped
from perfxl.template.entering import as_array
from perfxl.template.live import plan
from tests.template.samples import Made

NAMES = {
    "整体.算式.一格": "整体.控制率*2",
    "整体.算式.各行": "整体.指标.得分*2",
    "整体.指标.名称.言": "TRIM(整体.指标.名称)",
}


@pytest.mark.parametrize(
    "formula",
    [
        "IF(LEN(整体.控制率)=0,-1,1)",
        "COUNT(整体.指标.得分)+SUM( 整体.指标.得分 ,整体.控制率)",
        "MAX(整体.指标.得分)>整体.算式.一格",
        "COUNT(自查.项目.执行数)>0",
        '"整体.指标.得分"&整体.控制率',
    ],
)
def test_single_cells_and_areas_taken_in_whole_need_no_array(formula: str, template: Made) -> None:
    assert not as_array(template(), formula, NAMES)


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(LEN(整体.指标.得分))",
        "SUM(整体.指标.得分*2)",
        "整体.指标.得分>1",
        "整体.算式.各行",
        "SUM(整体.指标.名称.言)",
        "N('附件1'!整体.指标.得分)",
        "MATCH(1,{1,2},0)",
        "SUM(自查.不认识*1)",
    ],
)
def test_areas_taken_apart_need_one(formula: str, template: Made) -> None:
    assert as_array(template(), formula, NAMES)


def _arrays(path: Path, sheet: str) -> dict[str, bool]:
    """By address of each formula, whether it is entered as an array."""
    cells = (cell for row in openpyxl.load_workbook(path)[sheet].iter_rows() for cell in row)
    return {
        cell.coordinate: isinstance(cell.value, ArrayFormula)
        for cell in cells
        if cell.data_type == "f"
    }


def test_the_list_has_both(workbook: Callable[..., Path]) -> None:
    states = {at: one for at, one in _arrays(workbook(), "自查").items() if at.startswith("H")}
    assert set(states.values()) == {True, False}


@pytest.mark.parametrize("template_id", [path.stem for path in available()])
def test_rules_on_rows_are_arrays_and_most_others_are_not(template_id: str) -> None:
    made = shipped(template_id)
    planned = plan(made)
    names = {name: text for of in planned.names.values() for name, text in of.items()}
    once = [rule for rule in planned.rules.values() if not rule.group]
    assert all(as_array(made, rule.state, names) for rule in planned.rules.values() if rule.group)
    assert sum(as_array(made, rule.state, names) for rule in once) < len(once) / 2
