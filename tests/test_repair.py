"""What a corrected copy writes into a computed cell, and what its live formula points at."""

from dataclasses import replace

from perfxl.check import check
from perfxl.model import row_col
from perfxl.package import open_package
from perfxl.package.patch import Patch
from tests import shapes
from tests.seed_tables import clean, seed


def test_a_subtotal_between_the_projects_is_not_summed_once_more(tmp_path):
    tables = seed()
    projects = {
        "1、业务经费（一个项目一行）": (("工会专项业务费", (None, 15.3, 0)),),
        "3、专项资金（一个项目一行）": (("洪江区退休劳模慰问津贴", (None, 1.15, 1.15)),),
    }
    money = {**tables.basic.money, "二、部门项目支出": (None, 20.0, 1.15)}
    basic = replace(tables.basic, projects=projects, money=money)
    shapes.official(replace(tables, basic=basic), tmp_path / "plain.xlsx")
    patch = Patch(open_package(tmp_path / "plain.xlsx"))
    patch.number("附件2", 20, 4, 1.15)
    patch.save(tmp_path / "subtotal.xlsx")
    (repair,) = [r for r in check(tmp_path / "subtotal.xlsx").repairs if r.sheet == "附件2"]
    assert (repair.stated, repair.value) == ("20", 16.45)
    assert repair.formula == "ROUND(SUM(D19,D21),2)"


def repaired(path, sheet, cells):
    """The repairs on one sheet of the clean annexes, some cells of which are typed over."""
    shapes.official(clean(), plain := path.with_suffix(".plain.xlsx"))
    patch = Patch(open_package(plain))
    for address, typed in cells.items():
        row, col = row_col(address)
        if isinstance(typed, str):
            patch.text(sheet, row, col, typed)
        else:
            patch.number(sheet, row, col, typed)
    patch.save(path)
    report = check(path)
    found = {(one.sheet, one.cell) for one in report.findings}
    made = {one.cell: one for one in report.repairs if one.sheet == sheet}
    return made, {cell for cell in cells if (sheet, cell) in found}


def test_a_sum_in_yuan_is_reported_but_nothing_worked_out_in_myriads_is_written(tmp_path):
    wrong = {"D17": 20}
    made, told = repaired(tmp_path / "a.xlsx", "附件2", wrong)
    assert list(made) == ["D17"] and told == {"D17"}
    made, told = repaired(tmp_path / "b.xlsx", "附件2", {"A5": "经费控制情况（元）", **wrong})
    assert not made and told == {"D17"}
    assert not check(tmp_path / "b.xlsx").waiting


def test_a_right_value_typed_as_text_becomes_a_live_number_of_as_many_digits(tmp_path):
    made, _ = repaired(tmp_path / "a.xlsx", "附件3", {"M4": "9.81"})
    assert (made["M4"].value, made["M4"].formula) == (9.81, "ROUND(MIN(I4,I4*K4),2)")
    made, _ = repaired(tmp_path / "b.xlsx", "附件3", {"M4": "9.8"})
    assert (made["M4"].value, made["M4"].formula) == (9.8, "ROUND(MIN(I4,I4*K4),1)")


def test_a_value_behind_a_label_is_put_where_the_old_one_stood(tmp_path):
    made, _ = repaired(tmp_path / "a.xlsx", "附件3", {"G5": "按支出性质分（8类）：8"})
    assert made["G5"].text == "按支出性质分（8类）：85.53"


def test_a_label_without_a_colon_is_not_written_behind(tmp_path):
    made, told = repaired(tmp_path / "a.xlsx", "附件3", {"G5": "按支出性质分："})
    assert made["G5"].text == "按支出性质分：85.53" and told == {"G5"}
    made, told = repaired(tmp_path / "b.xlsx", "附件3", {"G5": "按支出性质分"})
    assert not made
