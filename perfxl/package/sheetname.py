"""Names of sheets: what Excel takes for one, and none of them twice."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_") | dict.fromkeys(map(chr, range(32)), " "))


def usable_sheet_name(wanted: str) -> str:
    """The name without what Excel does not take; "" where nothing is left.

    That is ``[]:*?/\\``, control characters, an apostrophe at either end, more than 31
    characters, of which one outside the basic plane counts as two, and the name History.
    """
    base = _trimmed(wanted.translate(_FORBIDDEN))
    if base.casefold() == "history":
        base += "_"
    return _cut(base, _LONGEST)


def unique_sheet_name(wanted: str, taken: Iterable[str], mark: str = "({})") -> str:
    """The usable name, or the first with a number behind it (from 2) that is not taken.

    Excel ignores case. ``mark`` is how the number is written.
    """
    used = {name.casefold() for name in taken}
    base = usable_sheet_name(wanted) or "Sheet"
    name, number = base, 2
    while name.casefold() in used:
        tail = mark.format(number)
        name = _cut(base, _LONGEST - len(tail)) + tail
        number += 1
    return name


def _cut(text: str, most: int) -> str:
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return _trimmed(text)


def _trimmed(text: str) -> str:
    while text != (shorter := text.strip().strip("'")):
        text = shorter
    return text
