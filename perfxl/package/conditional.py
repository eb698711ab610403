"""Conditional formats that may lie over the fill of a cell."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model import Range
from perfxl.package.cells import parse_range
from perfxl.package.elements import Element, attributes, elements, local
from perfxl.package.markup import Markup
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.xmltext import content, integer

_OWN_COLOURS = (b"colorScale", b"dataBar")


def covered(markup: Markup, styles: Stylesheet) -> Iterator[Range]:
    """The areas whose conditional formats can set a fill, a colour scale or a data bar."""
    for child in markup.children():
        if child.tag == markup.qualified("conditionalFormatting"):
            body = markup.data[child.inner : child.close]
            rules = elements(body, markup.qualified("cfRule"))
            ids = (dxf for rule in rules if (dxf := _dxf(body, rule)) is not None)
            if any(word in body for word in _OWN_COLOURS) or any(map(styles.sets_fill, ids)):
                yield from _areas(markup.attributes(child).get(b"sqref", ""))
        elif local(child.tag) == "extLst":
            # Excel 2010's own rules carry their format with them, and its usual prefixes.
            for rule in elements(
                markup.data, b"x14:conditionalFormatting", child.inner, child.close
            ):
                body = markup.data[rule.inner : rule.close]
                if b":fill" in body or b"<fill" in body or any(w in body for w in _OWN_COLOURS):
                    for place in elements(body, b"xm:sqref"):
                        yield from _areas(content(body[place.inner : place.close]))


def _dxf(body: bytes, rule: Element) -> int | None:
    given = attributes(body, rule).get(b"dxfId")
    return None if given is None else integer(given)


def _areas(references: str) -> Iterator[Range]:
    for reference in references.split():
        area = parse_range(reference)
        if area:
            yield area
