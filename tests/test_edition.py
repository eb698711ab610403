"""A workbook that was made from another year's or version's template says so when checked."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.edition import edition_finding
from perfxl.model import Book, Finding, Level
from perfxl.package import read_book
from perfxl.template import PROPERTIES, find, shipped
from tests.clients import convert, needs_soffice

TEMPLATE = shipped("hunan-2024")
OWN = dict(zip(PROPERTIES, (TEMPLATE.id, str(TEMPLATE.year), TEMPLATE.version), strict=True))
ID, YEAR, VERSION = PROPERTIES


def told(properties: Mapping[str, str]) -> Finding | None:
    return edition_finding(Book("a.xlsx", "", "xlsx", (), properties=properties), TEMPLATE)


def made_from(tmp_path: Path, changes: Mapping[str, str]) -> Path:
    """The template's own workbook, as one of another edition would be."""
    path = tmp_path / "returned.xlsx"
    with zipfile.ZipFile(find(TEMPLATE.id)) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/custom.xml":
                for name, value in changes.items():
                    stated = f">{OWN[name]}<".encode()
                    assert data.count(stated) == 1
                    data = data.replace(stated, f">{value}<".encode())
            new.writestr(item, data)
    return path


def editions(path: Path) -> list[Finding]:
    return [one for one in perfxl.check(path).findings if one.code in ("F011", "F012")]


def test_the_templates_own_edition_is_no_news():
    assert told(OWN) is None


def test_a_workbook_that_does_not_say_where_it_comes_from_is_no_news():
    assert told({}) is None
    assert told({"审核人": "张三", VERSION: "0.9"}) is None


@pytest.mark.parametrize("version", ["0.9.0", "2.0"])
def test_another_version_is_a_note_with_both_versions(version: str):
    finding = told(OWN | {VERSION: version})
    assert finding is not None
    assert (finding.code, finding.level) == ("F011", Level.NOTE)
    assert f"版本 {version}" in finding.message
    assert f"版本 {TEMPLATE.version}" in finding.message


@pytest.mark.parametrize("changes", [{YEAR: "2023"}, {ID: "mof-2020"}, {ID: "hunan-2023"}])
def test_another_year_or_template_is_to_be_looked_into(changes: dict[str, str]):
    finding = told(OWN | changes | {VERSION: "0.9.0"})
    assert finding is not None
    assert (finding.code, finding.level) == ("F012", Level.WARNING)
    for said in (*changes.values(), "0.9.0", TEMPLATE.id, "2024 年度", TEMPLATE.version):
        assert said in finding.message


def test_what_a_property_lacks_is_not_held_against_it():
    assert told({ID: TEMPLATE.id}) is None
    finding = told({ID: "hunan-2023"})
    assert finding is not None and finding.message.startswith("工作簿由模板 hunan-2023 生成")


def test_a_property_of_any_length_gives_a_message_of_one_line():
    finding = told(OWN | {VERSION: "9" * 100_000})
    assert finding is not None and len(finding.message) < 200


@pytest.mark.parametrize(
    ("changes", "codes"),
    [({}, []), ({VERSION: "0.9.0"}, ["F011"]), ({YEAR: "2023"}, ["F012"])],
)
def test_a_check_of_a_returned_workbook_says_it(
    changes: dict[str, str], codes: list[str], tmp_path: Path
):
    assert [one.code for one in editions(made_from(tmp_path, changes))] == codes


def test_it_is_said_after_openpyxl_has_saved_the_workbook(tmp_path: Path):
    path = made_from(tmp_path, {VERSION: "0.9.0"})
    openpyxl.load_workbook(path).save(path)
    (finding,) = editions(path)
    assert "版本 0.9.0" in finding.message


@needs_soffice
def test_it_is_said_after_libreoffice_has_saved_the_workbook(tmp_path: Path):
    path = made_from(tmp_path, {YEAR: "2023", VERSION: "0.9.0"})
    folder = tmp_path / "saved"
    folder.mkdir()
    saved = convert(path, "xlsx", folder)
    kept = read_book(saved).properties
    assert kept == read_book(path).properties
    assert {name: kept[name] for name in OWN} == OWN | {YEAR: "2023", VERSION: "0.9.0"}
    (finding,) = editions(saved)
    assert "2023 年度，版本 0.9.0" in finding.message
