"""One worksheet part: values, fills, links and its drawing, all spliced in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from itertools import groupby

from perfxl.errors import RefusedEdit
from perfxl.model import Range, a1
from perfxl.package import followers
from perfxl.package.cells import (
    CellAt,
    CellEdit,
    Number,
    RowAt,
    Text,
    cell_element,
    cells_of,
    formula_of,
    new_cell,
    parse_range,
    replace_cell,
    rows_of,
    style_of,
)
from perfxl.package.elements import Element, element_at, elements, namespace_prefix, set_attributes
from perfxl.package.geometry import Geometry, read_geometry
from perfxl.package.markup import Markup
from perfxl.package.reference import location
from perfxl.package.restyle import restyled
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.xmltext import escape, integer

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


class Sheet:
    """A worksheet part, opened for splicing; offsets are found once, edits made in ``apply``."""

    def __init__(self, raw: bytes):
        self.markup = Markup(raw)
        found = self.markup.child("sheetData")
        if found is None:
            raise RefusedEdit(
                "要标记的工作表没有单元格（图表工作表或已损坏），无法标记；请检查该工作表。"
            )
        self._data: Element = found

    @cached_property
    def rows(self) -> list[RowAt]:
        return rows_of(self.markup, self._data)

    def row_element(self, row: RowAt) -> Element:
        """Where the whole row stands."""
        name = self.markup.qualified("row")
        return element_at(self.markup.data, row.opening, name, self._data.close)

    @cached_property
    def merges(self) -> tuple[Range, ...]:
        return tuple(self._ranges("mergeCells", "mergeCell"))

    @cached_property
    def geometry(self) -> Geometry:
        return read_geometry(self.markup, self.rows)

    @cached_property
    def _arrays(self) -> tuple[Range, ...]:
        # Cells of an array or a data table but its first carry nothing that says so.
        data, found = self.markup.data, []
        if b"array" in data or b"dataTable" in data:
            name = self.markup.qualified("f")
            for formula in elements(data, name, self._data.inner, self._data.close):
                given = self.markup.attributes(formula)
                area = parse_range(given.get(b"ref", ""))
                if given.get(b"t") in ("array", "dataTable") and area:
                    found.append(area)
        return tuple(found)

    def span(self, row: int, col: int) -> Range:
        """The merged area the cell belongs to, or the cell alone."""
        alone = Range(row, col, row, col)
        return next((area for area in self.merges if (row, col) in area), alone)

    def fixed(self, row: int, col: int) -> bool:
        """Whether the value belongs to an array of several cells, which Excel changes only
        as a whole."""
        return any((row, col) in area and area[:2] != area[2:] for area in self._arrays)

    def linked(self, row: int, col: int) -> bool:
        """Whether the cell has a hyperlink already."""
        return any((row, col) in area for area in self._ranges("hyperlinks", "hyperlink"))

    @property
    def drawing_id(self) -> str | None:
        """The relationship of the legacy drawing, which holds the boxes of notes."""
        drawing = self.markup.child("legacyDrawing")
        if drawing is None:
            return None
        given = self.markup.attributes(drawing)
        return next((v for k, v in given.items() if k.rpartition(b":")[2] == b"id"), "")

    def set_drawing(self, relationship: str, *, strict: bool) -> None:
        """Names the legacy drawing of the sheet, in place of one that leads nowhere."""
        markup = self.markup
        uri = RELATIONSHIPS_STRICT if strict else RELATIONSHIPS
        known = namespace_prefix(markup.data, markup.root, (uri,))
        declared = "" if known else f' xmlns:r="{uri}"'
        element = f'<{markup.prefix}legacyDrawing{declared} {known or "r"}:id="{relationship}"/>'
        old = markup.child("legacyDrawing")
        if old is not None:
            markup.replace(old.start, old.end, element)
        else:
            markup.insert(markup.place("legacyDrawing", SHEET_ORDER), element)

    def add_links(self, links: Mapping[tuple[int, int], tuple[str, str]]) -> None:
        """Internal hyperlinks: cell → (sheet, address)."""
        if not links:
            return
        prefix = self.markup.prefix
        text = "".join(
            f'<{prefix}hyperlink ref="{a1(*at)}" location="{escape(location(*target))}"/>'
            for at, target in links.items()
        )
        section = self.markup.child("hyperlinks")
        if section is not None:
            self.markup.append(section, text)
        else:
            at = self.markup.place("hyperlinks", SHEET_ORDER)
            self.markup.insert(at, f"<{prefix}hyperlinks>{text}</{prefix}hyperlinks>")

    def apply(self, edits: Mapping[tuple[int, int], CellEdit], styles: Stylesheet) -> None:
        """Makes the edits; a fill spreads over the existing cells of a merged area."""
        wanted: dict[int, dict[int, CellEdit]] = {}
        for (number, col), edit in edits.items():
            wanted.setdefault(number, {})[col] = edit
        makes = {at: edit for at, edit in edits.items() if edit.makes_cell}
        spread = [
            (area, edit.fill)
            for at, edit in edits.items()
            if edit.fill and (area := self.span(*at))[:2] != area[2:]
        ]
        broken: list[followers.Master] = []
        present = set()
        for row in self.rows:
            if row.number in present:
                continue
            filled = [(a, rgb) for a, rgb in spread if a.top <= row.number <= a.bottom]
            if row.number in wanted or filled:
                present.add(row.number)
                here = wanted.get(row.number, {})
                broken += self._edit_row(row, here, filled, styles)
        self._add_rows([at for at in sorted(makes) if at[0] not in present], makes, styles)
        if broken:
            changed = {at for at, edit in edits.items() if isinstance(edit.change, Number | Text)}
            near = [
                (row.number, self.row_element(row))
                for row in self.rows
                if any(one.area.top <= row.number <= one.area.bottom for one in broken)
            ]
            followers.release(self.markup, near, broken, changed)
        self._grow_dimension(makes)

    def _edit_row(
        self,
        row: RowAt,
        edits: Mapping[int, CellEdit],
        filled: list[tuple[Range, str]],
        styles: Stylesheet,
    ) -> list[followers.Master]:
        at = self.row_element(row)
        cells = cells_of(self.markup, at)
        broken, seen = [], set()
        for cell in cells:
            edit = edits.get(cell.col)
            if edit is None:
                fill = next((f for a, f in filled if a.left <= cell.col <= a.right), None)
                edit = CellEdit(fill=fill) if fill else None
            if edit is None or cell.col in seen:
                continue
            seen.add(cell.col)
            where = cell_element(self.markup, cell, at)
            if isinstance(edit.change, Number | Text):
                formula = formula_of(self.markup, where)
                master = formula and followers.master(self.markup, row.number, cell.col, formula)
                broken += [master] if master else []
            style = style_of(cell)
            wanted = restyled(style, edit, styles)
            replace_cell(self.markup, where, None if wanted == style else wanted, edit)
        missing = {
            col: edit for col, edit in sorted(edits.items()) if col not in seen and edit.makes_cell
        }
        if missing:
            self._add_cells(row, at, cells, missing, styles)
        return broken

    def _add_cells(
        self,
        row: RowAt,
        at: Element,
        cells: list[CellAt],
        missing: Mapping[int, CellEdit],
        styles: Stylesheet,
    ) -> None:
        given = self.markup.attributes(at)
        own = integer(given.get(b"s", "0")) if given.get(b"customFormat") in ("1", "true") else None
        made = [(col, self._new(row.number, col, own, e, styles)) for col, e in missing.items()]
        tag = _spanning(row.tag, given.get(b"spans"), missing)
        if at.empty:
            opened = tag[:-2].rstrip() + b">"
            body = self.markup.encode("".join(text for _, text in made))
            self.markup.replace(at.start, at.end, opened + body + b"</" + at.tag + b">")
            return
        if tag != row.tag:
            self.markup.replace(at.start, at.inner, tag)
        for col, text in made:
            following = next((cell.opening.start() for cell in cells if cell.col > col), at.close)
            self.markup.insert(following, text)

    def _add_rows(
        self,
        missing: list[tuple[int, int]],
        edits: Mapping[tuple[int, int], CellEdit],
        styles: Stylesheet,
    ) -> None:
        prefix = self.markup.prefix
        numbers = [row.number for row in self.rows]
        made = ""
        for number, group in groupby(missing, key=lambda at: at[0]):
            cells = (self._new(*at, None, edits[at], styles) for at in group)
            row = f'<{prefix}row r="{number}">{"".join(cells)}</{prefix}row>'
            at = bisect_right(numbers, number)
            if at < len(numbers):
                self.markup.insert(self.rows[at].opening.start(), row)
            else:
                made += row
        if made:
            self.markup.append(self._data, made)

    def _new(self, row: int, col: int, own: int | None, edit: CellEdit, styles: Stylesheet) -> str:
        style = self.geometry.column_style(col) if own is None else own
        return new_cell(self.markup.prefix, row, col, restyled(style, edit, styles), edit)

    def _grow_dimension(self, edits: Mapping[tuple[int, int], CellEdit]) -> None:
        dimension = self.markup.child("dimension")
        if dimension is None or not edits:
            return
        area = parse_range(self.markup.attributes(dimension).get(b"ref", ""))
        if area is None or all(at in area for at in edits):
            return
        at_rows, at_cols = [row for row, _ in edits], [col for _, col in edits]
        grown = Range(
            min(area.top, *at_rows), min(area.left, *at_cols),
            max(area.bottom, *at_rows), max(area.right, *at_cols),
        )  # fmt: skip
        tag = set_attributes(self.markup.tag(dimension), ref=str(grown))
        self.markup.replace(dimension.start, dimension.inner, tag)

    def _ranges(self, section: str, item: str) -> list[Range]:
        found = self.markup.child(section)
        if found is None:
            return []
        name = self.markup.qualified(item)
        listed = (
            parse_range(self.markup.attributes(child).get(b"ref", ""))
            for child in elements(self.markup.data, name, found.inner, found.close)
        )
        return [area for area in listed if area]


def _spanning(tag: bytes, spans: str | None, columns: Mapping[int, CellEdit]) -> bytes:
    bounds = [int(number) for number in re.findall(r"[0-9]+", spans or "")]
    if not bounds or (min(bounds) <= min(columns) and max(columns) <= max(bounds)):
        return tag
    return set_attributes(tag, spans=f"{min(*bounds, *columns)}:{max(*bounds, *columns)}")
