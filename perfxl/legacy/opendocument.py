"""In the worker: merges, errors and number formats of an .ods (OpenDocument 1.3, part 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.legacy.extras import Extras, Locked
from perfxl.model import ExcelError, Range
from perfxl.package import limits
from perfxl.package.xmlread import Element, local, parse
from perfxl.package.zipread import Directory, inflate, read_directory

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_ERRORS = {error.value: error for error in ExcelError}
_SHOWN = re.compile(r"[-+]?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)")
_HIDDEN = frozenset({"collapse", "filter"})


def read_extras(data: bytes) -> list[Extras]:
    """One for each sheet, in order. Raises Locked, and as the package layer does."""
    directory = read_directory(data)
    manifest = _part(data, directory, _MANIFEST)
    if manifest is not None and any(
        local(element.tag) == "encryption-data" for element in manifest.iter()
    ):
        raise Locked
    content = _part(data, directory, _CONTENT)
    if content is None:
        return []
    return [_read_table(table) for table in content.iter() if local(table.tag) == "table"]


def _part(data: bytes, directory: Directory, name: str) -> Element | None:
    member = next((one for one in directory.members if one.name == name), None)
    return None if member is None else parse(inflate(data, member, 0), name)


def _named(element: Element, name: str) -> str:
    """An attribute by its name, whatever namespace it stands in."""
    return next((value for key, value in element.items() if local(key) == name), "")


def _times(element: Element, name: str) -> int:
    text = _named(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) else 1


def _of_kind(element: Element, kinds: frozenset[str]) -> Iterator[Element]:
    """The rows, or columns, of a table, through the groups they may stand in."""
    for child in element:
        name = local(child.tag)
        if name in kinds:
            yield child
        elif name.startswith("table-") and name.endswith(("-group", "-rows", "-columns")):
            yield from _of_kind(child, kinds)


def _read_table(table: Element) -> Extras:
    extras, col, row = Extras(), 1, 1
    for element in _of_kind(table, frozenset({"table-column"})):
        times = _times(element, "number-columns-repeated")
        if _named(element, "visibility") in _HIDDEN and col + times <= limits.LAST_COLUMN:
            extras.hidden_columns.update(range(col, col + times))
        col += times
    for element in _of_kind(table, frozenset({"table-row"})):
        times = _times(element, "number-rows-repeated")
        if _named(element, "visibility") in _HIDDEN and row + times <= limits.LAST_ROW:
            extras.hidden_rows.update(range(row, row + times))
        _read_row(element, row, times, extras)
        row += times
    return extras


def _read_row(element: Element, row: int, times: int, extras: Extras) -> None:
    col = 1
    for cell in _of_kind(element, frozenset({"table-cell", "covered-table-cell"})):
        repeated = _times(cell, "number-columns-repeated")
        wide, high = _times(cell, "number-columns-spanned"), _times(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            area = Range(row, col, row + high - 1, col + wide - 1)
            if area.bottom <= limits.LAST_ROW and area.right <= limits.LAST_COLUMN:
                extras.merges.append(area)
        if len(cell) and local(cell.tag) == "table-cell":
            _read_cell(cell, row, range(col, col + repeated), times, extras)
        col += repeated


def _read_cell(cell: Element, row: int, cols: range, times: int, extras: Extras) -> None:
    limits.count(len(cols) * times, limits.CELLS, "重复的单元格", "个", limits.SUSPECT)
    kinds = {value for key, value in cell.items() if local(key) == "value-type"}
    shown = "\n".join("".join(p.itertext()) for p in cell if local(p.tag) == "p")
    error = "error" in kinds or ("formula" in map(local, cell.keys()) and shown in _ERRORS)
    code = "" if error else _format(shown, kinds)
    if not error and not code:
        return
    for at in ((row + down, col) for down in range(times) for col in cols):
        if error:
            extras.values[at] = _ERRORS.get(shown, ExcelError.VALUE)
        else:
            extras.formats[at] = code


def _format(shown: str, kinds: set[str]) -> str:
    """The format that shows a number as it is shown; "" for General and for other values.

    The text of the cell says it without the chain of styles that leads to the format.
    """
    found = _SHOWN.fullmatch(shown) if kinds & {"float", "percentage"} else None
    if found is None:
        return ""
    whole, places, percent = found.groups()
    grouped = "#,##0" if "," in whole else "0"
    return f"{grouped}.{'0' * len(places)}{percent}" if places else f"{grouped}{percent}"
