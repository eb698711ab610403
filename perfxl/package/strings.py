"""Text in a workbook: shared strings, rich text runs, escaped characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from perfxl.package import limits
from perfxl.package.archive import Package
from perfxl.package.xmlread import closed_elements, namespace

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_strings(package: Package) -> Sequence[str]:
    """The shared strings in order; empty when the workbook has none."""
    part = package.related(package.workbook_part, "sharedStrings")
    if part is None:
        return ()
    data = package.read(part)
    if len(data) > limits.STREAMED:
        return _stream(data, part)
    root = package.xml(part)
    ns = namespace(root)
    item, text, run = ns + "si", ns + "t", ns + "r"
    found = []
    for element in root:
        if element.tag == item:
            # Mostly one plain text, which needs no joining.
            child = element[0] if len(element) == 1 else None
            plain = child.text if child is not None and child.tag == text else None
            found.append(plain if plain and "_x" not in plain else text_of(element, text, run))
    return found


def _stream(data: bytes, part: str) -> list[str]:
    found = []
    held = 0
    for element in closed_elements(data, part):
        held += 1
        limits.count(held, limits.HELD, f"部件 {part} 的一条文字", "项", limits.SUSPECT)
        ns = namespace(element)
        if element.tag == ns + "si":
            found.append(text_of(element, ns + "t", ns + "r"))
            element.clear()
            held = 0
    return found


def text_of(item: Element, text_tag: str, run_tag: str) -> str:
    """The text of an ``si`` or ``is`` element: its runs joined, phonetic guides left out."""
    found = ""
    for child in item:
        if child.tag == text_tag:
            found += child.text or ""
        elif child.tag == run_tag:
            for inner in child:
                if inner.tag == text_tag:
                    found += inner.text or ""
    return unescape(found) if "_x" in found else found


def unescape(text: str) -> str:
    """Undo the ``_x000D_`` escapes that OOXML uses for characters XML cannot hold."""
    plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    if any("\ud800" <= char <= "\udfff" for char in plain):
        # A pair of surrogates is one character; a lone one could not be printed.
        plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return plain
