"""The tree a formula parses to."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ..model import Range, Scalar


class Literal(NamedTuple):
    """A number, text, logical or error written in the formula."""

    value: Scalar


class ArrayLiteral(NamedTuple):
    """``{1,2;3,4}``"""

    rows: tuple[tuple[Scalar, ...], ...]


class Area(NamedTuple):
    """Cells; ``sheet`` is None for the sheet of the formula."""

    sheet: str | None
    range: Range


class Outside(NamedTuple):
    """Cells of another workbook, or of several sheets at once; never followed."""

    sheet: str


class Name(NamedTuple):
    """A defined name or a LET variable; ``表!名称`` where a sheet is given."""

    name: str


class Call(NamedTuple):
    """A function in upper case, without file prefixes, and its arguments."""

    function: str
    args: tuple[Node, ...]
    position: int


class Missing(NamedTuple):
    """An argument left empty."""


class Signed(NamedTuple):
    """An operand with ``minuses`` minus signs before it."""

    minuses: int
    operand: Node


class Percent(NamedTuple):
    """An operand with ``signs`` percent signs after it."""

    operand: Node
    signs: int


class Chain(NamedTuple):
    """Operators of one precedence, applied from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Joined(NamedTuple):
    """References combined by ``:``, space or ``,``."""

    operator: str
    items: tuple[Node, ...]


class Implicit(NamedTuple):
    """``@``: the value of the own row or column."""

    operand: Node


Node: TypeAlias = (
    Literal
    | ArrayLiteral
    | Area
    | Outside
    | Name
    | Call
    | Missing
    | Signed
    | Percent
    | Chain
    | Joined
    | Implicit
)

REFERENCES = (Area, Outside, Name, Call, Joined)
"""The nodes that can stand for cells."""
