"""Every kind of workbook that perfxl writes opens in Excel without an offer to repair it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl import cli
from perfxl.check import check, check_book
from perfxl.correct import correct, write
from perfxl.package import read_book
from perfxl.rebuild import rebuilt_book
from perfxl.template import available
from tests import extracting
from tests.make_samples import SAMPLES, WORKBOOKS
from tests.objections import objections
from tests.rebuild.test_formats import PROJECT

TEMPLATES = sorted(available())
FILLED = [SAMPLES / name for name in WORKBOOKS]
each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
each_sample = pytest.mark.parametrize("sample", FILLED, ids=lambda path: path.parent.name)


@each_template
def test_a_template(template: Path, tmp_path: Path):
    built = tmp_path / "built.xlsx"
    text = template.with_suffix(".md")
    assert cli.run(["template", "build", str(text), "-o", str(built)]) == 0
    assert objections(built) == []
    assert objections(template) == []


@each_template
def test_blanks_and_the_roster_they_come_from(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert cli.run(["blank", template.stem, "--example", "-q"]) == 0
    (roster,) = tmp_path.glob("*.xlsx")
    assert cli.run(["blank", template.stem, "-o", "alone", "-q"]) == 0
    assert cli.run(["blank", template.stem, "--units", str(roster), "-o", "out", "-q"]) == 0
    made = [*(tmp_path / "alone").iterdir(), *(tmp_path / "out").iterdir()]
    assert len(made) > 1
    assert [said for one in (roster, *made) for said in objections(one)] == []


@each_sample
def test_a_corrected_copy_and_the_copy_of_that(sample: Path, tmp_path: Path):
    first = correct(check(sample), tmp_path / "first.xlsx")
    second = correct(check(first), tmp_path / "second.xlsx")
    assert objections(first, sample) == []
    assert objections(second, sample) == []


@each_sample
def test_a_rebuilt_copy(sample: Path, tmp_path: Path):
    book = read_book(sample)
    report = check_book(book)
    assert report.template
    made, copy = rebuilt_book(book, report, report.template), tmp_path / "rebuilt.xlsx"
    write(made.package, made.report, copy)
    assert objections(copy) == []


def test_the_copy_of_a_table_of_text(tmp_path: Path):
    path = tmp_path / "技能培训.csv"
    path.write_text(PROJECT, "gb18030")
    assert objections(correct(check(path), tmp_path / "copy.xlsx")) == []


def test_the_values_of_many_workbooks(tmp_path: Path):
    (tmp_path / "in").mkdir()
    target = tmp_path / "values.xlsx"
    arguments = ["extract", str(extracting.fill(tmp_path / "in")), "-o", str(target), "-q"]
    assert cli.run(arguments) == 0
    assert objections(target) == []
