"""Whatever people do to the sheets, the same findings: on one sample of every template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.check import check_book
from perfxl.intake import read
from perfxl.locate import locate
from perfxl.model import Binding, Book, Report
from perfxl.package import read_book
from perfxl.template import shipped
from tests import damaging
from tests.clients import convert, needs_soffice

SAMPLES = Path(__file__).parent.parent / "samples"
WORKBOOKS = sorted(SAMPLES.glob("*/*.xlsx"))
KINDS = (
    "reworded",
    "tails",
    "inlined",
    "as text",
    "full width",
    "spaced",
    "ratios",
    "unmerged",
    "remarked",
    "remarked apart",
    "footed",
    "stacked",
    "side by side",
)
NAMES = ("Sheet1", "a", "附表", "2", "表三", "x y", "汇总1", "乙")


@cache
def sample(path: Path) -> tuple[Book, Binding, Report]:
    book = read_book(path)
    report = check_book(book)
    assert report.template is not None
    return book, locate(book, shipped(report.template)), report


def said(report: Report) -> Counter[tuple[str, str | None]]:
    """The findings, but for the notes on how numbers are written."""
    return Counter((one.code, one.field) for one in report.findings if one.code[0] != "V")


def damaged(
    book: Book, binding: Binding, kinds: Sequence[str], rows: list[int], columns: list[int]
) -> Book:
    """The kinds of damage in order; rows and columns are inserted at last."""
    for kind in kinds:
        match kind:
            case "inlined":
                book = damaging.inlined(book, binding)
            case "reworded":
                book = damaging.reworded(book, binding, choose=len(kinds))
            case "tails":
                book = damaging.with_tails(book, binding)
            case "as text":
                book = damaging.as_text(book)
            case "full width":
                book = damaging.full_width(book)
            case "spaced":
                book = damaging.spaced(book, binding)
            case "ratios":
                book = damaging.ratios(book, binding)
            case "unmerged":
                book = damaging.unmerged(book, binding)
            case "remarked":
                book = damaging.remarked(book, 0)
            case "remarked apart":
                book = damaging.remarked(book, 1)
            case "footed":
                book = damaging.footed(book)
            case "stacked":
                book = damaging.stacked(book)
            case "side by side":
                book = damaging.side_by_side(book)
    return damaging.inserted(damaging.renamed(book, NAMES), rows, columns)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(WORKBOOKS),
    kinds=st.sets(st.sampled_from(KINDS), max_size=len(KINDS)).map(
        lambda chosen: [kind for kind in KINDS if kind in chosen]
    ),
    rows=st.lists(st.integers(1, 60), max_size=5),
    columns=st.lists(st.integers(1, 14), max_size=3),
)
def test_damage_changes_no_finding(
    path: Path, kinds: list[str], rows: list[int], columns: list[int]
) -> None:
    book, binding, report = sample(path)
    after = check_book(damaged(book, binding, kinds, rows, columns))
    assert (after.template, said(after)) == (report.template, said(report))


@pytest.mark.parametrize("kind", [*KINDS, "inserted"])
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.parent.name)
def test_each_damage_alone_changes_no_finding(path: Path, kind: str) -> None:
    book, binding, report = sample(path)
    after = check_book(
        damaged(book, binding, [kind], *(([4, 9], [2, 3]) if kind == "inserted" else ([], [])))
    )
    assert (after.template, said(after)) == (report.template, said(report))


@needs_soffice
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", ["hongjiang-2024", "mof-2020", "yunnan-2022"])
def test_saving_in_another_program_changes_no_finding(
    name: str, suffix: str, tmp_path: Path
) -> None:
    (path,) = (SAMPLES / name).glob("*.xlsx")
    saved = read(convert(path, suffix, tmp_path))
    after, (_, _, report) = check_book(saved), sample(path)
    assert (after.template, said(after)) == (report.template, said(report))
