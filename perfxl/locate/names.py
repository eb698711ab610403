"""Defined names that survived in a returned workbook."""

from __future__ import annotations

from perfxl.locate.region import Region
from perfxl.model import Book
from perfxl.named import named_area


class Names:
    """Where the names of one form point, sheet by sheet.

    A name only confirms a cell that the labels gave: units delete and paste, and a name that
    still resolves may point to a neighbour. ``known`` says whether there are any.
    """

    def __init__(self, book: Book, prefix: str):
        self.known = False
        self._cells: dict[tuple[str, str], tuple[int, int]] = {}
        for name in book.names:
            if not name.name.startswith(f"{prefix}."):
                continue
            found = named_area(name.refers_to)
            if found:
                sheet, area = found
                at = (area.top, area.left)
                self._cells[name.name[len(prefix) + 1 :], sheet.casefold()] = at
                self.known = True

    def points_to(self, field: str, region: Region, row: int, col: int) -> bool:
        """True when the field's name points to this cell, or to the merge it heads."""
        at = self._cells.get((field, region.grid.sheet.casefold()))
        return at is not None and region.grid.anchor(*at) == region.grid.anchor(row, col)
