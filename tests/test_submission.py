"""Files of one unit in one folder are one submission for the rules between forms."""

import json

import pytest

from perfxl import cli
from perfxl.batch import Job, as_submissions
from perfxl.check import check
from tests import shapes
from tests.seed_tables import seed
from tests.split import split_by_sheet


@pytest.fixture
def folder(tmp_path):
    """The seed's tables, one workbook per table, as many units send them."""
    whole = tmp_path / "whole.xlsx"
    shapes.official(seed(), whole)
    parts = tmp_path / "洪江区总工会"
    parts.mkdir()
    split_by_sheet(whole, parts)
    whole.unlink()
    return parts


def found(report) -> set[tuple[str, str | None]]:
    return {(finding.code, finding.field) for finding in report.findings}


def test_alone_a_form_cannot_be_held_against_the_others(folder):
    assert not {code for code, _ in found(check(folder / "附件3.xlsx"))} & {"X401", "X402"}


def test_together_the_files_give_the_findings_of_the_one_workbook(folder, tmp_path):
    shapes.official(seed(), tmp_path / "whole.xlsx")
    paths = sorted(folder.glob("*.xlsx"))
    together = set()
    for path in paths:
        beside = [other for other in paths if other != path]
        together |= found(check(path, beside=beside))
    assert together == found(check(tmp_path / "whole.xlsx"))


def test_a_finding_is_about_the_file_it_stands_in_and_points_to_the_other(folder):
    paths = sorted(folder.glob("*.xlsx"))
    report = check(folder / "附件3.xlsx", beside=[p for p in paths if p.stem != "附件3"])
    (finding,) = [f for f in report.findings if f.code == "X401"]
    assert (finding.sheet, finding.cell) == ("附件3", "C4")
    assert ("[附件2.xlsx]附件2", "D6") in finding.related
    assert {form.sheet for form in report.forms} == {"附件3"}


def test_a_folder_is_checked_as_one_submission(folder, capfdbinary):
    assert cli.run(["check", str(folder), "-f", "json", "--no-write"]) == 1
    files = json.loads(capfdbinary.readouterr().out)["files"]
    codes = {finding["code"] for file in files for finding in file["findings"]}
    assert {"X401", "X416"} <= codes
    assert "L106" not in codes


def test_two_versions_of_one_form_are_no_submission(tmp_path):
    jobs = []
    for name in ("初稿.xlsx", "定稿.xlsx"):
        shapes.official(seed(), tmp_path / name)
        jobs.append(Job(str(tmp_path / name)))
    assert not as_submissions(jobs, [check(job.path) for job in jobs])
