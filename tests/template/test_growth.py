"""Rows come and go in a protected form, and the columns of its row groups follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from perfxl.model import Form, Range, RowGroup, Template
from perfxl.named import named_area
from perfxl.package import read_book
from perfxl.template import available, shipped
from tests.unit_at_work.actions import Job, carry_out, needs_uno

IDS = [path.stem for path in available()]


class Grown(NamedTuple):
    """What LibreOffice said to each change of rows, and the workbook that it saved."""

    allowed: list[bool]
    refused: list[bool]
    saved: Path


def groups(template: Template) -> Iterator[tuple[Form, RowGroup]]:
    return ((form, group) for form in template.forms for group in form.groups.values())


def copies(template: Template) -> dict[str, str]:
    return {form.sheet: f"{form.sheet} (2)" for form in template.forms if form.repeatable}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grown]:
    """All templates with a row above each total and two within, the first and the last gone."""
    folder = tmp_path_factory.mktemp("grown")
    jobs = []
    for path in available():
        job, template = Job(path), shipped(path.stem)
        for form, group in groups(template):
            top, bottom = group.area.top, group.area.bottom
            job.do("delete_rows", form.sheet, top - 1, 1)
            job.do("insert_rows", form.sheet, bottom + 1, 1)
            job.do("insert_rows", form.sheet, top + 1, 2)
            job.do("delete_rows", form.sheet, top, 1)
            job.do("delete_rows", form.sheet, bottom + 2, 1)
        for sheet, copied in copies(template).items():
            job.do("copy_sheet", sheet, copied)
        job.do("save", str(folder / path.name))
        jobs.append(job)
    found = {}
    for path, job, answers in zip(available(), jobs, carry_out(jobs), strict=True):
        said = [a for step, a in zip(job.steps, answers, strict=True) if "rows" in step[0]]
        allowed = [answer for place, answer in enumerate(said) if place % 5]
        found[path.stem] = Grown(allowed, said[::5], folder / path.name)
    return found


@needs_uno
@pytest.mark.parametrize("id_", IDS)
def test_rows_of_a_group_can_be_inserted_and_deleted(grown: dict[str, Grown], id_: str) -> None:
    assert grown[id_].allowed and all(grown[id_].allowed)


@needs_uno
@pytest.mark.parametrize("id_", IDS)
def test_the_row_above_a_group_cannot_be_deleted(grown: dict[str, Grown], id_: str) -> None:
    assert grown[id_].refused and not any(grown[id_].refused)


@needs_uno
@pytest.mark.parametrize("id_", IDS)
def test_the_columns_of_a_group_follow_on_the_form_and_on_its_copy(
    grown: dict[str, Grown], id_: str
) -> None:
    template = shipped(id_)
    names = read_book(grown[id_].saved).names
    areas = {(one.name, one.sheet): named_area(one.refers_to) for one in names}
    for form, group in groups(template):
        for column in group.columns:
            if column.area is None:
                continue
            left = column.area.left
            cells = Range(group.area.top, left, group.area.bottom + 1, left)
            name = f"{form.prefix}.{group.name}.{column.name}"
            if form.repeatable:
                for sheet in (form.sheet, copies(template)[form.sheet]):
                    assert areas[name, sheet] == (sheet, cells)
            else:
                assert areas[name, None] == (form.sheet, cells)
