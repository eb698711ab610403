"""One XML part as bytes: splice into it and leave all the rest as it was.

A part is never parsed into a tree and written again, so prefixes, attribute order, unknown
extensions and white space of everything that is not touched stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from xml.parsers import expat

from perfxl.errors import DamagedWorkbook
from perfxl.package.elements import (
    Element,
    attributes,
    children,
    local,
    prefix_of,
    root_of,
    set_attributes,
)


class Markup:
    """The bytes of one XML part, opened for splicing.

    Offsets refer to ``data``, which is the part itself unless it is UTF-16: then it is UTF-8
    here and UTF-16 again in ``result``.
    """

    def __init__(self, raw: bytes):
        self._wide = next((n for n, bom in _WIDE.items() if raw.startswith(bom)), None)
        try:
            self.data = raw[2:].decode(self._wide).encode() if self._wide else raw
        except UnicodeDecodeError as error:
            raise DamagedWorkbook(
                "工作簿内部有一个部件的编码损坏，请用 Excel 或 WPS 打开后另存再试。"
            ) from error
        declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", raw)
        # Character references are right in every encoding that contains ASCII.
        self._ascii = bool(declared) and declared[1].lower() != b"utf-8"  # type: ignore[index]
        self.root = root_of(self.data)
        self.prefix = prefix_of(self.root.tag).decode()
        self._splices: list[tuple[int, int, bytes]] = []

    @property
    def changed(self) -> bool:
        return bool(self._splices)

    def qualified(self, name: str) -> bytes:
        """The name with the prefix of the root element."""
        return (self.prefix + name).encode()

    def children(self, element: Element | None = None) -> Iterator[Element]:
        """The direct children of the element, of the root by default."""
        if element is None:
            return iter(self._top)
        return children(self.data, element.inner, element.close)

    @cached_property
    def _top(self) -> tuple[Element, ...]:
        return tuple(children(self.data, self.root.inner, self.root.close))

    def attributes(self, element: Element) -> dict[bytes, str]:
        return attributes(self.data, element)

    def tag(self, element: Element) -> bytes:
        """The bytes of the element's opening tag."""
        return self.data[element.start : element.inner]

    def insert(self, at: int, text: str | bytes) -> None:
        self.replace(at, at, text)

    def replace(self, start: int, end: int, text: str | bytes) -> None:
        self._splices.append((start, end, self.encode(text) if isinstance(text, str) else text))

    def clear(self, element: Element, left: bytes = b"") -> None:
        """Puts ``left`` in the place of an element and of whatever was to happen within it."""
        kept = (s for s in self._splices if not element.start <= s[0] < element.end)
        self._splices = [*kept, (element.start, element.end, left)]

    def encode(self, text: str) -> bytes:
        """New text in the encoding of the part."""
        return text.encode("ascii", "xmlcharrefreplace") if self._ascii else text.encode()

    def place(self, name: str, order: tuple[str, ...]) -> int:
        """Where a child of the root must go by the schema's order of children."""
        rank = order.index(name)
        for child in self.children():
            # What mc:AlternateContent wraps decides its place.
            names = [local(child.tag)]
            if names == ["AlternateContent"]:
                names = [
                    local(inner.tag)
                    for choice in self.children(child)
                    for inner in self.children(choice)
                ]
            if any(found in order and order.index(found) > rank for found in names):
                return child.start
        return self.root.close

    def child(self, name: str) -> Element | None:
        """The first child of the root with that name and the root's prefix."""
        wanted = self.qualified(name)
        return next((child for child in self.children() if child.tag == wanted), None)

    def append(self, element: Element, text: str | bytes, **values: str | int | None) -> None:
        """Adds content at the end of an element, whose attributes may be set as well."""
        tag = self.tag(element)
        if values:
            tag = set_attributes(tag, **values)
        if element.empty:
            body = self.encode(text) if isinstance(text, str) else text
            opened = tag[:-2] + b">" + body + b"</" + element.tag + b">"
            self.replace(element.start, element.end, opened)
            return
        if values:
            self.replace(element.start, element.inner, tag)
        self.insert(element.close, text)

    def result(self, *, check: bool = True) -> bytes:
        """The part with every splice made; raises DamagedWorkbook where it does not parse."""
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(self._splices, key=lambda splice: splice[:2]):
            pieces += (self.data[at:start], text)
            at = end
        data = b"".join((*pieces, self.data[at:]))
        if self._wide:
            data = _WIDE[self._wide] + data.decode().encode(self._wide)
        if check:
            check_well_formed(data)
        return data


_WIDE = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def check_well_formed(data: bytes) -> None:
    """Raises DamagedWorkbook where the XML does not parse."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise DamagedWorkbook(
            f"工作簿内部的 XML 有错（{error}），请用 Excel 或 WPS 打开后另存再试。"
        ) from error
