"""Last year's columns come from the workbooks that were returned last year."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.blank.make import Options, Plan, plan
from perfxl.errors import TemplateError, UnreadableFile, UnwritableTarget
from perfxl.template import shipped
from tests.blank.returned import YEAR, returned

OFFICE = "基础.公用经费.上年决算数"
OFFICE_THEN = "基础.公用经费.本年决算数"
AREA = shipped("hunan-2024").form("基础").fields["公用经费.上年决算数"].area
GROUP = shipped("hunan-2024").form("基础").groups["项目"].area


def carried(folder: Path, *units: dict[str, object]) -> tuple[list[object], str]:
    """公用经费 of last year for each unit, and the remarks."""
    assert AREA is not None
    made: Plan = plan("hunan-2024", units, folder / "下发", Options(last_year=str(folder / "上年")))
    found = [
        next((p.cells.get(AREA[:2]) for p in blank.pages if p.sheet == "附件2"), None)
        for blank in made.blanks
    ]
    return found, "\n".join(made.remarks)


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    (tmp_path / "上年").mkdir()
    return tmp_path / "上年"


def test_figures_are_matched_by_the_name_of_the_unit(tmp_path: Path, last_year: Path):
    returned(last_year, "甲县教育局", {OFFICE_THEN: 12.5})
    found, remarks = carried(tmp_path, {"单位": "甲县 教育局"}, {"单位": "乙局"})
    assert found == [12.5, None]
    assert "1 个单位没有上年的工作簿：乙局" in remarks


def test_the_roster_goes_before_last_years_workbook(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: 12.5})
    found, _ = carried(tmp_path, {"单位": "甲局", OFFICE: 13})
    assert found == [13]


def test_what_was_read_with_doubt_stays_blank_and_is_said(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: "约十来万"})
    found, remarks = carried(tmp_path, {"单位": "甲局"})
    assert found == [None]
    assert "的“约十来万”读不准，基础.公用经费.上年决算数留空" in remarks


def test_two_workbooks_that_differ_leave_the_cell_blank(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: 1}, name="一稿")
    returned(last_year, "甲局", {OFFICE_THEN: 2}, name="二稿")
    found, remarks = carried(tmp_path, {"单位": "甲局"})
    assert found == [None] and "的数不同" in remarks


def test_workbooks_of_another_year_or_unit_give_nothing(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: 1}, year=YEAR - 2)
    returned(last_year, "丙局", {OFFICE_THEN: 1})
    found, remarks = carried(tmp_path, {"单位": "甲局"})
    assert found == [None]
    assert f"是 {YEAR - 2} 年度的" in remarks and "“丙局”不在名册里" in remarks


def test_a_file_that_cannot_be_read_is_said_and_stops_nobody(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: 1})
    (last_year / "坏的.xlsx").write_bytes(b"PK\3\4" + b"\0" * 40)
    found, remarks = carried(tmp_path, {"单位": "甲局"})
    assert found == [1] and "坏的.xlsx：没有读出" in remarks


def test_an_empty_folder_is_refused(tmp_path: Path, last_year: Path):
    with pytest.raises(UnreadableFile, match="上年文件夹"):
        carried(tmp_path, {"单位": "甲局"})


def test_a_template_that_names_no_source_is_refused(tmp_path: Path, last_year: Path):
    options = Options(last_year=str(last_year))
    with pytest.raises(TemplateError, match="上年取自"):
        plan("ningxia-2021", [{"单位": "甲局"}], tmp_path, options)


def test_returned_workbooks_are_never_replaced(tmp_path: Path, last_year: Path):
    returned(last_year, "甲局", {OFFICE_THEN: 1}, name="甲局")
    options = Options(last_year=str(last_year), pattern="{单位}", overwrite=True)
    with pytest.raises(UnwritableTarget, match="读取用的文件"):
        plan("hunan-2024", [{"单位": "甲局"}], last_year, options)


def rows_carried(folder: Path, sections: dict[int, tuple[str, object]]) -> tuple[list[object], str]:
    """What stands in the rows of projects this year, after a workbook with these rows then."""
    path = returned(folder / "上年", "甲局", {})
    book = load_workbook(path)
    for row, (name, spent) in sections.items():
        book["附件2"].cell(row, 1).value = name
        book["附件2"].cell(row, 6).value = spent
    book.save(path)
    made = plan("hunan-2024", [{"单位": "甲局"}], folder, Options(last_year=str(folder / "上年")))
    cells = {
        at: v
        for page in made.blanks[0].pages
        if page.sheet == "附件2"
        for at, v in page.cells.items()
    }
    found = [cells.get((row, col)) for row in range(GROUP.top, GROUP.bottom + 1) for col in (1, 2)]
    return found, "\n".join(made.remarks)


def test_the_rows_of_projects_are_taken_over_under_their_headings(tmp_path: Path, last_year: Path):
    found, _ = rows_carried(tmp_path, {19: ("法律援助", 3.5), 24: ("修路", 0)})
    assert found == ["法律援助", 3.5, None, None, None, None, None, None, "修路", 0, None, None]


def test_rows_in_doubt_are_all_left_to_the_unit(tmp_path: Path, last_year: Path):
    found, remarks = rows_carried(tmp_path, {19: ("法律援助", 3.5), 23: ("修路", "约十来万")})
    assert set(found) == {None}
    assert "F23 的“约十来万”读不准，基础.项目各行留空" in remarks


def test_more_rows_than_the_form_has_are_left_to_the_unit(tmp_path: Path, last_year: Path):
    path = returned(last_year, "甲局", {})
    book = load_workbook(path)
    sheet = book["附件2"]
    for row in range(23, 25):
        sheet.cell(row, 1).value, sheet.cell(row, 6).value = f"项目{row}", row
    merged = [area for area in sheet.merged_cells.ranges if area.min_row >= 25]
    for area in merged:
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(25)
    sheet["A25"], sheet["F25"] = "项目25", 25
    book.save(path)
    made = plan("hunan-2024", [{"单位": "甲局"}], tmp_path, Options(last_year=str(last_year)))
    assert all(page.sheet != "附件2" for page in made.blanks[0].pages)
    assert "有 3 行，表样只有 2 行" in "\n".join(made.remarks)
