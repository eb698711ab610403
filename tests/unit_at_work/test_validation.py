"""Wrong input of each kind is refused by a blank's validation, right input is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from perfxl.model import Field, Form, Kind, Role, Template, a1
from perfxl.template import available, shipped
from tests.unit_at_work.actions import Job, carry_out, needs_uno
from tests.unit_at_work.fillings import NUMBERS
from tests.unit_at_work.trials import blank_of

IDS = [path.stem for path in available()]
RIGHT: Mapping[Kind, tuple[str, ...]] = {
    Kind.AMOUNT: ("0", "87.23", "1234567.8"),
    Kind.AREA: ("0", "120.5"),
    Kind.COUNT: ("0", "8"),
    Kind.POINTS: ("0", "9.58", "100"),
    Kind.RATIO: ("98.05%",),
}
WRONG: Mapping[Kind, tuple[str, ...]] = {
    Kind.AMOUNT: ("无", "85.53万元", "1.234", "—"),
    Kind.AREA: ("无", "120㎡", "1.234"),
    Kind.COUNT: ("八", "7.5", "-1", "8人"),
    Kind.POINTS: ("满分", "100.5", "-1", "9.805"),
    Kind.RATIO: ("很高", "-5%"),
}
NEVER_NEGATIVE = (Kind.AMOUNT, Kind.AREA)


class Input(NamedTuple):
    """A cell of a blank that a unit types into."""

    form: Form
    field: Field
    row: int
    col: int

    @property
    def cell(self) -> tuple[str, str]:
        return self.form.sheet, a1(self.row, self.col)


def inputs(template: Template) -> Iterator[Input]:
    """Every input; of a group's column the first row and the last."""
    for form in template.forms:
        for field in form.fields.values():
            if field.area and field.role is not Role.COMPUTED:
                yield Input(form, field, field.area.top, field.area.left)
        for group in form.groups.values():
            for column in group.columns:
                if column.area and column.role is not Role.COMPUTED:
                    yield Input(form, column, column.area.top, column.area.left)
                    yield Input(form, column, column.area.bottom, column.area.left)


def closed(field: Field) -> bool:
    """Whether the field takes nothing but its options."""
    return bool(field.options) and field.options[-1] != "…"


@pytest.fixture(scope="module", params=IDS)
def blank(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Template, Path]:
    template = shipped(request.param)
    return template, blank_of(template, tmp_path_factory.mktemp("blank"))


def validations(path: Path) -> dict[tuple[str, str], DataValidation]:
    """The validation of each cell; no cell has two, as Excel would ask only one of them."""
    found: dict[tuple[str, str], DataValidation] = {}
    for sheet in openpyxl.load_workbook(path):
        for one in sheet.data_validations.dataValidation:
            for area in one.sqref.ranges:
                for row, col in area.cells:
                    assert found.setdefault((sheet.title, a1(row, col)), one) is one
    return found


def test_every_number_and_every_list_is_guarded_and_says_so(blank: tuple[Template, Path]) -> None:
    template, path = blank
    found = validations(path)
    for one in inputs(template):
        if one.field.kind not in NUMBERS and not closed(one.field):
            continue
        guard = found.get(one.cell)
        assert guard is not None, one.cell
        assert guard.errorStyle in (None, "stop") and guard.showErrorMessage, one.cell
        assert guard.errorTitle and one.field.labels[0][:4].strip() in guard.error, one.cell
        assert guard.prompt and guard.showInputMessage, one.cell


def test_a_list_has_the_options_of_its_field(blank: tuple[Template, Path]) -> None:
    template, path = blank
    found = validations(path)
    for one in inputs(template):
        if one.field.options:
            options = [option for option in one.field.options if option != "…"]
            assert found[one.cell].type == "list"
            assert found[one.cell].formula1 == f'"{",".join(options)}"'


def test_what_is_computed_is_locked_and_what_is_typed_is_not(blank: tuple[Template, Path]) -> None:
    template, path = blank
    book = openpyxl.load_workbook(path)
    for form in template.forms:
        assert book[form.sheet].protection.sheet and not book[form.sheet].protection.password
        for field in form.fields.values():
            if field.area and field.role is Role.COMPUTED:
                cell = a1(field.area.top, field.area.left)
                assert book[form.sheet][cell].protection.locked, cell
    for one in inputs(template):
        sheet, cell = one.cell
        assert not book[sheet][cell].protection.locked, one.cell


def typed(template: Template) -> list[tuple[str, str, str, str]]:
    """Cell by cell what is typed, and whether it is taken."""
    chosen: dict[tuple[str, object], Input] = {}
    for one in inputs(template):
        # One field of each sort; of a column the last row, where a validation would end.
        chosen[one.form.prefix, (one.field.kind, one.field.group, one.field.options)] = one
    found = []
    for one in chosen.values():
        field = one.field
        right, wrong = RIGHT.get(field.kind, ()), WRONG.get(field.kind, ())
        if field.options:
            right, wrong = field.options[:1], ("都可以",) if closed(field) else ()
        elif field.kind in NEVER_NEGATIVE:
            negative = "-8.22"
            right, wrong = (
                ((*right, negative), wrong)
                if field.least is not None and field.least < 0
                else (right, (*wrong, negative))
            )
        found += [(*one.cell, text, "yes") for text in right]
        found += [(*one.cell, text, "no") for text in wrong]
    return found


@needs_uno
def test_wrong_input_is_refused_and_right_input_is_taken(blank: tuple[Template, Path]) -> None:
    template, path = blank
    expected = typed(template)
    assert {answer for *_, answer in expected} == {"yes", "no"}
    job = Job(path)
    job.do("takes", [cell for *cell, _ in expected])
    ((answers,),) = carry_out([job])
    assert list(zip(expected, answers, strict=True)) == [(one, one[3]) for one in expected]


@needs_uno
def test_an_inserted_row_is_guarded_too(blank: tuple[Template, Path]) -> None:
    template, path = blank
    job, expected = Job(path), []
    for form in template.forms:
        for group in form.groups.values():
            columns = [one for one in group.columns if one.kind in NUMBERS and one.area]
            for row in (group.area.top + 1, group.area.bottom + 2):
                job.do("insert_rows", form.sheet, row, 1)
                cells = [(form.sheet, a1(row, one.area.left)) for one in columns if one.area]
                expected += [(*cell, "无") for cell in cells]
    job.do("takes", expected)
    ((*inserted, answers),) = carry_out([job])
    assert all(inserted)
    assert dict(zip(expected, answers, strict=True)) == dict.fromkeys(expected, "no")
