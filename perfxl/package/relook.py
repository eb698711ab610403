"""The look a cell had before it was marked, found again among the formats of a workbook."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from perfxl.package.elements import Element
from perfxl.package.lookcode import NO_FILL, UNSAID, CellLook, fill_element, fill_of, is_one_of
from perfxl.package.stylesheet import BUILT_IN, Stylesheet
from perfxl.package.xmltext import integer

_Rest = tuple[frozenset[tuple[bytes, str]], bytes]
# What a mark or a value put right changes about a cell format.
_OURS = (b"numFmtId", b"fillId", b"applyFill", b"applyNumberFormat", b"quotePrefix")


class Looks:
    """Fills and number formats of the cell formats in a stylesheet."""

    def __init__(self, styles: Stylesheet):
        self._styles = styles
        self._known: dict[int, tuple[str, int | str]] = {}
        self._rests: dict[int, _Rest] = {}

    def fill(self, style: int) -> str:
        """The fill of a cell format, as ``CellLook`` has it."""
        return self._shown(style)[0]

    def number_format(self, style: int) -> int | str:
        """The number format of a cell format, as ``CellLook`` has it."""
        return self._shown(style)[1]

    def _shown(self, style: int) -> tuple[str, int | str]:
        if style not in self._known:
            given = self._given(style)
            fill, number = (integer(given.get(key, "0")) for key in (b"fillId", b"numFmtId"))
            there = 0 <= fill < len(self._fills)
            word = fill_of(self._styles.markup, self._fills[fill]) if there else NO_FILL
            code = self._styles.custom_formats.get(number)
            self._known[style] = word, number if code is None else BUILT_IN.get(code, code)
        return self._known[style]

    def back(self, style: int, look: CellLook | None, ours: Collection[str]) -> int | None:
        """The index of the format that a cell of format ``style`` had when it looked so.

        Its fill goes back only where it is one of ``ours`` (RRGGBB) now, to none without a
        look. None where the cell named no format.
        """
        fill, number_format = self.fill(style), self.number_format(style)
        filled = is_one_of(fill, frozenset(ours))
        if filled:
            fill = look.fill if look else NO_FILL
        if look:
            number_format = look.number_format
            same = (self._rest(style), fill, number_format)
            if self._key(look.style or 0) == same:
                return look.style
        found = self._index.get((self._rest(style), fill, number_format))
        if found is None and filled and fill == UNSAID:
            fill = NO_FILL
            found = self._index.get((self._rest(style), fill, number_format))
        if (fill, number_format) == (self.fill(style), self.number_format(style)):
            return style
        if found is not None:
            return found
        prefix = self._styles.markup.prefix
        element = "" if fill == NO_FILL else fill_element(prefix, fill)
        return self._styles.vary(
            style,
            element if filled else None,
            None if number_format == self.number_format(style) else number_format,
        )

    def _key(self, style: int) -> tuple[_Rest, str, int | str]:
        return self._rest(style), self.fill(style), self.number_format(style)

    @cached_property
    def _index(self) -> dict[tuple[_Rest, str, int | str], int]:
        found: dict[tuple[_Rest, str, int | str], int] = {}
        for style in range(len(self._formats)):
            found.setdefault(self._key(style), style)
        return found

    def _rest(self, style: int) -> _Rest:
        """All of a cell format but what a mark changes."""
        if style not in self._rests:
            given = {k: v for k, v in self._given(style).items() if k not in _OURS}
            inner = b""
            if 0 <= style < len(self._formats):
                at = self._formats[style]
                inner = self._styles.markup.data[at.inner : at.close].strip()
            self._rests[style] = frozenset(given.items()), inner
        return self._rests[style]

    def _given(self, style: int) -> dict[bytes, str]:
        known = 0 <= style < len(self._formats)
        return self._styles.markup.attributes(self._formats[style]) if known else {}

    @cached_property
    def _formats(self) -> list[Element]:
        return self._styles.items("cellXfs")

    @cached_property
    def _fills(self) -> list[Element]:
        return self._styles.items("fills")
