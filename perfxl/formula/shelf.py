"""Formulas compiled together: what several of them ask is worked out once."""

from __future__ import annotations

from typing import Any

from .nodes import Call, Node
from .run import Closure, Run

Memo = dict[int, Any]
"""The results of shared parts, by their slots, under one scope whose values stay as they are."""


class Shelf:
    """The parts of formulas that were met before, and the slot in a memo each of them has.

    Rules repeat one another: ``ISNUMBER(整体.指标.得分)`` stands in dozens of them. Parts that
    are written alike share a slot, so that each is worked out once per memo.
    """

    def __init__(self) -> None:
        self._slots: dict[object, int] = {}

    def shared(self, node: Node, closure: Closure) -> Closure:
        """The closure of a part, which looks into the memo of its run first."""
        slot = self._slots.setdefault(outline(node), len(self._slots))

        def kept(run: Run) -> Any:
            memo = run.memo
            if memo is None:
                return closure(run)
            if slot in memo:
                return memo[slot]
            found = memo[slot] = closure(run)
            return found

        return kept


def outline(part: object) -> object:
    """A node without its place in the text: equal for parts that mean the same.

    Types are kept beside values, because 1, 1.0 and TRUE are equal in Python only.
    """
    if isinstance(part, Call):
        return (Call, part.function, *map(outline, part.args))
    if isinstance(part, tuple):
        return (type(part), *map(outline, part))
    return type(part), part
