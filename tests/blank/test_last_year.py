"""Last year's columns come from the workbooks that were returned last year."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.blank.make import Options, Plan, plan
from perfxl.errors import TemplateError, UnreadableFile, UnwritableTarget
from perfxl.template import shipped
from tests.blank.returned import YEAR, returned

OFFICE = "基础.公用经费.上年决算数"
OFFICE_THEN = "基础.公用经费.本年决算数"
AREA = shipped("hunan-2024").form("基础").fields["公用经费.上年决算数"].area


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
