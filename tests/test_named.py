"""A defined name gives its cells, also where it was made to grow with inserted rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.formula import GridScope, compile
from perfxl.model import Grid, Range
from perfxl.named import growing, named_area

_rows = st.integers(1, 1_000_000)


@pytest.mark.parametrize(
    ("refers_to", "cells"),
    [
        ("'附件3'!$B$4", ("附件3", Range(4, 2, 4, 2))),
        ("=附件3!$B$4:$C$9", ("附件3", Range(4, 2, 9, 3))),
        ("'it''s'!$AB$3:$B$3", ("it's", Range(3, 28, 3, 2))),
        ("'附 4'!$H$13:INDEX('附 4'!$H:$H,ROW('附 4'!$A$25)-1)", ("附 4", Range(13, 8, 24, 8))),
        # As LibreOffice writes the name of the sheet.
        (
            "INDEX(表!$A$2:$A$9,2):INDEX(表!$A$2:$A$9,ROWS(表!$A$2:$A$9)-1)",
            ("表", Range(3, 1, 8, 1)),
        ),
    ],
)
def test_the_cells_of_a_name_are_read_from_what_it_refers_to(
    refers_to: str, cells: tuple[str, Range]
) -> None:
    assert named_area(refers_to) == cells


@pytest.mark.parametrize(
    "refers_to",
    [
        "$B$4",
        "表!$B:$B",
        "#REF!",
        "表!$B$4:#REF!",
        "表!$B$4,表!$B$6",
        "OFFSET(表!$B$3,1,1)",
        "INDEX(表!#REF!,2):INDEX(表!$A$2:$A$9,3)",
        "INDEX(表!$A$2:$A$9,2):INDEX(乙!$A$2:$A$9,3)",
        "INDEX(表!$A$2:$A$9,9):INDEX(表!$A$2:$A$9,3)",
    ],
)
def test_what_is_not_one_area_of_one_sheet_gives_nothing(refers_to: str) -> None:
    assert named_area(refers_to) is None


@given(st.text("附件 3'!()", min_size=1), st.integers(1, 16_384), _rows, st.integers(2, 99))
def test_a_growing_name_stands_for_all_rows_between_two(
    sheet: str, col: int, above: int, apart: int
) -> None:
    found = named_area(growing(sheet, col, above, above + apart))
    assert found == (sheet, Range(above + 1, col, above + apart - 1, col))


def test_a_growing_name_without_a_row_left_keeps_off_the_total() -> None:
    assert named_area(growing("表", 2, 7, 8)) == ("表", Range(7, 2, 7, 2))


@given(st.integers(1, 40), st.integers(1, 40))
def test_the_formula_engine_sees_the_same_cells(above: int, apart: int) -> None:
    text = growing("表", 3, above, above + apart)
    resolved = compile(text).resolve(GridScope([Grid("表", {})]))
    assert ("表", resolved.range) == named_area(text)  # type: ignore[union-attr]
