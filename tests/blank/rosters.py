"""Rosters as a bureau keeps them, written with openpyxl as Excel would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]


def write_roster(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook with these sheets, one list a row."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


def many(units: int, most_projects: int = 5) -> dict[str, Rows]:
    """A roster of that many invented units, each with 0 to ``most_projects`` projects."""
    listed: list[list[object]] = [["单位名称", "编制数", "年初预算数", "公用经费 2023年决算数"]]
    projects: list[list[object]] = [["单位", "项目名称", "年初预算数", "主管部门"]]
    for number in range(1, units + 1):
        name = f"样例第{number}局"
        listed.append([name, number % 90 + 1, number * 1.25, number / 8])
        for each in range(number % (most_projects + 1)):
            projects.append([name, f"样例项目{number}之{each + 1}", each + 0.5, "样例主管部门"])
    return {"单位": listed, "项目": projects}
