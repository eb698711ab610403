"""A formula moved to another cell: relative references move along."""

from __future__ import annotations

from ..model import column_letters
from .tokens import _CORNER, LAST_COLUMN, LAST_ROW, column_number, tokenize


def shift(text: str, rows: int, cols: int) -> str:
    """The formula as it reads ``rows`` lower and ``cols`` to the right, without ``=``.

    References with ``$`` stay; one that leaves the sheet becomes ``#REF!``. Everything else
    is kept byte for byte. Raises FormulaError when the text cannot be cut into tokens.
    """
    text = text.removeprefix("=")
    out = []
    at = 0
    for token in tokenize(text):
        if token.kind == "area":
            start = token.end - len(token.text)
            moved = [_moved(corner, rows, cols) for corner in token.text.split(":")]
            whole = "#REF!" if None in moved else ":".join(moved)  # type: ignore[arg-type]
            out += [text[at:start], whole]
            at = token.end
    return "".join(out) + text[at:]


def _moved(corner: str, rows: int, cols: int) -> str | None:
    fixed_col, letters, fixed_row, digits = _CORNER.fullmatch(corner).groups()  # type: ignore[union-attr]
    if not letters and fixed_col:
        fixed_col, fixed_row = "", fixed_col
    if letters and not fixed_col:
        col = column_number(letters) + cols
        if not 1 <= col <= LAST_COLUMN:
            return None
        letters = column_letters(col)
    if digits and not fixed_row:
        row = int(digits) + rows
        if not 1 <= row <= LAST_ROW:
            return None
        digits = str(row)
    return f"{fixed_col}{letters}{fixed_row}{digits}"
