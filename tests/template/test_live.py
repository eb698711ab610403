"""The built workbook works by itself in Excel: computed cells, and ✓ or ✗ on 自查."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from perfxl.model import Book, Grid
from perfxl.package import read_book
from perfxl.template import available, expand, find, shipped
from perfxl.template.live import EMPTY, FAILED, NOT_APPLICABLE, PASSED, plan
from tests.clients import convert, needs_soffice
from tests.template.samples import SMALL, Made, changed

Typed = Mapping[str, Mapping[str, object]]


def recalculated(path: Path, typed: Typed, outdir: Path) -> Book:
    """The workbook as LibreOffice leaves it after someone typed those values."""
    book = openpyxl.load_workbook(path)
    for sheet, cells in typed.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    filled = outdir / "filled.xlsx"
    book.save(filled)
    (outdir / "out").mkdir()
    return read_book(convert(filled, "xlsx", outdir / "out"))


def shown(book: Book, sheet: str, cells: str) -> list[object]:
    grid = book.grid(sheet)
    assert grid is not None
    by_address = {cell.address: cell.value for cell in grid.cells.values()}
    return [by_address.get(address) for address in cells.split()]


def verdicts(book: Book) -> dict[tuple[object, object], object]:
    """The result of each line of 自查 and of 本表自查, by code and place."""
    found = {}
    for grid in book.grids:
        headings = _headings(grid)
        for row in range(headings.get("", 0) + 1, grid.extent.bottom + 1):
            code, result, place = (
                grid.at(row, headings[one]) if one in headings else None
                for one in ("编码", "结果", "去看看")
            )
            if code and code.value and result:
                where = str(place.value) if place and place.value else None
                if where and grid.sheet != "自查":
                    where = f"{grid.sheet}!{where}"
                found[code.value, where] = result.value
    return found


def _headings(grid: Grid) -> dict[str, int]:
    """The columns of a list of rules, and under "" the row of its headings."""
    for cell in grid.cells.values():
        if cell.value == "编码" and grid.visible and not grid.sheet.startswith("_"):
            return {str(one.value): one.col for one in grid.row(cell.row)} | {"": cell.row}
    return {}


SOUND: Typed = {
    "附件1": {
        "B4": 4, "C4": 3, "B5": 1, "C5": 1,
        "A8": "甲", "D8": 9, "A10": "乙", "D10": 5.5,
    },
    "附件2": {"B2": 2, "B3": 1},
}  # fmt: skip


@needs_soffice
def test_a_sound_form_computes_and_passes(workbook: Callable[..., Path], tmp_path: Path) -> None:
    book = recalculated(workbook(), SOUND, tmp_path)
    assert shown(book, "附件1", "D4 D12") == [0.75, 14.5]
    assert shown(book, "附件2", "B4") == [0.5]
    assert verdicts(book) == {
        ("C301", "附件1!B5"): PASSED,
        ("C301", "附件1!C5"): PASSED,
        ("C302", "附件1!D4"): PASSED,
        ("S501", "附件1!D8"): PASSED,
        ("S502", "附件1!D12"): PASSED,
        ("X402", "附件2!B4"): PASSED,
        ("X401", "附件1!C4"): PASSED,
    }
    assert shown(book, "自查", "A2") == ["不符（✗）0 条；相符（✓）7 条；未填 0 条；报送后核对 0 条"]


@needs_soffice
def test_a_sheet_may_have_quotes_in_its_name(workbook: Callable[..., Path], tmp_path: Path) -> None:
    named = {"附件1": "附'件\"1", "附件2": "附'件\"2"}
    text = SMALL
    for old, new in named.items():
        text = text.replace(f"| 工作表 | {old} |", f"| 工作表 | {new} |")
    typed = {new: SOUND[old] for old, new in named.items()}
    found = verdicts(recalculated(workbook(text), typed, tmp_path))
    assert set(found.values()) == {PASSED} and len(found) == 7
    assert ("S501", "附'件\"1!D8") in found and ("X402", "附'件\"2!B4") in found


@needs_soffice
def test_a_wrong_form_fails_in_the_rows_concerned_and_says_why(
    workbook: Callable[..., Path], tmp_path: Path
) -> None:
    wrong = {"附件1": {**SOUND["附件1"], "C5": 3.5, "D10": 6, "D12": 20}}
    book = recalculated(workbook(), wrong, tmp_path)
    found = verdicts(book)
    assert found["C301", "附件1!B5"] == PASSED
    assert found["C301", "附件1!C5"] == FAILED
    assert found["S501", "附件1!D10"] == FAILED
    assert found["S502", "附件1!D12"] == FAILED
    assert found["X402", "附件2!B4"] == EMPTY
    grid = book.grid("自查")
    assert grid is not None
    codes = {row: grid.at(row, 1) for row in range(4, grid.extent.bottom + 1)}
    messages = {code.value: grid.at(row, 6) for row, code in codes.items() if code}
    assert messages["C301"].value == "“三公”经费 3.50 超过基本支出 3.00。"  # type: ignore[union-attr]
    assert messages["S501"].value == "第 10 行：“乙”得分 6 高于分值 5.5。"  # type: ignore[union-attr]
    assert messages["S502"].value == "总分填报 20，各项之和为 15。"  # type: ignore[union-attr]


@needs_soffice
def test_a_blank_form_is_empty_not_wrong(workbook: Callable[..., Path], tmp_path: Path) -> None:
    book = recalculated(workbook(), {}, tmp_path)
    assert all(value in (None, "") for value in shown(book, "附件1", "D4 D12"))
    assert set(verdicts(book).values()) <= {EMPTY, NOT_APPLICABLE}


@needs_soffice
def test_a_rule_that_does_not_apply_is_neither_right_nor_wrong(
    workbook: Callable[..., Path], tmp_path: Path
) -> None:
    book = recalculated(workbook(), {"附件1": {"B4": 0, "C4": 3, "D4": "无"}}, tmp_path)
    assert verdicts(book)["C302", "附件1!D4"] == NOT_APPLICABLE


@needs_soffice
def test_the_shipped_template_computes_the_published_case(tmp_path: Path) -> None:
    typed: Typed = {
        "附件2": {
            "B4": 8, "D4": 7, "B6": 121.14, "D6": 94.25, "F6": 84.38,
            "A23": "项目甲", "D23": 15.3, "F23": 0,
            "A24": "项目乙", "D24": 1.15, "F24": 1.15,
        },
        "附件3": {
            "C4": 110.71, "E4": 87.23, "G4": 85.53, "E6": 85.53, "J6": 84.38, "J7": 1.15,
        },
        "附件4": {
            "D6": 1.15, "E6": 1.2, "F6": 1.15, "D7": 1.15, "E7": 1.2, "F7": 1.15,
        },
    }  # fmt: skip
    book = recalculated(find("hunan-2024"), typed, tmp_path)
    assert shown(book, "附件2", "F4 D17 F17") == [0.875, 16.45, 1.15]
    assert shown(book, "附件3", "K4 M4 E5") == [0.9805, 9.81, 85.53]
    assert shown(book, "附件4", "H6 I6") == [0.9583, 9.58]
    found = verdicts(book)
    assert found["C301", "附件2!F4"] == PASSED
    assert found["S501", "附件3!K4"] == PASSED
    assert found["X401", "附件3!C4"] == PASSED, "110.71 and 94.25 + 16.45 differ by rounding only"
    wrong = sorted(code for (code, _), result in found.items() if result == FAILED)
    assert wrong == [], "nothing else is wrong in what was filled in"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("本表.三公.各列<=本表.基本支出.各列", "本表.三公.各列<=MAX(项目.执行率,SUM(项目.执行数))"),
        ("本表.三公.各列<=本表.基本支出.各列", "LEN(本表.等级)>0"),
        ("本表.三公.各列<=本表.基本支出.各列", "IFS(本表.三公.各列>0,TRUE)"),
    ],
)
def test_what_excel_cannot_work_out_waits_until_it_is_sent(
    template: Made, old: str, new: str
) -> None:
    made = template(changed(f"- 公式：`{old}`", f"- 公式：`{new}`"))
    instances = [one for one in expand(made) if one.rule.code == "C301"]
    assert instances and not any(plan(made).live(one) for one in instances)


@pytest.mark.parametrize("template_id", [path.stem for path in available()])
def test_no_live_formula_is_longer_than_excel_takes(template_id: str) -> None:
    planned = plan(shipped(template_id))
    formulas = [rule.state for rule in planned.rules.values()]
    formulas += [formula for names in planned.names.values() for formula in names.values()]
    assert max(map(len, formulas)) < 8192
