"""Formulas that several cells share: the text each follower would have of its own."""

from __future__ import annotations

import re

from perfxl.model import column_letters
from perfxl.package.limits import LAST_COLUMN, LAST_ROW
from perfxl.package.reference import column_number

# Quoted text, quoted sheet names and brackets hold what only looks like a reference; a longer
# word (LOG10, 表A1, A1B) is one token, so that no piece of it is taken for one.
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|'(?:[^']|'')*'"
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
    r"|(?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(!:])"
    r"|(?P<rows>\$?\d{1,7}:\$?\d{1,7})(?![\w.(!:])"
    r"|(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7})(?![\w.(!])"
    r"|[\w.\\?]+"
)
_PARTS = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)")


class SharedFormula:
    """The formula of the cell at ``row``, ``col``, to be carried to other cells."""

    def __init__(self, text: str, row: int, col: int):
        self.row, self.col = row, col
        self._pieces: list[tuple[str, bool]] = []
        at = 0
        for token in _TOKEN.finditer(text):
            if token.lastgroup:
                self._pieces.append((text[at : token.start()], False))
                self._pieces.append((token[0], True))
                at = token.end()
        self._pieces.append((text[at:], False))

    def at(self, row: int, col: int) -> str:
        """The formula as it reads in another cell: relative references move along."""
        down, right = row - self.row, col - self.col
        return "".join(
            _moved(piece, down, right) if reference else piece for piece, reference in self._pieces
        )


def _moved(reference: str, down: int, right: int) -> str:
    moved = []
    for corner in reference.split(":"):
        match = _PARTS.fullmatch(corner)
        # A row alone reads as ``$`` and digits, the first ``$`` being the row's.
        fixed_col, letters, fixed_row, digits = match.groups() if match else ("", "", "", "")
        if not letters:
            fixed_row = fixed_col
        if letters and not fixed_col:
            col = column_number(letters) + right
            if not 1 <= col <= LAST_COLUMN:
                return "#REF!"
            letters = column_letters(col)
        if digits and not fixed_row:
            row = int(digits) + down
            if not 1 <= row <= LAST_ROW:
                return "#REF!"
            digits = str(row)
        moved.append(
            (fixed_col if letters else "") + letters + (fixed_row if digits else "") + digits
        )
    return ":".join(moved)
