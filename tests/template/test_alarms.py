"""A cell turns red while a rule about it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

import perfxl
from perfxl.model import ExcelError, Kind, Level, Range, Role, a1
from perfxl.package import read_book
from perfxl.template import available, shipped
from perfxl.template.alarms import Alarm, alarms, misfits
from perfxl.template.selflist import listed
from tests.clients import convert, needs_soffice
from tests.template.samples import Made, changed
from tests.template.test_live import SOUND, Typed

_FIRST_ROW = 5


def _of(made_alarms: tuple[Alarm, ...], area: Range) -> Alarm:
    return next(one for one in made_alarms if one.area == area)


def test_each_field_has_one_alarm_for_all_its_rules(template: Made) -> None:
    made = template()
    form = made.form("整体")
    areas = [one.area for one in alarms(made, form)]
    assert len(areas) == len(set(areas))
    assert Range(8, 4, 12, 4) in areas, "the rows of the group and the one below it"
    assert Range(12, 4, 12, 4) in areas, "总分"


def test_a_hint_raises_no_alarm(template: Made) -> None:
    loud = template()
    quiet = template(
        changed("- 级别：强制\n- 范围：行 整体.指标", "- 级别：提示\n- 范围：行 整体.指标")
    )
    score = Range(8, 4, 12, 4)
    assert score in {one.area for one in alarms(loud, loud.form("整体"))}
    assert score not in {one.area for one in alarms(quiet, quiet.form("整体"))}


@pytest.mark.parametrize("template_id", [path.stem for path in available()])
def test_alarms_are_short_and_name_no_other_sheet(template_id: str) -> None:
    made = shipped(template_id)
    for form in made.forms:
        found = alarms(made, form, _FIRST_ROW)
        own = [one for one in listed(made, form if form.repeatable else None)]
        assert found or all(one.rule.level is Level.NOTE for one in own)
        for alarm in found:
            assert "!" not in alarm.formula and "{" not in alarm.formula
            assert len(alarm.formula) < 2000


@pytest.mark.parametrize(
    ("typed", "red"),
    [
        ("87.23 ", True),
        ("无", True),
        (ExcelError.DIV0, True),
        (87.23, False),
        ("", False),
        (None, False),
    ],
)
def test_words_where_a_number_belongs_are_red(typed: object, red: bool) -> None:
    form = shipped("hunan-2024").form("整体")
    points = form.groups["指标"].column("得分").area
    assert points is not None
    alarm = next(one for one in misfits(form) if points[:2] in one.area)
    assert alarm.area.bottom == points.bottom + 1, "the rows of the group and the one below it"
    first = a1(alarm.area.top, alarm.area.left)
    assert perfxl.evaluate(f"={alarm.formula}", {first: typed}) is red


@pytest.mark.parametrize("template_id", [path.stem for path in available()])
def test_each_input_has_one_such_alarm(template_id: str) -> None:
    for form in shipped(template_id).forms:
        found = misfits(form)
        for field in form.fields.values():
            if field.area and field.role is not Role.COMPUTED:
                held = [alarm.formula for alarm in found if field.area[:2] in alarm.area]
                words = field.kind in (Kind.TEXT, Kind.MEASURE, Kind.DATE) or bool(field.options)
                assert {one.startswith("ISERROR(") for one in held} == {words}, field.name
        for (row, col), cell in form.grid.cells.items():
            if isinstance(cell.value, str) and not cell.formula:
                held_by = [alarm.formula for alarm in found if (row, col) in alarm.area]
                assert all(one.startswith("ISERROR(") for one in held_by), cell


def _red(path: Path, folder: Path, sheet: str) -> Iterator[str]:
    """The cells that are red in LibreOffice: each format's formula, put into cells beside."""
    book = openpyxl.load_workbook(path)
    form, spots = book[sheet], {}
    for number, area in enumerate(form.conditional_formatting):
        rule = area.rules[-1]
        if rule.type != "expression" or rule.formula[0].startswith(("IFERROR(TRIM(", "ISERROR(")):
            continue
        at = str(area.sqref)
        for cell, *_ in form[at] if ":" in at else ((form[at],),):
            spot = f"{openpyxl.utils.get_column_letter(60 + number)}{cell.row}"
            form[spot] = ArrayFormula(spot, f"=IF({rule.formula[0]},1,0)")
            spots[spot] = cell.coordinate
    book.save(folder / "spots.xlsx")
    (folder / "red").mkdir()
    grid = read_book(convert(folder / "spots.xlsx", "xlsx", folder / "red")).grid(sheet)
    assert grid is not None
    held = {cell.address: cell.value for cell in grid.cells.values()}
    return (cell for spot, cell in spots.items() if held.get(spot) == 1)


@needs_soffice
@pytest.mark.parametrize(
    ("typed", "red"),
    [
        ({}, set()),
        (SOUND, set()),
        (
            {"附件1": {**SOUND["附件1"], "C5": 3.5, "D10": 6, "D12": 20}},
            {"C5", "D10", "D12"},
        ),
        ({"附件1": {"A8": "甲", "D8": 11, "A10": "乙", "D10": 5, "A11": "丙", "B11": 1, "D11": 2}},
         {"D8", "D11"}),
    ],
)  # fmt: skip
def test_only_the_cells_at_fault_are_red(
    typed: Typed, red: set[str], workbook: Callable[..., Path], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(workbook())
    for sheet, cells in typed.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(tmp_path / "typed.xlsx")
    assert set(_red(tmp_path / "typed.xlsx", tmp_path, "附件1")) == red
