"""Dump a template workbook to its text face, from the cells as an officer left them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.model import Range
from perfxl.package import read_book
from perfxl.template.assemble import group_lines
from perfxl.template.draft import KEY_COLUMN, NOTE, PLAIN, TITLE, FormDraft, Row
from perfxl.template.layout import Box, Layout, rows_of
from perfxl.template.load import named_areas
from perfxl.template.looks import PAPERS
from perfxl.template.tables import read_draft
from perfxl.template.text import write

_TITLE_AT_LEAST = 14
_DEFAULT_HEIGHT = 15.0
_DIGIT_PIXELS, _PADDING_PIXELS = 7, 5


def dump(path: str | os.PathLike[str]) -> str:
    """The Markdown face of a template workbook: ``build`` makes the same template from it.

    Merges, heights, widths, alignment and labels come from the form sheets themselves, the
    places of fields from the defined names. Raises as ``load`` does.
    """
    book = read_book(path)
    draft = read_draft(book)
    areas = named_areas(book, draft)
    workbook = load_workbook(path)
    forms = tuple(
        _form(form, workbook[form.facts["工作表"]], areas[form.prefix]) for form in draft.forms
    )
    return write(replace(draft, forms=forms))


def _form(draft: FormDraft, sheet: Worksheet, areas: Mapping[str, Range]) -> FormDraft:
    rows, columns = _printed(sheet)
    layout = Layout(tuple(_boxes(draft, sheet, areas, rows, columns)))
    texts = rows_of(layout, columns, rows)
    printed = tuple(
        Row(
            # Excel keeps heights in whole pixels (0.75 pt); whole points survive that.
            round(sheet.row_dimensions[row].height or _DEFAULT_HEIGHT),
            _style(sheet.cell(row, 1)),
            tuple(texts[row - 1]),
        )
        for row in range(1, rows + 1)
    )
    return replace(draft, facts={**draft.facts, **_print_facts(sheet, columns)}, rows=printed)


def _printed(sheet: Worksheet) -> tuple[int, int]:
    """How many rows and columns the form has: its print area."""
    if sheet.print_area:
        last = sheet.print_area.split(":")[-1].replace("$", "")
        return sheet[last].row, sheet[last].column
    return sheet.max_row, sheet.max_column


def _print_facts(sheet: Worksheet, columns: int) -> dict[str, str]:
    paper = next((name for name, n in PAPERS.items() if n == sheet.page_setup.paperSize), "A4")
    turned = "横向" if sheet.page_setup.orientation == "landscape" else "纵向"
    repeated = (sheet.print_title_rows or "").rpartition(":")[2].replace("$", "")
    widths = _widths(sheet)
    return {
        "纸张": f"{paper} {turned}",
        "列宽": " ".join(f"{widths.get(col, 8.43):g}" for col in range(1, columns + 1)),
        "打印标题": repeated,
    }


def _widths(sheet: Worksheet) -> dict[int, float]:
    """The widths of the columns in digits, as Excel shows them: without the padding."""
    widths = {}
    for dimension in sheet.column_dimensions.values():
        digits = (dimension.width * _DIGIT_PIXELS - _PADDING_PIXELS) / _DIGIT_PIXELS
        for col in range(dimension.min, dimension.max + 1):
            widths[col] = round(digits, 2)
    return widths


def _style(cell: Cell) -> str:
    if cell.border.left.style or cell.border.top.style or cell.border.bottom.style:
        return PLAIN
    title = cell.font.bold and (cell.font.sz or 0) >= _TITLE_AT_LEAST
    return TITLE if title else NOTE


def _boxes(
    draft: FormDraft, sheet: Worksheet, areas: Mapping[str, Range], rows: int, columns: int
) -> list[Box]:
    merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    covered = {at for m in merged.values() for at in _cells(m) if at != (m.min_row, m.min_col)}
    places = _places(draft, sheet, areas)
    boxes = []
    for row in range(1, rows + 1):
        for col in range(1, columns + 1):
            if (row, col) in covered:
                continue
            merge = merged.get((row, col))
            area = Range(row, col, *((merge.max_row, merge.max_col) if merge else (row, col)))
            cell = sheet.cell(row, col)
            left = cell.alignment.horizontal == "left"
            boxes.append(Box(area, _text(cell), places.get((row, col)), left, ""))
    return boxes


def _cells(merge: object) -> list[tuple[int, int]]:
    top, left = merge.min_row, merge.min_col  # type: ignore[attr-defined]
    bottom, right = merge.max_row, merge.max_col  # type: ignore[attr-defined]
    return [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]


def _text(cell: Cell) -> str:
    """What is printed there; a live formula is not text of the form, its rule makes it."""
    if cell.value is None or cell.data_type == "f":
        return ""
    return f"{cell.value:g}" if isinstance(cell.value, float) else str(cell.value)


def _places(
    draft: FormDraft, sheet: Worksheet, areas: Mapping[str, Range]
) -> dict[tuple[int, int], str]:
    """Which field stands at which cell, in every row of a group but its headings."""
    places = {(area.top, area.left): name for name, area in areas.items()}
    for group, lines in group_lines(draft.fields).items():
        columns = {line["名称"]: areas[line["名称"]] for line in lines if line["名称"] in areas}
        key = next((line["名称"] for line in lines if line["必填"] == KEY_COLUMN), None)
        headings = draft.sections.get(group, ())
        for name, area in columns.items():
            for row in range(area.top, area.bottom + 1):
                heading = sheet.cell(row, columns[key].left) if key in columns else None
                if heading is None or not _is_heading(heading, headings):
                    places.setdefault((row, area.left), name)
    return places


def _is_heading(cell: Cell, known: Collection[str]) -> bool:
    """A printed heading between the rows of a group: known as one, or locked with a text."""
    return _text(cell) in known or bool(cell.protection.locked and _text(cell))
