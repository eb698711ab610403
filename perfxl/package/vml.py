"""The VML drawing of a sheet: the boxes of its notes, beside whatever else it draws.

Excel writes HTML into VML that is not always XML, so the part is only ever spliced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cached_property

from perfxl.package.elements import Element, elements, local, prefixes, set_attributes
from perfxl.package.geometry import Geometry
from perfxl.package.markup import Markup
from perfxl.package.notebox import Box, grown, shrunk
from perfxl.package.xmltext import content, ordinal

_BLOCK = 1024
_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,9})")
_ID_MAP = re.compile(
    rb"<[\w.-]+:idmap\s[^>]*?data\s*=\s*[\"']((?:[, ]|(?<![0-9])[0-9]{1,9}(?![0-9]))*)[\"']"
)
_HEIGHT = re.compile(r"(?<![-\w])(height:\s*)([0-9.]+)(pt|px|in)?", re.I)
_LAST_CORNER = re.compile(rb"(?<![0-9])([0-9]+)(\s*,\s*)([0-9]+)(\s*)\Z")
_LAYOUT_END = '"/></o:shapelayout>'
_Resize = Callable[[tuple[int, ...]], tuple[tuple[int, ...], float]]
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
        # openpyxl without lxml binds prefixes of its own (ns0, ns2), anew in each element.
        self._prefixes = {ours: prefixes(data, uri) for ours, uri in _NAMESPACES.items()}
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
        self._removed: list[Element] = []

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
        return self._resize(row, col, lambda anchor: grown(geometry, anchor, text), 1)

    def shrink(self, row: int, col: int, text: str, geometry: Geometry) -> None:
        """Takes the room away again that a box got for this text."""
        self._resize(row, col, lambda anchor: shrunk(geometry, anchor, text), -1)

    def _resize(self, row: int, col: int, size: _Resize, sign: int) -> bool:
        markup = self._markup
        shape, note = self._notes.get((row, col), (None, None))
        if shape is None or note is None:
            return False
        anchor = next(self._named("x", b"Anchor", note), None)
        written = markup.data[anchor.inner : anchor.close] if anchor else b""
        numbers, corner = _numbers(written), _LAST_CORNER.search(written)
        more = 60.0
        if anchor and corner and len(numbers) == 8:
            sized, more = size(numbers)
            last = b"%d%b%d%b" % (sized[6], corner[2], sized[7], corner[4])
            markup.replace(anchor.inner + corner.start(), anchor.close, last)
        style = markup.attributes(shape).get(b"style", "")
        taller = _HEIGHT.sub(lambda found: _taller(found, sign * more), style, count=1)
        if taller != style:
            tag = set_attributes(markup.tag(shape), style=taller)
            markup.replace(shape.start, shape.inner, tag)
        return True

    def remove(self, row: int, col: int) -> None:
        """Takes the cell's note box away."""
        if (row, col) in self._notes:
            shape, _ = self._notes[row, col]
            self._markup.replace(shape.start, shape.end, b"")
            self._removed.append(shape)

    def left(self) -> bytes | None:
        """The part without the boxes that were removed, and what was made for them alone;
        None where it draws nothing else."""
        markup, gone = self._markup, {shape.start for shape in self._removed}
        kept = [child for child in markup.children() if child.start not in gone]
        drawn = [c for c in kept if local(c.tag) not in ("shapelayout", "shapetype")]
        if gone and not drawn:
            return None
        if gone:
            self._take_back(b"".join(markup.data[c.start : c.end] for c in drawn))
        return markup.result(check=False) if markup.changed else markup.data

    def _take_back(self, drawn: bytes) -> None:
        """Removes the text box type and the blocks of ids that only our boxes needed."""
        markup, data = self._markup, self._markup.data
        kind = _TEXT_BOX.replace("<v:shapetype", f"<v:shapetype{self._declared}", 1).encode()
        first = self._removed[0].start
        if data[:first].endswith(kind) and b"_x0000_t202" not in drawn:
            markup.replace(first - len(kind), first, b"")
        ids = {int(n) // _BLOCK for n in _SHAPE_ID.findall(drawn)}
        freed = {
            int(n) // _BLOCK
            for shape in self._removed
            for n in _SHAPE_ID.findall(markup.tag(shape))
        } - ids
        layout = self._layout("([0-9]{1,9}(?:,[0-9]{1,9})*)", escape=re.escape).encode()
        own, found = re.compile(layout).match(data, markup.root.inner), _ID_MAP.search(data)
        if own and {int(n) for n in own[1].split(b",")} <= freed:
            markup.replace(own.start(), own.end(), b"")
        elif found:
            blocks = found[1].split(b",")
            while len(blocks) > 1 and int(blocks[-1] or 0) in freed:
                del blocks[-1]
            markup.replace(*found.span(1), b",".join(blocks))

    @cached_property
    def _notes(self) -> dict[tuple[int, int], tuple[Element, Element]]:
        """The box of each note, and what ties it to its cell."""
        found: dict[tuple[int, int], tuple[Element, Element]] = {}
        for shape in self._named("v", b"shape"):
            for note in self._named("x", b"ClientData", shape):
                at = self._cell_of(note)
                if at:
                    found.setdefault(at, (shape, note))
        return found

    def _named(self, space: str, name: bytes, inside: Element | None = None) -> Iterator[Element]:
        """Elements of one of our namespaces, whatever prefix the part gives it."""
        data = self._markup.data
        start, end = (inside.inner, inside.close) if inside else (0, len(data))
        for prefix in self._prefixes[space]:
            yield from elements(data, prefix + b":" + name, start, end)

    def result(self) -> bytes:
        """The part with the new boxes last."""
        markup = self._markup
        if self._claimed:
            self._claim()
        if self._new:
            markup.append(markup.root, "".join(self._new))
        # Not checked: HTML in Excel's own drawings need not be well formed.
        return markup.result(check=False)

    def _cell_of(self, note: Element) -> tuple[int, int] | None:
        data = self._markup.data
        if self._markup.attributes(note).get(b"ObjectType") != "Note":
            return None
        at = []
        for name in (b"Row", b"Column"):
            found = next(self._named("x", name, note), None)
            number = content(data[found.inner : found.close]).strip() if found else ""
            if not number.isdecimal() or len(number) > 7:
                return None
            at.append(int(number) + 1)
        return at[0], at[1]

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
            layout = self._layout(numbers)
            if self._markup.root.empty:
                self._new.insert(0, layout)
            else:
                self._markup.insert(self._markup.root.inner, layout)

    def _layout(self, numbers: str, escape: Callable[[str], str] = str) -> str:
        before = f'<o:shapelayout{self._declared} v:ext="edit"><o:idmap v:ext="edit" data="'
        return f"{escape(before)}{numbers}{escape(_LAYOUT_END)}"


def _numbers(text: bytes) -> tuple[int, ...]:
    found = [ordinal(piece.strip()) for piece in content(text).split(",")]
    numbers = tuple(number for number in found if number is not None)
    return numbers if len(numbers) == len(found) else ()


def _taller(found: re.Match[str], points: float) -> str:
    unit = (found[3] or "px").lower()
    more = {"pt": points, "px": points / 0.75, "in": points / 72}[unit]
    # Decimal, so that taking the same away again gives the number back that was there.
    try:
        height = max(Decimal(0), Decimal(found[2]) + Decimal(f"{more:g}"))
    except InvalidOperation:
        return found[0]
    return f"{found[1]}{height.normalize():f}{found[3] or ''}"
