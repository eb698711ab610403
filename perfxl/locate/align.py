"""Which text of a region is which label of the form: the alignment that explains most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from perfxl.locate.index import FormIndex, Slot
from perfxl.locate.labels import inline, label
from perfxl.model import Cell

_INLINE_WORTH = 0.9
_SAME_YEAR, _OTHER_YEAR = 0.08, -0.04
_CLOSE = 0.05
_LEAST_WORTH = 0.5
# A named tuple's own constructor takes twice as long.
_new = tuple.__new__


class Match(NamedTuple):
    """A text taken for a label: how well it fits, and the value written behind it, if any."""

    slot: Slot
    cell: Cell
    worth: float
    tail: str | None = None


@dataclass
class Alignment:
    """The labels that were found, and those whose place is not certain.

    ``doubtful`` maps a slot's order to the cells it might be.
    """

    matches: dict[int, Match]
    doubtful: dict[int, list[Match]]
    confidence: dict[int, float]


def candidates(index: FormIndex, cells: Iterable[Cell], year: int) -> list[list[Match]]:
    """For each text, in reading order, the labels it may be (texts with none left out)."""
    found = []
    for cell in cells:
        text = str(cell.value)
        best = _matches(index, cell, text, None, year)
        if not best and (":" in text or "：" in text):
            for head, tail in inline(text):
                best = _matches(index, cell, head, tail, year)
                if best:
                    break
        if best:
            found.append(best)
    return found


def _matches(index: FormIndex, cell: Cell, text: str, tail: str | None, year: int) -> list[Match]:
    options = index.options(text)
    if not options:
        return []
    own_year = label(text).year
    found = []
    for slot, fit in options:
        worth = fit if tail is None else fit * _INLINE_WORTH
        if own_year is not None and slot.shift is not None:
            worth += _SAME_YEAR if own_year - year == slot.shift else _OTHER_YEAR
        if worth >= _LEAST_WORTH:
            found.append(_new(Match, (slot, cell, worth, tail)))
    return found


def _best_in_order(found: list[list[Match]], size: int) -> list[Match]:
    """The matches of greatest total worth whose labels and cells come in the same order.

    The heaviest increasing subsequence, with a Fenwick tree of prefix maxima over the labels.
    """
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 2)
    chain: list[tuple[Match, int]] = []
    for options in found:
        for match in options:
            at, best = match.slot.order, (0.0, -1)
            while at > 0:
                if tree[at] > best:
                    best = tree[at]
                at &= at - 1
            chain.append((match, best[1]))
            entry = (best[0] + match.worth, len(chain) - 1)
            at = match.slot.order + 1
            while at < len(tree):
                if entry[0] > tree[at][0]:
                    tree[at] = entry
                at += at & -at
    last = max(tree)[1]
    picked = []
    while last >= 0:
        match, last = chain[last]
        picked.append(match)
    return picked[::-1]


def align(found: list[list[Match]], index: FormIndex, pinned: Iterable[Match]) -> Alignment:
    """Assign texts to labels.

    In order first, as the template prints them; then, out of order, the labels that only one
    free text can be. What two texts (or two labels) could equally be is doubtful.
    """
    picked = _best_in_order(
        [[m for m in options if not m.slot.floating] for options in found], len(index.slots)
    )
    matches = {match.slot.order: match for match in (*pinned, *picked)}
    taken = {id(match.cell) for match in matches.values()}
    doubtful: dict[int, list[Match]] = {}
    confidence = {o: m.worth if m.worth < 1.0 else 1.0 for o, m in matches.items()}
    by_slot: dict[int, list[Match]] = {}
    for options in found:
        for match in options:
            by_slot.setdefault(match.slot.order, []).append(match)

    unmatched = [slot for slot in index.slots if slot.order not in matches and not slot.floating]
    for place, match in enumerate(picked):
        before = picked[place - 1] if place else None
        after = picked[place + 1] if place + 1 < len(picked) else None
        others = by_slot[match.slot.order]
        # Nearly every label has one text only, and is its own one.
        rivals = len(others) > 1 and [
            other
            for other in others
            if id(other.cell) not in taken
            and other.worth >= match.worth - _CLOSE
            and _in_between(before, other, after)
        ]
        if rivals:
            doubtful[match.slot.order] = [match, *rivals]
            continue
        twins = unmatched and [
            slot
            for slot in unmatched
            if (before is None or slot.order > before.slot.order)
            and (after is None or slot.order < after.slot.order)
            and any(
                other.cell is match.cell and other.worth >= match.worth - _CLOSE
                for other in by_slot.get(slot.order, ())
            )
        ]
        for slot in twins:
            doubtful[slot.order] = [match]
            doubtful.setdefault(match.slot.order, [match])

    _out_of_order(by_slot, taken, matches, doubtful, confidence)
    for order in _stray_headings(matches):
        del matches[order]
    for order in doubtful:
        matches.pop(order, None)
    return Alignment(matches, doubtful, confidence)


def _stray_headings(matches: Mapping[int, Match]) -> list[int]:
    """The column headings that are not in the row of the others printed in one row with them."""
    printed: dict[int, list[Match]] = {}
    for match in matches.values():
        if match.slot.heading:
            printed.setdefault(match.slot.row, []).append(match)
    strays = []
    for row_of in printed.values():
        rows = [match.cell.row for match in row_of]
        usual = max(rows, key=rows.count)
        strays += [match.slot.order for match in row_of if match.cell.row != usual]
    return strays


def _in_between(before: Match | None, match: Match, after: Match | None) -> bool:
    at = match.cell[:2]
    return (before is None or at > before.cell[:2]) and (after is None or at < after.cell[:2])


def _out_of_order(
    by_slot: Mapping[int, list[Match]],
    taken: set[int],
    matches: dict[int, Match],
    doubtful: dict[int, list[Match]],
    confidence: dict[int, float],
) -> None:
    free = {
        order: [match for match in options if id(match.cell) not in taken]
        for order, options in by_slot.items()
        if order not in matches and order not in doubtful
    }
    wanted: dict[int, int] = {}
    for options in free.values():
        for match in options:
            wanted[id(match.cell)] = wanted.get(id(match.cell), 0) + 1
    for order, options in free.items():
        if not options:
            continue
        close = options
        if len(options) > 1:
            best = max(match.worth for match in options)
            close = [match for match in options if match.worth >= best - _CLOSE]
        if len(close) == 1 and wanted[id(close[0].cell)] == 1:
            matches[order] = close[0]
            confidence[order] = 0.8 * close[0].worth
        elif len(close) > 1 and not close[0].slot.floating:
            doubtful[order] = close
