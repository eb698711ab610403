"""Notes entered into a package: the comments part of a sheet, its drawing, and their ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.package import notebox
from perfxl.package.archive import Package
from perfxl.package.comments import Comments
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.splice import Sheet
from perfxl.package.vml import Drawing, blocks_of

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_DRAWN = 79
"""The pixels a box is high that Excel draws where none is stored."""


@dataclass
class Note:
    """A note of ours: its text, its author where it is a note of its own, and its size in
    pixels where that is given."""

    text: str
    author: str
    width: int | None = None
    height: int | None = None


class NoteWriter:
    """Enters notes into the sheets of one package; ``folder`` is where the workbook stands."""

    def __init__(self, package: Package, plumbing: Plumbing, folder: str):
        self._package = package
        self._plumbing = plumbing
        self._folder = folder
        drawings = (part for part in package.parts if part.casefold().endswith(".vml"))
        self._taken = set[int]().union(*(blocks_of(package.read(part)) for part in drawings))

    def add(
        self,
        source: str,
        sheet: Sheet,
        comments: Comments,
        notes: Mapping[tuple[int, int], Note],
    ) -> dict[str, bytes]:
        """The parts that differ once the notes are on the cells of the sheet in ``source``."""
        package, plumbing, folder = self._package, self._plumbing, self._folder
        drawing_part = drawing_of(package, source, sheet)
        # VML may hold HTML that is no XML: it is never parsed, so a DTD in it does nothing.
        raw = package.read(drawing_part) if drawing_part else None
        drawing = Drawing(raw, self._taken)
        # The box of a unit's note stays when our notes go: first now, it is first ever after.
        for at, note in sorted(notes.items(), key=lambda one: not comments.has(*one[0])):
            existed = comments.has(*at)
            comments.add(*at, note.text, note.author)
            if not (existed and drawing.grow(*at, f"\n{note.text}", sheet.geometry)):
                size = notebox.size_of(note.text, note.width, note.height)
                if existed:
                    # Of its own height and ours, so that without ours its own is left.
                    own = max(_DRAWN, notebox.size_of(comments.text(*at), size[0])[1])
                    size = size[0], own + notebox.size_of(f"\n{note.text}", size[0])[1]
                drawing.add(*at, notebox.place(sheet.geometry, sheet.span(*at), *size))
        comments_part = package.related(source, "comments")
        if comments_part is None:
            comments_part = plumbing.new_part(folder, "comments", ".xml")
            plumbing.declare(comments_part, COMMENTS_TYPE)
            plumbing.relate(source, "comments", comments_part)
        if drawing_part is None:
            drawing_part = plumbing.new_part(f"{folder}drawings/", "vmlDrawing", ".vml")
            plumbing.declare_suffix(drawing_part, VML_TYPE)
            identity = plumbing.relate(source, "vmlDrawing", drawing_part)
            sheet.set_drawing(identity, strict=package.strict)
        return {comments_part: comments.result(), drawing_part: drawing.result()}


def drawing_of(package: Package, source: str, sheet: Sheet) -> str | None:
    """The part that draws the boxes of a sheet's notes, None where there is none."""
    links = {link.id: link for link in package.relationships(source)}
    link = links.get(sheet.drawing_id or "")
    return link.target_part if link and package.has(link.target_part) else None


def comments_of(package: Package, source: str) -> Comments:
    """The notes of the sheet in ``source``."""
    part = package.related(source, "comments")
    return Comments(read_xml(package, part) if part else None, strict=package.strict)
