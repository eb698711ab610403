"""Which cell formats write in so light a colour that only a dark ground shows the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from perfxl.package.colours import PALETTE, colour_token, is_light
from perfxl.package.elements import Element, local
from perfxl.package.markup import Markup
from perfxl.package.xmltext import integer


class LightText:
    """The text colours of a styles part; ``theme`` gives the colours of the workbook's theme."""

    def __init__(self, markup: Markup, theme: Callable[[], Sequence[str]]):
        self._markup = markup
        self._theme = theme
        self._known: dict[int, bool] = {}

    def of(self, xf: Element) -> bool:
        """Whether a cell format (an ``<xf>``) writes in a light colour."""
        font = integer(self._markup.attributes(xf).get(b"fontId", "0"))
        if font not in self._known:
            token = self._colour(font)
            self._known[font] = is_light(token, self._theme, self._palette)
        return self._known[font]

    def _colour(self, font: int) -> str | None:
        if not 0 <= font < len(self._fonts):
            return None
        found = (c for c in self._markup.children(self._fonts[font]) if local(c.tag) == "color")
        color = next(found, None)
        return colour_token(self._markup.attributes(color)) if color else None

    @cached_property
    def _fonts(self) -> list[Element]:
        fonts = self._markup.child("fonts")
        return list(self._markup.children(fonts)) if fonts else []

    def _palette(self) -> Sequence[str]:
        """The workbook's own indexed colours, or those of every other."""
        colours = self._markup.child("colors")
        for child in self._markup.children(colours) if colours else ():
            if local(child.tag) == "indexedColors":
                listed = map(self._markup.attributes, self._markup.children(child))
                return [given.get(b"rgb", "")[-6:] for given in listed]
        return PALETTE
