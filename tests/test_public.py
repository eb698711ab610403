"""The Python face of perfxl, as the contract has it."""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor

import pytest

import perfxl


def test_a_report_has_findings_and_can_be_written_as_a_copy(filled, tmp_path):
    report = perfxl.check(filled)
    assert report.verdict == "fail" and report.findings
    assert perfxl.correct(report, tmp_path / "b.xlsx") == tmp_path / "b.xlsx"
    assert perfxl.check(tmp_path / "b.xlsx").template == report.template


def test_many_come_back_in_order_from_any_executor(filled, tmp_path):
    paths = [filled, tmp_path / "none.xlsx", filled]
    with ThreadPoolExecutor(2) as executor:
        reports = list(perfxl.check_many(paths, executor=executor))
    assert [report.verdict for report in reports] == ["fail", "unreadable", "fail"]
    assert reports == list(perfxl.check_many(paths))


def test_a_formula_gives_excels_result():
    assert perfxl.evaluate("=ROUND(A1/B1,4)", {"A1": 85.53, "B1": 87.23}) == 0.9805


def test_the_functions_keep_their_names_when_their_modules_are_imported():
    for module in ("perfxl.check", "perfxl.correct"):
        importlib.import_module(module)
    assert callable(perfxl.check) and callable(perfxl.correct)


def test_what_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="chekc"):
        perfxl.chekc  # noqa: B018
