"""Write rebuilt forms and what else the returned workbook held as an .xlsx."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.marks import PAGE
from perfxl.model import Cell, ExcelError, Grid, Range, Scalar
from perfxl.package.sheetname import unique_sheet_name, usable_sheet_name
from perfxl.rebuild.sheet import FormSheet, Written
from perfxl.record import REBUILT_FROM
from perfxl.template.looks import Looks, lines_needed, set_paper
from perfxl.template.tables import SELF_CHECK

OURS = (SELF_CHECK, PAGE)
"""How the names begin of sheets that a template or a check brings along."""
REST = "其他内容"
"""The sheet with what stood in none of the form's places."""
FIRST_OF_REST = 3
_CREATED = datetime.datetime(2024, 1, 1)
_LINE, _MOST_HEIGHT = 14.0, 400.0
_EXTRA_HEIGHT = 20.0
_MOST_TEXT = 32_767
_LARGE_MERGE, _MOST_MERGED = 1_000, 100_000
_NOT_TAKEN = ("_", *OURS, "history")
"""How the name of a sheet of the unit's must not begin, or it would be taken for ours."""


class Left(NamedTuple):
    """A cell of the returned workbook that has no place in a form."""

    sheet: str
    cell: Cell


class NewBook:
    """The workbook that is being written; `made` gives its bytes.

    ``source`` is the name of the file that it comes from.
    """

    def __init__(self, source: str) -> None:
        self._file = io.BytesIO()
        self._workbook = Workbook(
            self._file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        # Fixed, so that the same input gives the same bytes.
        self._workbook.set_properties({"author": "perfxl", "created": _CREATED})
        self._workbook.set_custom_property(REBUILT_FROM, _clean(source)[:255], "text")
        self._looks = Looks(self._workbook)
        self._taken: set[str] = {REST}

    def made(self) -> bytes:
        """The whole file; nothing can be added afterwards."""
        self._workbook.close()
        return self._file.getvalue()

    def name(self, wanted: str, otherwise: str = "表") -> str:
        """A sheet name that Excel allows and that no other sheet has yet."""
        base = usable_sheet_name(wanted)
        if not base or base.casefold().startswith(_NOT_TAKEN):
            base = otherwise
        name = unique_sheet_name(base, self._taken, "-{}")
        self._taken.add(name)
        return name

    def form(self, name: str, form: FormSheet) -> None:
        """A rebuilt form, with the widths and the paper of its template."""
        sheet = self._workbook.add_worksheet(name)
        face = form.face
        for col, width in enumerate(face.widths):
            sheet.set_column(col, col, width)
        for row, height in enumerate(_heights(form)):
            sheet.set_row(row, height)
        for one in form.cells:
            self._box(sheet, one)
        paper, _, turned = face.draft.facts["纸张"].partition(" ")
        set_paper(sheet, paper, turned == "横向", form.titled)
        sheet.print_area(0, 0, max(len(form.like), 1) - 1, face.columns - 1)
        sheet.hide_gridlines(2)

    def _box(self, sheet: Worksheet, one: Written) -> None:
        printed = self._looks.printed("" if one.entry else one.style, one.left)
        if one.number_format not in ("General", ""):
            align = "left" if one.left else "center"
            printed = self._looks.of(
                border=1, align=align, text_wrap=True, num_format=one.number_format
            )
        top, left, bottom, right = (bound - 1 for bound in one.area)
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, "", printed)
        _put(sheet, top, left, one.value, printed)

    def copied(self, name: str, grid: Grid) -> None:
        """A sheet that holds no form, cell by cell where it was."""
        sheet = self._workbook.add_worksheet(name)
        if not grid.visible:
            sheet.hide()
        for (row, col), cell in grid.cells.items():
            look = self._looks.of(num_format=cell.number_format or "General")
            _put(sheet, row - 1, col - 1, cell.value, look)
        for area in _mergeable(grid):
            top, left, bottom, right = (bound - 1 for bound in area)
            own = grid.cells.get((area.top, area.left))
            look = self._looks.of(align="center", text_wrap=True)
            sheet.merge_range(top, left, bottom, right, "", look)
            _put(sheet, top, left, own.value if own else None, look)

    def rest(self, left: Sequence[Left]) -> None:
        """The sheet 其他内容: where each cell stood, and what it said."""
        sheet = self._workbook.add_worksheet(REST)
        for col, width in enumerate((20, 12, 90)):
            sheet.set_column(col, col, width)
        told = "原表中不在表样栏目里的内容，原样保留在这里，不参加校验。"
        sheet.write_string(0, 0, told, self._looks.of())
        for col, text in enumerate(("原工作表", "原单元格", "内容")):
            sheet.write_string(1, col, text, self._looks.header)
        for row, (name, cell) in enumerate(left, FIRST_OF_REST - 1):
            look = self._looks.listed(num_format=cell.number_format or "General")
            sheet.write_string(row, 0, _clean(name), self._looks.listed())
            sheet.write_string(row, 1, cell.address, self._looks.listed(align="center"))
            _put(sheet, row, 2, cell.value, look)
        set_paper(sheet, "A4", landscape=False, repeated_rows=2)
        sheet.freeze_panes(2, 0)


def _put(sheet: Worksheet, row: int, col: int, value: Scalar, look: Format) -> None:
    """Write a value as what it is: never a text as a formula, a link or a number."""
    if value is None or value == "":
        sheet.write_blank(row, col, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, col, value, look)
    elif isinstance(value, ExcelError):
        sheet.write_formula(row, col, f"={value.value}", look, value.value)
    elif isinstance(value, (int, float)) and math.isfinite(value):
        sheet.write_number(row, col, value, look)
    else:
        sheet.write_string(row, col, _clean(str(value)), look)


def _clean(text: str) -> str:
    """What a cell can hold: half a character of UTF-16 is none, and there is a most."""
    return text.encode("utf-8", "replace").decode("utf-8")[:_MOST_TEXT]


def _heights(form: FormSheet) -> list[float]:
    """The height of each row in points: as printed, or more where a text needs it."""
    face = form.face
    heights = [face.height(like) if like else _EXTRA_HEIGHT for like in form.like]
    for area, value, *_ in form.cells:
        if not isinstance(value, str):
            continue
        width = sum(face.widths[area.left - 1 : area.right])
        rows = range(area.top - 1, area.bottom)
        needed = lines_needed(value, width) * _LINE + 6
        missing = needed - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] += missing / len(rows)
    return [min(height, _MOST_HEIGHT) for height in heights]


def _mergeable(grid: Grid) -> Iterable[Range]:
    """The merges as far as they fit into a file: none twice over a cell."""
    covered: set[tuple[int, int]] = set()
    _, _, bottom, right = grid.extent
    for area in grid.merges:
        kept = area
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _LARGE_MERGE:
            kept = Range(area.top, area.left, min(area.bottom, bottom), min(area.right, right))
        if kept.bottom < kept.top or kept.right < kept.left or kept[:2] == kept[2:]:
            continue
        size = (kept.bottom - kept.top + 1) * (kept.right - kept.left + 1)
        if size + len(covered) > _MOST_MERGED:
            continue
        own = {
            (row, col)
            for row in range(kept.top, kept.bottom + 1)
            for col in range(kept.left, kept.right + 1)
        }
        if covered.isdisjoint(own):
            covered |= own
            yield kept
