"""Builds the same four tables as three workbooks that look nothing alike.

``official`` is laid out as the notice prints it; ``stacked`` has everything in one sheet, as
text with stray spaces and no merges; ``shifted`` has the money under a header row, rows
inserted, full-width digits and sheets named Sheet1 to Sheet4.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tests import printed
from tests.printed import Box, Sheet
from tests.seed_tables import Number, Tables

_WIDTHS = {
    7: (34, 11, 11, 11, 11, 11, 13),
    13: (12, 14, 16, 12, 12, 12, 12, 11, 11, 9, 9, 10, 14),
    9: (12, 15, 17, 28, 18, 18, 9, 9, 26),
}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 16, "bold": True, "align": "center"},
    "note": {"align": "left"},
    "head": {"align": "center", "border": 1},
    "left": {"align": "left", "border": 1, "indent": 1},
    "text": {"align": "left", "border": 1},
    "amount": {"align": "center", "border": 1},
    "points": {"align": "center", "border": 1},
    "count": {"align": "center", "border": 1},
    "ratio": {"align": "center", "border": 1, "num_format": "0.00%"},
}
_WIDE = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789().%"}


def sheets(tables: Tables, header_row: bool = False) -> dict[str, Sheet]:
    """The boxes of each sheet, by the sheet's name in the official layout."""
    found = {
        "附件2": printed.basic(tables),
        "附件3": printed.overall(tables, header_row),
    }
    for number, project in enumerate(tables.projects, 1):
        found[f"附件4-{number}"] = printed.project(tables, project)
    return found


def official(tables: Tables, path: str | os.PathLike[str], amounts: str = "General") -> None:
    """One sheet per table, merged and formatted like the notice; ``amounts`` is the number
    format of money."""
    with _workbook(path) as book:
        add_annexes(book, tables, amounts)


def add_annexes(
    book: xlsxwriter.Workbook, tables: Tables, amounts: str = "General"
) -> dict[str, Worksheet]:
    """The sheets of the official layout, added to an open workbook; the sheets by name."""
    formats = _formats(book, amounts)
    made = {}
    for name, boxes in sheets(tables).items():
        sheet = made[name] = book.add_worksheet(name)
        _page(sheet, boxes)
        for box in boxes:
            _write(sheet, box, box.value, formats[box.style])
    return made


def stacked(tables: Tables, path: str | os.PathLike[str]) -> None:
    """All tables in one sheet, one under the other, as text, spaced out, nothing merged."""
    with _workbook(path) as book:
        sheet = book.add_worksheet("汇总")
        top = 0
        for boxes in sheets(tables).values():
            for box in boxes:
                if box.value is not None:
                    sheet.write_string(top + box.row - 1, box.col - 1, _spaced(box))
            top += max(box.row for box in boxes) + 2


def shifted(tables: Tables, path: str | os.PathLike[str]) -> None:
    """Header row over the values, inserted rows, full-width digits and brackets."""
    with _workbook(path) as book:
        formats = _formats(book)
        for number, boxes in enumerate(sheets(tables, header_row=True).values(), 1):
            sheet = book.add_worksheet(f"Sheet{number}")
            moved = _with_rows_inserted(boxes, (3, 5))
            remark = Box(3, 1, 1, 4, "说明：本表由财务股填写，金额保留两位小数", "note")
            for box in (*moved, remark):
                _write(sheet, box, _widened(box), formats[box.style])


def _workbook(path: str | os.PathLike[str]) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(os.fspath(path), {"strings_to_formulas": False})
    # The same tables give the same bytes, so that a shipped sample can be compared.
    book.set_properties({"created": datetime(2025, 4, 30)})
    return book


def _formats(book: xlsxwriter.Workbook, amounts: str = "General") -> dict[str, Format]:
    common = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
    styles = {**_STYLES, "amount": {**_STYLES["amount"], "num_format": amounts}}
    return {name: book.add_format({**common, **style}) for name, style in styles.items()}


def _page(sheet: Worksheet, boxes: Sheet) -> None:
    columns = max(box.col + box.cols - 1 for box in boxes)
    for col, width in enumerate(_WIDTHS[columns]):
        sheet.set_column(col, col, width)
    heights: dict[int, float] = {}
    for box in boxes:
        needed = 40.0 if box.style == "title" else 24.0
        if box.style != "note" and box.rows == 1 and isinstance(box.value, str):
            room = sum(_WIDTHS[columns][box.col - 1 : box.col + box.cols - 1]) - 3
            lines = -(-2 * len(box.value) // max(1, int(room)))
            needed = max(needed, 16.0 * lines + 8)
            if box.style == "text" and len(box.value) > 16:
                needed = max(needed, 40.0)
        heights[box.row] = max(heights.get(box.row, 0.0), needed)
    for row, height in heights.items():
        sheet.set_row(row - 1, height)
    sheet.set_paper(9)
    if columns > 7:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.center_horizontally()


def _write(sheet: Worksheet, box: Box, value: Number, style: Format) -> None:
    row, col = box.row - 1, box.col - 1
    if box.rows > 1 or box.cols > 1:
        sheet.merge_range(row, col, row + box.rows - 1, col + box.cols - 1, None, style)
    if value is None:
        sheet.write_blank(row, col, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, col, value, style)
    else:
        sheet.write_number(row, col, value, style)


def shown(box: Box) -> str:
    """A box as text: 98.05% for a ratio, 85.53 for an amount."""
    if isinstance(box.value, str) or box.value is None:
        return box.value or ""
    return f"{box.value:.2%}" if box.style == "ratio" else f"{box.value:g}"


def _spaced(box: Box) -> str:
    """The text with blanks in it, as people align labels by hand."""
    text = shown(box)
    if box.style in ("head", "left", "title") and len(text) > 2:
        return f" {text[:2]} {text[2:]}　"
    return f" {text} "


def _widened(box: Box) -> Number:
    """Labels and text with full-width digits and brackets; a number stays one."""
    if isinstance(box.value, str) and box.style != "note":
        return box.value.translate(_WIDE)
    return box.value


def _with_rows_inserted(boxes: Iterable[Box], before: tuple[int, ...]) -> Iterable[Box]:
    """A blank row before each of the given rows; a merge across it grows."""
    for box in boxes:
        last = box.row + box.rows - 1
        moved = sum(at <= box.row for at in before)
        grown = sum(box.row < at <= last for at in before)
        yield box._replace(row=box.row + moved, rows=box.rows + grown)
