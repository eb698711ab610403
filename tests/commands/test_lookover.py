"""A template of one's own is looked over before workbooks are checked or made with it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perfxl.template import find

RULES = "_规则"


@pytest.fixture
def mistaken(here: Path):
    """A copy of a shipped template with one cell of its rules changed."""

    def make(cell: str, text: str, status: str = "启用") -> Path:
        book = openpyxl.load_workbook(find("hunan-2024"))
        book[RULES][cell] = text
        book[RULES]["C2"] = status
        book.save("模板.xlsx")
        return here / "模板.xlsx"

    return make


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("K2", "本表.实有人/本表.编制数", "用了没有的名称“基础.实有人”"),
        ("K2", "比例(本表.实有人数,2)", "不认识的函数 比例"),
        ("M2", "控制率填报 {填抱}。", "{填抱} 不是任何一栏的名称"),
    ],
)
def test_a_rule_that_cannot_work_is_told_and_the_others_run(
    mistaken, perfxl, filled: Path, cell: str, text: str, said: str
):
    status, out, err = perfxl("check", filled, "--no-write", "-t", mistaken(cell, text))
    assert status == 1 and "结论：" in out
    assert "有 1 处要改" in err and f"_规则!{cell}：规则 C301" in err and said in err
    assert "perfxl template lint" in err
    status, _, err = perfxl("blank", "模板.xlsx", "-o", "空白表.xlsx")
    assert status == 0 and said in err


def test_nothing_is_checked_or_made_with_a_formula_that_cannot_be_read(
    mistaken, perfxl, filled: Path
):
    path = mistaken("K2", "(本表.实有人数/本表.编制数")
    for line in (["check", filled, "--no-write", "-t", path], ["blank", path, "-o", "甲.xlsx"]):
        status, out, err = perfxl(*line)
        assert (status, out) == (2, "") and err.count("\n") == 1
        assert "不能用。_规则!K2：规则 C301 的应为写法不对" in err
    assert not Path("甲.xlsx").exists()


def test_what_a_rule_says_that_is_not_used_does_no_harm(mistaken, perfxl, filled: Path):
    path = mistaken("K2", "(本表.实有人数", status="停用")
    status, _, err = perfxl("check", filled, "--no-write", "-t", path)
    assert (status, err) == (1, "")


def test_nothing_is_said_of_a_sound_template_or_a_shipped_one(mistaken, perfxl, filled: Path):
    # No trial of its own and no basis: for its author alone.
    for template in (mistaken("O2", ""), "hunan-2024"):
        assert perfxl("check", filled, "--no-write", "-t", template)[2] == ""


def test_much_that_is_wrong_is_cut_short(here: Path, perfxl, filled: Path):
    book = openpyxl.load_workbook(find("hunan-2024"))
    for row in range(2, 12):
        book[RULES][f"C{row}"] = "停止"
    book.save("模板.xlsx")
    err = perfxl("check", filled, "--no-write", "-t", "模板.xlsx")[2]
    assert "有 10 处要改" in err and "……另有 5 处" in err
