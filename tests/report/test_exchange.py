"""CSV, SARIF and JUnit: what other programs are handed."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

from perfxl.model import Level
from perfxl.report import FORMATS, render
from tests.report.reports import RELATED, finding, report, unreadable


def rows(*reports: object) -> list[dict[str, str]]:
    text = render("csv", reports)  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_csv_has_a_row_for_each_finding_and_for_each_clean_file():
    found = rows(report(finding(), finding("C302", Level.WARNING)), report(verdict="pass"))
    assert [(row["编码"], row["级别"], row["结论"]) for row in found] == [
        ("S501", "强制", "需改正"),
        ("C302", "核实", "需改正"),
        ("", "", "通过"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_csv_never_hands_a_spreadsheet_a_formula(text: str):
    assert rows(report(finding(stated=text)))[0]["填报"] == "'" + text


def test_csv_keeps_line_breaks_and_quotes():
    text = '第一行\n"第二行",完'
    assert rows(report(finding(stated=text)))[0]["填报"] == text


def test_sarif_points_at_the_sheet_and_the_cell():
    log = json.loads(render("sarif", [report(finding(related=RELATED)), unreadable()]))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "S501"
    location = result["locations"][0]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "in/a.xlsx", "index": 0}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "附件3!K4"
    related = result["relatedLocations"][0]["logicalLocations"][0]
    assert related["fullyQualifiedName"] == "附件3!E4"
    assert "logicalLocations" not in run["results"][1]["locations"][0]


def test_sarif_levels_are_its_own_words():
    levels = [finding(f"C30{n}", level) for n, level in enumerate(Level)]
    run = json.loads(render("sarif", [report(*levels)]))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]


def test_sarif_uris_are_escaped():
    run = json.loads(render("sarif", [report(path="来 文/a.xlsx")]))["runs"][0]
    assert run["artifacts"][0]["location"]["uri"] == "%E6%9D%A5%20%E6%96%87/a.xlsx"


def test_junit_fails_on_errors_alone():
    found = report(finding(), finding("C302", Level.WARNING))
    root = ET.fromstring(render("junit", [found, report(verdict="pass"), unreadable()]))
    assert root.attrib == {"name": "perfxl", "tests": "4", "failures": "1", "errors": "1"}
    first = root.find("testsuite")
    assert first is not None
    assert [case.get("name") for case in first] == ["S501 附件3!K4 执行率", "C302 附件3!K4 执行率"]
    assert first.find("testcase[2]/system-out") is not None


def test_junit_survives_what_xml_cannot_hold():
    root = ET.fromstring(render("junit", [report(finding(message="a\x00b\x0b<c>", field="\x1f"))]))
    failure = root.find(".//failure")
    assert failure is not None and failure.get("message") == "a b <c>"


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_reports_give_the_same_text(form: str):
    reports = [report(finding(), finding("C302", Level.WARNING)), unreadable()]
    assert render(form, reports) == render(form, list(reports))
    assert render(form, reports).endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_on_nothing_is_still_a_report(form: str):
    assert render(form, [])
