"""What comes as .xls, .ods or text goes back as a corrected .xlsx beside the untouched file."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import python_calamine

import perfxl
from perfxl import cli
from perfxl.batch import check_and_correct, jobs_for
from perfxl.model import Level, Report
from perfxl.package import read_book
from tests import shapes
from tests.clients import convert, needs_soffice
from tests.rebuild.comparing import said
from tests.seed_tables import clean, seed

SHAPES = {"official": shapes.official, "stacked": shapes.stacked, "shifted": shapes.shifted}
TEMPLATES = Path(__file__).parents[2] / "xlsx_templates"
PROJECT = """\
2022年度项目支出绩效自评表,,,,,,,,
项目名称,技能培训,项目编码,,0012,,自评总分（分）,,98
主管部门,某某局,实施单位,,某某中心,,,,
项目资金（万元）,,年初预算数,,全年（调整）预算数,全年执行数,执行率,执行率权重,执行率得分
,年度总金额,100,,110.5,105.2,95.20%,10,9.6
当年绩效目标,年初绩效目标,,全年（调整）绩效目标,,,全年目标实际完成情况,,
,办好培训,,办好培训,,,都已办好,,
绩效指标,指标名称,计量单位,指标性质,指标值,指标权重（分）,全年完成值,指标得分（分）,说明
,培训人次,人次,正向指标,≥200,90,200,88.48,
填表人：张三　填报日期：2023.4.30,,,,,,,,
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A table of the seed in some shape, saved in another format, with its corrected copy."""
    made: dict[tuple[str, str], tuple[Path, Report]] = {}

    def save(shape: str, kind: str, tables=seed) -> tuple[Path, Report]:
        key = (shape, kind, tables.__name__)
        if key not in made:
            folder = tmp_path_factory.mktemp(shape)
            SHAPES[shape](tables(), folder / "returned.xlsx")
            path = convert(folder / "returned.xlsx", kind, folder)
            (folder / "returned.xlsx").unlink()
            made[key] = path, check_and_correct(jobs_for([str(path)])[0])
        return made[key]

    return save


def cells(path: Path) -> dict[tuple[str, int, int], object]:
    return {
        (grid.sheet, *at): cell.value
        for grid in read_book(path).grids
        for at, cell in grid.cells.items()
    }


@needs_soffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_copy_says_of_itself_what_was_said_of_the_returned_file(saved, shape, kind):
    path, report = saved(shape, kind)
    note, *findings = report.findings
    assert (note.code, note.level) == ("F010", Level.NOTE) and path.name in note.message
    copy = perfxl.check(report.corrected)
    assert copy.rebuilt_from == path.name
    before = copy.before or copy
    assert said(before.findings) == said(tuple(findings))
    assert {(one.unit, one.year, one.template) for one in (report, copy)} == {
        ("洪江区总工会", 2024, "hunan-2024")
    }


@needs_soffice
def test_what_is_wrong_is_put_right_by_formulas_that_every_program_computes_alike(saved, tmp_path):
    path, report = saved("official", "xls")
    book = read_book(report.corrected)
    formulas = {
        (grid.sheet, *at): cell
        for grid in book.grids
        if grid.sheet != "校验结果"
        for at, cell in grid.cells.items()
        if cell.formula
    }
    assert [(at[0], cell.value) for at, cell in formulas.items()] == [
        ("附件3", 85.53),
        ("附件3", 85.53),
    ]
    again = cells(convert(Path(report.corrected), "xlsx", tmp_path))
    assert {at: again[at] for at in formulas} == {at: one.value for at, one in formulas.items()}
    assert path.suffix == ".xls"


@needs_soffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_programs_open_the_copy(saved, kind):
    _, report = saved("shifted", kind)
    sheets = ["Sheet1", "Sheet2", "Sheet3", "Sheet4", "其他内容", "校验结果"]
    assert openpyxl.load_workbook(report.corrected).sheetnames == sheets
    assert python_calamine.load_workbook(report.corrected).sheet_names == sheets


@needs_soffice
def test_every_finding_has_its_mark_and_its_line(saved):
    _, report = saved("stacked", "ods")
    book = openpyxl.load_workbook(report.corrected)
    page = book["校验结果"]
    listed = "\n".join(str(c.value) for row in page.iter_rows() for c in row if c.value)
    assert "本更正稿由 returned.ods 按表样重新生成" in listed
    marked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    linked = {
        tuple(cell.hyperlink.location.replace("'", "").split("!"))
        for row in page.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert marked == linked and len(marked) > 20
    for finding in report.findings[1:]:
        assert finding.advice in listed


@needs_soffice
def test_a_passing_workbook_gets_its_copy_too(saved):
    _, report = saved("official", "xls", clean)
    assert report.verdict == "pass" and [one.code for one in report.findings] == ["F010"]
    assert perfxl.check(report.corrected).verdict == "pass"


@needs_soffice
def test_of_a_workbook_that_was_issued_only_what_the_unit_filled_in_comes_back(tmp_path):
    issued = openpyxl.load_workbook(TEMPLATES / "hunan-2024.xlsx")
    for address, value in {"C3": "技能培训", "D6": 110, "E6": 110, "F6": 105.5}.items():
        issued["附件4"][address] = value
    issued.save(tmp_path / "填好.xlsx")
    path = convert(tmp_path / "填好.xlsx", "xls", tmp_path)
    done = check_and_correct(jobs_for([str(path)])[0])
    made = read_book(done.corrected)
    assert {"附件2", "附件3", "附件4", "填报说明", "校验结果"} == {one.sheet for one in made.grids}
    project = {cell.value for cell in made.grid("附件4").cells.values()}
    assert {"技能培训", 110, 105.5} <= project and "本表自查" not in project
    assert said(perfxl.check(done.corrected).findings) == said(done.findings[1:])


def test_a_table_of_text_is_returned_as_a_workbook(tmp_path, capsys):
    path = tmp_path / "技能培训.csv"
    path.write_text(PROJECT, "gb18030")
    before = path.read_bytes()
    assert cli.run(["check", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "由 技能培训.csv 按表样重新生成" in "".join(shown.split("\n")).replace("        ", "")
    assert path.read_bytes() == before
    copy = tmp_path / "技能培训.checked.xlsx"
    grid = read_book(copy).grid("项目支出绩效自评表")
    typed = {cell.value for cell in grid.cells.values()}
    # What the unit typed is as it was; the rate's score was wrong and is a number now.
    assert {"110.5", "105.2", "0012"} <= typed
    assert 9.52 in typed and "9.6" not in typed
    assert cli.run(["check", str(tmp_path)]) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == [copy.name, path.name]


def test_checking_the_copy_again_and_again_changes_nothing(tmp_path):
    path = tmp_path / "技能培训.csv"
    path.write_text(PROJECT, "utf-8")
    first = tmp_path / "a.xlsx"
    perfxl.correct(perfxl.check(path), first)
    second, third = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    perfxl.correct(perfxl.check(first), second)
    perfxl.correct(perfxl.check(second), third)
    assert cells(first) == cells(second) == cells(third)


def test_a_template_of_ones_own_gives_the_copy_its_form(tmp_path):
    own = tmp_path / "本县.xlsx"
    shutil.copy(TEMPLATES / "chongqing-2022.xlsx", own)
    path = tmp_path / "技能培训.csv"
    path.write_text(PROJECT, "utf-8")
    done = check_and_correct(jobs_for([str(path)])[0], str(own))
    assert done.corrected and perfxl.check(done.corrected, str(own)).rebuilt_from == path.name


def test_a_file_that_changed_since_it_was_checked_is_refused(tmp_path):
    path = tmp_path / "技能培训.csv"
    path.write_text(PROJECT, "utf-8")
    report = perfxl.check(path)
    path.write_text(PROJECT.replace("105.2", "105.3"), "utf-8")
    with pytest.raises(perfxl.errors.RefusedEdit, match="改动过"):
        perfxl.correct(report, tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
