"""A form of Hubei with two yearly goals: each has its own header and rows, the total is one."""

from __future__ import annotations

from pathlib import Path

from perfxl.locate import locate
from perfxl.package import read_book
from perfxl.template import available, load
from tests.samples_hubei_2020 import workbook

HUBEI = next(path for path in available() if path.stem == "hubei-2020")


def test_the_rows_of_both_goals_are_read_and_the_second_header_is_not_one_of_them(
    tmp_path: Path,
) -> None:
    workbook(tmp_path / "filled.xlsx")
    overall, project = locate(read_book(tmp_path / "filled.xlsx"), load(HUBEI)).forms
    scores = [row.values["得分"].value.number for row in overall.groups["指标"]]
    assert scores == [8, 8, 8, 6, 5, 4, 15, 10, 10, 5]
    names = [row.values["三级指标"].value.value for row in overall.groups["指标"]]
    assert names[5:8] == ["职工满意度", "安全生产检查次数", "问题办结时间"]
    assert overall.fields["总分"].value.number == 99
    assert len(project.groups["指标"]) == 6


def test_a_category_of_the_first_goal_does_not_reach_into_the_second(tmp_path: Path) -> None:
    workbook(tmp_path / "filled.xlsx")
    overall = locate(read_book(tmp_path / "filled.xlsx"), load(HUBEI)).forms[0]
    first_levels = [row.values["一级指标"].value.value for row in overall.groups["指标"]]
    assert first_levels[5:7] == ["满意度指标", "产出指标"]
