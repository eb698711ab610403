"""The text of a note, run by run, and how long Excel lets it be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.package.elements import Element
from perfxl.package.markup import Markup
from perfxl.package.strings import unescape
from perfxl.package.xmltext import content

LONGEST = 32_767
"""Characters that Excel keeps of a note."""
_CUT = "\n……（内容太长，未全部列出）"


class Piece(NamedTuple):
    """One ``<t>`` of a note, the run around it (None where it stands alone), and its text."""

    shown: Element
    run: Element | None
    text: str


def body_of(markup: Markup, comment: Element) -> Element | None:
    """The ``<text>`` of a note."""
    wanted = markup.qualified("text")
    return next((child for child in markup.children(comment) if child.tag == wanted), None)


def pieces(markup: Markup, body: Element) -> Iterator[Piece]:
    """The texts of a note in order, phonetic hints left out."""
    text, run = markup.qualified("t"), markup.qualified("r")
    for child in markup.children(body):
        if child.tag == text:
            yield Piece(child, None, _text(markup, child))
        elif child.tag == run:
            for inner in markup.children(child):
                if inner.tag == text:
                    yield Piece(inner, child, _text(markup, inner))


def plain_text(markup: Markup, comment: Element) -> str:
    """The whole text of a note."""
    body = body_of(markup, comment)
    return "".join(piece.text for piece in pieces(markup, body)) if body else ""


def text_length(text: str) -> int:
    """The length as Excel counts it: a character outside the basic plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, room: int) -> str:
    """The text within ``room`` characters: its last line stays, above it a line says that
    something was left out. Empty where there is no room for that."""
    if text_length(text) <= room:
        return text
    body, newline, last = text.rpartition("\n")
    room -= text_length(_CUT + newline + last)
    if room < 0:
        return ""
    body = body[:room]
    while text_length(body) > room:
        body = body[:-1]
    return body + _CUT + newline + last


def _text(markup: Markup, shown: Element) -> str:
    return unescape(content(markup.data[shown.inner : shown.close]))
