"""The tidy tables as a workbook, one sheet each."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl import numberformat
from perfxl.extract import Extract, Item
from perfxl.inputs import PRODUCT
from perfxl.model import Field, Kind, Template
from perfxl.report.width import clip, width
from perfxl.template.looks import Looks, lines_needed, number_format, set_paper
from perfxl.tidy.tables import Column, Entry, Table, tables

_CREATED = datetime.datetime(2024, 1, 1)
"""Fixed, so that the same values give the same bytes."""
_PLAIN_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_DOUBT = "#FFE699"
_MARGIN = 2
_NARROWEST, _WIDEST_NUMBER, _WIDEST_TEXT = 8, 18, 40
_HEADING = 12
"""A heading may take several lines, a column no more than its values need beyond this."""
_LINE, _MOST_LINES = 15.0, 10
_PAGE = 200
"""Characters that one page of A4 across takes while they can still be read."""
_LONGEST_TEXT = 32767


def render(extracts: Iterable[Extract], templates: Sequence[Template]) -> Iterator[bytes]:
    """The whole workbook; the same extracts, the same bytes.

    Numbers are numbers in the field's format, everything else is text and never a formula.
    A doubtful value leaves its cell empty, marked, with what was typed in a note.
    """
    made = io.BytesIO()
    workbook = Workbook(made, {"in_memory": True, **_PLAIN_TEXT})
    workbook.set_properties({"title": "绩效自评数据", "author": "perfxl", "created": _CREATED})
    workbook.set_custom_property(*PRODUCT)
    looks = Looks(workbook)
    for table in tables(list(extracts), templates):
        _write(workbook.add_worksheet(table.name), table, looks)
    workbook.close()
    yield made.getvalue()


def _write(sheet: Worksheet, table: Table, looks: Looks) -> None:
    widths = [_width(column, place, table) for place, column in enumerate(table.columns)]
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, widths[place])
        sheet.write_string(0, place, _text(column.text), looks.header)
    sheet.set_row(0, _height([column.text for column in table.columns], widths))
    for at, row in enumerate(table.rows, 1):
        sheet.set_row(at, _height(list(map(_words, row)), widths))
        for place, (entry, column) in enumerate(zip(row, table.columns, strict=True)):
            _enter(sheet, at, place, entry, column, looks)
    last = len(table.columns) - 1
    sheet.autofilter(0, 0, len(table.rows), last)
    sheet.freeze_panes(1, table.keys)
    set_paper(sheet, "A4", landscape=True, repeated_rows=1)
    sheet.fit_to_pages(max(1, round(sum(widths) / _PAGE)), 0)
    sheet.repeat_columns(0, table.keys - 1)


def _enter(
    sheet: Worksheet, row: int, col: int, entry: Entry, column: Column, looks: Looks
) -> None:
    value = entry.value if isinstance(entry, Item) else entry
    if isinstance(entry, Item) and entry.doubtful:
        sheet.write_blank(row, col, None, _entry(looks, bg_color=_DOUBT))
        note = f"填的是“{clip(entry.raw, 200)}”，认不准，没有取数"
        sheet.write_comment(row, col, _text(note), {"author": "perfxl"})
    elif isinstance(value, str):
        sheet.write_string(row, col, _text(value), _entry(looks))
    elif value is None:
        sheet.write_blank(row, col, None, _entry(looks))
    else:
        code = _format(entry, column.field)
        sheet.write_number(row, col, value, _entry(looks, align="right", num_format=code))


def _entry(looks: Looks, **properties: Any) -> Format:
    # From the top, so that a text too long for its row shows its beginning.
    return looks.listed(valign="top", **properties)


def _format(entry: Entry, field: Field | None) -> str:
    if field is None or field.kind is not Kind.MEASURE:
        return number_format(field) if field else "General"
    # A target is a number of any sort; only how it was typed says that it is a percentage.
    return "0.00%" if isinstance(entry, Item) and "%" in entry.raw else "General"


def _words(entry: Entry) -> str:
    """The text of a cell, nothing for a number: that always takes one line."""
    value = entry.value if isinstance(entry, Item) else entry
    return value if isinstance(value, str) else ""


def _shown(entry: Entry, field: Field | None) -> str:
    value = entry.value if isinstance(entry, Item) else entry
    if isinstance(value, (int, float)):
        return _rendered(value, _format(entry, field))
    return value or ""


@lru_cache(maxsize=65536)
def _rendered(value: float | int, code: str) -> str:
    return numberformat.render(value, code)


def _width(column: Column, place: int, table: Table) -> float:
    shown = {_shown(row[place], column.field) for row in table.rows}
    numeric = column.field is not None and column.field.kind not in (Kind.TEXT, Kind.MEASURE)
    widest = _WIDEST_NUMBER if numeric else _WIDEST_TEXT
    needed = max((width(line) for text in shown for line in text.split("\n")), default=0)
    heading = min(width(column.text), _HEADING)
    return min(max(needed, heading, _NARROWEST), widest) + _MARGIN


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Points for the row, in which the longest text shows whole or at least begins."""
    long = (pair for pair in zip(texts, widths, strict=True) if _may_wrap(*pair))
    lines = max((lines_needed(text, wide) for text, wide in long), default=1)
    return min(lines, _MOST_LINES) * _LINE + 5


def _may_wrap(text: str, wide: float) -> bool:
    return 2 * len(text) > wide - _MARGIN or "\n" in text


def _text(text: str) -> str:
    """The text as a workbook can hold it: without halves of characters, and not too long."""
    return text.encode("utf-8", "replace").decode()[:_LONGEST_TEXT]
