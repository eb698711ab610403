"""The comments part: notes added to a sheet's own, whose text stays as it is."""

from __future__ import annotations

from perfxl.model import a1
from perfxl.package.cells import parse_range
from perfxl.package.elements import Element, local
from perfxl.package.markup import Markup
from perfxl.package.notetext import plain_text, text_length
from perfxl.package.stylesheet import MAIN, MAIN_STRICT
from perfxl.package.xmltext import content, escape, ordinal, text_element

# 9 pt, the colour of tooltips (81) and a font with Chinese, as Excel's own notes have.
_PLAIN = '<{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/><{p}charset val="134"/>'
_AUTHOR_OF_THREAD = "tc="
SEPARATOR = "\n\n"
"""What stands between a unit's own note and ours."""
WRAPPED = "<{p}r><{p}rPr></{p}rPr>"
"""How a run begins that was a plain text before ours came below it."""


class Comments:
    """The notes of one sheet; None makes the part from nothing."""

    def __init__(self, raw: bytes | None, *, strict: bool = False):
        self._created = raw is None
        if raw is None:
            raw = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<comments xmlns="{MAIN_STRICT if strict else MAIN}">'
                "<authors></authors><commentList></commentList></comments>"
            ).encode()
        self._markup = Markup(raw)
        self._list = self._markup.child("commentList")
        self._author_list = self._markup.child("authors")
        self._authors = [
            content(self._markup.data[author.inner : author.close])
            for author in (self._markup.children(self._author_list) if self._author_list else ())
        ]
        self._known = len(self._authors)
        self._at: dict[tuple[int, int], Element] = {}
        for comment in self._markup.children(self._list) if self._list else ():
            area = parse_range(self._markup.attributes(comment).get(b"ref", ""))
            if area and local(comment.tag) == "comment":
                self._at.setdefault((area.top, area.left), comment)
        self._new: list[str] = []

    def has(self, row: int, col: int) -> bool:
        """Whether the sheet came with a note on the cell."""
        return (row, col) in self._at

    def threaded(self, row: int, col: int) -> bool:
        """Whether the note only stands in for a threaded comment, which Excel shows instead."""
        comment = self._at.get((row, col))
        if comment is None:
            return False
        index = ordinal(self._markup.attributes(comment).get(b"authorId", ""))
        if index is None or index >= self._known:
            return False
        return self._authors[index].startswith(_AUTHOR_OF_THREAD)

    def text(self, row: int, col: int) -> str:
        """What the note on the cell says that the sheet came with; empty where there is none."""
        comment = self._at.get((row, col))
        return plain_text(self._markup, comment) if comment else ""

    def length(self, row: int, col: int) -> int:
        """How many characters the note on the cell has already, 0 where there is none."""
        return text_length(self.text(row, col))

    def add(self, row: int, col: int, text: str, author: str) -> None:
        """A note on the cell, below the one that is there already and a blank line."""
        prefix = self._markup.prefix
        comment = self._at.get((row, col))
        if comment is None:
            self._new.append(
                f'<{prefix}comment ref="{a1(row, col)}" authorId="{self._author(author)}">'
                f"<{prefix}text>{self._runs(text)}</{prefix}text></{prefix}comment>"
            )
            return
        runs = self._runs(text, SEPARATOR)
        wanted = self._markup.qualified("text")
        inside = self._markup.children(comment)
        body = next((child for child in inside if child.tag == wanted), None)
        if body is None:
            self._markup.append(comment, f"<{prefix}text>{runs}</{prefix}text>")
        elif body.empty:
            self._markup.append(body, runs)
        else:
            self._append(body, runs)

    def result(self) -> bytes:
        """The part with the new notes and their authors."""
        prefix, markup = self._markup.prefix, self._markup
        authors = "".join(
            f"<{prefix}author>{escape(name)}</{prefix}author>"
            for name in self._authors[self._known :]
        )
        start = markup.root.inner
        if self._author_list is None:
            markup.insert(start, f"<{prefix}authors>{authors}</{prefix}authors>")
        elif authors:
            markup.append(self._author_list, authors)
        notes = "".join(self._new)
        if self._list is None:
            at = self._author_list.end if self._author_list else start
            markup.insert(at, f"<{prefix}commentList>{notes}</{prefix}commentList>")
        elif notes:
            markup.append(self._list, notes)
        return markup.result(check=not self._created)

    def _append(self, body: Element, runs: str) -> None:
        """Runs come after the last run and before phonetic hints; a plain text becomes the
        first run, because text beside runs is not shown everywhere. That run's empty format
        tells it from one that was a run before."""
        at = body.inner
        prefix = self._markup.prefix
        for child in self._markup.children(body):
            if child.tag == self._markup.qualified("t"):
                self._markup.insert(child.start, WRAPPED.format(p=prefix))
                self._markup.insert(child.end, f"</{prefix}r>")
                at = child.end
            elif child.tag == self._markup.qualified("r"):
                at = child.end
        self._markup.insert(at, runs)

    def _runs(self, text: str, before: str = "") -> str:
        """The text in runs, its first line bold where more follow."""
        head, newline, rest = text.partition("\n")
        if not rest:
            return self._run(before + text)
        return self._run(before + head + newline, bold=True) + self._run(rest)

    def _run(self, text: str, *, bold: bool = False) -> str:
        prefix = self._markup.prefix
        looks = f"<{prefix}b/>" * bold + _PLAIN.format(p=prefix)
        shown = text_element(prefix, text)
        return f"<{prefix}r><{prefix}rPr>{looks}</{prefix}rPr>{shown}</{prefix}r>"

    def _author(self, name: str) -> int:
        if name not in self._authors:
            self._authors.append(name)
        return self._authors.index(name)
