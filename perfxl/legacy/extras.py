"""In the worker: what python-calamine does not tell about a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfxl.model import Range, Scalar

At = tuple[int, int]
"""Row and column, from 1."""


@dataclass
class Extras:
    """Read beside the values of one sheet, as far as the format has it.

    ``values`` stand in place of python-calamine's: error values, and the text that a formula
    gave; ``formats`` are number formats other than General.
    """

    values: dict[At, Scalar] = field(default_factory=dict)
    formats: dict[At, str] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class Locked(Exception):
    """The workbook asks for a password."""
