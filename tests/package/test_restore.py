"""Values given back to cells, and links only where there is something to click on."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.model import Scalar
from perfxl.package import book_of, open_package
from perfxl.package.patch import Patch
from tests.package.samples import form, handmade, loaded, parts, sheet, sheet_text

ROW = (
    '<row r="1"><c r="A1" s="2"><f>B1*2</f><v>4</v></c><c r="B1" s="1"><v>2</v></c>'
    '<c r="C1" s="3"/><c r="D1" t="str"><v></v></c><c r="E1"><f>A1</f></c>'
    '<c r="F1" t="inlineStr"><is><t>字</t></is></c></row>'
)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, '<c r="A1" s="2"/>'),
        (True, '<c r="A1" s="2" t="b"><v>1</v></c>'),
        (89.05, '<c r="A1" s="2"><v>89.05</v></c>'),
        ("=1+1", '<c r="A1" s="2" t="inlineStr"><is><t>=1+1</t></is></c>'),
        ("", '<c r="A1" s="2" t="inlineStr"><is><t></t></is></c>'),
    ],
)
def test_a_restored_value_replaces_the_formula_and_keeps_the_format(
    tmp_path: Path, value: Scalar, cell: str
) -> None:
    patch = Patch(open_package(handmade(tmp_path / "a.xlsx", sheet(ROW))))
    assert patch.restore("表", 1, 1, value)
    patch.save(tmp_path / "b.xlsx")
    assert cell in sheet_text(tmp_path / "b.xlsx")
    assert b'fullCalcOnLoad="1"' in parts(tmp_path / "b.xlsx")["xl/workbook.xml"]
    read = book_of(open_package(tmp_path / "b.xlsx")).grids[0].cells.get((1, 1))
    assert (read.value if read else None) == value


def test_an_empty_value_makes_no_cell_and_another_does(tmp_path: Path) -> None:
    patch = Patch(open_package(handmade(tmp_path / "a.xlsx", sheet(ROW))))
    patch.restore("表", 5, 1, None)
    patch.restore("表", 6, 1, "有")
    patch.save(tmp_path / "b.xlsx")
    text = sheet_text(tmp_path / "b.xlsx")
    assert 'r="A5"' not in text and '<c r="A6" t="inlineStr"><is><t>有</t></is></c>' in text


def test_a_value_of_an_array_is_not_restored(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'
    patch = Patch(open_package(handmade(tmp_path / "a.xlsx", sheet(rows))))
    assert not patch.restore("表", 1, 1, 5)


def test_only_cells_that_hold_something_get_a_link(tmp_path: Path) -> None:
    patch = Patch(open_package(handmade(tmp_path / "a.xlsx", sheet(ROW))))
    cells = {(1, 1): True, (1, 2): True, (1, 3): False, (1, 4): False, (1, 5): True}
    cells |= {(1, 6): True, (1, 7): False, (9, 9): False}
    assert {at: patch.link("表", *at, "表", "A1") for at in cells} == cells
    patch.save(tmp_path / "b.xlsx")
    page = loaded(tmp_path / "b.xlsx")["表"]
    assert page["C1"].value is None and page["A1"].hyperlink.location == "'表'!A1"


def test_a_value_that_is_on_its_way_counts_for_a_link(tmp_path: Path) -> None:
    patch = Patch(open_package(form(tmp_path / "a.xlsx")))
    patch.number("附件3", 30, 1, 5)
    patch.restore("附件3", 4, 5, None)
    assert patch.link("附件3", 30, 1, "附件3", "A1")
    assert not patch.link("附件3", 4, 5, "附件3", "A1")
