"""Where each form begins and ends on the sheets of a returned workbook."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from perfxl.locate.index import FormIndex
from perfxl.locate.labels import inline, is_footer, title_text, year_alone, year_in
from perfxl.model import Book, Cell, Grid, Range

_NOT_FORMS = ("_", "自查", "填报说明", "校验结果")
_LONGEST_TITLE = 60
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
        rows = self.grid._rows
        return [
            c for r in range(self.top, self.bottom + 1) for c in rows.get(r, ()) if is_filled(c)
        ]

    @cached_property
    def texts(self) -> list[Cell]:
        """The cells that may hold a label: text that is no footer."""
        return [c for c in self.cells if isinstance(c.value, str) and not is_footer(c.value)]

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """The filled cells of each row that has any."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, []).append(cell)
        return found

    @cached_property
    def live_rows(self) -> list[int]:
        return sorted(self.rows)

    @cached_property
    def live_columns(self) -> list[int]:
        return sorted({cell.col for cell in self.cells})

    @cached_property
    def extent(self) -> Range:
        columns = self.live_columns or [1]
        last = max(self.grid.span(cell.row, cell.col).right for cell in self.cells)
        return Range(self.live_rows[0], columns[0], self.live_rows[-1], last)

    def row_below(self, row: int) -> int | None:
        """The next row that holds anything."""
        at = bisect_right(self.live_rows, row)
        return self.live_rows[at] if at < len(self.live_rows) else None

    def between(self, row: int, left: int, right: int) -> Iterator[Cell]:
        """The filled cells of a row from one column to another."""
        for cell in self.rows.get(row, ()):
            if left <= cell.col <= right:
                yield cell


def is_filled(cell: Cell) -> bool:
    """False for a cell that shows nothing: formatted only, or a formula that gives ``""``."""
    return cell.value is not None and (not isinstance(cell.value, str) or bool(cell.value.strip()))


def share(index: FormIndex, cells: Iterable[Cell]) -> tuple[float, int]:
    """How much of a form's labels these texts explain: the share, and the number."""
    hit: set[int] = set()
    for cell in cells:
        text = str(cell.value)
        hit.update(slot.order for slot, _ in index.options(text))
        for head, _ in inline(text) if ":" in text or "：" in text else ():
            hit.update(slot.order for slot, _ in index.options(head))
    hit -= {slot.order for slot in index.slots if slot.floating}
    printed = sum(not slot.floating for slot in index.slots)
    return (len(hit) / printed if printed else 0.0), len(hit)


def forms_on(grid: Grid) -> bool:
    """False for a sheet that never holds a form: hidden, or one of the template's own."""
    return grid.visible and bool(grid.cells) and not grid.sheet.startswith(_NOT_FORMS)


def titles(grid: Grid, forms: Sequence[FormIndex]) -> list[Title]:
    """The titles on a sheet, from top to bottom."""
    found: list[Title] = []
    before: Cell | None = None
    last_letters = {title[-1] for form in forms for title in form.titles if title} | set(")）")
    for cell in (cell for row in grid._rows.values() for cell in row):
        text = cell.value
        if not isinstance(text, str) or not (text := text.strip()):
            continue
        if text[-1] in last_letters and len(text) <= _LONGEST_TITLE:
            match = _title(cell, before, forms)
            if match and not (found and found[-1].cell.row == cell.row):
                found.append(match)
        before = cell
    return found


def _title(cell: Cell, before: Cell | None, forms: Sequence[FormIndex]) -> Title | None:
    text = str(cell.value)
    own = title_text(text)
    whole = _ends_with_title(own, forms)
    if whole:
        return Title(cell, text, year_in(text), whole, cell.row)
    if before is None or len(own) < 4 or not any(t.endswith(own) for f in forms for t in f.titles):
        return None
    joined = f"{before.value}{text}"
    whole = _ends_with_title(title_text(joined), forms)
    return Title(before, joined, year_in(joined), whole, before.row) if whole else None


def _ends_with_title(text: str, forms: Sequence[FormIndex]) -> FormIndex | None:
    ends = ((len(t), index) for index in forms for t in index.titles if text.endswith(t))
    best = max(ends, key=lambda pair: pair[0], default=None)
    return best[1] if best else None


class Found(NamedTuple):
    """A form and its region; ``explained`` of ``of`` printed labels were met in it."""

    form: FormIndex
    region: Region
    title: Title | None
    share: float
    explained: int
    of: int


def _found(index: FormIndex, region: Region, title: Title | None) -> Found:
    part, number = share(index, region.texts)
    return Found(index, region, title, part, number, sum(not s.floating for s in index.slots))


def regions(book: Book, forms: Sequence[FormIndex]) -> Iterator[Found]:
    """The forms of a workbook, sheet by sheet, poor ones included (see `is_poor`).

    A title says which form begins, unless another form's labels clearly fit better; a sheet
    without a title is judged as a whole.
    """
    for grid in book.grids:
        if not forms_on(grid):
            continue
        starts = titles(grid, forms)
        last = grid.extent.bottom
        if not starts:
            best = _best(Region(grid, 1, last), forms, None)
            if best.share >= _UNTITLED_SHARE and best.explained >= _LEAST_LABELS:
                yield best
            continue
        for title, after in zip(starts, [*starts[1:], None], strict=True):
            region = Region(grid, title.top, after.top - 1 if after else last)
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


def _best(region: Region, forms: Sequence[FormIndex], title: Title | None) -> Found:
    return max((_found(index, region, title) for index in forms), key=lambda f: f.share)


def is_poor(found: Found) -> bool:
    """True when too few labels were met to read anything from the region."""
    return found.share < _LEAST_SHARE
