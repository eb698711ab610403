"""Text into and out of XML: escapes, character references, what ``<t>`` may hold."""

from __future__ import annotations

import re
from itertools import cycle

from perfxl.errors import DamagedWorkbook

_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_UNUSUAL = re.compile('[&<>"_\x00-\x09\x0b-\x1f\ufffe\uffff\ud800-\udfff]')
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def escape(text: str) -> str:
    """Text made safe for XML content and double-quoted attributes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def unescape(text: str) -> str:
    """Text with XML's own entities and character references resolved."""
    if "&" not in text:
        return text

    def resolve(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2]) if found[2] else None
        if code is None:
            return _NAMED[found[3]]
        return chr(code) if code < 0x110000 else "\ufffd"

    return _ENTITY.sub(resolve, text)


def content(data: bytes) -> str:
    """The characters an element without child elements holds."""
    pieces = re.split(rb"<!\[CDATA\[(.*?)\]\]>", data, flags=re.S)
    return "".join(
        piece.decode() if odd else unescape(piece.decode())
        for piece, odd in zip(pieces, cycle((False, True)), strict=False)
    )


def escape_text(text: str) -> str:
    """Text for ``<t>``: what XML forbids becomes ``_xHHHH_`` (ECMA-376 part 1, 22.9.2.19,
    ST_Xstring), and text that already looks so is kept apart from it."""
    if not _UNUSUAL.search(text):
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r\n", "\n").replace("\r", "_x000D_")
    return escape(_ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def text_element(prefix: str, text: str) -> str:
    """``<t>``, with white space at either end and line breaks kept."""
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{prefix}t{keep}>{escape_text(text)}</{prefix}t>"


def ordinal(text: str) -> int | None:
    """A number that counts something, from an attribute; None for anything else, and for one
    of more than nine digits: nothing in a workbook is that many."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def integer(text: bytes | str) -> int:
    """A whole number from an attribute; raises DamagedWorkbook for anything else."""
    try:
        return int(text)
    except ValueError:
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        raise DamagedWorkbook(
            f"工作表里有无法识别的编号“{shown[:20]}”，请用 Excel 或 WPS 打开后另存再试。"
        ) from None
