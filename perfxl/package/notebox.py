"""The box of a note: how large its text makes it, and which cells its corners lie on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from perfxl.model import Range
from perfxl.package.geometry import Geometry
from perfxl.package.limits import LAST_COLUMN, LAST_ROW

# Pixels of 9 pt text: half a Chinese character, a line, and what the frame takes. Lines are
# reckoned generously, since WPS and LibreOffice draw them higher than Excel.
_HALF_WIDTH, _LINE, _FRAME = 6.2, 17, 16
_NARROW, _USUAL, _WIDE, _TALL = 120, 300, 460, 420


class Box(NamedTuple):
    """A note's box: eight numbers of ``x:Anchor`` (corner cells counted from 0, and pixels
    into them), and its size in points."""

    anchor: tuple[int, int, int, int, int, int, int, int]
    width: float
    height: float


def size_of(text: str, width: int | None = None, height: int | None = None) -> tuple[int, int]:
    """The pixels a text needs, Chinese characters being twice as wide as Latin letters."""
    lines = _half_widths(text)
    if width is None:
        width = min(_USUAL, max(_NARROW, math.ceil(max(lines) * _HALF_WIDTH) + _FRAME))
        if height is None and _height(lines, width) > _TALL:
            width = _WIDE
    return width, _height(lines, width) if height is None else height


def place(geometry: Geometry, span: Range, width: int, height: int) -> Box:
    """A box to the right of the cell (or merged area), level with its top."""
    left, into = min(span.right + 1, LAST_COLUMN), 12
    while left < LAST_COLUMN and not geometry.width(left):
        left += 1
    into = min(into, max(geometry.width(left) - 1, 0))
    right, right_into = _walk(geometry.width, left, into + width, LAST_COLUMN)
    bottom, bottom_into = _walk(geometry.height, span.top, 2 + height, LAST_ROW)
    anchor = (left - 1, into, span.top - 1, 2, right - 1, right_into, bottom - 1, bottom_into)
    return Box(anchor, width * 0.75, height * 0.75)


def grown(geometry: Geometry, anchor: tuple[int, ...], text: str) -> tuple[tuple[int, ...], float]:
    """An existing box's anchor with room for more text below, and the points it grew by."""
    bottom, bottom_into = anchor[6:]
    more = _more(geometry, anchor, text)
    row, offset = _walk(geometry.height, bottom + 1, bottom_into + more, LAST_ROW)
    return (*anchor[:6], row - 1, offset), more * 0.75


def shrunk(geometry: Geometry, anchor: tuple[int, ...], text: str) -> tuple[tuple[int, ...], float]:
    """The anchor that ``grown`` made this one of for the same text, and the points it grew by."""
    _, _, top, _, _, _, bottom, bottom_into = anchor
    more = _more(geometry, anchor, text)
    row, offset = bottom + 1, bottom_into - more
    while offset < 0 and row > top + 2:
        row -= 1
        offset += geometry.height(row)
    return (*anchor[:6], row - 1, max(0, offset)), more * 0.75


def _more(geometry: Geometry, anchor: tuple[int, ...], text: str) -> int:
    left, into, _, _, right, right_into, *_ = anchor
    columns = range(left + 1, min(right, left + 200) + 1)
    width = sum(geometry.width(col) for col in columns) - into + right_into
    return _height(_half_widths(text), max(width, _NARROW))


def _walk(size: Callable[[int], int], at: int, pixels: int, last: int) -> tuple[int, int]:
    """The column or row, and the pixels into it, that many pixels from the start of ``at``."""
    for _ in range(2000):
        step = size(at)
        if pixels < step or at >= last:
            break
        pixels -= step
        at += 1
    return at, max(0, pixels)


def _height(lines: Sequence[float], width: int) -> int:
    room = max((width - _FRAME) / _HALF_WIDTH, 2)
    return sum(max(1, math.ceil(line / room)) for line in lines) * _LINE + _FRAME


def _half_widths(text: str) -> list[float]:
    """How wide each line is, in Latin letters."""
    # In UTF-8 a Chinese character takes three bytes and a Latin letter one.
    return [(len(line.encode(errors="replace")) + len(line)) / 2 for line in text.split("\n")]
