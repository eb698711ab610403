"""The blank workbook that is sent out is read back by its own labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfxl.locate import locate
from perfxl.model import Book, Template
from perfxl.package import read_book
from tests.locate.conftest import SHIPPED


@pytest.fixture(scope="module")
def blank() -> Book:
    return read_book(SHIPPED)


@pytest.mark.parametrize("named", [True, False], ids=["with its names", "without names"])
def test_every_printed_field_is_found_where_it_is_printed(
    named: bool, blank: Book, template: Template
) -> None:
    binding = locate(blank if named else replace(blank, names=()), template)
    assert [form.form.prefix for form in binding.forms] == [form.prefix for form in template.forms]
    for form in binding.forms:
        printed = {
            name: (field.area.top, field.area.left)
            for name, field in form.form.fields.items()
            if field.area is not None
        }
        assert {name: (b.row, b.col) for name, b in form.fields.items()} == printed
        assert ({bound.how for bound in form.fields.values()} == {"名称"}) is named
    assert binding.findings == ()


def test_blank_rows_are_no_rows(blank: Book, template: Template) -> None:
    binding = locate(blank, template)
    assert [rows for form in binding.forms for rows in form.groups.values()] == [(), (), ()]
