"""Forms whose target is split into 指标性质 | 指标值 | 度量单位, and those with points before it.

The same filled form is read alike as printed (merged, numbers) and pasted as plain text; it
is recognised among all shipped templates.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from perfxl.locate import locate, recognise
from perfxl.model import Scalar
from perfxl.package import read_book
from perfxl.template import available, load
from tests import samples_sichuan_2023, samples_sichuan_linkage_2022, samples_yunnan_2022

MAKERS = {
    "yunnan-2022": samples_yunnan_2022.workbook,
    "sichuan-2023": samples_sichuan_2023.workbook,
    "sichuan-linkage-2022": samples_sichuan_linkage_2022.workbook,
}


def pasted(source: Path, target: Path) -> Path:
    """The sheets of a workbook as text cells, nothing merged."""
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as book:
        for grid in read_book(source).grids:
            sheet = book.add_worksheet(grid.sheet)
            for cell in grid.cells.values():
                if cell.value is not None:
                    percent = cell.number_format.endswith("%")
                    text = f"{cell.value:.2%}" if percent else str(cell.value)
                    sheet.write_string(cell.row - 1, cell.col - 1, text)
    return target


def numbers(path: Path, template_id: str) -> dict[str, Scalar]:
    """What was read, by sheet and address."""
    book = read_book(path)
    templates = [load(one) for one in available()]
    chosen = recognise(book, templates).template
    assert chosen is not None and chosen.id == template_id
    found: dict[str, Scalar] = {}
    for form in locate(book, chosen).forms:
        assert not form.missing
        rows = [row for group in form.groups.values() for row in group]
        bounds = [*form.fields.values(), *(b for row in rows for b in row.values.values())]
        for bound in bounds:
            number = bound.value.number
            found[f"{form.sheet}!{bound.field.name}@{bound.row}"] = (
                bound.value.value if number is None else number
            )
    return found


@pytest.mark.parametrize(("template_id", "make"), MAKERS.items(), ids=MAKERS)
def test_a_filled_form_is_read_alike_as_printed_and_as_pasted_text(
    template_id: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / "printed.xlsx")
    printed = numbers(tmp_path / "printed.xlsx", template_id)
    text = numbers(pasted(tmp_path / "printed.xlsx", tmp_path / "pasted.xlsx"), template_id)
    assert {at: value for at, value in printed.items() if text[at] != value} == {}


def test_the_headings_of_two_lines_give_one_row_of_columns(tmp_path: Path) -> None:
    samples_yunnan_2022.workbook(tmp_path / "printed.xlsx")
    read = numbers(tmp_path / "printed.xlsx", "yunnan-2022")
    names = ("指标性质", "指标值", "度量单位", "完成值", "分值", "得分")
    row = {name: read[f"公开14表!{name}@16"] for name in names}
    assert row == {
        "指标性质": "≥",
        "指标值": 600,
        "度量单位": "人次",
        "完成值": 585,
        "分值": 10,
        "得分": 9.75,
    }
