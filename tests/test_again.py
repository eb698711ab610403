"""A corrected copy that is checked and corrected again, as many times as it takes."""

import zipfile
from dataclasses import replace

import pytest

from perfxl.check import check
from perfxl.correct import correct
from perfxl.marks import NOTE_HEAD, OUR_FILLS, PAGE
from perfxl.model import ExcelError, Level, row_col
from perfxl.package import open_package, read_book
from perfxl.package.patch import Patch
from perfxl.record import REPLY
from tests import shapes
from tests.clients import convert, needs_soffice
from tests.seed_tables import Tables, clean, seed

SHAPES = {"official": shapes.official, "stacked": shapes.stacked, "shifted": shapes.shifted}
RATE = (110.7, 87.23, 85.53, 10, 0.8905, 9.81)
REASON = "年初预算按人员编制测算，年中两人调出，支出相应减少。"


def with_money(money: tuple) -> Tables:
    tables = clean()
    return replace(tables, overall=replace(tables.overall, money=money))


def with_points(tables: Tables, points: float) -> Tables:
    """One indicator of the overall form weighs ``points``: a fact that rules speak of."""
    first, *others = tables.overall.indicators
    changed = replace(first, points=points)
    return replace(tables, overall=replace(tables.overall, indicators=(changed, *others)))


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def notes(path) -> list[str]:
    return [
        text.decode()
        for name, text in parts(path).items()
        if "comments" in name and NOTE_HEAD.encode() in text
    ]


def looks(path) -> dict:
    """How each cell of the forms looks: its fill and number format."""
    package = open_package(path)
    patch, book = Patch(package), read_book(path)
    return {
        (grid.sheet, at): patch.look_of(grid.sheet, *at).partition("fmt=")[2]
        for grid in book.grids
        for at in grid.cells
        if grid.sheet != PAGE
    }


def reply(path, target, text: str, code: str) -> None:
    """The unit writes into 单位说明 beside the first finding of that code."""
    grid = read_book(path).grid(PAGE)
    heading = next(cell for cell in grid.cells.values() if cell.value == REPLY)
    codes = next(cell for cell in grid.cells.values() if cell.value == "编码").col
    row = min(r for (r, c), cell in grid.cells.items() if c == codes and cell.value == code)
    patch = Patch(open_package(path))
    patch.text(PAGE, row, heading.col, text)
    patch.save(target)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_copy_nobody_touched_is_corrected_into_itself(shape, tmp_path):
    path, first, second = (tmp_path / f"{name}.xlsx" for name in ("a", "b", "c"))
    SHAPES[shape](seed(), path)
    correct(check(path), first)
    correct(check(first), second)
    assert parts(second) == parts(first)


def test_a_computed_cell_stays_traceable_through_any_number_of_rounds(tmp_path):
    path = tmp_path / "0.xlsx"
    shapes.official(with_money(RATE), path)
    for number in range(1, 4):
        copy = tmp_path / f"{number}.xlsx"
        correct(check(path), copy)
        path = copy
        page = [cell.value for cell in read_book(copy).grid(PAGE).cells.values()]
        assert page.count("89.05%") == 1
    assert parts(tmp_path / "1.xlsx") == parts(tmp_path / "3.xlsx")


def test_what_was_put_right_is_not_found_again(tmp_path):
    path, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    shapes.official(with_money(RATE), path)
    assert check(path).verdict == "fail"
    correct(check(path), copy)
    again = check(copy)
    assert (again.verdict, again.findings) == ("pass", ())
    assert {finding.code for finding in again.settled} == {f.code for f in check(path).findings}


def test_marks_are_gone_once_the_unit_has_corrected_its_facts(tmp_path):
    path, copy, returned, last = (tmp_path / f"{name}.xlsx" for name in "abcd")
    shapes.official(with_points(with_money(RATE), 12), path)
    report = check(path)
    correct(report, copy)
    patch = Patch(open_package(copy))
    patch.number("附件3", *points_of_first(copy), clean().overall.indicators[0].points)
    patch.save(returned)
    assert check(returned).verdict == "pass"
    correct(check(returned), last)
    own, ours = looks(path), looks(last)
    wrong = {(r.sheet, (r.row, r.col)) for r in report.repairs}
    assert {at: look for at, look in ours.items() if at not in wrong} == {
        at: look for at, look in own.items() if at not in wrong
    }
    assert not notes(last)
    assert not any(fill in look for look in ours.values() for fill in OUR_FILLS)


def test_an_error_pasted_over_what_was_put_right_is_the_units_own(tmp_path):
    path, copy, returned = (tmp_path / f"{name}.xlsx" for name in "abc")
    shapes.stacked(with_money(RATE), path)
    report = check(path)
    correct(report, copy)
    (rate,) = [repair for repair in report.repairs if repair.stated.strip() == "89.05%"]
    assert rate.formula is None
    patch = Patch(open_package(copy))
    patch.restore(rate.sheet, rate.row, rate.col, ExcelError.DIV0)
    patch.save(returned)
    again = check(returned)
    assert again.verdict == "fail"
    assert "#DIV/0!" in {f.stated for f in again.findings if f.cell == rate.cell}


def points_of_first(path) -> tuple[int, int]:
    grid = read_book(path).grid("附件3")
    header = next(cell for cell in grid.cells.values() if cell.value == "三级指标")
    points = next(c for c in grid.row(header.row) if c.value == "分值")
    return header.row + 1, points.col


def test_a_cell_whose_value_rests_on_a_wrong_fact_waits_for_it(tmp_path):
    path, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    shapes.official(with_points(clean(), 12), path)
    report = check(path)
    (waiting,) = report.waiting
    assert waiting.sheet == "附件3" and "分值（J12:J22）" in waiting.words
    assert (waiting.sheet, waiting.cell) not in {(r.sheet, r.cell) for r in report.repairs}
    correct(report, copy)
    at = row_col(waiting.cell)
    assert (
        read_book(copy).grid("附件3").at(*at).value == read_book(path).grid("附件3").at(*at).value
    )
    assert any("暂不更正：分值" in note for note in notes(copy))


def test_a_value_that_was_right_after_all_is_given_back(tmp_path):
    path, copy, returned, last = (tmp_path / f"{name}.xlsx" for name in "abcd")
    shapes.official(with_money((110.7, 90, 85.53, 10, 0.9805, 9.81)), path)
    report = check(path)
    assert {(r.field, r.stated) for r in report.repairs} >= {("执行率", "98.05%")}
    correct(report, copy)
    patch = Patch(open_package(copy))
    at = next(c for c in read_book(copy).grid("附件3").cells.values() if c.value == 90)
    patch.number("附件3", at.row, at.col, 87.23)
    patch.save(returned)
    correct(check(returned), last)
    assert check(last).findings == ()
    rate = next(r for r in report.repairs if r.field == "执行率")
    cell = read_book(last).grid("附件3").at(rate.row, rate.col)
    assert (cell.value, cell.formula) == (0.9805, None)


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        (REASON, True),
        ("核实无误", False),
        ("情况属实。", False),
        ("经核实无误，情况属实", False),
        ("资金未到位", False),
    ],
)
def test_a_reply_explains_only_what_it_gives_a_reason_for(text, explained, tmp_path):
    path, copy, returned, last = (tmp_path / f"{name}.xlsx" for name in "abcd")
    shapes.official(seed(), path)
    correct(check(path), copy)
    reply(copy, returned, text, "S513")
    report = check(returned)
    replied = [f for f in report.findings if f.explanation]
    assert [(f.code, f.explanation, f.explained) for f in replied] == [("S513", text, explained)]
    assert report.count(Level.WARNING) == check(copy).count(Level.WARNING) - explained
    if not explained:
        assert f"单位说明“{text}”没有写明原因" in replied[0].message
    correct(report, last)
    assert text in [cell.value for cell in read_book(last).grid(PAGE).cells.values()]
    assert [f.explanation for f in check(last).findings] == [f.explanation for f in report.findings]


@needs_soffice
def test_marks_are_recognised_after_another_program_saved_the_copy(tmp_path):
    path, copy, last = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    shapes.official(seed(), path)
    first = check(path)
    correct(first, copy)
    saved = convert(copy, "xlsx", tmp_path / "saved")
    again = check(saved)
    assert [f.key for f in again.before.findings] == [f.key for f in first.findings]
    correct(again, last)
    assert sum(text.count(NOTE_HEAD) for text in notes(last)) == sum(
        text.count(NOTE_HEAD) for text in notes(copy)
    )
    names = [grid.sheet for grid in read_book(last).grids]
    assert names.count(PAGE) == 1 and names[-1] == PAGE
    ours = [at for at, look in looks(last).items() if any(fill in look for fill in OUR_FILLS)]
    assert ours == [
        at for at, look in looks(copy).items() if any(fill in look for fill in OUR_FILLS)
    ]
