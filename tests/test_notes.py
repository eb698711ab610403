"""What notes and 校验结果 say: about the cell itself, and no advice that leads astray."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfxl.check import check
from perfxl.correct import correct
from perfxl.model import Place
from tests import shapes
from tests.judging import found
from tests.seed_tables import clean

SAMPLES = Path(__file__).parents[1] / "samples"


def sample(name: str) -> Path:
    return next(p for p in (SAMPLES / name).glob("*.xlsx") if ".checked" not in p.name)


def shaped(path: Path, money: tuple) -> Path:
    tables = clean()
    shapes.official(replace(tables, overall=replace(tables.overall, money=money)), path)
    return path


def test_the_stated_value_is_what_stands_in_the_cell_not_another_sum():
    typed = {"整体.执行率分值": "10", "整体.指标.分值": ("40", "40"), "整体.分值合计": "100"}
    (finding,) = found("S507", typed)
    assert (finding.stated, finding.expected) == ("100", None)
    assert "之和为 90，应为 100" in finding.message


def test_an_achievement_is_never_told_to_be_the_target():
    typed = {"整体.指标.指标值": ("≥96%",), "整体.指标.完成值": ("95%",)}
    (finding,) = found("S514", typed)
    assert (finding.stated, finding.expected) == ("95%", None)


@pytest.mark.parametrize("name", ["ningxia-2021"])
def test_a_total_does_not_wait_for_parts_that_nothing_is_wrong_with(name, tmp_path):
    report = check(sample(name))
    assert {f.code for f in report.findings if f.cell == "F3"} == {"S507", "S511"}
    (repair,) = [r for r in report.repairs if r.cell == "F3"]
    assert (repair.stated, repair.shown) == ("97", "96")
    assert not report.waiting


def test_a_cell_that_waits_says_what_to_put_right_first(tmp_path):
    report = check(sample("mof-2020"))
    copy = correct(report, tmp_path / "copy.xlsx")
    wrong = {Place(f.sheet, f.cell) for f in report.findings if f.level.name == "ERROR"}
    for waiting in report.waiting:
        assert {place for _, place in waiting.on} <= wrong
    sheet = openpyxl.load_workbook(copy)["改造项目"]
    note = sheet["H7"].comment.text
    assert "怎么改：先改正年度资金总额（E7）；" in note
    assert "怎么改：改为 85.57%" not in note


def test_a_blank_rate_is_not_called_cut_off_and_the_wrong_score_beside_it_is_found(tmp_path):
    path = shaped(tmp_path / "a.xlsx", (110.7, 87.23, 85.53, 10, None, 8.9))
    codes = {(f.field, f.code) for f in check(path).findings}
    assert ("执行率", "S504") in codes and ("执行率", "S502") not in codes
    assert ("执行率得分", "S505") in codes
    assert {r.field: r.shown for r in check(path).repairs}.items() >= {
        "执行率": "98.05%", "执行率得分": "9.81"
    }.items()  # fmt: skip


def test_a_missing_number_in_a_row_of_labels_spoils_no_label_beside_it(tmp_path):
    path = shaped(tmp_path / "a.xlsx", (110.7, 87.23, 85.53, None, 0.9805, 9.81))
    report = check(path)
    copy = correct(report, tmp_path / "b.xlsx")
    before, after = (openpyxl.load_workbook(p)["附件3"] for p in (path, copy))
    texts = {c.coordinate: c.value for row in before.iter_rows() for c in row
             if isinstance(c.value, str)}  # fmt: skip
    assert {at: after[at].value for at in texts} == texts
    assert not [f for f in report.findings if f.field == "执行率"]


def test_nothing_is_written_behind_a_label_that_leaves_no_room(tmp_path):
    path = shaped(tmp_path / "a.xlsx", (110.7, 87.23, 85.53, None, None, 9.81))
    copy = correct(check(path), tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(copy)["附件3"]
    assert "执行率" in [cell.value for cell in sheet[4]]
