"""Our notes taken out of a sheet again, whoever saved the workbook since."""

from __future__ import annotations

import re

from perfxl.marks import NOTE_HEAD, OUR_NOTE
from perfxl.package.cells import parse_range
from perfxl.package.comments import WRAPPED
from perfxl.package.elements import Element
from perfxl.package.markup import Markup
from perfxl.package.notetext import Piece, body_of, pieces
from perfxl.package.xmltext import content, text_element

_AUTHOR = "perfxl"
# Longer than any program writes a note; a part can hold more, but not to be read by anyone.
_LONGEST = 200_000
# What stands before ours: the lines that part it from the unit's, and the line with the
# author that some programs begin a note with.
_OURS = re.compile(rf"(\n{{0,2}})(?:{_AUTHOR}[:：][ \t]*\n)?({OUR_NOTE.pattern})")


class OurNotes:
    """The notes of one comments part, from which ours are taken.

    ``removed`` are the cells whose note was ours as a whole; ``cut`` maps a cell whose own
    note stays to the text of ours that stood in it; ``left`` tells whether any note is left.
    """

    def __init__(self, raw: bytes):
        self.markup = Markup(raw)
        self.removed: list[tuple[int, int]] = []
        self.cut: dict[tuple[int, int], str] = {}
        listed = self.markup.child("commentList")
        comments = list(self.markup.children(listed)) if listed else []
        kept = [comment for comment in comments if not self._take(comment)]
        self.left = bool(kept)
        if self.removed:
            self._forget_author(kept)

    def _take(self, comment: Element) -> bool:
        """Whether the whole note is ours and was removed; ours within another is cut out."""
        area = parse_range(self.markup.attributes(comment).get(b"ref", ""))
        body = body_of(self.markup, comment)
        if area is None or body is None:
            return False
        found = list(pieces(self.markup, body))
        raw = "".join(piece.text for piece in found)
        if NOTE_HEAD not in raw or len(raw) > _LONGEST:
            return False
        text, places = _lines(raw)
        ours = list(_OURS.finditer(text))
        if not ours:
            return False
        cell = (area.top, area.left)
        alone = ours[0].start() == 0 and not ours[0][1]
        if alone and not _OURS.sub("", text).strip():
            self.markup.replace(comment.start, comment.end, b"")
            self.removed.append(cell)
            return True
        self._cut_out(body, found, [(places[o.start()], places[o.end()]) for o in ours])
        self.cut[cell] = "\n".join(o[2] for o in ours)
        return False

    def _cut_out(self, body: Element, found: list[Piece], spans: list[tuple[int, int]]) -> None:
        markup, at = self.markup, 0
        cut = {place for span in spans for place in range(*span)}
        kept: list[Piece] = []
        for piece in found:
            text = "".join(c for place, c in enumerate(piece.text, at) if place not in cut)
            at += len(piece.text)
            if text == piece.text:
                kept.append(piece)
            elif text:
                kept.append(piece)
                shown = text_element(markup.prefix, text)
                markup.replace(piece.shown.start, piece.shown.end, shown)
            else:
                whole = piece.run or piece.shown
                markup.replace(whole.start, whole.end, b"")
        if not kept:
            # In the place of the body, and of what was to happen within it.
            markup.clear(body, f"<{markup.prefix}text/>".encode())
        elif len(kept) == 1 and kept[0].run:
            self._unwrap(kept[0].run)

    def _unwrap(self, run: Element) -> None:
        """A plain text that became a run because ours came below it is plain again."""
        wrapping = WRAPPED.format(p=self.markup.prefix).encode()
        if self.markup.data.startswith(wrapping, run.start):
            self.markup.replace(run.start, run.start + len(wrapping), b"")
            self.markup.replace(run.close, run.end, b"")

    def _forget_author(self, kept: list[Element]) -> None:
        """Our name goes from the end of the list of authors once no note bears it."""
        markup = self.markup
        listed = markup.child("authors")
        authors = list(markup.children(listed)) if listed else []
        used = {markup.attributes(comment).get(b"authorId", "") for comment in kept}
        for number in reversed(range(len(authors))):
            author = authors[number]
            name = content(markup.data[author.inner : author.close])
            if name != _AUTHOR or str(number) in used:
                break
            markup.replace(author.start, author.end, b"")


def _lines(text: str) -> tuple[str, list[int]]:
    """The text with every line end a ``\\n``, and where each character stood before."""
    ends = re.finditer(r"\r\n|[\s\S]", text)
    places = [end.start() for end in ends]
    return re.sub(r"\r\n?", "\n", text), [*places, len(text)]
