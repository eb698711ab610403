"""What the hidden columns of 校验结果 may hold after others had the workbook."""

from __future__ import annotations

import pytest

from perfxl.model import Cell, ExcelError, Grid, Scalar
from perfxl.page import VISIBLE, read_record
from perfxl.record import HIDDEN, SHOWN, SIGNATURE
from tests.grids import book

FIRST = len(VISIBLE) + 1


def page(original: str) -> Grid:
    """校验结果 with one finding at 附件3!K4, whose cell held ``original``."""
    row = ("键1", None, "", original, "0.00%", None, "0.9805", 1)
    cells = {(1, FIRST): Cell(1, FIRST, SIGNATURE), (1, FIRST + 1): Cell(1, FIRST + 1, SHOWN)}
    cells |= {(5, FIRST + at): Cell(5, FIRST + at, name) for at, name in enumerate(HIDDEN)}
    cells |= {(6, FIRST + at): Cell(6, FIRST + at, one) for at, one in enumerate(row)}
    cells[6, FIRST + 1] = Cell(6, FIRST + 1, 4, "ROW('附件3'!$K$4)")
    return Grid("校验结果", cells)


def original_of(text: str) -> Scalar:
    record = read_record(book(page(text)))
    assert record is not None
    (mark,) = record.marks
    assert (mark.sheet, mark.cell) == ("附件3", "K4") and mark.original is not None
    return mark.original.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.8905", 0.8905),
        ('"89.05%"', "89.05%"),
        ("true", True),
        ("null", None),
        ('{"error": "#DIV/0!"}', ExcelError.DIV0),
    ],
)
def test_what_stood_in_a_cell_is_read_back(text: str, value: Scalar) -> None:
    assert original_of(text) == value


@pytest.mark.parametrize(
    "text", ["89.05%", "[1]", "NaN", "1e400", "9" * 400, "9" * 5000, "[" * 30_000, '{"error": 3}']
)
def test_what_is_no_value_any_more_is_taken_for_an_empty_cell(text: str) -> None:
    assert original_of(text) is None
