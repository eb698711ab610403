"""Labels as they are compared: without spaces, brackets, years and enumerators."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from perfxl.notation import fold

_QUOTES = re.compile(r"[“”\"'‘’「」《》]")
_YEAR = re.compile(r"(?<!\d)(?:((?:19|20)\d{2})|20[x×_]{2}|[x×_]{2,4})年?(?!\d)")
_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_FORMULA_TAIL = re.compile(r"(?:[ab]/[ab])?(?:[×x*]100%)?$")
_ENUMERATOR = re.compile(
    r"^(?:[(](?:\d+|[一二三四五六七八九十]+)[)]|(?:\d+|[一二三四五六七八九十]+)[、.]|其中:?)+"
)
_YEAR_WORD = re.compile(r"#年[度末初]?")
_PUNCTUATION = re.compile(r"[、,。.;;·:]")
_COLON = re.compile(r"[:：︰﹕]")
_FOOTER = re.compile(
    r"(?:填表|填报|制表|审核|经办|报送)人|(?:填报|填表)(?:日期|时间)|联系(?:电话|人)|"
    r"单位负责人|负责人签字|备注[:1]|注[:1]|注意|说明:|填表说明|填报说明|表下说明"
)
_NEXT_ENTRY = re.compile(
    r"\s{2,}|(?:填表|填报|制表|审核|经办)人|(?:填报|填表)(?:日期|时间)|联系(?:电话|人)|"
    r"单位负责人|单位[:：]|金额单位"
)
_LONGEST = 60

PLAIN, NO_BRACKETS, NO_ENUMERATOR, NO_YEAR = 1.0, 0.92, 0.85, 0.7


class Label(NamedTuple):
    """One text read as a label: its keys with how much each is worth, and its year."""

    keys: tuple[tuple[str, float], ...]
    year: int | None


_NOTHING = Label((), None)


@lru_cache(maxsize=32768)
def label(text: str) -> Label:
    """The keys of a text, the most literal first; none for a text too long to be a label."""
    if len(text) > _LONGEST * 2:
        return _NOTHING
    folded = _QUOTES.sub("", fold(text)).lower()
    if not folded or len(folded) > _LONGEST:
        return _NOTHING
    years = [int(year) for year in _YEAR.findall(folded) if year]
    literal = _YEAR.sub("#年", folded).rstrip(":")
    bare = _FORMULA_TAIL.sub("", _BRACKETS.sub("", literal)).rstrip(":")
    unnumbered = _BRACKETS.sub("", _ENUMERATOR.sub("", literal)).rstrip(":")
    timeless = _YEAR_WORD.sub("", unnumbered)
    keys: dict[str, float] = {}
    for form, worth in (
        (literal, PLAIN),
        (bare, NO_BRACKETS),
        (unnumbered, NO_ENUMERATOR),
        (timeless, NO_YEAR),
    ):
        key = _PUNCTUATION.sub("", form)
        if len(key) > 1:
            keys.setdefault(key, worth)
    return Label(tuple(keys.items()), years[-1] if years else None)


@lru_cache(maxsize=8192)
def inline(text: str) -> tuple[tuple[str, str], ...]:
    """The ways to read a text as label and value in one cell, split at each of its colons.

    ``其中: 基本支出: 84.38`` → ("其中: 基本支出", "84.38"), ("其中", "基本支出: 84.38"). What
    follows a second entry on the same line (a date, a person) is cut off.
    """
    found = []
    for colon in reversed(list(_COLON.finditer(text, 0, _LONGEST + 1))):
        head, tail = text[: colon.start()], text[colon.end() :].strip()
        tail = _NEXT_ENTRY.split(tail, maxsplit=1)[0].strip()
        if tail:
            found.append((head, tail))
    return tuple(found)


@lru_cache(maxsize=8192)
def is_footer(text: str) -> bool:
    """True for the lines under a form: who filled it in, notes. They are never echoed."""
    return _FOOTER.match(fold(text)) is not None


@lru_cache(maxsize=8192)
def looks_like_label(text: str) -> bool:
    """True for a text that ends with a colon."""
    return _COLON.search(text.rstrip()[-1:]) is not None


@lru_cache(maxsize=8192)
def title_text(text: str) -> str:
    """A title without year, spaces and trailing brackets, for comparing its end."""
    folded = _QUOTES.sub("", fold(text))
    return re.sub(r"(?:[(][^()]*[)])+$", "", folded)


@lru_cache(maxsize=8192)
def year_alone(text: str) -> int | None:
    """The year of a line that holds nothing else: （2024年度）."""
    found = re.fullmatch(r"[(]?((?:19|20)\d{2})年度?[)]?", fold(text))
    return int(found[1]) if found else None


@lru_cache(maxsize=8192)
def year_in(text: str) -> int | None:
    """The latest year a title names; a number may run into it (附件3 2024年度)."""
    return max(
        (
            int(y)
            for y in re.findall(r"(?:19|20)\d{2}(?=年)|(?<!\d)(?:19|20)\d{2}(?!\d)", fold(text))
        ),
        default=None,
    )
