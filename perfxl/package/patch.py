"""Marks and corrects cells in a unit's own workbook; every other part stays as it is."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

from perfxl.errors import RefusedEdit
from perfxl.model import Range, Scalar
from perfxl.package import conditional
from perfxl.package.archive import Package
from perfxl.package.bookpart import BookPart
from perfxl.package.cells import CachedResult, CellEdit, Content, Number, Plain, Text
from perfxl.package.colours import theme_colours
from perfxl.package.comments import SEPARATOR, Comments
from perfxl.package.limits import LAST_COLUMN, LAST_ROW
from perfxl.package.lookcode import CellLook
from perfxl.package.looks import argb
from perfxl.package.newsheet import NewSheet, sheet_xml
from perfxl.package.notes import Note, NoteWriter, comments_of
from perfxl.package.notetext import LONGEST, shortened
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.refusal import refuse_unpatchable
from perfxl.package.relook import Looks
from perfxl.package.sheetname import unique_sheet_name
from perfxl.package.splice import Sheet
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import save

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass
class _SheetEdits:
    cells: dict[tuple[int, int], CellEdit] = field(default_factory=dict)
    notes: dict[tuple[int, int], Note] = field(default_factory=dict)
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
        self._colours: list[str] | None = None
        self._styles = Stylesheet(
            read_xml(package, styles) if styles else None,
            strict=package.strict,
            reuse=package.marked,
            theme=self._theme,
        )
        self._looks = Looks(self._styles)
        self._sheets: dict[str, Sheet] = {}
        self._edits: dict[str, _SheetEdits] = {}
        self._comments: dict[str, Comments] = {}
        self._covered: dict[str, tuple[Range, ...]] = {}
        self._new: list[tuple[str, NewSheet]] = []

    def look_of(self, sheet: str, row: int, col: int) -> str:
        """The cell's own fill and number format in one line, which ``without_marks`` takes."""
        style, unnamed = self._sheet(sheet).style(row, col)
        fill, number_format = self._looks.fill(style), self._looks.number_format(style)
        return CellLook(None if unnamed else style, fill, number_format).code

    def fill(self, sheet: str, row: int, col: int, light: str, dark: str | None = None) -> None:
        """Colours a cell (RRGGBB) and changes nothing else about its format.

        ``dark`` is for a cell whose own text is so light that it needs a dark ground.
        """
        edit = self._on(sheet, row, col).cell(row, col)
        for rgb in filter(None, (light, dark)):
            argb(rgb)
        edit.fill, edit.dark = light, dark

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

        Goes below what a note there says already, and is cut where that makes it longer than
        Excel keeps. False, and no note, where the cell has a threaded comment, for Excel would
        show only that, or where the note there leaves no room.
        """
        edits = self._on(sheet, row, col)
        comments = self._comments_of(sheet)
        if comments.threaded(row, col):
            return False
        earlier = edits.notes.get((row, col))
        room = LONGEST - comments.length(row, col) - len(SEPARATOR)
        text = shortened(f"{earlier.text}\n{text}" if earlier else text, room)
        if text and earlier:
            earlier.text = text
        elif text:
            edits.notes[row, col] = Note(text, author, width, height)
        return bool(text)

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

    def restore(self, sheet: str, row: int, col: int, value: Scalar) -> bool:
        """A plain value in the cell, empty for None, its format as it is. False as for
        ``number``."""
        return self._change(sheet, row, col, Plain(value))

    def result(self, sheet: str, row: int, col: int, value: Scalar) -> None:
        """Refreshes the stored result of a formula that depends on a corrected cell.

        The formula stays; a cell without one is left alone, and so is one that gets a value
        of its own.
        """
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"not a number for a cell: {value}")
        edit = self._on(sheet, row, col).cell(row, col)
        if not isinstance(edit.change, Content):
            edit.change = CachedResult(value)

    def link(self, sheet: str, row: int, col: int, target_sheet: str, target_cell: str) -> bool:
        """An internal hyperlink on the cell; False, and no link, where it has one already.

        Nor does an empty cell get one: a click that leads away is in the way of filling it in,
        and some readers take the target for its value.
        """
        edits, part = self._on(sheet, row, col), self._sheet(sheet)
        edit = edits.cells.get((row, col))
        change = edit.change if edit and isinstance(edit.change, Content) else None
        filled = change != Plain(None) if change else part.valued(row, col)
        if not filled or part.linked(row, col) or (row, col) in edits.links:
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
        # These two first: ids that are given and freed the same way each time make the same
        # edits to a workbook whose marks were taken away give the same parts again.
        recalculated = any(
            edit.change for edits in self._edits.values() for edit in edits.cells.values()
        )
        if recalculated:
            book.recalculate()
            self._drop_calculation_chain(plumbing, changes)
        styles_part = self._styles_part or self._new_styles(folder, plumbing)
        plumbing.become_workbook(book_part)
        changes |= self._edited_sheets(plumbing, folder)
        changes |= self._new_sheets(book, plumbing, folder)
        if recalculated or self._new:
            changes[book_part] = book.result()
        if self._styles.changed:
            changes[styles_part] = self._styles.result()
        return changes | plumbing.changes()

    def _edited_sheets(self, plumbing: Plumbing, folder: str) -> dict[str, bytes]:
        changes: dict[str, bytes] = {}
        writer: NoteWriter | None = None
        # In their order, so that parts get the same names whatever was edited first.
        for entry in self._package.sheets:
            if entry.name not in self._edits:
                continue
            edits, sheet = self._edits[entry.name], self._sheet(entry.name)
            sheet.apply(edits.cells, self._styles)
            sheet.add_links(edits.links)
            if edits.notes:
                writer = writer or NoteWriter(self._package, plumbing, folder)
                changes |= writer.add(entry.part, sheet, self._comments_of(entry.name), edits.notes)
            if sheet.markup.changed:
                changes[entry.part] = sheet.markup.result()
        return changes

    def _new_sheets(self, book: BookPart, plumbing: Plumbing, folder: str) -> dict[str, bytes]:
        changes = {}
        for name, new in self._new:
            part = plumbing.new_part(f"{folder}worksheets/", "sheet", ".xml")
            changes[part] = sheet_xml(new, self._styles, strict=self._package.strict)
            plumbing.declare(part, _SHEET_TYPE)
            link = plumbing.relate(self._package.workbook_part, "worksheet", part)
            at = book.add_sheet(name, link)
            for defined, area, hidden in new.names(name):
                book.add_name(defined, area, at, hidden=hidden)
        return changes

    def _drop_calculation_chain(self, plumbing: Plumbing, changes: dict[str, bytes | None]) -> None:
        book_part = self._package.workbook_part
        chain = self._package.related(book_part, "calcChain")
        if chain:
            changes[chain] = None
            plumbing.retract(chain)
            plumbing.unrelate(book_part, "calcChain")

    def _new_styles(self, folder: str, plumbing: Plumbing) -> str:
        part = f"{folder}styles.xml"
        if self._package.has(part):
            part = plumbing.new_part(folder, "styles", ".xml")
        plumbing.declare(part, _STYLES_TYPE)
        plumbing.relate(self._package.workbook_part, "styles", part)
        return part

    def _change(self, sheet: str, row: int, col: int, change: Content) -> bool:
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
            self._comments[source] = comments_of(self._package, source)
        return self._comments[source]

    def _theme(self) -> list[str]:
        if self._colours is None:
            part = self._package.related(self._package.workbook_part, "theme")
            self._colours = theme_colours(self._package.read(part) if part else b"")
        return self._colours
