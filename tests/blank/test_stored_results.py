"""What a previewer shows of a blank is what a spreadsheet program works out, or nothing."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.package import open_package, read_book, save
from perfxl.template import available
from tests.clients import convert, needs_soffice

_RESULT = re.compile(rb"(<c\b[^>]*>)(<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)<v>[^<]*</v>")


def without_results(path: Path, target: Path) -> Path:
    """The workbook with no stored result, so that LibreOffice has to work out each."""
    package = open_package(path)
    save(
        package,
        {
            entry.part: _RESULT.sub(
                lambda cell: re.sub(rb' t="\w+"', b"", cell[1]) + cell[2],
                package.read(entry.part),
            )
            for entry in package.sheets
        },
        target,
    )
    return target


def test_only_what_can_be_seen_has_a_stored_result(tmp_path: Path):
    (path,) = perfxl.make_blanks("hunan-2024", [{"单位": "甲局"}], tmp_path)
    seen = unseen = 0
    for grid in read_book(path).grids:
        for cell in (cell for cell in grid.cells.values() if cell.formula):
            if cell.col in grid.hidden_columns:
                assert cell.value is None, f"{grid.sheet}!{cell.address}"
                unseen += 1
            else:
                seen += cell.value is not None
    assert seen > 70 and unseen > 300


@pytest.mark.slow
@needs_soffice
@pytest.mark.parametrize("template", [path.stem for path in available()])
def test_no_stored_result_differs_from_what_libreoffice_works_out(template: str, tmp_path: Path):
    amounts = {"年初预算数": 12.5} if template == "hunan-2024" else {}
    unit = {
        "单位": "甲局",
        **amounts,
        "项目": [{"项目名称": "修路", **amounts}, {"项目名称": "造桥"}],
    }
    (path,) = perfxl.make_blanks(template, [unit], tmp_path)
    (tmp_path / "out").mkdir()
    bare = without_results(path, tmp_path / "没有结果.xlsx")
    worked_out = openpyxl.load_workbook(convert(bare, "xlsx", tmp_path / "out"), data_only=True)
    stored = openpyxl.load_workbook(path, data_only=True)
    shown, different = 0, []
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            ours = stored[sheet.title][cell.coordinate].value
            theirs = worked_out[sheet.title][cell.coordinate].value
            if ours in (None, ""):
                continue
            shown += 1
            if ours != theirs and ours != pytest.approx(theirs):
                different.append((sheet.title, cell.coordinate, ours, theirs))
    assert different == []
    assert shown > 10
