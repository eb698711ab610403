"""What a corrected copy carries of the check that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.model.cells import Scalar, a1


@dataclass(frozen=True)
class Original:
    """What stood in a cell that was put right: its value and number format; of a formula
    (``formula``), its result. ``written`` is what was put there instead, as text."""

    value: Scalar
    number_format: str
    formula: bool
    written: str


@dataclass(frozen=True)
class Mark:
    """A marked cell, where it is now; ``look`` is its own look, ``original`` is set where it
    was put right."""

    sheet: str
    row: int
    col: int
    look: str
    original: Original | None = None

    @property
    def cell(self) -> str:
        return a1(self.row, self.col)


@dataclass(frozen=True)
class Record:
    """The record on the sheet 校验结果, which is called ``sheet`` now.

    ``replies`` are the unit's own words by the key of the finding, ``keys`` the findings that
    it lists; ``settled_shown`` says whether cells that were right already were still marked.
    """

    sheet: str
    marks: tuple[Mark, ...]
    keys: frozenset[str]
    replies: Mapping[str, str]
    settled_shown: bool
