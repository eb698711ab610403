"""Where each form begins and ends on the sheets of a returned workbook."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from weakref import finalize

from perfxl.locate.index import FormIndex, Indexes
from perfxl.locate.labels import is_footer, year_alone, year_in
from perfxl.model import Book, Cell, Grid, Range

_NOT_FORMS = ("_", "自查", "填报说明", "校验结果")
_LEAST_SHARE = 0.25
_UNTITLED_SHARE = 0.4
_CLEARLY_BETTER = 0.3
_LEAST_LABELS = 4
_LINES_WITH_YEAR = 2


class Title(NamedTuple):
    """The cell in which a form's title ends, and the year it names."""

    cell: Cell
    text: str
    year: int | None
    form: FormIndex
    top: int


@dataclass(frozen=True)
class Region:
    """The rows of a sheet that one form covers."""

    grid: Grid
    top: int
    bottom: int

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells that hold something, in reading order."""
        return list(chain.from_iterable(self.rows.values()))

    @cached_property
    def strings(self) -> list[Cell]:
        """The cells that hold text."""
        return [cell for cell in self.cells if isinstance(cell.value, str)]

    @cached_property
    def texts(self) -> list[Cell]:
        """The cells that may hold a label: text that is no footer."""
        return [cell for cell in self.strings if not is_footer(cell.value)]

    @cached_property
    def shares(self) -> dict[int, tuple[float, int]]:
        """What `share` gave, by the identity of the form's index."""
        return {}

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """The filled cells of each row that has any."""
        held, covered = self.grid._rows, range(self.top, self.bottom + 1)
        # A sheet can have two rows a million apart, or a thousand forms one under the other.
        rows = covered if len(covered) < len(held) else filter(covered.__contains__, held)
        found = {}
        for row in rows:
            cells = [cell for cell in held.get(row, ()) if is_filled(cell)]
            if cells:
                found[row] = cells
        return found

    @cached_property
    def live_rows(self) -> list[int]:
        return list(self.rows)

    @cached_property
    def live_columns(self) -> list[int]:
        return sorted({cell.col for cell in self.cells})

    @cached_property
    def extent(self) -> Range:
        columns = self.live_columns or [1]
        last = columns[-1]
        # Merges seldom reach beyond the last column, and only those are worth looking for.
        if any(area.right > last for area in self.grid.merges):
            last = max(self.grid.span(cell.row, cell.col).right for cell in self.cells)
        return Range(self.live_rows[0], columns[0], self.live_rows[-1], last)

    def row_below(self, row: int) -> int | None:
        """The next row that holds anything."""
        at = bisect_right(self.live_rows, row)
        return self.live_rows[at] if at < len(self.live_rows) else None

    def between(self, row: int, left: int, right: int) -> list[Cell]:
        """The filled cells of a row from one column to another."""
        return [cell for cell in self.rows.get(row, ()) if left <= cell[1] <= right]

    def first(self, row: int, left: int, right: int) -> Cell | None:
        """The first filled cell of a row from one column to another."""
        for cell in self.rows.get(row, ()):
            if cell[1] >= left:
                return cell if cell[1] <= right else None
        return None


def is_filled(cell: Cell) -> bool:
    """False for a cell that shows nothing: formatted only, or a formula that gives ``""``."""
    value = cell.value
    if isinstance(value, str):
        return value != "" and not value.isspace()
    return value is not None


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
            if match and not (found and found[-1].cell.row == cell.row):
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


def _found(index: FormIndex, region: Region, title: Title | None) -> Found:
    part, number = share(index, region)
    return Found(index, region, title, part, number, index.printed)


class _Kept:
    """What was worked out for one book; its forms are kept, so that their ids stay theirs."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[Indexes, tuple[Found, ...]]] = {}
        self._regions: dict[tuple[int, int, int], Region] = {}

    def region(self, grid: Grid, top: int, bottom: int) -> Region:
        """The region; the same one for every template that is tried."""
        key = (id(grid), top, bottom)
        if key not in self._regions:
            self._regions[key] = Region(grid, top, bottom)
        return self._regions[key]


_KEPT: dict[int, _Kept] = {}


def _kept(book: Book) -> _Kept:
    kept = _KEPT.get(id(book))
    if kept is None:
        kept = _KEPT[id(book)] = _Kept()
        finalize(book, _KEPT.pop, id(book), None).atexit = False
    return kept


def sheets(book: Book) -> list[Region]:
    """The sheets that may hold forms, each as one region."""
    region = _kept(book).region
    return [region(grid, 1, grid.extent.bottom) for grid in book.grids if forms_on(grid)]


def regions(book: Book, forms: Indexes) -> tuple[Found, ...]:
    """The forms of a workbook, sheet by sheet, poor ones included (see `is_poor`).

    A title says which form begins, unless another form's labels clearly fit better; a sheet
    without a title is judged as a whole. Kept for as long as the book is: a workbook is
    recognised first, and then located by the same regions.
    """
    kept = _kept(book)
    if id(forms) not in kept.found:
        kept.found[id(forms)] = (forms, tuple(_regions(book, forms, kept)))
    return kept.found[id(forms)][1]


def _regions(book: Book, forms: Indexes, kept: _Kept) -> Iterator[Found]:
    for grid in book.grids:
        if not forms_on(grid):
            continue
        last = grid.extent.bottom
        sheet = kept.region(grid, 1, last)
        starts = titles(sheet, forms)
        if not starts:
            best = _best(sheet, forms, None)
            if best.share >= _UNTITLED_SHARE and best.explained >= _LEAST_LABELS:
                yield best
            continue
        for title, after in zip(starts, [*starts[1:], None], strict=True):
            region = kept.region(grid, title.top, after.top - 1 if after else last)
            title = title._replace(year=title.year or _year_under(title, region))
            found = _found(title.form, region, title)
            if found.share < _CLEARLY_BETTER * 2:
                best = _best(region, forms, title)
                found = best if best.share > found.share + _CLEARLY_BETTER else found
            if found.explained >= _LEAST_LABELS:
                yield found


def _year_under(title: Title, region: Region) -> int | None:
    """The year in the first lines under a title that does not name one."""
    under = [cell for cell in region.texts if cell.row > title.cell.row][:_LINES_WITH_YEAR]
    return next((year for year in (year_alone(str(cell.value)) for cell in under) if year), None)


def _best(region: Region, forms: Indexes, title: Title | None) -> Found:
    return max((_found(index, region, title) for index in forms), key=lambda f: f.share)


def is_poor(found: Found) -> bool:
    """True when too few labels were met to read anything from the region."""
    return found.share < _LEAST_SHARE
