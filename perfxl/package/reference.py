"""Cell references as sheet parts write them: ``AB12`` and ``A1:C3``."""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.errors import DamagedWorkbook
from perfxl.model import Range, column_letters, quoted
from perfxl.package.limits import LAST_COLUMN, LAST_ROW

_CELL = re.compile(r"\s*\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\s*")
_LONGEST = 32

# The letters that occur, decoded; at most every column in upper case.
COLUMNS = {column_letters(col): col for col in range(1, 53)}


def column_number(letters: str) -> int:
    """A → 1, AB → 28, in upper or lower case; may be beyond XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_position(reference: str, part: str) -> tuple[int, int]:
    """Row and column of ``AB12``. Raises DamagedWorkbook beyond XFD1048576."""
    match = _CELL.fullmatch(reference)
    if match:
        row, col = int(match[2]), column_number(match[1])
        if 1 <= row <= LAST_ROW and col <= LAST_COLUMN:
            COLUMNS[match[1].upper()] = col
            return row, col
    raise DamagedWorkbook(
        f"部件 {part} 里的单元格引用 {reference[:40]} 不是 Excel 的单元格（A1 到 XFD1048576），"
        "文件已损坏。请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
    )


def area(reference: str, part: str) -> Range:
    """The rectangle of ``A1:C3`` or ``A1``. Raises DamagedWorkbook."""
    # A form is merged alike in every workbook of a batch; a hostile text is not worth keeping.
    return (_kept_area if len(reference) <= _LONGEST else _area)(reference, part)


def _area(reference: str, part: str) -> Range:
    first, _, last = reference.partition(":")
    top, left = cell_position(first, part)
    bottom, right = cell_position(last, part) if last else (top, left)
    return Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


_kept_area = lru_cache(maxsize=8192)(_area)


_SHEET_OF = re.compile(
    r"#?\$?(?:'((?:[^']|'')+)'|([^'!]+?))[!.]\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::.*)?"
)


def linked_sheet(location: str) -> str | None:
    """The sheet an internal link leads to, as Excel (``表!A1``) or LibreOffice (``#表.A1``)
    writes it; None where it names none."""
    found = _SHEET_OF.fullmatch(location)
    return (found[1] or found[2] or "").replace("''", "'") if found else None


def location(sheet: str, cell: str) -> str:
    """The place of an internal link: ``'基础 数据'!B3``."""
    return f"{quoted(sheet)}!{cell}"
