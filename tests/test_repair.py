"""Which cells the live formula of a corrected sum points at."""

from dataclasses import replace

from perfxl.check import check
from perfxl.package import open_package
from perfxl.package.patch import Patch
from tests import shapes
from tests.seed_tables import seed


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
