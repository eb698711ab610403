"""Which text of a returned form stands where the template prints one: its own wording is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from perfxl.locate.index import FormIndex, Slot
from perfxl.locate.labels import is_footer, label, year_alone
from perfxl.locate.pairs import INSIDE
from perfxl.model import Bound, Cell, FormBinding
from perfxl.notation import fold
from perfxl.rebuild.face import Face
from perfxl.template.layout import Box

At = tuple[int, int]
_GAP = re.compile(r"[\s\u3000]+")
_MONEY = re.compile(r"单位[:：]?[(（]?[百千万亿]*元")
_LOOSE, _SYNONYM, _LITERAL = 1, 2, 3


@dataclass
class Texts:
    """What the labels of the rebuilt form say, by the place of the printed box.

    ``came`` are the cells of the returned form they came from.
    """

    said: dict[At, str] = field(default_factory=dict)
    came: dict[At, At] = field(default_factory=dict)

    def put(self, box: At, cell: Cell, text: str | None = None) -> None:
        self.said[box] = str(cell.value) if text is None else text
        self.came[box] = (cell.row, cell.col)


def match_texts(
    face: Face, index: FormIndex, form: FormBinding, cells: Mapping[At, Cell], taken: Iterable[At]
) -> Texts:
    """The wording of each printed text; ``cells`` are those of the returned form's region.

    ``taken`` are the cells that hold values. A label that no field was found by is left out,
    so that what was not found in the returned form is not found in the rebuilt one either.
    """
    texts = Texts()
    for place, bound in _labels_of_fields(index, form):
        cell = cells.get(bound.label_at) if bound.label_at else None
        if cell is not None and place not in texts.said:
            texts.put(place, cell, _head(bound, cell))
    slots = {(slot.row, slot.col): slot for slot in index.slots if not slot.floating}
    used = {*taken, *texts.came.values()}
    free = [cell for at, cell in sorted(cells.items()) if at not in used]
    free = [cell for cell in free if isinstance(cell.value, str)]
    open_boxes = [box for box in face.printed if box.area[:2] not in texts.said]
    for least in (_LITERAL, _SYNONYM, _LOOSE):
        for box in open_boxes:
            at = box.area[:2]
            if at in texts.said:
                continue
            found = next((c for c in free if _likeness(box, slots.get(at), c) >= least), None)
            if found is not None:
                texts.put(at, found)
                free.remove(found)
    needed = set(_needed(index, form))
    for box in open_boxes:
        at = box.area[:2]
        if at not in texts.said and (at in needed or (at not in slots and _is_plain(face, box))):
            texts.said[at] = box.text
    return texts


def _labels_of_fields(index: FormIndex, form: FormBinding) -> Iterator[tuple[At, Bound]]:
    """The printed label that each field was found by: for a matrix its column's heading."""
    for name, bound in form.fields.items():
        slot = index.heading_of.get(name) or index.label_of.get(name)
        if slot is not None and not slot.floating:
            yield (slot.row, slot.col), bound
    for group in index.groups:
        for row in form.groups.get(group.group.name, ())[:1]:
            for name, bound in row.values.items():
                if name in group.slots:
                    yield (group.slots[name].row, group.slots[name].col), bound


def _head(bound: Bound, cell: Cell) -> str | None:
    """The label alone, of a cell that holds label and value."""
    raw = bound.value.raw.strip()
    if bound.how != INSIDE or not raw:
        return None
    head, found, _ = str(cell.value).rpartition(raw)
    return head.rstrip() if found else None


def _needed(index: FormIndex, form: FormBinding) -> Iterator[At]:
    """The printed labels that lead to something that was found."""
    for name in form.fields:
        for slots in (index.label_of, index.heading_of):
            slot = slots.get(name)
            if slot is not None:
                yield slot.row, slot.col
    for group in index.groups:
        for name, slot in group.slots.items():
            if f"{group.group.name}.{name}" not in form.missing:
                yield slot.row, slot.col


def _is_plain(face: Face, box: Box) -> bool:
    """True for a text that says nothing about the year or the unit of money."""
    text = fold(box.text)
    if face.is_note(box.area.top) or year_alone(box.text) is not None:
        return False
    return not _MONEY.search(text)


def _likeness(box: Box, slot: Slot | None, cell: Cell) -> int:
    """How surely a returned text is the printed one: 0 for not at all."""
    printed, text = box.text, str(cell.value)
    if fold(printed) == fold(text):
        return _LITERAL
    keys = [key for key, _ in label(text).keys]
    known = {key for key, _ in label(printed).keys} | set(slot.keys if slot else ())
    if keys and keys[0] in known:
        return _LITERAL if slot is None else _SYNONYM
    if known.intersection(keys) or _filled_in(printed, text):
        return _LOOSE
    return 0


def _filled_in(printed: str, text: str) -> bool:
    """True for a line of entries with something written behind them: 填表人：张三　日期：…"""
    pieces = [fold(piece) for piece in _GAP.split(printed) if piece]
    if len(pieces) < 2 or not is_footer(printed):
        return False
    rest, found = fold(text), 0
    for piece in pieces:
        _, there, tail = rest.partition(piece)
        if there:
            rest, found = tail, found + 1
    return found * 2 >= len(pieces) and is_footer(text)
