"""Whether a rebuilt workbook says what the returned one said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perfxl.check import check_book
from perfxl.locate.region import is_filled
from perfxl.model import Book, Finding, Report
from perfxl.notation import fold, is_blank
from perfxl.package import book_of
from perfxl.rebuild import Rebuilt, rebuilt_book

Said = Counter[tuple[str | None, ...]]


def rebuild(book: Book, template: str | None = None) -> tuple[Report, Rebuilt, Book]:
    """The report on a workbook, what was rebuilt of it, and that as it reads."""
    report = check_book(book, template)
    assert report.template is not None
    made = rebuilt_book(book, report, template or report.template)
    return report, made, book_of(made.package)


def said(findings: tuple[Finding, ...]) -> Said:
    """The findings without their places; rows are told apart by what they are about."""
    return Counter(
        (
            one.code,
            one.form,
            one.field,
            fold(one.stated or ""),
            one.expected,
            one.fingerprint if one.code[0] not in "LV" else None,
        )
        for one in findings
    )


def placed(report: Report) -> set[tuple[str | None, ...]]:
    """Where the findings are."""
    return {(one.code, one.field, one.sheet, one.cell) for one in report.findings}


def lost(before: Book, after: Book) -> list[str]:
    """The texts and numbers that are nowhere in the rebuilt workbook.

    A label and the value behind it may be two cells there, and a number have its unit in its
    format.
    """
    have = "\n".join(_texts(after))
    return [text for text in _texts(before) if not _kept(text, have)]


def _texts(book: Book) -> Iterator[str]:
    for grid in book.grids:
        for cell in grid.cells.values():
            text = fold(str(cell.value))
            if is_filled(cell) and not is_blank(text):
                yield text


def _kept(text: str, have: str) -> bool:
    if text in have:
        return True
    head, colon, value = text.rpartition(":")
    number = value.rstrip("%万元分人").rstrip("0").rstrip(".")
    apart = number in have or value.endswith("%") or is_blank(value)
    return bool(colon) and head.rstrip(":") in have and apart
