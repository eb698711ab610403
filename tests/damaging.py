"""What people do to a form before it comes back, done to a sheet that has been read.

Each takes a book and gives a book that says the same. Sheets that hold no form are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from perfxl import numberformat
from perfxl.model import Binding, Book, Bound, Cell, Grid, Kind, Range
from tests.grids import with_inserted

_WIDE = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789().%:"}
_REMARKS = ("复核意见", "已核", 5, "同意", "请补充说明", 0.9)


def each_sheet(book: Book, change: Callable[[Grid], Grid]) -> Book:
    return replace(book, grids=tuple(map(change, book.grids)))


def each_cell(book: Book, change: Callable[[Cell], Cell]) -> Book:
    return each_sheet(
        book, lambda grid: replace(grid, cells={at: change(c) for at, c in grid.cells.items()})
    )


def inserted(book: Book, rows: Sequence[int], columns: Sequence[int]) -> Book:
    """Blank rows and columns before the given ones."""
    return each_sheet(book, lambda grid: with_inserted(grid, rows, columns))


def renamed(book: Book, names: Iterable[str]) -> Book:
    """Sheets under other names."""
    grids = zip(book.grids, names, strict=False)
    return replace(book, grids=tuple(replace(grid, sheet=name) for grid, name in grids))


def as_text(book: Book) -> Book:
    """Every number typed as text, as it is shown."""

    def typed(cell: Cell) -> Cell:
        if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
            return cell
        shown = numberformat.render(cell.value, cell.number_format)
        return cell._replace(value=shown, number_format="@", formula=None)

    return each_cell(book, typed)


def full_width(book: Book) -> Book:
    """Digits, brackets and signs in full width: in labels, phrases and numbers typed as text.

    A lone digit stays: rules that ask for what was typed (原文) ask for it literally.
    """

    def widened(cell: Cell) -> Cell:
        if not isinstance(cell.value, str) or len(cell.value) < 2:
            return cell
        return cell._replace(value=cell.value.translate(_WIDE))

    return each_cell(book, widened)


def spaced(book: Book, binding: Binding) -> Book:
    """Labels with blanks and line breaks in them, as they are spread by hand."""
    places = {(bound.sheet, bound.label_at) for bound in bounds_of(binding) if bound.how != "同格"}

    def spread(grid: Grid) -> Grid:
        def one(at: tuple[int, int], cell: Cell) -> Cell:
            if (grid.sheet, at) not in places or not isinstance(cell.value, str):
                return cell
            return cell._replace(value=f" {cell.value[:2]}\n{cell.value[2:]}　")

        return replace(grid, cells={at: one(at, cell) for at, cell in grid.cells.items()})

    return each_sheet(book, spread)


def ratios(book: Book, binding: Binding) -> Book:
    """Rates shown as a ratio: 98.05% is 0.9805."""
    places = {
        (bound.sheet, bound.row, bound.col)
        for bound in bounds_of(binding)
        if bound.field.kind is Kind.RATIO and bound.value.numeric
    }

    def plain(grid: Grid) -> Grid:
        cells = {
            at: cell._replace(number_format="General") if (grid.sheet, *at) in places else cell
            for at, cell in grid.cells.items()
        }
        return replace(grid, cells=cells)

    return each_sheet(book, plain)


def unmerged(book: Book, binding: Binding) -> Book:
    """Without merges, but for those that give several rows one value (a shared reason)."""
    shared = {
        (bound.sheet, bound.row, bound.col)
        for form in binding.forms
        for group in form.groups.values()
        for row in group
        for bound in row.values.values()
        if bound.row != row.row and bound.source is not None
    }
    return each_sheet(
        book,
        lambda grid: replace(
            grid,
            merges=tuple(m for m in grid.merges if (grid.sheet, m.top, m.left) in shared),
        ),
    )


def remarked(book: Book, gap: int) -> Book:
    """A column of the bureau's own remarks to the right, ``gap`` columns away."""

    def added(grid: Grid) -> Grid:
        if not grid.cells:
            return grid
        right = max([grid.extent.right, *(area.right for area in grid.merges)]) + 1 + gap
        rows = sorted({row for row, _ in grid.cells})[3:]
        remarks = {
            (row, right): Cell(row, right, _REMARKS[place % len(_REMARKS)])
            for place, row in enumerate(rows)
        }
        return replace(grid, cells={**grid.cells, **remarks})

    return each_sheet(book, added)


def footed(book: Book) -> Book:
    """A line about who filled it in, and a note, under each sheet."""

    def added(grid: Grid) -> Grid:
        if not grid.cells:
            return grid
        below = grid.extent.bottom + 2
        lines = ("填表人：张三　联系电话：13800000000　填报日期：2025.4.30", "注：金额保留两位小数")
        cells = {(below + n, 1): Cell(below + n, 1, line) for n, line in enumerate(lines)}
        return replace(grid, cells={**grid.cells, **cells})

    return each_sheet(book, added)


def stacked(book: Book) -> Book:
    """All sheets one under the other in one."""
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Range] = []
    top = 0
    for grid in book.grids:
        if not grid.visible:
            continue
        for (row, col), cell in grid.cells.items():
            cells[row + top, col] = cell._replace(row=row + top)
        merges += [m._replace(top=m.top + top, bottom=m.bottom + top) for m in grid.merges]
        top += grid.extent.bottom + 2
    return replace(book, grids=(Grid("汇总", cells, tuple(merges)),))


def bounds_of(binding: Binding) -> list[Bound]:
    """Everything that was found: fields and cells of rows."""
    found: list[Bound] = []
    for form in binding.forms:
        found += form.fields.values()
        found += [b for group in form.groups.values() for row in group for b in row.values.values()]
    return found


def reworded(book: Book, binding: Binding, choose: int) -> Book:
    """Labels in another of their wordings: the ``choose``-th, counted around."""
    words: dict[tuple[str, tuple[int, int]], str] = {}
    for bound in bounds_of(binding):
        if bound.label_at and bound.how in ("右侧", "下方", "交叉", "行组"):
            wordings = bound.field.columns or bound.field.labels
            key = (bound.sheet, bound.label_at)
            words.setdefault(key, wordings[choose % len(wordings)])

    def worded(grid: Grid) -> Grid:
        cells = {
            at: cell._replace(value=words.get((grid.sheet, at), cell.value))
            for at, cell in grid.cells.items()
        }
        return replace(grid, cells=cells)

    return each_sheet(book, worded)


def with_tails(book: Book, binding: Binding) -> Book:
    """Labels with a number before and how it is worked out behind."""
    heads = {(bound.sheet, bound.label_at) for bound in bounds_of(binding) if bound.how != "同格"}

    def tailed(grid: Grid) -> Grid:
        cells = {
            at: cell._replace(value=f"{cell.value}（B/A）×100%")
            if (grid.sheet, at) in heads and str(cell.value).endswith("率")
            else cell
            for at, cell in grid.cells.items()
        }
        return replace(grid, cells=cells)

    return each_sheet(book, tailed)


def inlined(book: Book, binding: Binding) -> Book:
    """Single values written behind their labels, in one cell: 项目名称：送温暖."""
    moved = {
        (bound.sheet, bound.label_at): (bound.row, bound.col)
        for form in binding.forms
        for bound in form.fields.values()
        if bound.how == "右侧" and isinstance(bound.source and bound.source.value, str)
    }

    def written(grid: Grid) -> Grid:
        cells = dict(grid.cells)
        for (sheet, label), value in moved.items():
            if sheet == grid.sheet and label is not None and value in cells:
                head = str(cells[label].value).rstrip("：: ")
                cells[label] = cells[label]._replace(value=f"{head}：{cells.pop(value).value}")
        return replace(grid, cells=cells)

    return each_sheet(book, written)


def side_by_side(book: Book) -> Book:
    """All sheets side by side in one, an empty column between two."""
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Range] = []
    left = 0
    for grid in book.grids:
        if not grid.visible:
            continue
        for (row, col), cell in grid.cells.items():
            cells[row, col + left] = cell._replace(col=col + left)
        merges += [m._replace(left=m.left + left, right=m.right + left) for m in grid.merges]
        left += max([grid.extent.right, *(area.right for area in grid.merges)]) + 1
    return replace(book, grids=(Grid("并列", cells, tuple(merges)),))
