"""How the sheets of a template look: fonts, borders, tints, number formats, paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Field, Kind, Role
from perfxl.template.draft import NOTE, TITLE

BODY_FONT, NOTE_FONT = "宋体", "仿宋"
BODY_SIZE, NOTE_SIZE, TITLE_SIZE = 10.5, 12, 18
TINTS = {Role.INPUT: "#FFF9DB", Role.PREFILLED: "#E6F0FA", Role.COMPUTED: "#E7E9EC"}
PAPERS = {"A4": 9, "A3": 8}
_SCREEN, _ROW_NUMBERS = 1300, 30
"""Pixels: what most offices' screens show, and the numbers of the rows."""
_DECIMALS = {Kind.AMOUNT: "#,##0", Kind.AREA: "#,##0", Kind.COUNT: "0"}

_NO_THEME = -1
"""XlsxWriter's word for letters in the automatic colour."""

PROTECTION = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "insert_hyperlinks": True,
}
"""What a protected sheet still allows: units add rows and widen columns, that is all."""


def number_format(field: Field) -> str:
    """The format code for a field: ratios as percentages, points as they are."""
    places = field.decimals or 0
    if field.kind is Kind.RATIO:
        places = max(places - 2, 0)
        return f"0.{'0' * places}%" if places else "0%"
    if field.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if field.kind in _DECIMALS:
        whole = _DECIMALS[field.kind]
        return f"{whole}.{'0' * places}" if places else whole
    # Typed as =100% or ≤110 it would become a formula or an error anywhere but in a text cell.
    return "@" if field.kind is Kind.MEASURE else "General"


class Looks:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook):
        self.workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        # Nothing rests on a theme, so that a blank can do without one.
        workbook.formats[0].set_theme(_NO_THEME)
        workbook.formats[0].set_font_scheme("none")

    def of(self, **properties: Any) -> Format:
        """The format with these xlsxwriter properties, in the body font if none is named."""
        merged = {"font_name": BODY_FONT, "font_size": BODY_SIZE, "valign": "vcenter"} | properties
        if "font_color" not in merged:
            merged["theme"] = _NO_THEME
        key = tuple(sorted(merged.items()))
        if key not in self._made:
            self._made[key] = self.workbook.add_format(merged)
        return self._made[key]

    def printed(self, style: str, left: bool, locked: bool = True) -> Format:
        """A cell of a form that holds a title, a note or a label."""
        align = "left" if left else "center"
        if style == TITLE:
            return self.of(bold=True, font_size=TITLE_SIZE, align=align, text_wrap=True)
        if style == NOTE:
            return self.of(font_name=NOTE_FONT, font_size=NOTE_SIZE, align=align, locked=locked)
        return self.of(border=1, align=align, indent=int(left), text_wrap=True, locked=locked)

    def entry(self, field: Field, left: bool) -> Format:
        """A cell of a form that holds a field."""
        return self.of(
            border=1,
            align="left" if left else "center",
            indent=int(left),
            text_wrap=True,
            bg_color=TINTS[field.role],
            num_format=number_format(field),
            locked=field.role is Role.COMPUTED,
        )

    @property
    def open(self) -> Format:
        """Where anything may be typed and rows may be deleted: beside a form."""
        return self.of(locked=False)

    @property
    def heading(self) -> Format:
        return self.of(bold=True, font_size=TITLE_SIZE, align="center")

    @property
    def header(self) -> Format:
        return self.of(bold=True, border=1, align="center", text_wrap=True, bg_color="#E7E9EC")

    def listed(self, **properties: Any) -> Format:
        """A cell of a list: bordered, wrapped, from the left."""
        indent = 0 if properties.get("align", "left") != "left" else 1
        own = {"border": 1, "text_wrap": True, "align": "left", "indent": indent}
        return self.of(**(own | properties))


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int, style: Format) -> None:
    """Merge an area (bounds from 0); its first cell is still to be written.

    The other cells are there only where they carry a piece of the frame.
    """
    sheet.merge_range(top, left, bottom, right, "", style)
    if not (style.left or style.right or style.top or style.bottom):
        for row in range(top, bottom + 1):
            for col in range(left + (row == top), right + 1):
                del sheet.table[row][col]


def fitting_zoom(widths: Sequence[float]) -> int:
    """The zoom in per cent at which columns of these widths (in digits) fit on a screen."""
    pixels = sum(width * 7 + 5 for width in widths) + _ROW_NUMBERS
    return max(50, min(100, int(_SCREEN / pixels * 100)))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column that is ``width`` digits wide."""
    # A Chinese character is about two digits wide; the last column of a line stays unused.
    return sum(
        max(1, -(-sum(1 if ord(c) < 256 else 2 for c in line) // max(int(width) - 2, 1)))
        for line in text.split("\n")
    )


def set_paper(
    sheet: Worksheet, paper: str, landscape: bool, repeated_rows: int, edition: str = ""
) -> None:
    """A4, one page wide, centred, the first rows on every page.

    ``edition`` is printed small at the foot: which template of which year and version.
    """
    sheet.set_paper(PAPERS.get(paper, PAPERS["A4"]))
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    # Without the space a number at the beginning would be read as part of the size.
    left = f"&L&8 {edition.replace('&', '&&')}" if edition else ""
    sheet.set_footer(f"{left}&R&8 第 &P 页，共 &N 页")
    if repeated_rows:
        sheet.repeat_rows(0, repeated_rows - 1)
