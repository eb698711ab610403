"""How wide columns and how high rows are, in pixels at 96 dpi: what a note's box needs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from perfxl.package.cells import RowAt
from perfxl.package.elements import parse_attributes
from perfxl.package.markup import Markup
from perfxl.package.xmltext import integer

_HEIGHT = re.compile(rb"\sht=\"([0-9]{1,4}(?:\.[0-9]{1,20})?)\"")
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 64, 20


@dataclass(frozen=True)
class Geometry:
    """Widths and heights of one sheet.

    ``columns`` are (first, last, pixels, style) in order; ``rows`` are the heights that differ
    from ``row_height``.
    """

    columns: Sequence[tuple[int, int, int, int]]
    rows: dict[int, int]
    column_width: int
    row_height: int

    def width(self, col: int) -> int:
        found = self._column(col)
        return found[2] if found else self.column_width

    def height(self, row: int) -> int:
        return self.rows.get(row, self.row_height)

    def column_style(self, col: int) -> int:
        """The cell format of cells in that column that are not there."""
        found = self._column(col)
        return found[3] if found else 0

    def _column(self, col: int) -> tuple[int, int, int, int] | None:
        at = bisect_left(self.columns, (col + 1,)) - 1
        found = self.columns[at] if at >= 0 else None
        return found if found and col <= found[1] else None


def read_geometry(markup: Markup, rows: Sequence[RowAt]) -> Geometry:
    """The geometry that a worksheet part declares."""
    width, height = _DEFAULT_WIDTH, _DEFAULT_HEIGHT
    columns = []
    for child in markup.children():
        if child.tag == markup.qualified("sheetFormatPr"):
            given = markup.attributes(child)
            width = _pixels(given.get(b"defaultColWidth"), 7.0, 5) or width
            height = _pixels(given.get(b"defaultRowHeight"), 4 / 3) or height
            if given.get(b"zeroHeight") in ("1", "true"):
                height = 0
        elif child.tag == markup.qualified("cols"):
            for column in markup.children(child):
                given = markup.attributes(column)
                first, last = integer(given.get(b"min", "1")), integer(given.get(b"max", "1"))
                shown = given.get(b"hidden") not in ("1", "true")
                own = _pixels(given.get(b"width"), 7.0) if shown else 0
                style = integer(given.get(b"style", "0"))
                columns.append((first, last, width if own is None else own, style))
        elif child.tag == markup.qualified("sheetData"):
            break
    heights = {}
    for row in rows:
        tag = row.tag
        usual = _HEIGHT.search(tag) if b"hidden" not in tag else None
        if usual:
            heights[row.number] = round(float(usual[1]) * 4 / 3)
        elif b"ht=" in tag or b"hidden" in tag:
            given = parse_attributes(row.opening[2])
            own = _pixels(given.get(b"ht"), 4 / 3)
            heights[row.number] = height if own is None else own
            if given.get(b"hidden") in ("1", "true"):
                heights[row.number] = 0
    return Geometry(sorted(columns), heights, width, height)


def _pixels(text: str | None, scale: float, more: int = 0) -> int | None:
    try:
        return round(float(text) * scale) + more if text else None
    except (ValueError, OverflowError):
        return None
