"""Tables kept as plain text: .csv and .txt."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from perfxl.errors import LimitExceeded, NotAWorkbook
from perfxl.model import Book, Cell, Grid
from perfxl.package import limits
from perfxl.package.archive import read_file

_SEPARATORS = "\t,;"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 200
_LONGEST_NAME = 31
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试。"


def read_plaintext(path: str | os.PathLike[str], data: bytes | None = None) -> Book:
    """Read a table of text as one sheet, named after the file; every value stays text.

    ``data`` are the file's bytes where they have been read. The encoding is UTF-8, UTF-16
    with its mark, or GB18030; the separator a comma, a tab or a semicolon; quotes as Excel
    writes them. Raises NotAWorkbook for any other encoding, and LimitExceeded.
    """
    content = read_file(path) if data is None else data
    text = _decoded(content)
    name = Path(path).stem[:_LONGEST_NAME]
    rows = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    try:
        grid = Grid(name, _cells(rows))
    except csv.Error:
        raise LimitExceeded(
            f"文本表格的一格超过上限 {csv.field_size_limit():,} 字，可能是引号不成对。{_SAVE_AS}"
        ) from None
    return Book(os.fspath(path), hashlib.sha256(content).hexdigest(), "csv", (grid,))


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAWorkbook(
        f"认不出这个文本文件的编码（不是 UTF-8、UTF-16，也不是 GB18030）。{_SAVE_AS}"
    )


def _separator(text: str) -> str:
    """The separator that most of the first lines have; of equals, the one used most."""
    lines = text.splitlines()[:_SAMPLE]

    def use(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        return sum(map(bool, counts)), sum(counts)

    return max(_SEPARATORS, key=use)


def _cells(rows: Iterable[list[str]]) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows, 1):
        limits.count(row, limits.LAST_ROW, "文本表格", "行", limits.SUSPECT)
        limits.count(len(texts), limits.LAST_COLUMN, f"第 {row} 行", "列", limits.SUSPECT)
        for col, text in enumerate(texts, 1):
            if text:
                cells[row, col] = Cell(row, col, text)
        limits.count(len(cells), limits.CELLS, "有内容的单元格", "个", limits.SUSPECT)
    return cells
