"""A corrected copy in the hands of a unit: what it does to our sheet, notes and formulas."""

from pathlib import Path

import openpyxl

from perfxl.check import check
from perfxl.correct import correct
from perfxl.marks import NOTE_HEAD, OUR_FILLS, PAGE
from perfxl.model import a1, row_col
from perfxl.package import open_package, read_book
from perfxl.package.patch import Patch
from tests import shapes
from tests.seed_tables import seed
from tests.test_again import RATE, REASON, parts, with_money, with_points


def edited(path, target, edit) -> None:
    """The copy after ``edit(sheet 校验结果, workbook)`` in another program."""
    book = openpyxl.load_workbook(path)
    edit(book[PAGE], book)
    book.save(target)


def assert_one_note_each(path, report) -> None:
    """Each finding's cell has one note of ours, and no other cell has a note or fill."""
    book = openpyxl.load_workbook(path)
    wanted = {(f.sheet, f.cell) for f in (report.before or report).findings if f.cell}
    marked = {
        (sheet.title, cell.coordinate): cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if sheet.title != PAGE
        and (cell.comment or str(cell.fill.fgColor.rgb).removeprefix("FF") in OUR_FILLS)
    }
    assert marked.keys() == wanted
    assert all(cell.comment.text.count(NOTE_HEAD) == 1 for cell in marked.values())


def test_marks_are_renewed_though_the_unit_deleted_the_sheet_that_lists_them(tmp_path):
    path, copy, returned, last, again = (tmp_path / f"{name}.xlsx" for name in "abcde")
    shapes.official(with_money(RATE), path)
    correct(check(path), copy)

    def delete(page, book):
        book.remove(page)
        book["附件3"][rate_cell(copy)].comment = None

    edited(copy, returned, delete)
    report = check(returned)
    assert report.verdict == "pass"
    correct(report, last)
    assert_one_note_each(last, report)
    correct(check(last), again)
    assert parts(again) == parts(last)


def rate_cell(path) -> str:
    return next(r.cell for r in check(path).before.repairs if r.field == "执行率")


def test_replies_are_read_by_the_number_of_the_line_after_sorting(tmp_path):
    path, copy, returned = (tmp_path / f"{name}.xlsx" for name in "abc")
    shapes.official(seed(), path)
    correct(check(path), copy)

    def sort(page, book):
        for row in page.iter_rows(min_row=6, max_col=13):
            if row[10].value == "S525":
                row[12].value = REASON
        seen = [[cell.value for cell in row] for row in page.iter_rows(min_row=6, max_col=13)]
        for at, values in enumerate(sorted(seen, key=lambda values: values[10]), 6):
            for col, value in enumerate(values, 1):
                page.cell(at, col).value = value

    edited(copy, returned, sort)
    assert [f.code for f in check(returned).findings if f.explained] == ["S525"]


def test_a_page_whose_hidden_columns_were_cleared_is_still_ours(tmp_path):
    path, copy, returned, last = (tmp_path / f"{name}.xlsx" for name in "abcd")
    shapes.official(seed(), path)
    correct(check(path), copy)

    def clear(page, book):
        for row in page.iter_rows(min_col=14):
            for cell in row:
                cell.value = None
        line = next(r for r in page.iter_rows(min_row=6, max_col=13) if r[10].value == "S525")
        line[12].value = REASON

    edited(copy, returned, clear)
    report = check(returned)
    assert [f.code for f in report.findings if f.explained] == ["S525"]
    correct(report, last)
    assert [g.sheet for g in read_book(last).grids].count(PAGE) == 1
    assert_one_note_each(last, report)


def test_a_formula_of_ours_that_came_to_nothing_is_taken_back_and_not_found_wrong(tmp_path):
    path, copy, returned, last, again = (tmp_path / f"{name}.xlsx" for name in "abcde")
    shapes.official(with_money(RATE), path)
    correct(check(path), copy)
    patch = Patch(open_package(copy))
    at = next(c for c in read_book(copy).grid("附件3").cells.values() if c.value == 87.23)
    patch.number("附件3", at.row, at.col, 0)
    patch.save(returned)
    report = check(returned)
    assert not [f for f in report.findings if f.code == "V203"]
    correct(report, last)
    rate = read_book(last).grid("附件3").at(*row_col(rate_cell(copy)))
    assert (rate.value, rate.formula) == (0.8905, None)
    correct(check(last), again)
    assert parts(again) == parts(last)


def test_a_row_inserted_below_a_mark_does_not_keep_its_colour(tmp_path):
    path, copy, returned, last = (tmp_path / f"{name}.xlsx" for name in "abcd")
    shapes.official(with_points(with_money(RATE), 12), path)
    report = check(path)
    correct(report, copy)
    marked = next(f for f in report.findings if f.sheet == "附件3")
    row, col = row_col(marked.cell)

    def inherit(page, book):
        sheet = book["附件3"]
        sheet.cell(row + 1, col)._style = sheet.cell(row, col)._style

    edited(copy, returned, inherit)
    correct(check(returned), last)
    assert_one_note_each(last, check(returned))


def test_an_outdated_total_of_ours_brings_nothing_up_that_a_second_copy_lacks(tmp_path):
    path, copy, returned, last, again = (tmp_path / f"{name}.xlsx" for name in "abcde")
    shapes.official(with_money(RATE), path)
    correct(check(path), copy)
    patch = Patch(open_package(copy))
    patch.text("附件3", *row_col(rate_cell(copy)), "暂无")
    patch.save(returned)
    report = check(returned)
    correct(report, last)
    correct(check(last), again)
    assert parts(again) == parts(last)


def test_a_formula_of_ours_stays_while_a_fact_it_follows_is_wrong(tmp_path):
    path, copy, returned, last, again = (tmp_path / f"{name}.xlsx" for name in "abcde")
    shapes.official(with_money(RATE), path)
    correct(check(path), copy)
    patch = Patch(open_package(copy))
    at = next(c for c in read_book(copy).grid("附件3").cells.values() if c.value == 87.23)
    patch.number("附件3", at.row, at.col, 80)
    patch.save(returned)
    report = check(returned)
    assert rate_cell(returned) == rate_cell(copy)
    correct(report, last)
    rate = read_book(last).grid("附件3").at(*row_col(rate_cell(copy)))
    assert (rate.formula, rate.value) == (f"ROUND(G4/{a1(at.row, at.col)},4)", 1.0691)
    correct(check(last), again)
    assert parts(again) == parts(last)


def test_a_total_that_follows_what_is_given_back_is_the_same_a_second_time(tmp_path):
    copy, returned, last, again = (tmp_path / f"{name}.xlsx" for name in "bcde")
    (sample,) = (Path(__file__).parents[1] / "samples" / "hubei-2020").glob("*.xlsx")
    correct(check(sample), copy)
    patch = Patch(open_package(copy))
    patch.number("整体", *row_col("G19"), 43)
    patch.restore("整体", *row_col("D5"), None)
    patch.save(returned)
    report = check(returned)
    correct(report, last)
    assert read_book(last).grid("整体").at(*row_col("G5")).value == 20
    correct(check(last), again)
    assert parts(again) == parts(last)
