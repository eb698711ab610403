"""The corrected copy: the unit's own workbook, computed cells right, every finding marked."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.check import check
from perfxl.correct import _put_right, correct
from perfxl.errors import RefusedEdit, UnwritableTarget
from perfxl.locate import locate
from perfxl.marks import FILLS
from perfxl.model import Bound, Kind, Level, Place, Refreshed, Repair, Report, Role, a1
from perfxl.package import open_package, read_book
from perfxl.package.patch import Patch
from perfxl.template import shipped
from tests import shapes
from tests.clients import needs_soffice, recalculate
from tests.judging import TEMPLATE
from tests.seed_tables import clean, seed

SHAPES = {"official": shapes.official, "stacked": shapes.stacked, "shifted": shapes.shifted}
TOUCHED = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("units")


@pytest.fixture(scope="module", params=SHAPES)
def returned(request, folder):
    path = folder / f"{request.param}.xlsx"
    SHAPES[request.param](seed(), path)
    return path


@pytest.fixture(scope="module")
def spotless(folder):
    path = folder / "clean.xlsx"
    shapes.official(clean(), path, amounts="0.00")
    return path


def members(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def values(path) -> dict[tuple[str, str], object]:
    """What a plain reader sees (openpyxl shows the target of a link in an empty cell)."""
    book = python_calamine.load_workbook(str(path))
    return {
        (name, a1(row, col)): value
        for name in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(False), 1)
        for col, value in enumerate(cells, 1)
        if value != ""
    }


def corrected(path: Path, report=None) -> Path:
    return correct(report or check(path), path.with_suffix(".checked.xlsx"))


def test_nothing_changes_but_the_computed_cells_that_findings_name(returned):
    report = check(returned)
    before, after = values(returned), values(corrected(returned, report))
    repaired = {(repair.sheet, repair.cell) for repair in report.repairs}
    added = {at for at in after if at[0] == "校验结果"}
    changed = {at for at in before | after if before.get(at) != after.get(at)} - added
    assert changed == repaired
    texts = {(f.sheet, f.cell) for f in report.findings if f.code == "V208"}
    wrong = {r.field for r in report.repairs if (r.sheet, r.cell) not in texts}
    assert wrong == {"收入合计", "支出合计"}


def test_parts_that_need_no_patch_are_the_same_bytes(returned):
    before, after = members(returned), members(corrected(returned))
    patched = {name for name in before if before[name] != after.get(name)}
    sheets = {name for name in before if name.startswith("xl/worksheets/")}
    assert patched <= {*TOUCHED, *sheets, "[Content_Types].xml"}
    assert set(before) - set(after) == set()


def test_every_finding_has_its_fill_its_note_and_its_line(returned):
    report = check(returned)
    book = openpyxl.load_workbook(corrected(returned, report))
    lines = [row for row in book["校验结果"].iter_rows(values_only=True)]
    text = "\n".join(str(value) for row in lines for value in row if value)
    for finding in report.findings:
        cell = book[finding.sheet][finding.cell]
        heaviest = min(
            (
                f.level
                for f in report.findings
                if (f.sheet, f.cell) == (finding.sheet, finding.cell)
            ),
            key=lambda level: level.rank,
        )
        assert cell.fill.fgColor.rgb == f"FF{FILLS[heaviest]}"
        assert finding.message in cell.comment.text
        assert f"怎么改：{finding.advice}" in cell.comment.text
        assert finding.message in text
    assert book.sheetnames[-1] == "校验结果"


def test_links_lead_from_each_finding_to_its_cell_and_back(returned):
    report = check(returned)
    book = openpyxl.load_workbook(corrected(returned, report))
    results = book["校验结果"]
    there = {
        cell.value: cell.hyperlink.location
        for row in results.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    for finding in report.findings:
        place = f"{finding.sheet}!{finding.cell}"
        assert there[place] == f"'{finding.sheet}'!{finding.cell}"
        cell = book[finding.sheet][finding.cell]
        if cell.value is None:
            # A click that jumps away would be in the way of typing: its note names the line.
            line = int(re.search("校验结果”第 ([0-9]+) 行", cell.comment.text)[1])
            assert cell.hyperlink is None
        else:
            line = results[cell.hyperlink.location.rpartition("!")[2]].row
        assert results.cell(line, 4).value == place


def test_a_wrong_rate_becomes_a_live_formula_and_the_old_value_stays_traceable(folder):
    path = folder / "rate.xlsx"
    tables = seed()
    money = (110.71, 87.23, 85.53, 10, 0.8905, 9.8)
    shapes.official(replace(tables, overall=replace(tables.overall, money=money)), path)
    report = check(path)
    (repair,) = [r for r in report.repairs if r.field == "执行率"]
    assert (repair.stated, repair.shown, repair.formula) == ("89.05%", "98.05%", "ROUND(G4/E4,4)")
    copy = corrected(path, report)
    cell = openpyxl.load_workbook(copy)["附件3"]["K4"]
    assert cell.value == "=ROUND(G4/E4,4)"
    assert cell.number_format == "0.00%"
    assert "89.05%" in cell.comment.text
    assert openpyxl.load_workbook(copy, data_only=True)["附件3"]["K4"].value == 0.9805
    assert python_calamine.load_workbook(str(copy)).get_sheet_by_name("附件3").to_python()[3][
        10
    ] == pytest.approx(0.9805)


def test_over_numbers_typed_as_text_the_right_value_is_a_plain_number(folder):
    path = folder / "text.xlsx"
    tables = seed()
    money = (110.71, 87.23, 85.53, 10, 0.8905, 9.8)
    shapes.stacked(replace(tables, overall=replace(tables.overall, money=money)), path)
    report = check(path)
    (repair,) = [r for r in report.repairs if r.stated.strip() == "89.05%"]
    assert repair.formula is None
    sheet = openpyxl.load_workbook(corrected(path, report))[repair.sheet]
    assert sheet[repair.cell].value == 0.9805
    assert sheet[repair.cell].number_format == "0.00%"


def test_a_workbook_with_nothing_wrong_gets_a_sheet_that_says_so(spotless):
    report = check(spotless)
    assert not report.repairs
    assert report.verdict == "pass"
    book = openpyxl.load_workbook(corrected(spotless, report))
    assert "结论：通过" in str(book["校验结果"]["A3"].value)


def test_a_workbook_that_changed_since_it_was_checked_is_refused(folder):
    path = folder / "changed.xlsx"
    shapes.official(seed(), path)
    report = check(path)
    shapes.official(clean(), path)
    with pytest.raises(RefusedEdit, match="在检查之后改动过"):
        corrected(path, report)


def test_a_workbook_no_template_knows_is_not_corrected(folder):
    path = folder / "other.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "会议签到表"
    book.save(path)
    report = check(path)
    assert report.verdict == "unknown"
    with pytest.raises(RefusedEdit, match="没有认出自评表"):
        corrected(path, report)


def test_the_input_is_never_the_target(returned):
    report = check(returned)
    before = returned.read_bytes()
    with pytest.raises(UnwritableTarget):
        correct(report, returned)
    assert returned.read_bytes() == before


def computed_cells(path: Path) -> list[Bound]:
    binding = locate(read_book(path), shipped(TEMPLATE))
    return [
        bound
        for form in binding.forms
        for bound in form.fields.values()
        if bound.field.role is Role.COMPUTED and isinstance(bound.value.value, (int, float))
    ]


def retyped(path: Path, target: Path, bound: Bound, number: float) -> None:
    """The workbook with another number typed into one cell, shown with two decimals."""
    patch = Patch(open_package(path))
    if bound.how == "同格":
        label = str(bound.source.value)
        patch.text(
            bound.sheet, bound.row, bound.col, label.replace(bound.value.raw, f"{number:.2f}")
        )
    else:
        shown = "0.00%" if bound.field.kind is Kind.RATIO else "0.00"
        patch.number(bound.sheet, bound.row, bound.col, number, number_format=shown)
    patch.save(target)


@given(data=st.data())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_wrong_number_in_a_computed_cell_is_found_there_and_put_right(spotless, folder, data):
    bound = data.draw(st.sampled_from(computed_cells(spotless)))
    right = bound.value.value
    # Nearer than this the difference may be the rounding of the inputs (1.15 of 1.2 万元).
    step, near = (0.0001, 100) if bound.field.kind is Kind.RATIO else (0.01, 5)
    off = data.draw(st.integers(-2000, 2000).filter(lambda off: abs(off) >= near))
    wrong = round(right + off * step, 4)
    path, copy = folder / "wrong.xlsx", folder / "right.xlsx"
    for stale in (path, copy):
        stale.unlink(missing_ok=True)
    retyped(spotless, path, bound, wrong)
    report = check(path)
    at = [f for f in report.findings if (f.sheet, f.cell) == (bound.sheet, bound.cell)]
    assert any(f.level is Level.ERROR for f in at), (bound.field.name, right, wrong)
    correct(report, copy)
    again = check(copy)
    assert again.verdict == "pass", [f.message for f in again.findings]
    assert not again.repairs
    now = {(b.sheet, b.cell): b.value.value for b in computed_cells(copy)}
    assert now[bound.sheet, bound.cell] == pytest.approx(right)


@needs_soffice
def test_libreoffice_recalculates_the_copy_to_the_same_values(folder, returned):
    copy = corrected(returned)
    anew = recalculate([copy], folder / "recalculated")[copy]
    stored, fresh = values(copy), values(anew)
    assert stored.keys() == fresh.keys()
    for at, value in stored.items():
        assert fresh[at] == (pytest.approx(value) if isinstance(value, float) else value), at


def test_the_units_own_formulas_that_rest_on_a_repaired_cell_show_their_new_result(folder):
    path = folder / "own formulas.xlsx"
    tables = seed()
    money = (110.71, 87.23, 85.53, 10, 0.8905, 9.8)
    shapes.official(replace(tables, overall=replace(tables.overall, money=money)), path)
    book = openpyxl.load_workbook(path)
    extra = book.create_sheet("台账")
    extra["A1"] = "=附件3!K4*100"
    extra["A2"] = '=A1&"%"'
    book.save(path)
    copy = openpyxl.load_workbook(corrected(path), data_only=True)
    assert copy["台账"]["A1"].value == pytest.approx(98.05)
    assert copy["台账"]["A2"].value == "98.05%"
    assert openpyxl.load_workbook(path.with_suffix(".checked.xlsx"))["台账"]["A1"].value == (
        "=附件3!K4*100"
    )


class Refusing:
    """A patch that refuses to change A2, as one does a cell of an array."""

    def __init__(self):
        self.refreshed = []

    def number(self, sheet, row, col, *given):
        return row != 2

    def result(self, *given):
        self.refreshed.append(given)


@pytest.mark.parametrize("rows", [(1,), (1, 2)])
def test_results_that_rest_on_a_value_that_could_not_be_put_in_stay_as_they_were(rows):
    wrong = tuple(Repair("表", row, 1, "合计", "1", 2.0, "2.00", None) for row in rows)
    fresh = Refreshed("表", 9, 1, 4.0)
    patch = Refusing()
    made = _put_right(patch, Report("a.xlsx", repairs=wrong, refreshed=(fresh,)))
    assert list(made) == [Place("表", "A1")]
    assert patch.refreshed == ([tuple(fresh)] if rows == (1,) else [])
