"""The VML drawing of a sheet: the boxes of its notes, beside whatever else it draws.

Excel writes HTML into VML that is not always XML, so the part is only ever spliced.
"""

from __future__ import annotations

import re
from functools import partial

from perfxl.package.elements import Element, elements, set_attributes
from perfxl.package.geometry import Geometry
from perfxl.package.markup import Markup
from perfxl.package.notebox import Box, grown
from perfxl.package.xmltext import content

_BLOCK = 1024
_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,9})")
_ID_MAP = re.compile(rb"<o:idmap\s[^>]*?data\s*=\s*[\"']([0-9, ]*)[\"']")
_HEIGHT = re.compile(r"(?<![-\w])(height:\s*)([0-9.]+)(pt|px|in)?", re.I)
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARED = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
_TEXT_BOX = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def blocks_of(raw: bytes) -> set[int]:
    """The blocks of 1,024 shape ids a drawing has claimed; they are unique in a workbook."""
    found = {int(n) for data in _ID_MAP.findall(raw) for n in re.findall(rb"[0-9]+", data)}
    return found | {int(n) // _BLOCK for n in _SHAPE_ID.findall(raw)}


class Drawing:
    """The VML drawing of one sheet; None makes the part from nothing.

    ``taken`` are the blocks of shape ids of every drawing of the workbook, this one's too; it
    grows when this drawing claims another.
    """

    def __init__(self, raw: bytes | None, taken: set[int]):
        if raw is None:
            block = max(taken, default=0) + 1
            taken.add(block)
            raw = (
                f"<xml{_DECLARED}>"
                f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/>'
                f"</o:shapelayout>{_TEXT_BOX}</xml>"
            ).encode()
        self._taken = taken
        self._markup = Markup(raw)
        data = self._markup.data
        own = [int(n) for found in _ID_MAP.findall(data) for n in re.findall(rb"[0-9]+", found)]
        used = [int(number) for number in _SHAPE_ID.findall(data)]
        self._block = own[-1] if own else None
        if self._block is None and used:
            self._block = max(used) // _BLOCK
        inside = [n for n in used if n // _BLOCK == self._block]
        self._last = max(inside, default=(self._block or 0) * _BLOCK)
        self._claimed: list[int] = []
        # The part is written once its prefixes are known to mean what ours mean.
        given = self._markup.attributes(self._markup.root)
        same = all(given.get(f"xmlns:{p}".encode()) == uri for p, uri in _NAMESPACES.items())
        self._declared = "" if same else _DECLARED
        self._has_type = b'id="_x0000_t202"' in data or b"id='_x0000_t202'" in data
        self._new: list[str] = []

    def add(self, row: int, col: int, box: Box) -> None:
        """A hidden note box for the cell."""
        if not self._has_type:
            self._new.append(_TEXT_BOX.replace("<v:shapetype", f"<v:shapetype{self._declared}", 1))
            self._has_type = True
        number = self._next()
        anchor = ", ".join(map(str, box.anchor))
        self._new.append(
            f'<v:shape{self._declared} id="_x0000_s{number}" type="#_x0000_t202" style="'
            f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{box.width:g}pt;"
            f'height:{box.height:g}pt;z-index:{number % _BLOCK};visibility:hidden"'
            ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
            '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row - 1}</x:Row><x:Column>{col - 1}</x:Column></x:ClientData></v:shape>"
        )

    def grow(self, row: int, col: int, text: str, geometry: Geometry) -> bool:
        """Room for more text in the cell's own note box; False where it has no box."""
        markup = self._markup
        for shape in elements(markup.data, b"v:shape"):
            note = self._note(shape, row, col)
            if note is None:
                continue
            anchor = next(elements(markup.data, b"x:Anchor", note.inner, note.close), None)
            written = _numbers(markup.data[anchor.inner : anchor.close]) if anchor else ()
            more = 60.0
            if anchor and len(written) == 8:
                larger, more = grown(geometry, written, text)
                markup.replace(anchor.inner, anchor.close, ", ".join(map(str, larger)))
            style = markup.attributes(shape).get(b"style", "")
            taller = _HEIGHT.sub(partial(_taller, points=more), style, count=1)
            if taller != style:
                tag = set_attributes(markup.tag(shape), style=taller)
                markup.replace(shape.start, shape.inner, tag)
            return True
        return False

    def result(self) -> bytes:
        """The part with the new boxes last."""
        markup = self._markup
        if self._claimed:
            self._claim()
        if self._new:
            markup.append(markup.root, "".join(self._new))
        # Not checked: HTML in Excel's own drawings need not be well formed.
        return markup.result(check=False)

    def _note(self, shape: Element, row: int, col: int) -> Element | None:
        data = self._markup.data
        for note in elements(data, b"x:ClientData", shape.inner, shape.close):
            if self._markup.attributes(note).get(b"ObjectType") != "Note":
                continue
            at = []
            for name in (b"x:Row", b"x:Column"):
                found = next(elements(data, name, note.inner, note.close), None)
                at.append(content(data[found.inner : found.close]).strip() if found else "")
            if at == [str(row - 1), str(col - 1)]:
                return note
        return None

    def _next(self) -> int:
        if self._block is None or (self._last + 1) // _BLOCK != self._block:
            self._block = max(self._taken, default=0) + 1
            self._taken.add(self._block)
            self._claimed.append(self._block)
            self._last = self._block * _BLOCK
        self._last += 1
        return self._last

    def _claim(self) -> None:
        """Enters new blocks of ids into the drawing's id map."""
        numbers = ",".join(map(str, self._claimed))
        found = _ID_MAP.search(self._markup.data)
        if found:
            joined = f",{numbers}" if found[1].strip() else numbers
            self._markup.insert(found.end(1), joined)
        else:
            layout = (
                f'<o:shapelayout{self._declared} v:ext="edit">'
                f'<o:idmap v:ext="edit" data="{numbers}"/></o:shapelayout>'
            )
            if self._markup.root.empty:
                self._new.insert(0, layout)
            else:
                self._markup.insert(self._markup.root.inner, layout)


def _numbers(text: bytes) -> tuple[int, ...]:
    pieces = content(text).split(",")
    return tuple(int(p) for p in pieces) if all(p.strip().isdecimal() for p in pieces) else ()


def _taller(found: re.Match[str], points: float) -> str:
    unit = (found[3] or "px").lower()
    more = {"pt": points, "px": points / 0.75, "in": points / 72}[unit]
    return f"{found[1]}{float(found[2]) + more:g}{found[3] or ''}"
