"""Writes a filled form from a table of its cells, merged as the form is printed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

LEFT, UP = "<", "^"


class Shown(NamedTuple):
    """A number under a number format: Shown(0.9875, "0.00%") shows 98.75%."""

    number: float
    number_format: str


Content = str | float | int | Shown | None
Rows = Sequence[Sequence[Content]]


class Page(NamedTuple):
    """One sheet: its cells, where ``<`` and ``^`` belong to the cell to the left or above.

    The row ``title`` (counted from 0) is printed large; those before it are notes.
    """

    sheet: str
    widths: Sequence[float]
    rows: Rows
    title: int = 1


def write(path: str | os.PathLike[str], pages: Sequence[Page]) -> None:
    """The workbook; the same pages give the same bytes."""
    with xlsxwriter.Workbook(os.fspath(path), {"strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2025, 4, 30)})
        looks: dict[tuple[object, ...], Format] = {}
        for page in pages:
            sheet = book.add_worksheet(page.sheet)
            for col, width in enumerate(page.widths):
                sheet.set_column(col, col, width)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            for row, height in enumerate(_heights(page)):
                sheet.set_row(row, height)
            for top, left, bottom, right, content in _boxes(page.rows):
                shown = content.number_format if isinstance(content, Shown) else "General"
                value = content.number if isinstance(content, Shown) else content
                key = (top == page.title, top < page.title, shown)
                look = looks.setdefault(key, _look(book, *key)) if key not in looks else looks[key]
                if (top, left) != (bottom, right):
                    sheet.merge_range(top, left, bottom, right, None, look)
                if value is None or value == "":
                    sheet.write_blank(top, left, None, look)
                elif isinstance(value, str):
                    sheet.write_string(top, left, value, look)
                else:
                    sheet.write_number(top, left, value, look)


def _boxes(rows: Rows) -> Iterator[tuple[int, int, int, int, Content]]:
    """Each cell with its bounds, counted from 0."""
    for top, cells in enumerate(rows):
        for left, content in enumerate(cells):
            if content in (LEFT, UP):
                continue
            right = left
            while right + 1 < len(cells) and cells[right + 1] == LEFT:
                right += 1
            bottom = top
            while bottom + 1 < len(rows) and rows[bottom + 1][left] == UP:
                bottom += 1
            yield top, left, bottom, right, content


def _look(book: xlsxwriter.Workbook, title: bool, note: bool, shown: str) -> Format:
    common = {"font_name": "宋体", "valign": "vcenter", "text_wrap": True, "num_format": shown}
    if title:
        return book.add_format({**common, "font_size": 16, "bold": True, "align": "center"})
    if note:
        return book.add_format({**common, "font_size": 10.5})
    return book.add_format({**common, "font_size": 10.5, "align": "center", "border": 1})


def _heights(page: Page) -> list[float]:
    heights = [22.0] * len(page.rows)
    heights[page.title] = 34.0
    for top, left, bottom, right, content in _boxes(page.rows):
        if isinstance(content, str) and top > page.title:
            room = max(2.0, sum(page.widths[left : right + 1]) - 3)
            lines = -(-2 * len(content) // int(room))
            needed = (15.0 * lines + 8) / (bottom - top + 1)
            heights[top] = max(heights[top], needed)
    return heights
