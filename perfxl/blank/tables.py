"""The roster as tables: headings, and rows of cells that know where they stand."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from perfxl.blank.cells import text_of
from perfxl.errors import RosterError
from perfxl.intake import read
from perfxl.model import Book, Cell, Grid, column_letters

OWNER_KEY, PROJECTS_KEY = "单位", "项目"
NOTES = "填写说明"
"""The sheet of the example that explains the others."""
_HEADER_WITHIN = 20
"""The headings stand in one of the first rows; titles may stand over them."""


class Row(NamedTuple):
    """One row: its number, and its cells by the column's number."""

    number: int
    cells: Mapping[int, Cell]


class Table(NamedTuple):
    """One sheet of the roster; ``headings`` by the column's number.

    ``place`` names a cell for messages, by row and column (0 for the whole row).
    """

    name: str
    header_row: int
    headings: Mapping[int, str]
    rows: Sequence[Row]
    place: Callable[[int, int], str]


class Source(NamedTuple):
    """A roster as it came: the table of units, that of projects, sheets nobody reads."""

    units: Table
    projects: Table | None = None
    unread: tuple[str, ...] = ()


Known = Callable[[str], bool]


def from_files(
    path: str | os.PathLike[str],
    projects: str | os.PathLike[str] | None,
    is_owner: Known,
    is_project: Known,
) -> Source:
    """Read a roster: the units on the first sheet, the projects on the sheet called 项目.

    ``projects`` is another file with the projects. Raises RosterError for a sheet without the
    column 单位, and as ``intake.read`` does.
    """
    book = read(path)
    sheets = _sheets(book)
    units = _table(book, sheets[0], is_owner) if sheets else None
    if units is None:
        raise _no_header(book, sheets[0].sheet if sheets else "", is_project=False)
    listed: Table | None = None
    unread = []
    for grid in sheets[1:]:
        found = None if listed else _table(book, grid, is_owner)
        if found and any(map(is_project, found.headings.values())):
            listed = found
        elif listed is None and grid.sheet.strip().startswith(PROJECTS_KEY):
            raise _no_header(book, grid.sheet, is_project=True)
        elif grid.sheet != NOTES:
            unread.append(grid.sheet)
    if projects is not None:
        if listed is not None:
            raise RosterError(
                f"{path} 的工作表“{listed.name}”已是项目表，又用 --projects 给了一份；请只留一份"
            )
        listed = _projects(projects, is_owner, is_project)
    return Source(units, listed, tuple(unread))


def _projects(path: str | os.PathLike[str], is_owner: Known, is_project: Known) -> Table:
    book = read(path)
    first = next(iter(_sheets(book)), None)
    listed = _table(book, first, is_owner) if first else None
    if listed is None or not any(map(is_project, listed.headings.values())):
        raise _no_header(book, first.sheet if first else "", is_project=True)
    return listed


def _sheets(book: Book) -> list[Grid]:
    return [grid for grid in book.grids if grid.visible and grid.cells]


def _no_header(book: Book, sheet: str, *, is_project: bool) -> RosterError:
    wanted = "“单位”和“项目名称”两列" if is_project else "“单位”一列"
    where = f"的工作表“{sheet}”" if sheet and book.kind != "csv" else ""
    return RosterError(
        f"{book.path}{where}的前 {_HEADER_WITHIN} 行里没有{wanted}；"
        "请补上表头，或用 perfxl blank --example 写一份样例来填"
    )


def _table(book: Book, grid: Grid, is_owner: Known) -> Table | None:
    """The sheet as a table, from the row of headings on; None where no heading is 单位."""
    at = next(
        (
            row
            for row in range(1, _HEADER_WITHIN + 1)
            if any(is_owner(text_of(cell)) for cell in grid.row(row))
        ),
        None,
    )
    if at is None:
        return None
    rows: dict[int, dict[int, Cell]] = {}
    for (row, col), cell in sorted(grid.cells.items()):
        if row > at and (text_of(cell) or cell.formula):
            rows.setdefault(row, {})[col] = cell
    headings = {cell.col: text_of(cell) for cell in grid.row(at) if text_of(cell)}
    where = "" if book.kind == "csv" else f"工作表“{grid.sheet}”"

    def place(row: int, col: int) -> str:
        if not col:
            return f"{where}第 {row} 行"
        heading = headings.get(col, "")
        shown = f"（{heading}）" if heading and row != at else ""
        return f"{where}第 {row} 行 {column_letters(col)} 列{shown}"

    return Table(grid.sheet, at, headings, [Row(*item) for item in rows.items()], place)


def from_mappings(units: Iterable[Mapping[str, object]]) -> Source:
    """A roster given in Python: one mapping a unit, its projects as mappings under 项目.

    None, "" and NaN (a gap, as pandas has it) are blank. Raises RosterError for what is no
    mapping, or holds what no cell can.
    """
    listed, projects = [], []
    for number, unit in enumerate(units, 1):
        if not isinstance(unit, Mapping):
            raise RosterError(f"第 {number} 个单位应为字典（如 {{'单位': '…'}}），现在是 {unit!r}")
        given = dict(unit)
        nested = given.pop(PROJECTS_KEY, ())
        if isinstance(nested, (str, Mapping)) or not isinstance(nested, Iterable):
            raise RosterError(
                f"第 {number} 个单位的“项目”应为字典的列表（如 [{{'项目名称': '…'}}]）"
            )
        listed.append(given)
        for project in nested:
            if not isinstance(project, Mapping):
                raise RosterError(f"第 {number} 个单位的项目应为字典，现在是 {project!r}")
            projects.append({OWNER_KEY: _owner(given), **project})
    return Source(
        _of_mappings("单位", listed), _of_mappings("项目", projects) if projects else None
    )


def _owner(unit: Mapping[str, object]) -> object:
    return next((unit[name] for name in (OWNER_KEY, "单位名称") if name in unit), None)


def _of_mappings(what: str, listed: Sequence[Mapping[str, object]]) -> Table:
    names = list(dict.fromkeys(str(name) for one in listed for name in one))
    headings = dict(enumerate(names, 1))
    columns = {name: col for col, name in headings.items()}
    rows = [
        Row(number, dict(_cells(what, number, one, columns)))
        for number, one in enumerate(listed, 1)
    ]

    def place(row: int, col: int) -> str:
        owner = f"第 {row} 个{what}" if row else ""
        return f"{owner}的“{headings[col]}”" if col and row else owner or f"“{headings[col]}”"

    return Table(what, 0, headings, rows, place)


def _cells(
    what: str, number: int, one: Mapping[str, object], columns: Mapping[str, int]
) -> Iterator[tuple[int, Cell]]:
    for name, value in one.items():
        col = columns[str(name)]
        if isinstance(value, (date, datetime)):
            value = value.isoformat()[:10]
        elif isinstance(value, float) and math.isnan(value):
            value = None
        if not isinstance(value, (str, int, float, type(None))):
            raise RosterError(
                f"第 {number} 个{what}的“{name}”是 {type(value).__name__}，应为数字或文字"
            )
        if isinstance(value, float) and math.isinf(value):
            raise RosterError(f"第 {number} 个{what}的“{name}”是无穷大，应为数字或文字")
        if value not in (None, ""):
            yield col, Cell(number, col, value)
