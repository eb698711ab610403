"""The published report that perfxl starts from, in three physical shapes."""

import unicodedata

import pytest

from perfxl.check import check
from perfxl.model import Level, Report
from tests import shapes
from tests.seed_tables import clean, seed

SHAPES = {"official": shapes.official, "stacked": shapes.stacked, "shifted": shapes.shifted}
ERRORS = {
    ("S509", "产出指标（40分）", "30"),
    ("S509", "效益指标（20分）", "30"),
    ("S520", "2023年12月31日之前完成", "2024年"),
}
WARNINGS = {
    ("S513", "指标.得分", "4.8"),
    ("S513", "指标.得分", "4.6"),
    ("S513", "指标.得分", "9.5"),
    ("S514", "指标.完成值", "95%"),
    ("S503", "全年预算数", "0"),
}
RIGHT = {"控制率", "执行率", "执行率得分", "总分", "全年执行数", "基本支出", "项目支出"}
"""Fields of which nothing is wrong: 87.50%, 98.05%, 95.83%, 9.8, 9.58, 98.7, 99.58, 85.53."""


@pytest.fixture(scope="module", params=SHAPES)
def report(request, tmp_path_factory) -> Report:
    path = tmp_path_factory.mktemp("seed") / "returned.xlsx"
    SHAPES[request.param](seed(), path)
    return check(path)


def plain(text: str | None) -> str:
    """A stated value whatever its width and spaces."""
    return unicodedata.normalize("NFKC", text or "").replace(" ", "")


def test_the_three_mistakes_that_must_be_corrected(report):
    found = {
        (f.code, plain(f.stated), f.expected) for f in report.findings if f.level is Level.ERROR
    }
    assert found == {(code, plain(stated), expected) for code, stated, expected in ERRORS}


def test_what_must_be_explained(report):
    found = {
        (f.code, f.field, plain(f.stated)) for f in report.findings if f.level is Level.WARNING
    }
    assert found >= WARNINGS


def test_a_hundredth_of_rounding_is_no_more_than_a_note(report):
    (finding,) = [f for f in report.findings if f.code == "X401"]
    assert (finding.level, finding.expected) == (Level.NOTE, "110.70")


def test_what_is_right_is_left_alone(report):
    assert not [f for f in report.findings if f.level is Level.ERROR and f.field in RIGHT]
    texts = {(f.sheet, f.cell) for f in report.findings if f.code == "V208"}
    wrong = [repair for repair in report.repairs if (repair.sheet, repair.cell) not in texts]
    assert {repair.field for repair in wrong} <= {"收入合计", "支出合计"}
    for repair in report.repairs:
        if repair not in wrong:
            assert plain(repair.stated) == repair.shown


def test_all_shapes_give_the_same_findings(tmp_path):
    found = set()
    for name, write in SHAPES.items():
        write(seed(), tmp_path / f"{name}.xlsx")
        findings = check(tmp_path / f"{name}.xlsx").findings
        found.add(tuple(sorted((f.code, f.field or "") for f in findings if f.code[0] != "V")))
    assert len(found) == 1


@pytest.mark.parametrize("name", SHAPES)
def test_the_clean_tables_have_no_error_and_no_warning_in_any_shape(name, tmp_path):
    SHAPES[name](clean(), tmp_path / "clean.xlsx")
    assert check(tmp_path / "clean.xlsx").verdict == "pass"
