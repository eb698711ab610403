"""Headings with a wrong letter, taken by their place between headings that are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from perfxl.locate.align import Alignment, Match
from perfxl.locate.headers import Block
from perfxl.locate.index import FormIndex, GroupIndex, Slot
from perfxl.locate.region import LAST_COLUMN, Region
from perfxl.model import Cell
from perfxl.notation import fold, is_character

Name = TypeVar("Name", str, int)

_SURE = 0.6
_LEAST_LETTERS = 3
_LEAST_KNOWN = 2


class Misread(NamedTuple):
    """A heading that was read as a label although its wording is no wording of it."""

    slot: Slot
    cell: Cell


def mend_blocks(region: Region, group: GroupIndex, blocks: list[Block]) -> Iterator[Misread]:
    """Put misread headings into the blocks' headers."""
    for place, block in enumerate(blocks):
        header = block.header
        if len(header.cells) >= len(group.slots):
            continue
        rows = range(header.top, header.bottom + 1)
        free = [
            cell
            for row in rows
            for cell in region.rows.get(row, ())
            if isinstance(cell.value, str) and not group.columns_of(cell.value)
        ]
        slots = {name: slot for name, slot in group.slots.items() if slot.keys}
        found = dict(_in_gaps(slots, header.cells, free))
        if found:
            mended = header._replace(cells={**header.cells, **found})
            blocks[place] = block._replace(header=mended)
            yield from (Misread(slots[name], cell) for name, cell in found.items())


def mend_headings(region: Region, index: FormIndex, alignment: Alignment) -> Iterator[Misread]:
    """Put misread headings of matrices into the alignment."""
    matches = alignment.matches
    printed: dict[int, dict[int, Slot]] = {}
    for slot in index.headings:
        printed.setdefault(slot.row, {})[slot.order] = slot
    for row_of in printed.values():
        known = {order: matches[order].cell for order in row_of if order in matches}
        if not _LEAST_KNOWN <= len(known) < len(row_of):
            continue
        row = next(iter(known.values())).row
        matched = {match.cell[:2] for match in matches.values()}
        free = [
            cell
            for cell in region.rows[row]
            if isinstance(cell.value, str)
            and cell[:2] not in matched
            and not index.options(cell.value)
        ]
        for order, cell in _in_gaps(row_of, known, free):
            if order not in alignment.doubtful:
                matches[order] = Match(row_of[order], cell, _SURE)
                alignment.confidence[order] = _SURE
                yield Misread(row_of[order], cell)


def _in_gaps(
    printed: Mapping[Name, Slot], known: Mapping[Name, Cell], free: Sequence[Cell]
) -> Iterator[tuple[Name, Cell]]:
    """Unknown headings between known ones, where as many unread texts stand, each alike."""
    names = sorted(printed, key=lambda name: printed[name].col)
    columns = [known[name].col for name in names if name in known]
    if columns != sorted(columns):
        return
    here: list[int] = [place for place, name in enumerate(names) if name in known]
    for before, after in pairwise([-1, *here, len(names)]):
        gap = names[before + 1 : after]
        left = known[names[before]].col if before >= 0 else 0
        right = known[names[after]].col if after < len(names) else LAST_COLUMN + 1
        inside = sorted((c for c in free if left < c.col < right), key=lambda cell: cell.col)
        alike = [one for one in inside if any(_alike(one, printed[name]) for name in gap)]
        if gap and len(alike) == len(gap):
            pairs = list(zip(gap, alike, strict=True))
            if all(_alike(cell, printed[name]) for name, cell in pairs):
                yield from pairs


def _alike(cell: Cell, slot: Slot) -> bool:
    written = _characters(fold(str(cell.value)))
    return any(_one_letter_off(written, _characters(key)) for key in slot.keys)


def _characters(text: str) -> str:
    """The Chinese characters alone: brackets and letters are misread most of all."""
    return "".join(filter(is_character, text))


@lru_cache(maxsize=4096)
def _one_letter_off(one: str, other: str) -> bool:
    """True for texts with the same letters in another order, or with one letter wrong."""
    if min(len(one), len(other)) < _LEAST_LETTERS:
        return False
    if sorted(one) == sorted(other):
        return True
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(short == long[:at] + long[at + 1 :] for at in range(len(long)))
