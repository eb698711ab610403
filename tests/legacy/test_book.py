"""Sheets of .xls and .ods hold what the .xlsx they were saved from holds."""

from __future__ import annotations

import random
import struct

import pytest

from perfxl.errors import DamagedWorkbook, PerfxlError
from perfxl.intake import read
from perfxl.legacy import biff, opendocument
from perfxl.legacy.book import read_legacy
from perfxl.legacy.extras import Locked
from perfxl.model import ExcelError, Range
from tests.clients import needs_soffice

KINDS = ("xls", "ods")


@needs_soffice
@pytest.mark.parametrize("kind", KINDS)
def test_values_and_number_formats_are_those_of_the_workbook(varied, saved_as, kind):
    original, other = read(varied), read(saved_as(varied, kind))
    assert other.kind == kind
    assert [grid.sheet for grid in other.grids] == ["附件3", "备用", "空"]
    for before, after in zip(original.grids, other.grids, strict=True):
        values = {cell.address: cell.value for cell in after.cells.values()}
        assert values == {cell.address: cell.value for cell in before.cells.values()}
    shown = {cell.address: cell.number_format for cell in other.grids[0].cells.values()}
    assert shown["A1"] == "0.00%" and shown["A2"] == "0.00"
    assert shown["A5"].replace("\\", "") == "yyyy-mm-dd"


@needs_soffice
@pytest.mark.parametrize("kind", KINDS)
def test_error_cells_are_errors_and_digits_kept_as_text_stay_text(varied, saved_as, kind):
    cells = read(saved_as(varied, kind)).grids[0].cells
    assert cells[6, 1].value is ExcelError.DIV0
    assert cells[7, 1].value == "0012"


@needs_soffice
@pytest.mark.parametrize("kind", KINDS)
def test_merges_and_what_is_hidden_are_told(varied, saved_as, kind):
    first, away, _ = read(saved_as(varied, kind)).grids
    assert first.merges == (Range(2, 3, 3, 4),)
    assert 10 in first.hidden_rows and 6 in first.hidden_columns
    assert 9 not in first.hidden_rows and 7 not in first.hidden_columns
    assert first.visible and not away.visible


@needs_soffice
def test_a_file_without_its_end_is_a_damaged_workbook(varied, saved_as):
    for kind in KINDS:
        whole = saved_as(varied, kind).read_bytes()
        for share in (0.3, 0.6, 0.9):
            with pytest.raises(PerfxlError, match="。"):
                read_legacy("a", kind, whole[: int(len(whole) * share)])


@needs_soffice
@pytest.mark.parametrize(("kind", "module"), [("xls", biff), ("ods", opendocument)])
def test_what_is_read_beside_calamine_stands_any_damage(varied, saved_as, kind, module):
    """Only the refusals that the worker knows come out, and none of them takes long."""
    whole = saved_as(varied, kind).read_bytes()
    fate = random.Random(20240601)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(fate.randint(1, 20)):
            data[fate.randrange(len(data))] = fate.choice((0, 1, 0x7F, 0xFF, fate.randrange(256)))
        try:
            module.read_extras(bytes(data[: fate.randint(600, len(data))]))
        except (struct.error, IndexError, Locked, PerfxlError):
            continue


def test_bytes_that_are_no_workbook_are_a_damaged_one():
    for kind in ("xls", "xlsb", "ods"):
        with pytest.raises(DamagedWorkbook, match="已损坏"):
            read_legacy("a", kind, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
