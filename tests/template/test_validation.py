"""What the inputs of a form take, and what is said beside them, as the workbook holds it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.formula import DictScope, compile
from perfxl.model import Field, Kind, Role
from perfxl.template import available, load
from perfxl.template.prompts import LONGEST_TEXT, LONGEST_TITLE
from perfxl.template.validation import validation
from tests.template.samples import changed

SHIPPED = pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
_AMOUNT = Field("整体", "支出", ("支出：",), kind=Kind.AMOUNT, unit="万元", decimals=2)


def of(field: Field, **changes: object) -> dict[str, object]:
    found = validation(dataclasses.replace(field, **changes), "B4", 2024)
    assert found is not None
    return found


def takes(field: Field, typed: float | str) -> bool:
    """Whether the formula of a custom validation is TRUE for what was typed."""
    formula = str(of(field)["value"]).removeprefix("=").replace("B4", "表.格")
    return bool(compile(formula).evaluate(DictScope({"表.格": typed})))


@pytest.mark.parametrize("typed", [0, 0.01, 85.53, 0.1 + 0.2, 1_234_567.89])
def test_an_amount_takes_numbers_with_two_decimals(typed: float) -> None:
    assert takes(_AMOUNT, typed)


@pytest.mark.parametrize("typed", [-0.01, 85.535, 1.001, "85.53", "85.53万元", "无"])
def test_an_amount_takes_nothing_else(typed: float | str) -> None:
    assert not takes(_AMOUNT, typed)


def test_an_amount_without_a_bound_may_be_negative() -> None:
    assert takes(dataclasses.replace(_AMOUNT, least=float("-inf")), -3.5)


def test_points_lie_between_nought_and_a_hundred() -> None:
    points = Field("整体", "得分", ("得分",), kind=Kind.POINTS, decimals=2)
    assert [takes(points, typed) for typed in (0, 9.81, 100, 100.5, -1, 9.815)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": Kind.COUNT}, {"validate": "whole", "criteria": ">=", "value": 0}),
        ({"kind": Kind.RATIO}, {"validate": "decimal", "criteria": ">=", "value": 0}),
        ({"kind": Kind.YEAR}, {"validate": "whole", "minimum": 2000, "maximum": 2099}),
        (
            {"kind": Kind.TEXT, "most": 200.0},
            {"validate": "length", "criteria": "<=", "value": 200},
        ),
        (
            {"kind": Kind.TEXT, "options": ("定量", "定性")},
            {"validate": "list", "source": ["定量", "定性"], "error_type": "stop"},
        ),
        (
            {"kind": Kind.TEXT, "options": ("个", "人", "…")},
            {"validate": "list", "source": ["个", "人"], "show_error": False},
        ),
        ({"kind": Kind.MEASURE}, {"validate": "any"}),
    ],
)
def test_each_kind_has_its_own_validation(
    changes: dict[str, object], says: dict[str, object]
) -> None:
    found = of(_AMOUNT, **changes)
    assert {key: found[key] for key in says} == says


def test_a_date_lies_within_the_year_of_the_form() -> None:
    found = of(_AMOUNT, kind=Kind.DATE)
    assert (str(found["minimum"]), str(found["maximum"])) == ("2024-01-01", "2024-12-31")


def test_what_the_template_says_of_a_field_comes_before_what_its_kind_says() -> None:
    assert of(_AMOUNT, prompt="实际支出数。")["input_message"] == (
        "实际支出数。填数字，单位万元，最多两位小数；没有的填 0。"
    )
    assert of(_AMOUNT, kind=Kind.TEXT, prompt="写明原因。")["input_message"] == "写明原因。"


def test_a_refusal_names_the_field_and_what_to_type() -> None:
    found = of(_AMOUNT)
    assert found["error_title"] == "请填数字"
    assert found["error_message"] == (
        "“支出”只能填数字，单位万元，最多两位小数，不小于 0；不写单位和其他文字。"
    )


def test_nothing_is_typed_into_a_computed_cell() -> None:
    assert validation(dataclasses.replace(_AMOUNT, role=Role.COMPUTED), "B4", 2024) is None


def _at(sheet: Worksheet, address: str) -> DataValidation | None:
    return next(
        (one for one in sheet.data_validations.dataValidation if address in one.sqref), None
    )


def test_validations_of_a_group_reach_the_row_below_it(workbook: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(workbook())["附件1"]
    found = _at(sheet, "C10")
    assert found is not None and str(found.sqref) == "C8:C12"
    assert found.formula1.startswith("IF(ISNUMBER(C8),ABS(ROUND(MIN(100,MAX(0,C8)),")


def test_options_and_prompts_of_the_text_face_reach_the_cell(workbook: Callable[..., Path]) -> None:
    rule = "|---" * 9 + "|"
    header = f"| 小数 | 必填 | 角色 |\n{rule}"
    text = changed(header, f"| 小数 | 必填 | 角色 | 提示 | 选项 |\n{rule}---|---|")
    lines = text.split("\n")
    start = lines.index("| 单位名称 | 单位名称 | 预算单位 | | 文本 | | | 是 | 预填 |")
    for at in range(start, start + 12):
        options = "写清楚。 | 高；低" if lines[at].startswith("| 指标.名称") else " | "
        lines[at] = lines[at] + f" {options} |"
    found = _at(openpyxl.load_workbook(workbook("\n".join(lines)))["附件1"], "A10")
    assert found is not None
    assert (found.type, found.formula1, found.prompt) == (
        "list", '"高,低"', "写清楚。从列表中选：高、低。",
    )  # fmt: skip


def _fields(workbook: Path) -> Iterator[tuple[Worksheet, Field]]:
    book = openpyxl.load_workbook(workbook)
    for form in load(workbook).forms:
        columns = [column for group in form.groups.values() for column in group.columns]
        for field in (*form.fields.values(), *columns):
            if field.area:
                yield book[form.sheet], field


@SHIPPED
def test_every_number_of_a_shipped_form_refuses_text_and_says_so(workbook: Path) -> None:
    numbers = {Kind.AMOUNT, Kind.COUNT, Kind.AREA, Kind.POINTS}
    typed = [
        (sheet, field)
        for sheet, field in _fields(workbook)
        if field.role is not Role.COMPUTED and field.kind in numbers
    ]
    assert typed
    for sheet, field in typed:
        assert field.area is not None
        found = _at(sheet, f"{openpyxl.utils.get_column_letter(field.area.left)}{field.area.top}")
        assert found is not None, field.name
        assert found.errorStyle in (None, "stop") and found.showErrorMessage, field.name
        assert found.prompt and found.error, field.name


@SHIPPED
def test_no_cell_has_two_validations(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook).worksheets:
        areas = [a for one in sheet.data_validations.dataValidation for a in one.sqref.ranges]
        cells = [cell for area in areas for cell in area.cells]
        assert len(cells) == len(set(cells))


@SHIPPED
def test_prompts_and_refusals_are_as_short_as_excel_wants(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook).worksheets:
        for one in sheet.data_validations.dataValidation:
            assert len(one.prompt or "") <= LONGEST_TEXT and len(one.error or "") <= LONGEST_TEXT
            assert max(len(one.promptTitle or ""), len(one.errorTitle or "")) <= LONGEST_TITLE
