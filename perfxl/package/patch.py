"""Marks and corrects cells in a unit's own workbook; every other part stays as it is."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

from perfxl.errors import RefusedEdit
from perfxl.model import Range, Scalar
from perfxl.package import conditional, notebox
from perfxl.package.archive import Package
from perfxl.package.bookpart import BookPart, unique_sheet_name
from perfxl.package.cells import CachedResult, CellEdit, Number, Text
from perfxl.package.comments import Comments
from perfxl.package.limits import LAST_COLUMN, LAST_ROW
from perfxl.package.looks import argb
from perfxl.package.newsheet import NewSheet, sheet_xml
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.refusal import refuse_unpatchable
from perfxl.package.splice import Sheet
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.vml import Drawing, blocks_of
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import save

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass
class _Note:
    text: str
    author: str
    width: int | None
    height: int | None


@dataclass
class _SheetEdits:
    cells: dict[tuple[int, int], CellEdit] = field(default_factory=dict)
    notes: dict[tuple[int, int], _Note] = field(default_factory=dict)
    links: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def cell(self, row: int, col: int) -> CellEdit:
        return self.cells.setdefault((row, col), CellEdit())


class Patch:
    """Edits to one workbook, collected first and made together by ``save``.

    Rows and columns count from 1; of a merged area, give the top left cell. Raises RefusedEdit
    at once for a workbook that any edit would break (digitally signed, with revisions), and
    for a sheet that is not there.
    """

    def __init__(self, package: Package):
        refuse_unpatchable(package)
        self._package = package
        self._entries = {entry.name.casefold(): entry for entry in package.sheets}
        styles = package.related(package.workbook_part, "styles")
        self._styles_part = styles
        self._styles = Stylesheet(
            read_xml(package, styles) if styles else None, strict=package.strict
        )
        self._sheets: dict[str, Sheet] = {}
        self._edits: dict[str, _SheetEdits] = {}
        self._comments: dict[str, Comments] = {}
        self._covered: dict[str, tuple[Range, ...]] = {}
        self._new: list[tuple[str, NewSheet]] = []

    def fill(self, sheet: str, row: int, col: int, rgb: str) -> None:
        """Colours a cell (RRGGBB) and changes nothing else about its format."""
        argb(rgb)
        self._on(sheet, row, col).cell(row, col).fill = rgb

    def note(
        self,
        sheet: str,
        row: int,
        col: int,
        text: str,
        author: str = "perfxl",
        width: int | None = None,
        height: int | None = None,
    ) -> bool:
        """A note on a cell, hidden until hovered, sized to its text (or in pixels).

        Goes below what a note there says already. False, and no note, where the cell has a
        threaded comment: Excel would show only that.
        """
        edits = self._on(sheet, row, col)
        if self._comments_of(sheet).threaded(row, col):
            return False
        earlier = edits.notes.get((row, col))
        if earlier:
            earlier.text += f"\n{text}"
        else:
            edits.notes[row, col] = _Note(text, author, width, height)
        return True

    def number(
        self,
        sheet: str,
        row: int,
        col: int,
        value: float,
        formula: str | None = None,
        number_format: str | None = None,
    ) -> bool:
        """A number in the cell, with a live formula where one is given.

        ``number_format`` applies only where the cell's own is General or text. False, and no
        change, where the cell belongs to an array of several cells. Raises ValueError for a
        number that no cell can hold.
        """
        if not math.isfinite(value):
            raise ValueError(f"not a number for a cell: {value}")
        text = formula.removeprefix("=") if formula else None
        return self._change(sheet, row, col, Number(float(value), text, number_format))

    def text(self, sheet: str, row: int, col: int, text: str) -> bool:
        """Text in the cell, never a formula. False as for ``number``."""
        return self._change(sheet, row, col, Text(text))

    def result(self, sheet: str, row: int, col: int, value: Scalar) -> None:
        """Refreshes the stored result of a formula that depends on a corrected cell.

        The formula stays; a cell without one is left alone, and so is one that ``number`` or
        ``text`` replaces.
        """
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"not a number for a cell: {value}")
        edit = self._on(sheet, row, col).cell(row, col)
        if not isinstance(edit.change, Number | Text):
            edit.change = CachedResult(value)

    def link(self, sheet: str, row: int, col: int, target_sheet: str, target_cell: str) -> bool:
        """An internal hyperlink on the cell; False where it has one already."""
        edits = self._on(sheet, row, col)
        if self._sheet(sheet).linked(row, col) or (row, col) in edits.links:
            return False
        edits.links[row, col] = (target_sheet, target_cell)
        return True

    def add_sheet(self, sheet: NewSheet) -> str:
        """Appends a sheet after all others; returns the name it got, which is unique."""
        taken = [*self._package.workbook.order, *(name for name, _ in self._new)]
        name = unique_sheet_name(sheet.name, taken)
        self._new.append((name, sheet))
        return name

    def covered_by_conditional_format(self, sheet: str, row: int, col: int) -> bool:
        """Whether a conditional format of the cell can set a colour that hides the fill."""
        key = self._entry(sheet).part
        if key not in self._covered:
            areas = conditional.covered(self._sheet(sheet).markup, self._styles)
            self._covered[key] = tuple(areas)
        return any((row, col) in area for area in self._covered[key])

    def save(self, target: str | os.PathLike[str]) -> None:
        """Writes the patched copy; raises as ``zipwrite.save`` does. Call it once."""
        save(self._package, self.changes(), target)

    def changes(self) -> dict[str, bytes | None]:
        """The parts that differ, by name; None for one that is left out. Call it once."""
        package, plumbing = self._package, Plumbing(self._package)
        book_part = package.workbook_part
        book = BookPart(read_xml(package, book_part), strict=package.strict)
        folder = book_part.rpartition("/")[0]
        folder += "/" if folder else ""
        changes: dict[str, bytes | None] = {}
        recalculated = False
        taken: set[int] = set()
        if any(edits.notes for edits in self._edits.values()):
            taken = self._blocks()
        for name, edits in self._edits.items():
            part = self._entry(name).part
            sheet = self._sheet(name)
            sheet.apply(edits.cells, self._styles)
            sheet.add_links(edits.links)
            if edits.notes:
                self._add_notes(name, edits.notes, folder, plumbing, taken, changes)
            if sheet.markup.changed:
                changes[part] = sheet.markup.result()
            recalculated |= any(edit.change is not None for edit in edits.cells.values())
        for name, new in self._new:
            part = plumbing.new_part(f"{folder}worksheets/", "sheet", ".xml")
            changes[part] = sheet_xml(new, self._styles, strict=package.strict)
            plumbing.declare(part, _SHEET_TYPE)
            position = book.add_sheet(name, plumbing.relate(book_part, "worksheet", part))
            for defined, area, hidden in new.names(name):
                book.add_name(defined, area, position, hidden=hidden)
        if recalculated:
            book.recalculate()
            self._drop_calculation_chain(plumbing, changes)
        if recalculated or self._new:
            changes[book_part] = book.result()
        if self._styles.changed:
            changes[self._styles_name(folder, plumbing)] = self._styles.result()
        return changes | plumbing.changes()

    def _add_notes(
        self,
        name: str,
        notes: dict[tuple[int, int], _Note],
        folder: str,
        plumbing: Plumbing,
        taken: set[int],
        changes: dict[str, bytes | None],
    ) -> None:
        package, sheet, comments = self._package, self._sheet(name), self._comments_of(name)
        source = self._entry(name).part
        links = {link.id: link for link in package.relationships(source)}
        link = links.get(sheet.drawing_id or "")
        drawing_part = link.target_part if link and package.has(link.target_part) else None
        # VML may hold HTML that is no XML: it is never parsed, so a DTD in it does nothing.
        raw = package.read(drawing_part) if drawing_part else None
        drawing = Drawing(raw, taken)
        for at, note in notes.items():
            span = sheet.span(*at)
            existed = comments.has(*at)
            comments.add(*at, note.text, note.author)
            added = f"\n{note.author}：\n{note.text}"
            if not (existed and drawing.grow(*at, added, sheet.geometry)):
                size = notebox.size_of(note.text, note.width, note.height)
                drawing.add(*at, notebox.place(sheet.geometry, span, *size))
        comments_part = package.related(source, "comments")
        if comments_part is None:
            comments_part = plumbing.new_part(folder, "comments", ".xml")
            plumbing.declare(comments_part, _COMMENTS_TYPE)
            plumbing.relate(source, "comments", comments_part)
        if drawing_part is None:
            drawing_part = plumbing.new_part(f"{folder}drawings/", "vmlDrawing", ".vml")
            plumbing.declare_suffix(drawing_part, _VML_TYPE)
            identity = plumbing.relate(source, "vmlDrawing", drawing_part)
            sheet.set_drawing(identity, strict=package.strict)
        changes[comments_part] = comments.result()
        changes[drawing_part] = drawing.result()

    def _drop_calculation_chain(self, plumbing: Plumbing, changes: dict[str, bytes | None]) -> None:
        book_part = self._package.workbook_part
        chain = self._package.related(book_part, "calcChain")
        if chain:
            changes[chain] = None
            plumbing.retract(chain)
            plumbing.unrelate(book_part, "calcChain")

    def _styles_name(self, folder: str, plumbing: Plumbing) -> str:
        if self._styles_part:
            return self._styles_part
        part = f"{folder}styles.xml"
        if self._package.has(part):
            part = plumbing.new_part(folder, "styles", ".xml")
        plumbing.declare(part, _STYLES_TYPE)
        plumbing.relate(self._package.workbook_part, "styles", part)
        return part

    def _blocks(self) -> set[int]:
        drawings = (part for part in self._package.parts if part.casefold().endswith(".vml"))
        found = (blocks_of(self._package.read(part)) for part in drawings)
        return set().union(*found)

    def _change(self, sheet: str, row: int, col: int, change: Number | Text) -> bool:
        edits = self._on(sheet, row, col)
        if self._sheet(sheet).fixed(row, col):
            return False
        edits.cell(row, col).change = change
        return True

    def _on(self, sheet: str, row: int, col: int) -> _SheetEdits:
        if not (1 <= row <= LAST_ROW and 1 <= col <= LAST_COLUMN):
            raise ValueError(f"no such cell: row {row}, column {col}")
        return self._edits.setdefault(self._entry(sheet).name, _SheetEdits())

    def _entry(self, name: str) -> SheetEntry:
        entry = self._entries.get(name.casefold())
        if entry is None:
            listed = "、".join(e.name for e in self._package.sheets)
            raise RefusedEdit(f"工作簿里没有工作表“{name}”（有：{listed}），请核对表名。")
        return entry

    def _sheet(self, name: str) -> Sheet:
        part = self._entry(name).part
        if part not in self._sheets:
            self._sheets[part] = Sheet(read_xml(self._package, part))
        return self._sheets[part]

    def _comments_of(self, name: str) -> Comments:
        source = self._entry(name).part
        if source not in self._comments:
            part = self._package.related(source, "comments")
            raw = read_xml(self._package, part) if part else None
            self._comments[source] = Comments(raw, strict=self._package.strict)
        return self._comments[source]
