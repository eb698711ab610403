"""Where the rows of a group begin and end: its header, in one line or two, once or repeated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from perfxl.locate.index import GroupIndex
from perfxl.locate.labels import inline, is_footer, label
from perfxl.locate.region import Region
from perfxl.model import Cell

LEAST_HEADINGS = 3
_FEWER_IN_A_REPEAT = 2
_SURE = 0.8

Headings = Mapping[int, Mapping[str, Cell]]
"""For each row, by column name, the cells that read like the group's headings."""


class Header(NamedTuple):
    """The header of a group: its first and last row, and the cell of each column's heading."""

    top: int
    bottom: int
    cells: Mapping[str, Cell]


class Block(NamedTuple):
    """Rows under one header, up to ``end``; ``section`` is the heading printed above it.

    A header that only comes again at the top of a printed page begins no block.
    """

    header: Header
    end: int
    section: str = ""


def headings_of(region: Region, group: GroupIndex) -> Headings:
    """For each row, the cells that read like headings of the group's columns."""
    scored: dict[int, list[tuple[float, str, Cell]]] = {}
    for cell in region.strings:
        for worth, name in group.columns_of(str(cell.value)):
            scored.setdefault(cell.row, []).append((worth, name, cell))
    return {row: _best_headings(found) for row, found in scored.items()}


def _best_headings(scored: list[tuple[float, str, Cell]]) -> dict[str, Cell]:
    scored.sort(key=lambda one: -one[0])
    found: dict[str, Cell] = {}
    used: set[int] = set()
    for _, name, cell in scored:
        if name not in found and cell.col not in used:
            found[name] = cell
            used.add(cell.col)
    return found


def find_blocks(region: Region, group: GroupIndex, headings: Headings) -> list[Block]:
    """The group's blocks, from top to bottom; none when no row has enough of its headings.

    Of several groups with the same headings, the first has the first block, and so on.
    """
    blocks: list[Block] = []
    for header in _headers(region, group, headings):
        section = _heading_above(region, group, header) if blocks else None
        if section is None and blocks and header.top <= blocks[-1].end:
            continue
        if blocks and header.top <= blocks[-1].end:
            blocks[-1] = blocks[-1]._replace(end=_row_above(region, header.top) - 1)
        blocks.append(Block(header, end_of_rows(region, group, header), section or ""))
    if len(blocks) > 1:
        first = _heading_above(region, group, blocks[0].header)
        blocks[0] = blocks[0]._replace(section=first or "")
    if group.twins > 1:
        last = group.place == group.twins - 1
        return blocks[group.place : None if last else group.place + 1]
    return blocks


def _headers(region: Region, group: GroupIndex, headings: Headings) -> list[Header]:
    most = max(map(len, headings.values()), default=0)
    if not most:
        return []
    needed = max(LEAST_HEADINGS, len(group.group.columns) / 2)
    found: list[Header] = []
    for row in sorted(headings, key=lambda row: (-len(headings[row]), row)):
        if len(headings[row]) < most - _FEWER_IN_A_REPEAT:
            break
        if any(header.top <= row <= header.bottom for header in found):
            continue
        header = _in_two_lines(region, group, headings, row)
        if len(header.cells) >= needed:
            found.append(header)
    full = max((len(header.cells) for header in found), default=0)
    enough = full - _FEWER_IN_A_REPEAT
    return sorted((h for h in found if len(h.cells) >= enough), key=lambda header: header.top)


def _in_two_lines(region: Region, group: GroupIndex, headings: Headings, row: int) -> Header:
    """The header in this row, with what the lines above and below add to it.

    The line above adds headings over columns that are empty in this one (merged over both);
    a line below, which has nothing in the key column, parts a heading, and wins.
    """
    cells = dict(headings[row])
    top = bottom = row
    key, under = group.group.key, region.row_below(row) or 0
    if key not in cells and key in headings.get(under, ()):
        return _in_two_lines(region, group, headings, under)
    above = _row_above(region, row)
    if above in headings and len(cells) < len(group.group.columns):
        own = {cell.col for cell in region.rows[row]}
        added = {
            name: cell
            for name, cell in headings[above].items()
            if name not in cells and cell.col not in own
        }
        if added:
            cells, top = {**added, **cells}, above
    if under in headings and _parts_headings(region, group, cells, under):
        cells, bottom = {**cells, **headings[under]}, under
    spans = [region.grid.span(cell.row, cell.col) for cell in cells.values()]
    return Header(
        min(top, min(span.top for span in spans)),
        max(bottom, min(span.bottom for span in spans)),
        cells,
    )


def _parts_headings(
    region: Region, group: GroupIndex, cells: Mapping[str, Cell], under: int
) -> bool:
    key = cells.get(group.group.key)
    if key is None:
        return False
    return all(
        isinstance(cell.value, str) and cell.col > key.col and group.columns_of(cell.value)
        for cell in region.rows[under]
    )


def _row_above(region: Region, row: int) -> int:
    """The last row above that holds anything; 0 where there is none."""
    at = bisect_left(region.live_rows, row)
    return region.live_rows[at - 1] if at else 0


def _heading_above(region: Region, group: GroupIndex, header: Header) -> str | None:
    """What is printed over a header, if it is no row of the group: 年度绩效目标2."""
    above = region.rows.get(_row_above(region, header.top), [])
    key = header.cells.get(group.group.key)
    if not above or key is None or above[-1].col >= key.col:
        return None
    return str(above[0].value).strip()


def end_of_rows(region: Region, group: GroupIndex, header: Header) -> int:
    """The row before the label that ends the group (总分), a footnote, or the form's end."""
    key = header.cells.get(group.group.key)
    first_column = key.col if key else min(cell.col for cell in header.cells.values())
    footer = region.bottom + 1
    for row in region.live_rows:
        if row <= header.bottom:
            continue
        first = region.rows[row][0]
        if not isinstance(first.value, str) or first.col > first_column:
            continue
        if _ends_rows(first.value, group):
            return row - 1
        if is_footer(first.value):
            footer = min(footer, row)
    return footer - 1


def _ends_rows(text: str, group: GroupIndex) -> bool:
    """True for 总分, also with the value behind it in one cell."""
    heads = [head for head, _ in inline(text)] if ":" in text or "：" in text else []
    return any(
        key in group.until_keys and worth >= _SURE
        for wording in (text, *heads)
        for key, worth in label(wording).keys
    )
