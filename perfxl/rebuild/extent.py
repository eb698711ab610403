"""The part of a sheet that each of its forms covers, with the lines above the title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.locate.region import is_filled
from perfxl.model import Cell, FormBinding, Grid, Range
from perfxl.notation import fold
from perfxl.rebuild.face import Face

_MOST_BLANK = 3


def extents(grid: Grid, forms: Sequence[FormBinding], faces: Mapping[str, Face]) -> list[Range]:
    """The area of each form, in the order given.

    All that stands above a sheet's first form is its own; of what stands between two, the
    second has what its template prints above the title (附件3).
    """
    tops = [_top(grid, form, forms, faces[form.form.prefix]) for form in forms]
    return [
        form.region._replace(
            top=top,
            bottom=min(
                [form.region.bottom]
                + [
                    other - 1
                    for beside, other in zip(forms, tops, strict=True)
                    if beside.region.top > form.region.top and _same_columns(beside, form)
                ]
            ),
        )
        for form, top in zip(forms, tops, strict=True)
    ]


def _same_columns(one: FormBinding, other: FormBinding) -> bool:
    return one.region.left <= other.region.right and other.region.left <= one.region.right


def _top(grid: Grid, form: FormBinding, forms: Sequence[FormBinding], face: Face) -> int:
    """The first row of a form: above its title as far as the template's lines reach."""
    top, left, _, right = form.region
    before = [
        other.region.top for other in forms if other.region.top < top and _same_columns(other, form)
    ]
    if not before:
        return 1
    title = face.title.area.top if face.title else 1
    printed = {fold(box.text) for box in face.printed if box.area.bottom < title}
    first, blank = top, 0
    for row in range(top - 1, max(before), -1):
        texts = {
            fold(str(c.value)) for c in grid.row(row) if left <= c.col <= right and is_filled(c)
        }
        blank = 0 if texts else blank + 1
        if blank > _MOST_BLANK or not texts <= printed:
            break
        if texts:
            first = row
    return first


def filled_in(grid: Grid, area: Range) -> dict[tuple[int, int], Cell]:
    """The cells of an area that hold something, by row and column."""
    return {at: cell for at, cell in grid.cells.items() if at in area and is_filled(cell)}
