"""Whatever arrives is read by its content, or refused in words."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

import perfxl
from perfxl import cli
from perfxl.batch import check_and_correct, jobs_for
from perfxl.errors import CheckOnly, EncryptedWorkbook, NotAWorkbook
from perfxl.inputs import find_inputs
from perfxl.intake import open_for_copy, opened, read
from perfxl.model import ExcelError, Finding, Level, Report
from perfxl.package import read_book
from tests.clients import convert, convert_sheets, needs_soffice

SAMPLE = Path(__file__).parent.parent / "samples" / "hongjiang-2024" / "洪江区总工会.xlsx"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
TEMPLATE = "hunan-2024"
PASSWORD = "绩效 2024"


def told(findings: Iterable[Finding]) -> Counter[tuple[str, str | None]]:
    """The findings by code and field, without the remarks on notation and missing forms."""
    return Counter(
        (one.code, one.field) for one in findings if one.code[0] != "V" and one.code != "L106"
    )


@pytest.fixture(scope="module")
def report() -> Report:
    return perfxl.check(SAMPLE, TEMPLATE)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("locked") / "a.xlsx"
    with SAMPLE.open("rb") as plain, path.open("wb") as out:
        OOXMLFile(plain).encrypt(PASSWORD, out)
    return path


@needs_soffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_workbook_in_another_format_has_the_same_findings(report, tmp_path, kind):
    other = perfxl.check(convert(SAMPLE, kind, tmp_path), TEMPLATE)

    def all_of(one: Report) -> set[tuple[str | None, ...]]:
        return {(f.code, f.sheet, f.cell, f.field, f.stated, f.expected) for f in one.findings}

    assert all_of(other) == all_of(report)
    assert (other.verdict, other.unit, other.year) == (report.verdict, report.unit, report.year)


@needs_soffice
def test_sheets_saved_as_csv_have_the_findings_that_need_no_other_sheet(report, tmp_path):
    made = convert_sheets(SAMPLE, tmp_path)
    assert sorted(made) == sorted(grid.sheet for grid in read(SAMPLE).grids)
    for sheet, path in made.items():
        alone = [one for one in report.findings if one.sheet == sheet and one.code[0] != "X"]
        assert told(perfxl.check(path, TEMPLATE).findings) == told(alone)


@needs_soffice
def test_the_suffix_decides_nothing(tmp_path):
    old = convert(SAMPLE, "xls", tmp_path)
    shutil.copy(old, tmp_path / "a.xlsx")
    shutil.copy(SAMPLE, tmp_path / "b.xls")
    shutil.copy(old, tmp_path / "c.et")
    assert [read(tmp_path / name).kind for name in ("a.xlsx", "b.xls", "c.et")] == [
        "xls",
        "xlsx",
        "xls",
    ]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "网页"),
        ("<!DOCTYPE html>\n<table><tr><td>1</td></tr></table>", "网页"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related\n", "单个文件网页"),
        ("From: <a>\nContent-Type: multipart/related; boundary=x\n", "单个文件网页"),
        (
            '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML 表格 2003",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_web_pages_and_xml_named_xls_are_refused_with_the_way_out(tmp_path, start, words, encoding):
    path = tmp_path / "a.xls"
    path.write_bytes(start.encode(encoding))
    with pytest.raises(NotAWorkbook, match=f"{words}.*另存为"):
        read(path)


def test_the_fingerprint_is_that_of_the_file_as_it_came(locked):
    for path, password in ((SAMPLE, None), (locked, PASSWORD)):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert read(path, password).sha256 == digest
        assert open_for_copy(path, password)[1] == digest


def test_a_password_opens_an_encrypted_workbook(report, locked):
    opened = perfxl.check(locked, TEMPLATE, password=PASSWORD)
    assert opened.findings == report.findings
    assert read(locked, PASSWORD).grids == read(SAMPLE).grids


def test_without_the_right_password_the_words_say_what_to_do(locked):
    with pytest.raises(EncryptedWorkbook, match="--password"):
        read(locked)
    with pytest.raises(EncryptedWorkbook, match="密码不对"):
        read(locked, "错")
    refused = perfxl.check(locked)
    assert refused.verdict == "unreadable" and refused.findings[0].code == "F003"


def test_the_copy_of_an_encrypted_workbook_is_a_plain_one(locked, tmp_path, capsys):
    shutil.copy(locked, tmp_path / "a.xlsx")
    before = (tmp_path / "a.xlsx").read_bytes()
    given = ["check", str(tmp_path / "a.xlsx"), "--password", PASSWORD, "-t", TEMPLATE]
    assert cli.run(given) == 1
    assert (tmp_path / "a.xlsx").read_bytes() == before
    assert zipfile.is_zipfile(tmp_path / "a.checked.xlsx")
    assert perfxl.check(tmp_path / "a.checked.xlsx", TEMPLATE).verdict == "fail"
    assert cli.run(["check", str(tmp_path / "a.xlsx"), "--password", "错"]) == 2
    assert "密码不对" in capsys.readouterr().out


def test_the_copy_takes_the_workbook_that_its_check_opened_unless_it_changed(tmp_path):
    path = tmp_path / "a.xlsx"
    shutil.copy(SAMPLE, path)
    opened.cache_clear()
    book = read(path)
    package, sha256 = open_for_copy(path)
    assert (opened.cache_info().hits, sha256) == (1, book.sha256)
    shutil.copy(SAMPLE.parents[1] / "clean" / SAMPLE.name, path)
    other, changed = open_for_copy(path)
    assert other is not package
    assert changed != sha256


def test_limits_hold_inside_an_encrypted_file(tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    shutil.copy(SAMPLE, bomb)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/a.bin", bytes(70 * 1024 * 1024))
    path = tmp_path / "a.xlsx"
    with bomb.open("rb") as plain, path.open("wb") as out:
        OOXMLFile(plain).encrypt(PASSWORD, out)
    refused = perfxl.check(path, password=PASSWORD)
    assert refused.findings[0].code == "F005" and "64 MB" in refused.findings[0].message


def test_formulas_stored_without_results_are_computed(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    formulas = {
        "A1": 85.53, "A2": 87.23, "A3": "=ROUND(A1/A2,4)", "A4": "=A3*100", "A5": "=1/0",
        "A6": '=WEBSERVICE("http://example.org")', "A7": "=A6&1", "A8": "=A9", "A9": "=A8",
        "A10": "=INDIRECT(\"A1\")",
    }  # fmt: skip
    for address, value in formulas.items():
        sheet[address] = value
    path = tmp_path / "a.xlsx"
    book.save(path)
    stored = read_book(path).grids[0].cells
    assert all(cell.value is None for cell in stored.values() if cell.formula)
    (grid,) = read(path).grids
    values = {cell.address: cell.value for cell in grid.cells.values()}
    assert values["A3"] == 0.9805 and values["A4"] == pytest.approx(98.05)
    assert values["A5"] is ExcelError.DIV0
    assert [values[at] for at in ("A6", "A7", "A8", "A9", "A10")] == [None] * 5
    assert {cell.address: cell.formula for cell in grid.cells.values()} == {
        cell.address: cell.formula for cell in stored.values()
    }


def test_results_that_are_stored_are_never_computed_anew(monkeypatch):
    monkeypatch.setattr("perfxl.formula.Calculator", None)
    assert read(SAMPLE).grids == read_book(SAMPLE).grids


def test_a_format_that_cannot_be_patched_is_refused_as_such(tmp_path):
    path = tmp_path / "基础.csv"
    path.write_text("编制数,控制率\n8,87.5%\n", "utf-8")
    with pytest.raises(CheckOnly, match=r"文本表格.*由 基础\.csv 按表样重新生成"):
        open_for_copy(path)


@needs_soffice
def test_a_batch_says_that_the_copy_of_an_old_format_was_rebuilt(report, tmp_path):
    path = convert(SAMPLE, "xls", tmp_path)
    before = path.read_bytes()
    found = check_and_correct(jobs_for([str(path)])[0], TEMPLATE)
    copy = tmp_path / f"{path.stem}.checked.xlsx"
    assert found.verdict == report.verdict and found.corrected == str(copy)
    note, *others = found.findings
    assert (note.code, note.level) == ("F010", Level.NOTE)
    assert path.name in note.message
    assert tuple(others) == perfxl.check(path, TEMPLATE).findings
    assert sorted(tmp_path.iterdir()) == sorted([path, copy]) and path.read_bytes() == before
    read_only = check_and_correct(jobs_for([str(path)], write=False)[0], TEMPLATE)
    assert read_only.findings == tuple(others)


OLD_AND_LOCKED = CORPUS / "poi-3ad12a-password.xls"


@pytest.mark.skipif(not OLD_AND_LOCKED.is_file(), reason="../shared/corpus is not there")
def test_a_password_opens_an_encrypted_xls():
    assert [grid.sheet for grid in read(OLD_AND_LOCKED, "password").grids] == [
        "Лист1",
        "Лист2",
        "Лист3",
    ]
    with pytest.raises(EncryptedWorkbook, match="--password"):
        read(OLD_AND_LOCKED)
    with pytest.raises(EncryptedWorkbook, match="密码不对"):
        read(OLD_AND_LOCKED, "错")


@pytest.mark.skipif(
    not (CORPUS / "calamine-153146-pass_protected.ods").is_file(),
    reason="../shared/corpus is not there",
)
def test_an_encrypted_ods_is_refused_whatever_the_password():
    for password in (None, "错"):
        with pytest.raises(EncryptedWorkbook, match=r"打不开加密的 \.ods.*另存为"):
            read(CORPUS / "calamine-153146-pass_protected.ods", password)


def test_a_folder_is_searched_for_every_kind_of_workbook(tmp_path):
    wanted = ["0.xlsx", "1.xlsm", "2.XLS", "3.et", "4.xlsb", "5.ods", "6.csv"]
    passed_over = ["~$0.xlsx", "0.checked.xlsx", ".a.xls", "说明.txt", "a.docx", "a.pdf"]
    for name in wanted + passed_over:
        (tmp_path / name).touch()
    assert [Path(path).name for path in find_inputs([tmp_path]).files] == wanted
    assert find_inputs([tmp_path / "说明.txt"]).files == [str(tmp_path / "说明.txt")]
