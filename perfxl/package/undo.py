"""A workbook as it was before it was marked: notes, links, fills and our own sheet gone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from perfxl.marks import PAGE
from perfxl.model import Range
from perfxl.package.archive import Package, relationships_part
from perfxl.package.bookpart import BookPart
from perfxl.package.lookcode import CellLook, is_one_of, parse_look
from perfxl.package.notes import VML_TYPE, drawing_of
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.reference import linked_sheet
from perfxl.package.relook import Looks
from perfxl.package.splice import Sheet
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.unnote import OurNotes
from perfxl.package.vml import Drawing
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import image

_Cell = tuple[int, int]


def without_marks(
    package: Package,
    looks: Mapping[tuple[str, int, int], str],
    own_sheet: str | None,
    fills: Collection[str],
) -> Package:
    """The workbook without our marks, in memory; its path and SHA-256 are the file's.

    ``looks`` gives for marked cells (sheet, row, column) what ``Patch.look_of`` said of them
    before; a line that says nothing known is ignored. A fill goes back only where it is one of
    ``fills`` (RRGGBB) still. ``own_sheet`` is the sheet of findings, which goes with all that
    belongs to it. Values stay. Raises as reading the parts does.
    """
    return _Undo(package, own_sheet, frozenset(fills)).run(looks)


class _Undo:
    def __init__(self, package: Package, own_sheet: str | None, fills: frozenset[str]):
        self._package = package
        self._fills = fills
        self._plumbing = Plumbing(package)
        self._changes: dict[str, bytes | None] = {}
        self._known = {name.casefold() for name in package.workbook.order}
        named = [entry for entry in package.sheets if entry.name == own_sheet]
        # A workbook needs one sheet.
        self._own = named[0] if named and len(package.workbook.order) > 1 else None
        self._styles_part = package.related(package.workbook_part, "styles")
        raw = read_xml(package, self._styles_part) if self._styles_part else None
        self._styles = Stylesheet(raw, strict=package.strict, reuse=True)
        self._looks = Looks(self._styles)

    def run(self, looks: Mapping[tuple[str, int, int], str]) -> Package:
        package, changes = self._package, self._changes
        by_sheet: dict[str, dict[_Cell, CellLook | None]] = {}
        for (sheet, row, col), line in looks.items():
            by_sheet.setdefault(sheet, {})[row, col] = parse_look(line)
        for entry in package.sheets:
            if entry is not self._own:
                self._clean(entry, by_sheet.get(entry.name, {}))
        if self._own:
            self._drop(self._own)
        if self._styles_part and self._styles.changed:
            changes[self._styles_part] = self._styles.result()
        vml = [part for part in package.parts if part.casefold().endswith(".vml")]
        if vml and all(changes.get(part, b"") is None for part in vml):
            self._plumbing.retract_suffix("vml", VML_TYPE)
        for part, content in self._plumbing.changes().items():
            changes.setdefault(part, content)
        clean = Package(package.path, b"".join(image(package, changes)))
        clean.sha256 = package.sha256
        clean.marked = True
        return clean

    def _clean(self, entry: SheetEntry, looks: Mapping[_Cell, CellLook | None]) -> None:
        sheet = Sheet(read_xml(self._package, entry.part))
        noted = self._drop_notes(entry.part, sheet)
        linked = self._drop_links(entry.part, sheet, {*noted, *looks})
        if self._styles_part:
            marked = {**dict.fromkeys((*noted, *linked)), **looks}
            for row, col in marked:
                look = looks.get((row, col))
                style, _ = sheet.style(row, col)
                back = self._looks.back(style, look, self._fills)
                if back == style:
                    continue
                sheet.set_style(row, col, back)
                if is_one_of(self._looks.fill(style), self._fills):
                    for at in _inherited(sheet, row, col, style, marked):
                        sheet.set_style(at, col, back)
        if sheet.markup.changed:
            self._changes[entry.part] = sheet.markup.result()

    def _drop_notes(self, source: str, sheet: Sheet) -> list[_Cell]:
        """Removes our notes; the cells that had one."""
        package = self._package
        part = package.related(source, "comments")
        notes = OurNotes(read_xml(package, part)) if part else None
        if part is None or notes is None or not (notes.removed or notes.cut):
            return []
        if notes.left:
            self._changes[part] = notes.markup.result()
        else:
            self._leave_out(source, part)
        drawn = drawing_of(package, source, sheet)
        if drawn:
            drawing = Drawing(package.read(drawn), set())
            for at in notes.removed:
                drawing.remove(*at)
            for at, text in notes.cut.items():
                drawing.shrink(*at, f"\n{text}", sheet.geometry)
            left = drawing.left()
            if left is None:
                sheet.drop_drawing()
                self._leave_out(source, drawn)
            elif left != package.read(drawn):
                self._changes[drawn] = left
        return [*notes.removed, *notes.cut]

    def _drop_links(self, source: str, sheet: Sheet, cells: Collection[_Cell]) -> list[_Cell]:
        """Removes the links to our own sheet, also by a name it no longer has; the cells that
        had one."""
        dropped: list[_Cell] = []
        targets = {link.id: link.target for link in self._package.relationships(source)}
        own = self._own.name.casefold() if self._own else None

        def ours(area: Range | None, location: str, identity: str) -> bool:
            target = targets.get(identity, "")
            name = linked_sheet(location or (target if target.startswith("#") else ""))
            if name is None:
                return False
            stale = name.casefold() not in self._known
            marked = area is not None and area[:2] in cells
            gone = name.casefold() == own or (stale and (marked or name == PAGE))
            if gone and area is not None:
                dropped.append((area.top, area.left))
            return gone

        for identity in sheet.drop_links(ours):
            self._plumbing.sever(source, identity)
        return dropped

    def _drop(self, entry: SheetEntry) -> None:
        """Removes our own sheet with its names and the parts that only it leads to."""
        package, changes = self._package, self._changes
        book_part = package.workbook_part
        book = BookPart(read_xml(package, book_part), strict=package.strict)
        book.drop_sheet(package.workbook.order.index(entry.name))
        changes[book_part] = book.result()
        others = {
            link.target_part
            for part in package.parts
            if part != entry.part
            for link in package.relationships(part)
        }
        for link in package.relationships(entry.part):
            if not link.external and link.target_part not in others:
                self._leave_out(entry.part, link.target_part)
        self._leave_out(book_part, entry.part)
        chain = package.related(book_part, "calcChain")
        if chain and re.search(rb"\si=[\"']%d[\"']" % entry.sheet_id, package.read(chain)):
            self._leave_out(book_part, chain)

    def _leave_out(self, source: str, part: str) -> None:
        """Removes a part, the relationship that leads to it and those it has itself."""
        package, plumbing = self._package, self._plumbing
        for name in (part, relationships_part(part)):
            if package.has(name):
                self._changes[name] = None
        plumbing.retract(part)
        for link in package.relationships(source):
            if link.target_part == part and not link.external:
                plumbing.sever(source, link.id)


def _inherited(
    sheet: Sheet, row: int, col: int, style: int, marked: Collection[_Cell]
) -> Iterator[int]:
    """The rows next to a marked cell that have its format without being marked: one that is
    inserted there takes it over."""
    for step in (-1, 1):
        at = row + step
        while (at, col) not in marked and sheet.cell(at, col):
            if sheet.style(at, col)[0] != style:
                break
            yield at
            at += step
