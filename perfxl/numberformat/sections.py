"""Number format codes taken apart: sections, conditions and their pieces."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(
    r"""
    (?P<literal>"[^"]*"? | \\. | !.)
  | (?P<space>_.)
  | (?P<fill>\*.)
  | (?P<bracket>\[[^\]]*\])
  | (?P<general>General | G/通用格式)
  | (?P<ampm>AM/PM | A/P | 上午/下午)
  | (?P<exponent>E[+-])
  | (?P<date>y+ | m+ | d+ | h+ | s+ | a{3,4} | e+ | b+)
  | (?P<subsecond>\.0+(?=[^0#?]*$|[^0#?.]*[;]))
  | (?P<digit>[0#?])
  | (?P<sign>[.,%/@])
  | (?P<other>.)
    """,
    re.X | re.I | re.S,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_LITERAL_LOCALE = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_DBNUM = re.compile(r"\[DBNum([123])\]", re.I)
_SPLIT = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;])+|(?<=;)(?=;|$)|^(?=;)', re.S)


_LONGEST = 255
"""Characters that Excel allows a format code."""


class Piece(NamedTuple):
    """One piece of a section; ``kind`` is literal, digit, sign, date, elapsed, …"""

    kind: str
    text: str


class Section(NamedTuple):
    """One of up to four sections; ``kind`` is general, number, date or text."""

    kind: str
    pieces: tuple[Piece, ...]
    condition: tuple[str, float] | None = None
    chinese: int = 0


def _bracket(text: str) -> Piece | None:
    if match := _ELAPSED.fullmatch(text):
        return Piece("elapsed", match[1].lower())
    if match := _LITERAL_LOCALE.fullmatch(text):
        return Piece("literal", match[1]) if match[1] else None
    return None


def _section(code: str) -> Section:
    pieces: list[Piece] = []
    condition = None
    chinese = 0
    kinds = set()
    has_seconds = re.search(r"s", re.sub(r'"[^"]*"|\\.|\[[^hms\]]*\]', "", code), re.I) is not None
    for match in _PIECE.finditer(code):
        kind, text = match.lastgroup or "other", match[0]
        if kind == "literal":
            pieces.append(Piece("literal", text.strip('"') if text[0] == '"' else text[1:]))
        elif kind == "space":
            pieces.append(Piece("literal", " "))
        elif kind == "bracket":
            if found := _CONDITION.fullmatch(text):
                condition = (found[1], float(found[2]))
            elif found := _DBNUM.fullmatch(text):
                chinese = int(found[1])
            elif piece := _bracket(text):
                pieces.append(piece)
                kinds.add(piece.kind)
        elif kind == "subsecond" and not has_seconds:
            pieces.append(Piece("sign", "."))
            pieces.extend(Piece("digit", "0") for _ in text[1:])
            kinds.add("digit")
        elif kind != "fill":
            kind = "literal" if kind == "other" else kind
            pieces.append(Piece(kind, text.lower() if kind == "date" else text))
            kinds.add("text" if text == "@" else kind)
    if chinese and not pieces:
        pieces.append(Piece("general", ""))
        kinds.add("general")
    if kinds & {"date", "elapsed", "ampm"} and "digit" not in kinds:
        shape = "date"
    elif "text" in kinds:
        shape = "text"
    elif "general" in kinds:
        shape = "general"
    else:
        shape = "number"
    return Section(shape, tuple(pieces), condition, chinese)


@lru_cache(maxsize=2048)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code, at most four; a code that is empty, or longer than any
    that Excel reads, is General."""
    if not code or len(code) > _LONGEST:
        return sections("General")
    return tuple(_section(part) for part in _SPLIT.findall(code)[:4])


_TESTS = {
    "<": lambda value, bound: value < bound,
    ">": lambda value, bound: value > bound,
    "<=": lambda value, bound: value <= bound,
    ">=": lambda value, bound: value >= bound,
    "=": lambda value, bound: value == bound,
    "<>": lambda value, bound: value != bound,
}


def choose(code: str, value: float) -> tuple[Section | None, bool]:
    """The section for a number, and whether a minus sign is to be shown before it."""
    parts = sections(code)
    numeric = [part for index, part in enumerate(parts) if index < 3 and part.kind != "text"]
    if not numeric:
        return parts[0], value < 0
    if any(part.condition for part in numeric):
        for index, part in enumerate(numeric):
            if part.condition is None:
                if index == 0 and len(numeric) > 1 and value <= 0:
                    continue
                return part, value < 0
            if _TESTS[part.condition[0]](value, part.condition[1]):
                sign, bound = part.condition
                return part, value < 0 and not (sign in ("<", "<=") and bound <= 0)
        return None, False
    if len(numeric) >= 3 and not value:
        return numeric[2], False
    if len(numeric) >= 2 and value < 0:
        return numeric[1], False
    return numeric[0], value < 0
