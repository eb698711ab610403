"""TEXTBEFORE, TEXTAFTER and TEXTSPLIT."""

from __future__ import annotations

import re
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import Array, Problem, anything, flat, logical, optional, text, whole
from .registry import ARGUMENT, function


def _marks(delimiters: Any) -> list[str]:
    return [text(value) for value in flat(delimiters)]


def _places(value: str, marks: list[str], fold: bool) -> list[tuple[int, int]]:
    """Where the delimiters stand, longest first where several fit."""
    if "" in marks:
        raise Problem(ExcelError.VALUE)
    ordered = sorted(marks, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, ordered)), re.I if fold else 0)
    return [match.span() for match in pattern.finditer(value)]


def _cut(
    value: str,
    delimiters: Any,
    nth: int | None,
    fold: bool,
    at_end: bool,
    missing: Scalar,
    after: bool,
) -> Scalar:
    nth = 1 if nth is None else nth
    if not nth:
        raise Problem(ExcelError.VALUE)
    marks = _marks(delimiters)
    if marks == [""]:
        return (value if after else "") if nth > 0 else ("" if after else value)
    places = _places(value, marks, fold)
    if at_end:
        places = [*places, (len(value), len(value))] if nth > 0 else [(0, 0), *places]
    if abs(nth) > len(places):
        return missing
    start, end = places[nth - 1 if nth > 0 else nth]
    return value[end:] if after else value[:start]


@function("TEXTBEFORE", params=(text, ARGUMENT, optional(whole), logical, logical, anything))
def text_before(
    value: str, delimiters: Any, nth: int | None = None, fold: bool = False, at_end: bool = False,
    missing: Scalar = ExcelError.NA,
) -> Scalar:  # fmt: skip
    return _cut(value, delimiters, nth, fold, at_end, missing, after=False)


@function("TEXTAFTER", params=(text, ARGUMENT, optional(whole), logical, logical, anything))
def text_after(
    value: str, delimiters: Any, nth: int | None = None, fold: bool = False, at_end: bool = False,
    missing: Scalar = ExcelError.NA,
) -> Scalar:  # fmt: skip
    return _cut(value, delimiters, nth, fold, at_end, missing, after=True)


def _split(value: str, delimiters: Any, fold: bool) -> list[str]:
    marks = [] if delimiters is None else _marks(delimiters)
    if not marks:
        return [value]
    parts = []
    at = 0
    for start, end in _places(value, marks, fold):
        parts.append(value[at:start])
        at = end
    return [*parts, value[at:]]


@function("TEXTSPLIT", params=(text, ARGUMENT, ARGUMENT, logical, logical, anything))
def text_split(
    value: str, across: Any, down: Any = None, skip_empty: bool = False, fold: bool = False,
    filler: Scalar = ExcelError.NA,
) -> Array | ExcelError:  # fmt: skip
    rows: Array = []
    for line in _split(value, down, fold):
        parts: list[Scalar] = list(_split(line, across, fold))
        if skip_empty:
            parts = [part for part in parts if part]
        if parts:
            rows.append(parts)
    if not rows:
        return ExcelError.CALC
    width = max(map(len, rows))
    return [row + [filler] * (width - len(row)) for row in rows]
