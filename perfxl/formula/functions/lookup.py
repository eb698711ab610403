"""Cells by their place: INDEX, ROW, COLUMN, ADDRESS."""

from __future__ import annotations

import re
from typing import Any

from ...model import ExcelError, Range, Scalar, column_letters, quoted
from ..coerce import Array, Problem, Reference, logical, text, whole
from ..tokens import LAST_COLUMN, LAST_ROW
from .registry import ARGUMENT, REFERENCE, function, special


def _place(rows: int, cols: int, row: int, col: int | None) -> tuple[int, int]:
    """Row and column with the single index of a line sorted out; 0 means all of them."""
    if col is None:
        row, col = (0, row) if rows == 1 and cols > 1 else (row, 0 if cols > 1 else 1)
        if rows == 1:
            row = 1
    if row < 0 or col < 0:
        raise Problem(ExcelError.VALUE)
    if row > rows or col > cols:
        raise Problem(ExcelError.REF)
    return row, col


@function("INDEX", params=(REFERENCE, whole, whole, whole))
def index(cells: Any, row: int = 0, col: int | None = None, area: int = 1) -> Any:
    """Gives a Reference when it gets one, so that ``A1:INDEX(A:A,5)`` is a range."""
    if area != 1:
        return ExcelError.REF
    if isinstance(cells, ExcelError):
        return cells
    if isinstance(cells, Reference):
        top, left, bottom, right = cells.range
        row, col = _place(bottom - top + 1, right - left + 1, row, col)
        part = Range(
            top + row - 1 if row else top, left + col - 1 if col else left,
            top + row - 1 if row else bottom, left + col - 1 if col else right,
        )  # fmt: skip
        return Reference(cells.run, cells.sheet, part)
    array = cells if type(cells) is list else [[cells]]
    row, col = _place(len(array), len(array[0]), row, col)
    chosen = [array[row - 1]] if row else array
    found = [[line[col - 1]] for line in chosen] if col else chosen
    return found[0][0] if len(found) == len(found[0]) == 1 else found


def _numbered(vertical: bool) -> Any:
    def build(compiler: Any, args: Any, build_branch: Any) -> Any:
        subject = compiler.reference(args[0]) if args else None

        def place(run: Any) -> Any:
            if subject is None:
                here = run.scope.here
                return here[1 if vertical else 2] if here else ExcelError.VALUE
            found = subject(run)
            if type(found) is not Reference:
                return found if type(found) is ExcelError else ExcelError.VALUE
            first = found.range.top if vertical else found.range.left
            last = found.range.bottom if vertical else found.range.right
            if first == last:
                return first
            used = found.run.scope.used(found.sheet)
            last = max(first, min(last, max(used.bottom if vertical else used.right, 4096)))
            span = range(first, last + 1)
            return [[number] for number in span] if vertical else [list(span)]

        return place

    return build


special("ROW", 0, 1)(_numbered(vertical=True))
special("COLUMN", 0, 1)(_numbered(vertical=False))


@function("ROWS", params=(REFERENCE,))
def rows(cells: Any) -> Any:
    if isinstance(cells, Reference):
        return cells.range.bottom - cells.range.top + 1
    return cells if isinstance(cells, ExcelError) else len(cells) if type(cells) is list else 1


@function("COLUMNS", params=(REFERENCE,))
def columns(cells: Any) -> Any:
    if isinstance(cells, Reference):
        return cells.range.right - cells.range.left + 1
    return cells if isinstance(cells, ExcelError) else len(cells[0]) if type(cells) is list else 1


@function("ADDRESS", params=(whole, whole, whole, logical, text))
def address(
    row: int, col: int, fixed: int = 1, letters: bool = True, sheet: str | None = None
) -> Scalar:
    if not 1 <= row <= LAST_ROW or not 1 <= col <= LAST_COLUMN or not 1 <= fixed <= 4:
        return ExcelError.VALUE
    if letters:
        place = (
            ("$" if fixed in (1, 3) else "") + column_letters(col)
            + ("$" if fixed in (1, 2) else "") + str(row)
        )  # fmt: skip
    else:
        place = (f"R{row}" if fixed in (1, 2) else f"R[{row}]") + (
            f"C{col}" if fixed in (1, 3) else f"C[{col}]"
        )
    if sheet is None:
        return place
    if sheet and not re.fullmatch(r"[^\W\d]\w*", sheet):
        sheet = quoted(sheet)
    return f"{sheet}!{place}"


@function("TRANSPOSE", params=(ARGUMENT,))
def transpose(cells: Any) -> Array | Scalar:
    return [list(row) for row in zip(*cells, strict=True)] if type(cells) is list else cells
