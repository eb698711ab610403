"""A workbook that came back empty does not pass, and an empty form among filled ones is told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perfxl import cli
from perfxl.check import check
from perfxl.template import available, shipped
from tests.make_samples import SAMPLES

TEMPLATES = sorted(path.stem for path in available())
FILLED = sorted(path for path in SAMPLES.glob("*/*.xlsx") if ".checked" not in path.name)
CODES = ("L108", "L109")


def told(path: Path) -> list[tuple[str, str, str | None]]:
    found = (one for one in check(path).findings if one.code in CODES)
    return [(one.code, one.level.chinese, one.sheet) for one in found]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("prefilled", [False, True])
def test_a_blank_that_nobody_filled_in_is_to_be_looked_into(
    template: str, prefilled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    asked = ["blank", template, "-q"]
    if prefilled:
        assert cli.run([*asked, "--example"]) == 0
        (roster,) = tmp_path.glob("*.xlsx")
        asked += ["--units", str(roster)]
    assert cli.run([*asked, "-o", "out"]) == 0
    for blank in (tmp_path / "out").iterdir():
        assert told(blank) == [("L109", "核实", None)]
        assert check(blank).verdict == "explain"


@pytest.mark.parametrize("sample", FILLED, ids=lambda path: path.parent.name)
def test_a_sample_is_filled_in(sample: Path):
    assert told(sample) == []


@pytest.mark.parametrize("field", ["编制数", "厉行节约保障措施"])
def test_one_entry_of_the_units_own_is_enough_and_what_a_bureau_prefills_is_none(
    field: str, tmp_path: Path
):
    assert cli.run(["blank", "hunan-2024", "-q", "-o", str(tmp_path)]) == 0
    (blank,) = tmp_path.iterdir()
    place = shipped("hunan-2024").form("基础").fields[field].area
    assert place is not None
    book = openpyxl.load_workbook(blank)
    book["附件2"].cell(place.top, place.left).value = 8 if field == "编制数" else "严格执行定额"
    book.save(blank)
    one_is_begun = [("L108", "提示", "附件3"), ("L108", "提示", "附件4")]
    expected = one_is_begun if field != "编制数" else [("L109", "核实", None)]
    assert told(blank) == expected


def test_a_form_left_empty_is_a_note_and_the_workbook_may_pass(tmp_path: Path):
    (sample,) = (SAMPLES / "clean").glob("*会.xlsx")
    book = openpyxl.load_workbook(sample)
    sheet = book.copy_worksheet(book["附件4-1"])
    # A form is empty that has no more than its title, its labels and what is printed.
    for at in ("C3", "C4", "F4", "B11", "F11", "G6"):
        sheet[at] = None
    for row in (*sheet["D6:I9"], *sheet["D13:I21"], *sheet["G22:H22"]):
        for cell in row:
            cell.value = None
    path = tmp_path / "returned.xlsx"
    book.save(path)
    assert told(path) == [("L108", "提示", sheet.title)]
    assert check(path).verdict == "pass"
