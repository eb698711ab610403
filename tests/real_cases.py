"""Published tables, as transcribed in ../shared/cases/real, made into workbooks again.

A transcription keeps the rows and which cells were blank, not what was merged. Merges are put
back where the rows show them: a text alone in its row, a category over the blanks under it, and
texts with blanks between them (``预期目标 | | | | 实际完成情况 | | |``).
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

REAL = Path(__file__).parents[2] / "shared" / "cases" / "real"

_PLAIN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)")
_STATED = re.compile(
    r"(?:[^:]*:)?[≥≤≧=<>]*(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)\.?"
    r"(%|万元|万|元|分|人|名|起|座|所|个|台)?"
)
_CATEGORIES = 2


class Table(NamedTuple):
    """One table of one case, row by row, as transcribed."""

    case: str
    number: int
    rows: tuple[tuple[str, ...], ...]

    @property
    def id(self) -> str:
        return f"{self.case}#{self.number}"

    @property
    def width(self) -> int:
        return max(map(len, self.rows))


class Stated(NamedTuple):
    """A number that a cell states: its place (from 1), and what it is in the cell's own unit."""

    row: int
    col: int
    number: float
    text: str


def tables() -> list[Table]:
    """All tables of all cases; none where ../shared is absent."""
    found = []
    for path in sorted(REAL.glob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        for number, table in enumerate(case["tables"], 1):
            rows = tuple(tuple(cell.strip() for cell in row) for row in table["rows"])
            found.append(Table(case["id"], number, rows))
    return found


def numbers(table: Table) -> list[Stated]:
    """Every number of a table: alone in its cell, with a unit, or behind a colon."""
    found = []
    for row, cells in enumerate(table.rows, 1):
        for col, text in enumerate(cells, 1):
            folded = "".join(unicodedata.normalize("NFKC", text).split())
            stated = _STATED.fullmatch(folded)
            if stated:
                number = float(stated[1].replace(",", ""))
                percent = stated[2] == "%"
                found.append(Stated(row, col, number / 100 if percent else number, text))
    return found


def write(
    table: Table, path: str | os.PathLike[str], as_text: bool = False, merged: bool = True
) -> None:
    """The table as a workbook of one sheet; ``as_text`` types its numbers as text."""
    with xlsxwriter.Workbook(os.fspath(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        areas = list(_merges(table.rows, table.width)) if merged else []
        for top, left, bottom, right in areas:
            sheet.merge_range(top, left, bottom, right, None)
        for row, cells in enumerate(table.rows):
            for col, text in enumerate(cells):
                plain = None if as_text else _PLAIN.fullmatch(text)
                if plain:
                    shown = "0" + (f".{'0' * len(plain[2])}" if plain[2] else "") + plain[3]
                    number = float(text.rstrip("%").replace(",", ""))
                    look = book.add_format({"num_format": shown})
                    sheet.write_number(row, col, number / 100 if plain[3] else number, look)
                elif text:
                    sheet.write_string(row, col, text)


def _merges(rows: Sequence[Sequence[str]], width: int) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas that the rows show, counted from 0."""
    down = dict(_down(rows))
    covered = {(row, col) for (top, col), end in down.items() for row in range(top, end + 1)}
    for (top, col), bottom in down.items():
        yield top, col, bottom, col
    for row, cells in enumerate(rows):
        filled = [col for col, text in enumerate(cells) if text]
        if not filled:
            continue
        gaps = any(b - a > 1 for a, b in pairwise(filled))
        texts_only = not any(_PLAIN.fullmatch(cells[col]) for col in filled)
        short = len(cells) < width and len(filled) <= _CATEGORIES
        ends = [*(col - 1 for col in filled[1:]), width - 1 if short else len(cells) - 1]
        for col, end in zip(filled, ends, strict=True):
            last = col == filled[-1]
            wanted = (last and short) or (gaps and texts_only)
            if wanted and end > col and (row, col) not in covered:
                yield row, col, row, end


def _down(rows: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, int], int]]:
    for col in range(_CATEGORIES):
        top = None
        for row in range(len(rows) + 1):
            text = rows[row][col] if row < len(rows) and col < len(rows[row]) else None
            blank = text == "" and any(rows[row][col + 1 :])
            # A category is merged down only together with the one before it.
            if blank and col and rows[row][col - 1]:
                blank = False
            if top is not None and not blank:
                if row - top > 1:
                    yield (top, col), row - 1
                top = None
            if text and not _PLAIN.fullmatch(text) and top is None:
                top = row
