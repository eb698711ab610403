"""Where the elements of an XML part stand, found by expat and by nothing of perfxl's own."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

_TAG = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")


class Span(NamedTuple):
    """One element: its name without prefix, attributes, ancestors' count and its bytes' place.

    ``inner`` is where the content begins and ``close`` where it ends.
    """

    name: str
    given: dict[str, str]
    depth: int
    start: int
    inner: int
    close: int
    end: int


def utf8(data: bytes) -> bytes:
    """The part in UTF-8, whatever it is written in."""
    for bom, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            text = data[2:].decode(name)
            return re.sub(r'encoding="[^"]*"', 'encoding="UTF-8"', text, count=1).encode()
    return data


def spans(data: bytes) -> list[Span]:
    """Every element of a UTF-8 part, in the order of the opening tags."""
    found: list[list[object]] = []
    open_ones: list[int] = []
    parser = expat.ParserCreate()

    def opened(name: str, given: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        tag = _TAG.match(data, start)
        assert tag, data[start : start + 80]
        local = name.rpartition(":")[2]
        found.append([local, given, len(open_ones), start, tag.end(), tag.end(), tag.end()])
        open_ones.append(len(found) - 1)

    def closed(_name: str) -> None:
        one = found[open_ones.pop()]
        at = parser.CurrentByteIndex
        if not data.endswith(b"/>", 0, one[4]):  # type: ignore[arg-type]
            one[5], one[6] = at, data.index(b">", at) + 1

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.Parse(data, True)
    return [Span(*one) for one in found]  # type: ignore[arg-type]


def items(data: bytes, depth: int) -> list[bytes]:
    """The elements that deep (the root's children are 1), as written."""
    return [data[one.start : one.end] for one in spans(data) if one.depth == depth]


def without(data: bytes, cut: list[tuple[int, int]]) -> bytes:
    """The bytes but for those ranges, which may lie within each other."""
    pieces, at = [], 0
    for start, end in sorted(cut):
        if start >= at:
            pieces.append(data[at:start])
        at = max(at, end)
    return b"".join((*pieces, data[at:]))
