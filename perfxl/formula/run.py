"""One evaluation of a formula, and how much work it may cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model import Range
from .coerce import MAX_CELLS, Array, Overload

BUDGET = 2_000_000
"""Cells read, written and compared in one evaluation: a few seconds of work."""

_CLIPPED_FROM = 4096
_FREE = 64
_NONE: list[Any] = []


class Run:
    """The scope a formula sees, the LET variables it has set, and the work it has left.

    ``memo`` keeps what formulas of one shelf share, for as long as the scope gives the same.
    """

    __slots__ = ("left", "memo", "scope", "variables")

    def __init__(
        self,
        scope: Any,
        variables: int,
        left: int = BUDGET,
        memo: dict[int, Any] | None = None,
    ):
        self.scope = scope
        self.variables: list[Any] = [None] * variables if variables else _NONE
        self.left = left
        self.memo = memo

    def spend(self, cells: int) -> None:
        """Take the work from what is left; raises Overload when it is used up."""
        self.left -= cells
        if self.left < 0:
            raise Overload

    def charge(self, value: Any) -> None:
        """Pay for going through a value once; scalars are free."""
        if type(value) is list:
            self.left -= len(value) * len(value[0])
            if self.left < 0:
                raise Overload

    def read(self, sheet: str | None, area: Range) -> Array:
        """The cells of an area, a large one clipped to what is used."""
        top, left, bottom, right = area
        size = (bottom - top + 1) * (right - left + 1)
        if size > _CLIPPED_FROM:
            used = self.scope.used(sheet)
            bottom = max(top, min(bottom, used.bottom))
            right = max(left, min(right, used.right))
            size = (bottom - top + 1) * (right - left + 1)
            if size > MAX_CELLS:
                raise Overload
            area = Range(top, left, bottom, right)
        if size > _FREE:
            self.spend(size)
        return self.scope.cells(sheet, area)


Closure = Callable[[Run], Any]
