"""The roster as tables: the units, and their projects."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from perfxl.blank.cells import text_of
from perfxl.blank.sheet import HEADER_WITHIN, Known, Row, Table, first_meaning, table_of
from perfxl.errors import NotAWorkbook, PerfxlError, PlainText, RosterError, UnreadableFile
from perfxl.intake import read
from perfxl.model import Book, Cell, Grid
from perfxl.notation import fold
from perfxl.plaintext import read_plaintext

OWNER_KEY, PROJECTS_KEY = "单位", "项目"
NOTES = "填写说明"
"""The sheet of the example that explains the others."""


class Source(NamedTuple):
    """A roster as it came: the table of units, that of projects, and remarks on what of it
    nobody reads."""

    units: Table
    projects: Table | None = None
    remarks: tuple[str, ...] = ()


def from_files(
    path: str | os.PathLike[str],
    projects: str | os.PathLike[str] | None,
    is_owner: Known,
    is_project: Known,
    by_project: bool = True,
) -> Source:
    """Read a roster: the units on one sheet, the projects on one that has their names too.

    ``projects`` is another file with the projects; ``by_project`` says whether there are forms
    to fill in by project. The units of a roster that lists nothing but projects are those that
    have one. Raises RosterError for a sheet without the column 单位 and for a file that is no
    table, and as ``intake.read`` does.
    """
    book = _read(path, is_owner)
    sheets = _sheets(book)
    found = ((at, table_of(book, grid, is_owner)) for at, grid in enumerate(sheets))
    at, first = next((one for one in found if one[1]), (0, None))
    if first is None:
        raise _no_header(book, sheets[0].sheet if sheets else "", is_project=False)
    swapped = by_project and _lists_projects(first, is_project)
    other: Table | None = None
    unread = [grid.sheet for grid in sheets[:at]]
    for grid in sheets[at + 1 :]:
        table = None if other else table_of(book, grid, is_owner)
        if table and _lists_projects(table, is_project) is not swapped:
            other = table
        elif other is None and grid.sheet.strip().startswith(PROJECTS_KEY):
            raise _no_header(book, grid.sheet, is_project=True)
        else:
            unread.append(grid.sheet)
    units, listed = (other or _owners(first, is_owner), first) if swapped else (first, other)
    if projects is not None:
        if listed is not None:
            raise RosterError(
                f"{path} 的工作表“{listed.name}”已是项目表，又用 --projects 给了一份；请只留一份"
            )
        listed = _projects(projects, is_owner, is_project)
    remarks = [*_left_out(units), *(_left_out(listed) if listed else ())]
    remarks += [f"名册的工作表“{sheet}”没有用到" for sheet in unread if sheet != NOTES]
    return Source(units, listed, tuple(dict.fromkeys(remarks)))


def _owners(table: Table, is_owner: Known) -> Table:
    """Each unit of a table of projects once."""
    owner = first_meaning(table.headings, is_owner)
    rows: dict[str, Row] = {}
    for row in table.rows:
        cell = row.cells.get(owner)
        if text_of(cell) and cell:
            rows.setdefault(fold(text_of(cell)).casefold(), Row(row.number, {owner: cell}))
    headings = {owner: table.headings[owner]}
    return table._replace(headings=headings, last_headings=headings, rows=list(rows.values()))


def _lists_projects(table: Table, is_project: Known) -> bool:
    return any(map(is_project, table.headings.values()))


def _left_out(table: Table) -> Iterator[str]:
    for row, text in table.skipped:
        yield f"{table.place(row, 0)}“{text}”不是单位，没有用到"
    if table.hidden:
        where = table.place(table.header_row, 0).partition("第")[0] or "名册"
        yield f"{where}有 {table.hidden} 行是隐藏的，也用了；不要的请删去"


def _projects(path: str | os.PathLike[str], is_owner: Known, is_project: Known) -> Table:
    book = _read(path, is_owner)
    first = next(iter(_sheets(book)), None)
    listed = table_of(book, first, is_owner) if first else None
    if listed is None or not _lists_projects(listed, is_project):
        raise _no_header(book, first.sheet if first else "", is_project=True)
    return listed


def _read(path: str | os.PathLike[str], is_owner: Known) -> Book:
    try:
        return _read_list(path, is_owner)
    except NotAWorkbook:
        raise RosterError(
            f"{os.fspath(path)} 不是工作簿，也不是用逗号、制表符或分号分列的文本；"
            "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试"
        ) from None
    except UnreadableFile:
        raise
    except PerfxlError as error:
        raise RosterError(f"{os.fspath(path)} 不能读取：{error}") from error


def _read_list(path: str | os.PathLike[str], is_owner: Known) -> Book:
    """The file as a book; text in one column is one too where it says that it lists units."""
    try:
        return read(path)
    except PlainText:
        book = read_plaintext(path)
        if any(table_of(book, grid, is_owner) for grid in book.grids):
            return book
        raise


def _sheets(book: Book) -> list[Grid]:
    return [grid for grid in book.grids if grid.visible and grid.cells]


def _no_header(book: Book, sheet: str, *, is_project: bool) -> RosterError:
    wanted = "“单位”和“项目名称”两列" if is_project else "“单位”一列"
    where = f"的工作表“{sheet}”" if sheet and book.kind != "csv" else ""
    return RosterError(
        f"{book.path}{where}的前 {HEADER_WITHIN} 行里没有{wanted}；"
        "请补上表头，或用 perfxl blank --example 写一份样例来填"
    )


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
