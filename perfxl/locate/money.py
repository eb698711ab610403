"""The unit of money that a returned form prints, where the template's is another."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from perfxl.locate.region import Region
from perfxl.model import Cell, Field, Kind, Value
from perfxl.notation import MONEY, fold
from perfxl.values import in_unit

_MARK = re.compile(r"(?:\((?:单位:)?({0})\)|单位:({0}))$".format("元|千元|万元|百万元|亿元"))
_ENDS = frozenset(")）元")
_TYPED_UNIT = re.compile(r"[元万亿]")


class _Mark(NamedTuple):
    """A printed unit: ``of_form`` for a line ``单位：元``; ``below`` is the next text under it."""

    cell: Cell
    unit: str
    of_form: bool
    below: int


@lru_cache(maxsize=8192)
def _unit(text: str) -> tuple[str, bool] | None:
    found = _MARK.search(fold(text))
    return (found[1] or found[2], found[2] is not None) if found else None


class Units:
    """Which amounts of a region are in another unit than their fields.

    A label's own unit holds for what the label gives away; a heading beside rows, or at the
    head of a header row (``项目资金（元）``), for those; a line over the table for all.
    """

    def __init__(self, region: Region, wanted: frozenset[str], labels: set[tuple[int, int]]):
        self.region, self.labels = region, labels
        # Few texts end like a unit, which is quicker to see than that they name none.
        marked = [cell for cell in region.strings if cell[2][-1] in _ENDS]  # type: ignore[index]
        found = [(cell, unit) for cell in marked if (unit := _unit(str(cell.value)))]
        self.differ = bool(wanted) and any({unit} != wanted for _, (unit, _) in found)
        self.marks: list[_Mark] = []
        if self.differ:
            self.marks = [_Mark(cell, *unit, self._next_below(cell)) for cell, unit in found]

    def _next_below(self, cell: Cell) -> int:
        """The row in which the next text of the same column begins."""
        rows = self.region.live_rows
        for row in rows[bisect_right(rows, cell.row) :]:
            if any(other.col == cell.col for other in self.region.rows[row]):
                return row
        return self.region.bottom + 1

    def converted(
        self, value: Value, field: Field, at: tuple[int, int], label_at: tuple[int, int]
    ) -> Value:
        """The value in the field's unit; ``scale`` is what it was multiplied by.

        A unit typed in the cell itself wins.
        """
        if field.kind is not Kind.AMOUNT or field.unit not in MONEY:
            return value
        unit = self._of(at, label_at)
        if unit is None or unit == field.unit or _TYPED_UNIT.search(value.raw):
            return value
        scale = MONEY[unit] / MONEY[field.unit]
        if value.number is None or value.problem:
            return value._replace(scale=scale)
        number, decimals, _ = in_unit(value.number, value.decimals, unit, field.unit)
        return value._replace(value=number, number=number, decimals=decimals, scale=scale)

    def _of(self, at: tuple[int, int], label_at: tuple[int, int]) -> str | None:
        over_all = None
        for mark in reversed(self.marks):
            place = mark.cell[:2]
            if mark.of_form:
                over_all = over_all or mark.unit
            elif place in self.labels:
                if place == label_at or (place[0] == at[0] and place[1] < at[1]):
                    return mark.unit
            elif place[1] < at[1] and (place[0] == label_at[0] or place[0] <= at[0] < mark.below):
                return mark.unit
        return over_all
