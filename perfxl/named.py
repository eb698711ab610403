"""Which cells a defined name stands for, whether it says so plainly or lets them grow.

The columns of a row group grow: ``INDEX(R,MIN(2,ROWS(R)-1)):INDEX(R,ROWS(R)-1)`` over R, from
the row above the group to the row below it, is what lies between the two, so that a row that is
inserted right above the total belongs to the group as well. Only such forms are understood
here; anything else is left to the formula engine.
"""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.model import Range, column_letters, quoted, row_col

_SHEET = r"(?:'(?:[^']|'')+'|[^\s'!():,;]+)!"
_CELL = rf"(?:{_SHEET})?\$?[A-Za-z]{{1,3}}\$?[0-9]{{1,7}}"
_LINE = r"\$?[A-Za-z]{1,3}(?:\$?[0-9]{1,7})?"
_AREA = rf"(?:{_SHEET})?{_LINE}:{_LINE}"
_COUNT = re.compile(rf"(ROWS?)\(({_AREA}|{_CELL})\)([+-][0-9]{{1,7}})?")
_LEAST = re.compile(r"MIN\(([0-9]{1,7}),(.+)\)")
_INDEX = re.compile(rf"INDEX\((?P<area>{_AREA}),(?P<row>[^,]+|MIN\([^,]+,[^,]+\))\)")
_TWO = re.compile(rf"(?P<first>{_CELL}|INDEX\(.+\)):(?P<last>INDEX\(.+\))")
_PLAIN = re.compile(
    r"(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[^\s'!():,;]+))!)?"
    r"\$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>[0-9]{1,7})?"
    r"(?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>[0-9]{1,7})?)?"
)
_LAST_ROW = 1_048_576


def growing(sheet: str, col: int, above: int, below: int) -> str:
    """The reference, without ``=``, to the cells of a column between two rows, however many.

    ``sheet`` is the name of the sheet, ``above`` and ``below`` the rows next to the cells.
    """
    letters = column_letters(col)
    area = f"{quoted(sheet)}!${letters}${above}:${letters}${below}"
    # With no row left between them the name falls back on the row above, not on the total.
    return f"INDEX({area},MIN(2,ROWS({area})-1)):INDEX({area},ROWS({area})-1)"


@lru_cache(maxsize=8192)
def named_area(refers_to: str) -> tuple[str, Range] | None:
    """The sheet and the cells behind a name; None for anything but one area of one sheet."""
    text = refers_to.strip().removeprefix("=")
    plain = _plain(text)
    if plain is not None:
        return plain if plain[0] and plain[1].bottom < _LAST_ROW else None
    two = _TWO.fullmatch(text)
    first = _point(two["first"]) if two else None
    last = _point(two["last"]) if two else None
    if not first or not last or not first[0] or first[0].casefold() != last[0].casefold():
        return None
    (_, top, left), (_, bottom, right) = first, last
    return first[0], Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _plain(text: str) -> tuple[str, Range] | None:
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    whole = match["top"] is None
    if (whole and not match["right"]) or (match["right"] and whole != (match["bottom"] is None)):
        return None
    top = 1 if whole else int(match["top"])
    bottom = _LAST_ROW if whole else int(match["bottom"] or top)
    left = _column(match["left"])
    right = _column(match["right"] or match["left"])
    sheet = match["quoted"].replace("''", "'") if match["quoted"] else match["sheet"] or ""
    return sheet, Range(top, left, bottom, right)


def _column(letters: str) -> int:
    return row_col(f"{letters.upper()}1")[1]


def _point(text: str) -> tuple[str, int, int] | None:
    """The one cell that an end of a range stands for: its sheet, row and column."""
    match = _INDEX.fullmatch(text)
    if match is None:
        plain = _plain(text)
        return (plain[0], plain[1].top, plain[1].left) if plain else None
    area = _plain(match["area"])
    row = _row(match["row"])
    if area is None or row is None or not 1 <= row <= area[1].bottom - area[1].top + 1:
        return None
    return area[0], area[1].top + row - 1, area[1].left


def _row(text: str) -> int | None:
    least = _LEAST.fullmatch(text)
    if least:
        other = _row(least[2])
        return None if other is None else min(int(least[1]), other)
    if text.isdecimal():
        return int(text)
    match = _COUNT.fullmatch(text)
    place = _plain(match[2]) if match else None
    if match is None or place is None:
        return None
    area = place[1]
    count = area.top if match[1] == "ROW" else area.bottom - area.top + 1
    return count + int(match[3] or 0)
