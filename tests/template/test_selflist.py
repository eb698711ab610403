"""The lines of 自查 can be read whole."""

from __future__ import annotations

import openpyxl
import pytest

from perfxl.template import available, find

_ONE_LINE = 14.5


@pytest.mark.parametrize("template", [path.stem for path in available()])
def test_the_name_of_a_form_and_its_cell_fit_into_their_line(template: str) -> None:
    sheet = openpyxl.load_workbook(find(template))["自查"]
    width = sheet.column_dimensions["C"].width
    for row in range(4, sheet.max_row + 1):
        name = sheet.cell(row, 3).value
        if not name:
            continue
        # A Chinese character is two digits wide.
        lines = -(-2 * len(name) // (round(width) + 2))
        assert sheet.row_dimensions[row].height >= lines * _ONE_LINE, (row, name)
