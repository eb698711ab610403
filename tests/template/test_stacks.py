"""Phrases of several columns are taken apart below one another, each column by its own names."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from perfxl.package import read_book
from perfxl.template import find, shipped
from perfxl.template.live import plan
from perfxl.template.livetext import MOST_ROWS
from perfxl.template.stacks import blocks, within
from tests.clients import convert, needs_soffice

STACKS = {"项目.指标.语": ("项目.指标.指标值", "项目.指标.完成值")}
_FORM = "附件4"


def test_a_part_of_a_column_is_so_many_columns_down_its_stack() -> None:
    assert within(STACKS, "项目.指标.指标值.数") == ("项目.指标.语.数", 0)
    assert within(STACKS, "项目.指标.完成值.单位") == ("项目.指标.语.单位", 1)
    for other in (
        "项目.指标.完成值",
        "项目.指标.完成值.言",
        "项目.指标.得分.数",
        "项目.指标.语.数",
    ):
        assert within(STACKS, other) is None


def test_a_stack_and_its_parts_are_as_high_as_its_columns_together() -> None:
    assert [blocks(STACKS, name) for name in ("项目.指标.语", "项目.指标.语.体")] == [2, 2]
    assert blocks(STACKS, "项目.指标.得分.位") == 1


def test_the_names_of_two_columns_lie_in_one_and_do_not_overlap() -> None:
    names = {
        name.name: name.refers_to
        for name in read_book(find("hunan-2024")).names
        if name.name.startswith("项目.指标.")
    }
    assert plan(shipped("hunan-2024")).stacks["项目.指标.语"] == STACKS["项目.指标.语"]
    found = [
        re.findall(r"\$([A-Z]+)\$(\d+)", names[f"项目.指标.{one}.数"])
        for one in ("语", "指标值", "完成值")
    ]
    assert len({letters for cells in found for letters, _ in cells}) == 1
    whole, first, second = ([int(cells[0][1]), int(cells[-1][1])] for cells in found)
    assert first == [whole[0], whole[0] + MOST_ROWS - 1]
    assert second == [first[1] + 1, whole[1]]


@needs_soffice
@pytest.mark.parametrize("last", [13, 24])
def test_each_column_gives_its_own_numbers(last: int, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(find("hunan-2024"))
    form = book[_FORM]
    form["E13"], form["F13"] = "≥95%", "十个"
    form[f"E{last}"], form[f"F{last}"] = "12个", "11.5万元"
    for place, part in enumerate(("指标值.数", "完成值.数", "指标值.单位", "完成值.单位")):
        at = form.cell(13, 80 + place)
        at.value = ArrayFormula(f"{at.coordinate}:{at.column_letter}24", f"=项目.指标.{part}")
    book.save(tmp_path / "typed.xlsx")
    (tmp_path / "out").mkdir()
    grid = read_book(convert(tmp_path / "typed.xlsx", "xlsx", tmp_path / "out")).grid(_FORM)
    assert grid is not None
    shown = [
        [getattr(grid.at(row, 80 + place), "value", None) for place in range(4)]
        for row in (13, last)
    ]
    assert shown[1] == [12, pytest.approx(11.5), "个", "万元"]
    assert last == 13 or shown[0] == [0.95, 10, "%", "个"]
