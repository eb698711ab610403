"""One worksheet part: values, fills, links and its drawing, all spliced in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import groupby

from perfxl.model import Range, a1
from perfxl.package import followers
from perfxl.package.cells import (
    CellAt,
    CellEdit,
    Content,
    RowAt,
    cell_element,
    formula_of,
    new_cell,
    parse_range,
    replace_cell,
    style_of,
)
from perfxl.package.elements import (
    Element,
    namespace_prefix,
    set_attributes,
)
from perfxl.package.reference import location
from perfxl.package.restyle import restyled
from perfxl.package.sheetpart import SheetPart, row_style
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.xmltext import escape

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


class Sheet(SheetPart):
    """A worksheet part and the edits to it."""

    def set_style(self, row: int, col: int, style: int | None) -> None:
        """Gives a cell that is there another format; None leaves the attribute out."""
        found = self.cell(row, col)
        if found is not None:
            tag = set_attributes(self.markup.tag(found), s=style)
            if tag != self.markup.tag(found):
                self.markup.replace(found.start, found.inner, tag)

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

    def drop_links(self, unwanted: Callable[[Range | None, str, str], bool]) -> list[str]:
        """Removes the hyperlinks for which ``unwanted`` (area, location, relationship) is true;
        returns the relationships they had."""
        markup, section = self.markup, self.markup.child("hyperlinks")
        if section is None:
            return []
        links = [(link, markup.attributes(link)) for link in markup.children(section)]
        gone = []
        for link, given in links:
            area = parse_range(given.get(b"ref", ""))
            identity = next((v for k, v in given.items() if k.endswith(b":id")), "")
            if unwanted(area, given.get(b"location", ""), identity):
                gone.append((link, identity))
        if gone and len(gone) == len(links):
            markup.replace(section.start, section.end, b"")
        else:
            for link, _ in gone:
                markup.replace(link.start, link.end, b"")
        return [identity for _, identity in gone if identity]

    def drop_drawing(self) -> None:
        """Names no legacy drawing any more."""
        drawing = self.markup.child("legacyDrawing")
        if drawing is not None:
            self.markup.replace(drawing.start, drawing.end, b"")

    def apply(self, edits: Mapping[tuple[int, int], CellEdit], styles: Stylesheet) -> None:
        """Makes the edits; of a merged area, the top left cell alone decides how it looks."""
        wanted: dict[int, dict[int, CellEdit]] = {}
        for (number, col), edit in edits.items():
            wanted.setdefault(number, {})[col] = edit
        makes = {at: edit for at, edit in edits.items() if edit.makes_cell}
        broken: list[followers.Master] = []
        for number, here in wanted.items():
            if number in self.numbered:
                broken += self._edit_row(self.numbered[number], here, styles)
        self._add_rows([at for at in sorted(makes) if at[0] not in self.numbered], makes, styles)
        if broken:
            changed = {at for at, edit in edits.items() if isinstance(edit.change, Content)}
            near = [
                (row.number, self.row_element(row))
                for row in self.rows
                if any(one.area.top <= row.number <= one.area.bottom for one in broken)
            ]
            followers.release(self.markup, near, broken, changed)
        self._grow_dimension(makes)

    def _edit_row(
        self, row: RowAt, edits: Mapping[int, CellEdit], styles: Stylesheet
    ) -> list[followers.Master]:
        at, cells = self.cells_in(row.number)
        broken, seen = [], set()
        for cell in cells:
            edit = edits.get(cell.col)
            if edit is None or cell.col in seen:
                continue
            seen.add(cell.col)
            where = cell_element(self.markup, cell, at)
            if isinstance(edit.change, Content):
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
        own = row_style(given)
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
            self.markup.append(self.data, made)

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


def _spanning(tag: bytes, spans: str | None, columns: Mapping[int, CellEdit]) -> bytes:
    bounds = [int(number) for number in re.findall(r"[0-9]+", spans or "")]
    if not bounds or (min(bounds) <= min(columns) and max(columns) <= max(bounds)):
        return tag
    return set_attributes(tag, spans=f"{min(*bounds, *columns)}:{max(*bounds, *columns)}")
