"""One worksheet part: where its rows, cells, merges and links stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from perfxl.errors import RefusedEdit
from perfxl.model import Range
from perfxl.package.cells import (
    CellAt,
    RowAt,
    areas_of,
    cell_element,
    cells_of,
    parse_range,
    rows_of,
)
from perfxl.package.elements import Element, element_at, elements, openings, parse_attributes
from perfxl.package.geometry import Geometry, read_geometry
from perfxl.package.markup import Markup
from perfxl.package.xmltext import integer


class SheetPart:
    """A worksheet part, opened for splicing; offsets are found once and stay as they are."""

    def __init__(self, raw: bytes):
        self.markup = Markup(raw)
        found = self.markup.child("sheetData")
        if found is None:
            raise RefusedEdit(
                "要标记的工作表没有单元格（图表工作表或已损坏），无法标记；请检查该工作表。"
            )
        self.data: Element = found
        self._at: dict[tuple[int, int], Element | None] = {}
        self._found: dict[int, tuple[Element, list[CellAt]]] = {}

    @cached_property
    def rows(self) -> list[RowAt]:
        return rows_of(self.markup, self.data)

    @cached_property
    def numbered(self) -> dict[int, RowAt]:
        """The rows by their numbers."""
        return {row.number: row for row in reversed(self.rows)}

    def cell(self, row: int, col: int) -> Element | None:
        """Where the whole cell stands, None where there is none."""
        if (row, col) not in self._at:
            found = None
            if row in self.numbered:
                at, cells = self.cells_in(row)
                opening = next((cell for cell in cells if cell.col == col), None)
                found = cell_element(self.markup, opening, at) if opening else None
            self._at[row, col] = found
        return self._at[row, col]

    def style(self, row: int, col: int) -> tuple[int, bool]:
        """The index of the cell's format, which a cell that is not there takes from its row
        or column, and whether a cell that is there leaves it out."""
        found = self.cell(row, col)
        if found is not None:
            own = self.markup.attributes(found).get(b"s")
            return integer(own or "0"), own is None
        row_at = self.numbered.get(row)
        own_style = row_style(parse_attributes(row_at.opening[2])) if row_at else None
        return (self.geometry.column_style(col) if own_style is None else own_style), False

    def valued(self, row: int, col: int) -> bool:
        """Whether the cell holds a value or a formula."""
        found = self.cell(row, col)
        inside = self.markup.children(found) if found else ()
        empty = self.markup.qualified("v")
        return any(child.tag != empty or child.inner < child.close for child in inside)

    def row_element(self, row: RowAt) -> Element:
        """Where the whole row stands."""
        name = self.markup.qualified("row")
        return element_at(self.markup.data, row.opening, name, self.data.close)

    def cells_in(self, row: int) -> tuple[Element, list[CellAt]]:
        """Where a row that is there stands, and its cells."""
        if row not in self._found:
            at = self.row_element(self.numbered[row])
            self._found[row] = at, cells_of(self.markup, at)
        return self._found[row]

    @cached_property
    def merges(self) -> tuple[Range, ...]:
        section = self.markup.child("mergeCells")
        usual = areas_of(self.markup.data[section.inner : section.close]) if section else []
        return tuple(self._ranges("mergeCells", "mergeCell") if usual is None else usual)

    @cached_property
    def geometry(self) -> Geometry:
        return read_geometry(self.markup, self.rows)

    @cached_property
    def _arrays(self) -> tuple[Range, ...]:
        # Cells of an array or a data table but its first carry nothing that says so.
        data, found = self.markup.data, []
        if b"array" in data or b"dataTable" in data:
            name = self.markup.qualified("f")
            for formula in elements(data, name, self.data.inner, self.data.close):
                given = self.markup.attributes(formula)
                area = parse_range(given.get(b"ref", ""))
                if given.get(b"t") in ("array", "dataTable") and area:
                    found.append(area)
        return tuple(found)

    def span(self, row: int, col: int) -> Range:
        """The merged area whose top left cell it is, or the cell alone."""
        return self._merged.get((row, col)) or Range(row, col, row, col)

    @cached_property
    def _merged(self) -> dict[tuple[int, int], Range]:
        return {(area.top, area.left): area for area in reversed(self.merges)}

    def fixed(self, row: int, col: int) -> bool:
        """Whether the value belongs to an array of several cells, which Excel changes only
        as a whole."""
        return any((row, col) in area and area[:2] != area[2:] for area in self._arrays)

    def linked(self, row: int, col: int) -> bool:
        """Whether the cell has a hyperlink already."""
        return any((row, col) in area for area in self._links)

    @cached_property
    def _links(self) -> list[Range]:
        return self._ranges("hyperlinks", "hyperlink")

    @property
    def drawing_id(self) -> str | None:
        """The relationship of the legacy drawing, which holds the boxes of notes."""
        drawing = self.markup.child("legacyDrawing")
        if drawing is None:
            return None
        given = self.markup.attributes(drawing)
        return next((v for k, v in given.items() if k.rpartition(b":")[2] == b"id"), "")

    def _ranges(self, section: str, item: str) -> list[Range]:
        found = self.markup.child(section)
        if found is None:
            return []
        name = self.markup.qualified(item)
        listed = (
            parse_range(parse_attributes(tag[2]).get(b"ref", ""))
            for tag in openings(self.markup.data, name, found.inner, found.close)
        )
        return [area for area in listed if area]


def row_style(given: Mapping[bytes, str]) -> int | None:
    """The cell format of cells in a row that are not there, from the row's attributes."""
    custom = given.get(b"customFormat") in ("1", "true")
    return integer(given.get(b"s", "0")) if custom else None
