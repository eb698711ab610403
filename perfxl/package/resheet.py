"""References to one sheet, carried over to its copy."""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.model import quoted
from perfxl.package.elements import Element, set_attributes
from perfxl.package.markup import Markup
from perfxl.package.xmltext import escape

# No part of a longer name, of a range of sheets or of another book; bytes beyond ASCII are
# pieces of letters.
_BEFORE = rb"(?<![\w.:'\]\\\x80-\xff])"
_SHOWN_TEXT = re.compile(rb"<(?:\w+:)?(t|v|is)(?:\s[^>]*)?>[^<]*</(?:\w+:)?\1>")


def carried(xml: bytes, sheet: str, copy: str) -> bytes:
    """Formulas, conditions and links of a part that point at ``sheet`` by its name, pointing at
    ``copy``; what cells show, references to other books and over several sheets stay.

    Excel does the same to formulas when a user copies a sheet.
    """
    pattern = _pattern(sheet)
    new = escape(quoted(copy) + "!").encode()
    pieces: list[bytes] = []
    at = 0
    for shown in _SHOWN_TEXT.finditer(xml):
        pieces += (pattern.sub(lambda _: new, xml[at : shown.start()]), shown[0])
        at = shown.end()
    pieces.append(pattern.sub(lambda _: new, xml[at:]))
    return b"".join(pieces)


@lru_cache(maxsize=64)
def _pattern(sheet: str) -> re.Pattern[bytes]:
    inside = re.escape(escape(quoted(sheet)[1:-1]).encode())
    found = b"(?:'|&apos;)" + inside + b"(?:'|&apos;)!"
    if re.fullmatch(r"\w+", sheet):
        found += b"|" + _BEFORE + sheet.encode() + b"!"
    return re.compile(found)


def mentions(xml: bytes, sheet: str) -> bool:
    """Whether anything in the part points at the sheet by its name."""
    return _pattern(sheet).search(xml) is not None


def as_copy(raw: bytes, sheet: str, copy: str) -> bytes:
    """The worksheet part of a copy: not the sheet in view, no name for macros of its own."""
    markup = Markup(carried(raw, sheet, copy))
    properties = markup.child("sheetPr")
    if properties is not None:
        _drop(markup, properties, "codeName")
    views = markup.child("sheetViews")
    for view in markup.children(views) if views else ():
        _drop(markup, view, "tabSelected")
    return markup.result()


def _drop(markup: Markup, element: Element, attribute: str) -> None:
    tag = set_attributes(markup.tag(element), **{attribute: None})
    if tag != markup.tag(element):
        markup.replace(element.start, element.inner, tag)
