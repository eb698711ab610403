"""Rows and cells of sheet XML by offset, and one cell written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from perfxl.model import ExcelError, Range, Scalar, a1
from perfxl.package.elements import Element, element_at, openings, parse_attributes, set_attributes
from perfxl.package.markup import Markup
from perfxl.package.reference import column_number
from perfxl.package.xmltext import escape, integer, text_element

_ROW = re.compile(rb"\s+r=\"([0-9]+)\"")
_CELL = re.compile(rb"\s+r=\"([A-Z]{1,3})[0-9]+\"")
_AREA = re.compile(rb"[\s]ref=\"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})\"")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")


class RowAt(NamedTuple):
    """A row of the sheet and where its opening tag stands."""

    number: int
    opening: re.Match[bytes]

    @property
    def tag(self) -> bytes:
        return self.opening[0]


class CellAt(NamedTuple):
    """A cell of a row and where its opening tag stands."""

    col: int
    opening: re.Match[bytes]


@dataclass(frozen=True)
class Number:
    """A cell becomes a number, live where a formula (without ``=``) is given.

    ``number_format`` applies where the cell's own is General or text.
    """

    value: float
    formula: str | None = None
    number_format: str | None = None


@dataclass(frozen=True)
class Text:
    """A cell becomes text, never a formula."""

    text: str


@dataclass(frozen=True)
class Plain:
    """A cell becomes that value, empty for None; its format stays as it is."""

    value: Scalar


@dataclass(frozen=True)
class CachedResult:
    """A cell keeps its formula; only the stored result changes."""

    value: Scalar


Content = Number | Text | Plain
Change = Content | CachedResult


@dataclass
class CellEdit:
    """All that is to happen to one cell; ``fill`` is RRGGBB, and ``dark`` the fill where the
    cell's own text is light."""

    fill: str | None = None
    dark: str | None = None
    change: Change | None = None

    @property
    def makes_cell(self) -> bool:
        """Whether a cell that is not there comes to be; a result alone has no formula there."""
        valued = isinstance(self.change, Content) and self.change != Plain(None)
        return bool(self.fill) or valued


def areas_of(section: bytes) -> list[Range] | None:
    """The areas that a section such as ``<mergeCells>`` lists, None where they are not all
    written in the usual way."""
    found = _AREA.findall(section)
    if len(found) != section.count(b"ref"):
        return None
    areas = [Range(int(top), _column(a), int(bottom), _column(b)) for a, top, b, bottom in found]
    return areas if all(one.top <= one.bottom and one.left <= one.right for one in areas) else None


def parse_range(text: str) -> Range | None:
    """A1:B2 or A1 as a Range; None for anything else (``A:A``, a broken reference)."""
    found = _REFERENCE.fullmatch(text)
    if not found:
        return None
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    return Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def rows_of(markup: Markup, sheet_data: Element) -> list[RowAt]:
    """Every row of the sheet, in the order of the file; a row without number follows on."""
    number, found = 0, []
    tags = openings(markup.data, markup.qualified("row"), sheet_data.inner, sheet_data.close)
    for tag in tags:
        quick = _ROW.match(tag[2])
        given = quick[1] if quick else parse_attributes(tag[2]).get(b"r")
        number = integer(given) if given else number + 1
        found.append(RowAt(number, tag))
    return found


def cells_of(markup: Markup, row: Element) -> list[CellAt]:
    """Every cell of the row, in the order of the file; one without address follows on."""
    name, col, found = markup.qualified("c"), 0, []
    for tag in openings(markup.data, name, row.inner, row.close):
        quick = _CELL.match(tag[2])
        if quick:
            col = _column(quick[1])
        else:
            area = parse_range(parse_attributes(tag[2]).get(b"r", ""))
            col = area.left if area else col + 1
        found.append(CellAt(col, tag))
    return found


@lru_cache(maxsize=256)
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def cell_element(markup: Markup, cell: CellAt, row: Element) -> Element:
    """Where the whole cell stands."""
    return element_at(markup.data, cell.opening, markup.qualified("c"), row.close)


def style_of(cell: CellAt) -> int:
    """The index of the cell's format, 0 where it names none."""
    return integer(parse_attributes(cell.opening[2]).get(b"s", "0"))


def formula_of(markup: Markup, cell: Element) -> Element | None:
    """The cell's ``<f>``, where it has one."""
    wanted = markup.qualified("f")
    return next((child for child in markup.children(cell) if child.tag == wanted), None)


def new_cell(prefix: str, row: int, col: int, style: int, edit: CellEdit) -> str:
    """A cell that was not there."""
    styled = f' s="{style}"' if style else ""
    opening = f'<{prefix}c r="{a1(row, col)}"{styled}'
    change = edit.change
    if change is None or isinstance(change, CachedResult):
        return opening + "/>"
    kind, body = _content(prefix, change)
    typed = f' t="{kind}"' if kind else ""
    return f"{opening}{typed}>{body}</{prefix}c>" if body else f"{opening}/>"


def replace_cell(markup: Markup, cell: Element, style: int | None, edit: CellEdit) -> None:
    """Splices a new opening tag, and new content where the value changes.

    ``style`` is None where the cell keeps its format.
    """
    tag = markup.tag(cell)
    if style is not None:
        tag = set_attributes(tag, s=style)
    change = edit.change
    if isinstance(change, CachedResult):
        _replace_result(markup, cell, tag, change.value)
    elif change is None:
        if tag != markup.tag(cell):
            markup.replace(cell.start, cell.inner, tag)
    else:
        # cm and vm tie the old value to metadata (dynamic arrays, pictures in cells).
        kind, text = _content(markup.prefix, change)
        tag = set_attributes(tag, t=kind, cm=None, vm=None)
        body = markup.encode(text) + _extension(markup, cell)
        opened = tag[:-2].rstrip() if cell.empty else tag[:-1]
        closed = b">" + body + b"</" + cell.tag + b">" if body else b"/>"
        markup.replace(cell.start, cell.end, opened + closed)


def _content(prefix: str, change: Content) -> tuple[str | None, str]:
    """The type attribute of a cell and what stands in it."""
    value: Scalar = change.text if isinstance(change, Text) else change.value
    if isinstance(value, str):
        return "inlineStr", f"<{prefix}is>{text_element(prefix, value)}</{prefix}is>"
    formula = change.formula if isinstance(change, Number) else None
    live = f"<{prefix}f>{escape(formula)}</{prefix}f>" if formula else ""
    kind, shown = _stored(value)
    return kind, live + (f"<{prefix}v>{shown}</{prefix}v>" if value is not None else "")


def _stored(value: Scalar) -> tuple[str | None, str]:
    """The type attribute and the text of ``<v>`` for a formula's result."""
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, ExcelError):
        return "e", value.value
    if isinstance(value, str):
        return "str", escape(value)
    return None, "" if value is None else number(value)


def number(value: float) -> str:
    """A number as sheet XML stores it; 12.0 is written 12."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _replace_result(markup: Markup, cell: Element, tag: bytes, value: Scalar) -> None:
    formula = formula_of(markup, cell)
    if formula is None:
        return
    kind, shown = _stored(value)
    prefix = markup.prefix
    result = f"<{prefix}v>{shown}</{prefix}v>" if value is not None else ""
    markup.replace(cell.start, cell.inner, set_attributes(tag, t=kind))
    kept = _extension(markup, cell)
    markup.replace(formula.end, cell.close, markup.encode(result) + kept)


def _extension(markup: Markup, cell: Element) -> bytes:
    wanted = markup.qualified("extLst")
    for child in markup.children(cell):
        if child.tag == wanted:
            return markup.data[child.start : child.end]
    return b""
