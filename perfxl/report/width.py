"""Text measured in terminal columns: a Chinese character takes two."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[!-~]+|\s|.")
_NEVER_FIRST = frozenset("，。、；：！？）】》”’％%)]}…")
_NEVER_LAST = frozenset("（【《“‘([{")
_INVISIBLE = frozenset({"Mn", "Me"})
_VISIBLE = {"Cc": " ", "Zl": " ", "Zp": " ", "Zs": " ", "Cf": "", "Cs": "\ufffd"}
ELLIPSIS = "…"


@lru_cache(maxsize=8192)
def _columns(character: str) -> int:
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """How many terminal columns the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def one_line(text: str) -> str:
    """The text without line breaks and without what a workbook must not send to a terminal.

    That is control characters, and marks that turn the direction of writing.
    """
    visible = "".join(_VISIBLE.get(unicodedata.category(c), c) for c in text)
    return " ".join(visible.split())


def pad(text: str, columns: int) -> str:
    """The text with spaces behind it up to that many columns; a longer one stays as it is."""
    return text + " " * (columns - width(text))


def clip(text: str, columns: int) -> str:
    """The text, cut with an ellipsis where it takes more columns than that."""
    if width(text) <= columns:
        return text
    kept, used = "", width(ELLIPSIS)
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept += character
    return kept + ELLIPSIS


def wrap(text: str, columns: int) -> list[str]:
    """The text broken into lines of at most that many columns.

    Words and numbers stay whole unless they are longer than a line; a line does not begin with
    a closing mark or end with an opening one.
    """
    lines, line = [], ""
    for piece in _pieces(one_line(text)):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
            piece = piece.lstrip()
        while width(piece) > columns > 1:
            head = _prefix(piece, columns)
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """What must not be parted: a word, or a character with the marks that cling to it."""
    pieces: list[str] = []
    for token in _TOKEN.findall(text):
        clings = pieces and (token[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST)
        if clings and not pieces[-1].isspace():
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _prefix(text: str, columns: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[: max(place, 1)]
    return text
