"""The part of a sheet that is a form, without what a template adds so that it checks itself."""

from __future__ import annotations

from dataclasses import replace

from perfxl.model import Grid, Range

BLOCK = "本表自查"
COUNT = f"{BLOCK}："
"""How the text begins that counts ✗ beside a form."""
_HEAD = 5
"""In one of so many first rows."""


def form_part(grid: Grid) -> Grid:
    """The sheet up to the row that begins with 本表自查, and left of the count beside the form.

    The same grid where there is neither.
    """
    bottom, right = _bounds(grid)
    if bottom is None and right is None:
        return grid
    last = Range(1, 1, bottom or grid.extent.bottom, right or grid.extent.right)
    cells = {at: cell for at, cell in grid.cells.items() if at in last}
    merges = tuple(area for area in grid.merges if (area.top, area.left) in last)
    return replace(grid, cells=cells, merges=merges)


def _bounds(grid: Grid) -> tuple[int | None, int | None]:
    right = None
    for place, (row, cells) in enumerate(grid.rows.items()):
        if cells[0].value == BLOCK:
            return row - 1, right
        if place < _HEAD and right is None:
            counts = (cell.col for cell in cells[1:] if str(cell.value).startswith(COUNT))
            right = next((col - 1 for col in counts), None)
    return None, right
