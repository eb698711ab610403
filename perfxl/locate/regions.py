"""Where each form begins and ends on the sheets of a returned workbook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from weakref import finalize

from perfxl.locate.index import FormIndex, Indexes
from perfxl.locate.labels import year_alone, year_in
from perfxl.locate.region import LAST_COLUMN, Region
from perfxl.model import Book, Cell, Grid
from perfxl.template import form_part

_NOT_FORMS = ("_", "自查", "填报说明", "校验结果", "其他内容")
_LEAST_SHARE = 0.25
_UNTITLED_SHARE = 0.4
_CLEARLY_BETTER = 0.3
_LEAST_LABELS = 4
_LINES_WITH_YEAR = 2


class Title(NamedTuple):
    """The cell in which a form's title ends, and the year it names; ``dated`` is the line of
    its own that names it where the title does not."""

    cell: Cell
    text: str
    year: int | None
    form: FormIndex
    top: int
    dated: Cell | None = None


def share(index: FormIndex, region: Region) -> tuple[float, int]:
    """How much of a form's labels a region's texts explain: the share, and the number."""
    known = region.shares.get(id(index))
    if known is None:
        hit = frozenset[int]().union(*[index.explained(str(c.value)) for c in region.texts])
        known = (len(hit) / index.printed if index.printed else 0.0), len(hit)
        region.shares[id(index)] = known
    return known


def forms_on(grid: Grid) -> bool:
    """False for a sheet that never holds a form: hidden, or one of the template's own."""
    return grid.visible and bool(grid.cells) and not grid.sheet.startswith(_NOT_FORMS)


def titles(sheet: Region, forms: Indexes) -> list[Title]:
    """The titles on a sheet, from top to bottom."""
    found: list[Title] = []
    before: Cell | None = None
    for cell in sheet.strings:
        ending = forms.ending(str(cell.value))
        if ending.form is not None or ending.of_title:
            match = _title(cell, before, ending.form, forms)
            if match:
                found.append(match)
        before = cell
    return found


def _title(
    cell: Cell, before: Cell | None, whole: FormIndex | None, forms: Indexes
) -> Title | None:
    text = str(cell.value)
    if whole:
        return Title(cell, text, year_in(text), whole, cell.row)
    if before is None:
        return None
    joined = f"{before.value}{text}"
    whole = forms.title_in(joined).form
    return Title(before, joined, year_in(joined), whole, before.row) if whole else None


class Found(NamedTuple):
    """A form and its region; ``explained`` of ``of`` printed labels were met in it."""

    form: FormIndex
    region: Region
    title: Title | None
    share: float
    explained: int
    of: int

    @property
    def year(self) -> int | None:
        """The year that the title names, or the first lines of a form without a title."""
        if self.title:
            return self.title.year
        dated = _dated_line(self.region.texts)
        return year_alone(str(dated.value)) if dated else None


def _found(index: FormIndex, region: Region, title: Title | None) -> Found:
    part, number = share(index, region)
    return Found(index, region, title, part, number, index.printed)


class _Kept:
    """What was worked out for one book; its forms are kept, so that their ids stay theirs."""

    def __init__(self, book: Book) -> None:
        self.grids = tuple(form_part(grid) for grid in book.grids if forms_on(grid))
        self.found: dict[int, tuple[Indexes, tuple[Found, ...]]] = {}
        self._regions: dict[tuple[int, ...], Region] = {}

    def region(self, grid: Grid, *bounds: int) -> Region:
        """The region; the same one for every template that is tried."""
        key = (id(grid), *bounds)
        if key not in self._regions:
            self._regions[key] = Region(grid, *bounds)
        return self._regions[key]


_KEPT: dict[int, _Kept] = {}


def _kept(book: Book) -> _Kept:
    kept = _KEPT.get(id(book))
    if kept is None:
        kept = _KEPT[id(book)] = _Kept(book)
        finalize(book, _KEPT.pop, id(book), None).atexit = False
    return kept


def form_grids(book: Book) -> tuple[Grid, ...]:
    """The sheets that may hold forms, without the lists of rules below them."""
    return _kept(book).grids


def sheets(book: Book) -> list[Region]:
    """The sheets that may hold forms, each as one region."""
    kept = _kept(book)
    return [kept.region(grid, 1, grid.extent.bottom) for grid in kept.grids]


def regions(book: Book, forms: Indexes) -> tuple[Found, ...]:
    """The forms of a workbook, sheet by sheet, poor ones included (see `is_poor`).

    A title says which form begins, unless another form's labels clearly fit better; a sheet
    without a title is judged as a whole. Kept for as long as the book is: a workbook is
    recognised first, and then located by the same regions.
    """
    kept = _kept(book)
    if id(forms) not in kept.found:
        kept.found[id(forms)] = (forms, tuple(_regions(forms, kept)))
    return kept.found[id(forms)][1]


def _regions(forms: Indexes, kept: _Kept) -> Iterator[Found]:
    for grid in kept.grids:
        sheet = kept.region(grid, 1, grid.extent.bottom)
        starts = titles(sheet, forms)
        if not starts:
            best = _best(sheet, forms, None)
            if best.share >= _UNTITLED_SHARE and best.explained >= _LEAST_LABELS:
                yield best
            continue
        for one in _titled(grid, sheet, starts, forms, kept):
            if one.explained >= _LEAST_LABELS:
                yield one


def _titled(
    grid: Grid, sheet: Region, starts: list[Title], forms: Indexes, kept: _Kept
) -> list[Found]:
    """The forms under the titles of a sheet; those side by side each in their own columns."""
    first_in_row = list({title.cell.row: title for title in reversed(starts)}.values())[::-1]
    if len(first_in_row) < len(starts):
        apart = [
            one
            for left, right in _bands(sheet, starts)
            for one in _stacked(
                grid, [t for t in starts if left <= t.cell.col <= right], forms, kept, left, right
            )
        ]
        if all(one.explained >= _LEAST_LABELS and not is_poor(one) for one in apart):
            return apart
    return _stacked(grid, first_in_row, forms, kept)


def _stacked(
    grid: Grid, starts: list[Title], forms: Indexes, kept: _Kept, *columns: int
) -> list[Found]:
    """The forms under titles that stand one under the other."""
    found = []
    for title, after in zip(starts, [*starts[1:], None], strict=True):
        bottom = after.top - 1 if after else grid.extent.bottom
        region = kept.region(grid, title.top, bottom, *columns)
        if title.year is None:
            below = [cell for cell in region.texts if cell.row > title.cell.row]
            if dated := _dated_line(below):
                title = title._replace(year=year_alone(str(dated.value)), dated=dated)
        one = _found(title.form, region, title)
        if one.share < _CLEARLY_BETTER * 2:
            best = _best(region, forms, title)
            one = best if best.share > one.share + _CLEARLY_BETTER else one
        found.append(one)
    return found


def _bands(sheet: Region, starts: list[Title]) -> list[tuple[int, int]]:
    """The columns of forms side by side: parted at the last empty column before each title."""
    rows = [title.cell.row for title in starts]
    row = max(rows, key=rows.count)
    columns = [title.cell.col for title in starts if title.cell.row == row]
    live = set(sheet.live_columns)
    lefts = [1]
    for before, here in pairwise(columns):
        empty = [col for col in range(before + 1, here) if col not in live]
        lefts.append(empty[-1] + 1 if empty else here)
    return list(zip(lefts, [*(left - 1 for left in lefts[1:]), LAST_COLUMN], strict=True))


def _dated_line(below: list[Cell]) -> Cell | None:
    """The first of the first lines that is nothing but a year, if any."""
    lines = below[:_LINES_WITH_YEAR]
    return next((cell for cell in lines if year_alone(str(cell.value))), None)


def _best(region: Region, forms: Indexes, title: Title | None) -> Found:
    return max((_found(index, region, title) for index in forms), key=lambda f: f.share)


def is_poor(found: Found) -> bool:
    """True when too few labels were met to read anything from the region."""
    return found.share < _LEAST_SHARE
