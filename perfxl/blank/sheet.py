"""One sheet of a roster as a table: its headings, and rows of cells that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

from perfxl.blank.cells import text_of
from perfxl.model import Book, Cell, Grid, Range, column_letters
from perfxl.notation import fold

HEADER_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand over them."""
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计数"})
_NOTE = re.compile(
    r"(注|备注|附注|说明|填表人|制表人?|审核人?|联系人|填报人|填报日期|单位负责人|联系电话):"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)")
SAMPLE = "（样例，请改写）"
"""What the rows of the example end with."""
_MONEY = re.compile(
    r"单位:\s*(?:人民币|[^()\s]{0,6}[、,/])?(百万元|千元|万元|亿元|元)(?=$|[\s、,;.。)\]])"
)

Known = Callable[[str], bool]


class Row(NamedTuple):
    """One row: its number, and its cells by the column's number."""

    number: int
    cells: Mapping[int, Cell]


class Table(NamedTuple):
    """One sheet of the roster; ``headings`` by the column's number, ``last_headings`` without
    the headings over them.

    ``place`` names a cell for messages, by row and column (0 for the whole row). ``money`` is
    the unit that a line over the headings states for all amounts. ``skipped`` are the rows that
    are about no unit: totals and notes, by what they begin with; ``hidden`` how many of the
    others are hidden.
    """

    name: str
    header_row: int
    headings: Mapping[int, str]
    rows: Sequence[Row]
    place: Callable[[int, int], str]
    last_headings: Mapping[int, str] = {}
    money: str = ""
    skipped: Sequence[tuple[int, str]] = ()
    hidden: int = 0


def first_meaning(headings: Mapping[int, str], means: Known) -> int:
    """The column with such a heading, one that says just 单位 before others; 0 for none."""
    fitting = [col for col, heading in headings.items() if means(heading)]
    return min(fitting, key=lambda col: (len(fold(headings[col])), col), default=0)


def table_of(book: Book, grid: Grid, is_owner: Known) -> Table | None:
    """The sheet as a table, from the row of headings on; None where no heading is 单位.

    Headings may stand in several rows, as far as the one over the units is merged; what is
    merged over several columns heads each of them. A unit merged over several rows is that of
    each of them.
    """
    at = next(
        (
            row
            for row in range(1, HEADER_WITHIN + 1)
            if any(is_owner(text_of(cell)) for cell in grid.row(row))
        ),
        None,
    )
    if at is None:
        return None
    last = max(grid.span(at, cell.col).bottom for cell in grid.row(at) if is_owner(text_of(cell)))
    stacked = dict(_headings(grid, at, last))
    headings = {col: " ".join(texts) for col, texts in stacked.items()}
    where = "" if book.kind == "csv" else f"工作表“{grid.sheet}”"

    def place(row: int, col: int) -> str:
        if not col:
            return f"{where}第 {row} 行"
        heading = headings.get(col, "")
        shown = f"（{heading}）" if heading and row > last else ""
        return f"{where}第 {row} 行 {column_letters(col)} 列{shown}"

    owner = first_meaning(headings, is_owner)
    rows, skipped = [], []
    for row in _rows(grid, last, owner):
        about = _of_no_unit(row, owner) or _heads_units(row, owner, headings)
        if about:
            skipped.append((row.number, about))
        else:
            rows.append(row)
    hidden = sum(row.number in grid.hidden_rows for row in rows)
    lasts = {col: texts[-1] for col, texts in stacked.items()}
    money = _money(grid, at)
    return Table(grid.sheet, at, headings, rows, place, lasts, money, skipped, hidden)


def _headings(grid: Grid, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
    """The headings over each column, from the top."""
    for col in range(1, grid.extent.right + 1):
        areas = dict.fromkeys(grid.span(row, col) for row in range(first, last + 1))
        texts = [text_of(grid.at(area.top, area.left)) for area in areas if _heads(area, first)]
        if any(texts):
            yield col, [text for text in texts if text]


def _heads(area: Range, first: int) -> bool:
    """Whether it is a heading, not a title that is merged down into the headings."""
    return area.top >= first


def _rows(grid: Grid, header: int, owner: int) -> Iterator[Row]:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, col), cell in sorted(grid.cells.items()):
        if row > header and (text_of(cell) or cell.formula):
            rows.setdefault(row, {})[col] = cell
    for row, cells in rows.items():
        above = grid.at(row, owner)
        if owner not in cells and above and above.row > header and text_of(above):
            cells[owner] = above
        yield Row(row, cells)


def _of_no_unit(row: Row, owner: int) -> str:
    """How a total or a note below the table begins; "" for a row about a unit."""
    told = [text_of(row.cells[col]) for col in sorted(row.cells) if col <= owner]
    for text in told:
        folded = fold(text)
        only = not row.cells.get(owner) or text == text_of(row.cells[owner])
        if only and (folded.rstrip(":") in _TOTALS or _NOTE.match(folded)):
            return text
    return ""


def _heads_units(row: Row, owner: int, headings: Mapping[int, str]) -> str:
    """A heading over the units below it, such as 一、党群部门, where other columns tell of a unit;
    "" for a row about a unit."""
    texts = {col: text for col, cell in row.cells.items() if (text := text_of(cell))}
    if len(texts) != 1 or len(headings) == 1 or min(texts) > owner:
        return ""
    only = texts[min(texts)]
    return only if _HEADING.match(fold(only)) else ""


def _money(grid: Grid, header: int) -> str:
    """The unit of money in a line over the headings, such as （单位：元）."""
    for row in range(1, header):
        for cell in grid.row(row):
            stated = _MONEY.search(normalize("NFKC", text_of(cell)))
            if stated:
                return stated[1]
    return ""
