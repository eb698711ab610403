"""Any file a unit sends, as a Book: the content decides what it is, never the suffix."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import lru_cache

from perfxl.errors import CheckOnly, EncryptedWorkbook, OtherFormat
from perfxl.model import Book, Grid, Scalar
from perfxl.package import Package, book_of, package_of, read_file

_Place = tuple[str, int, int]
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How every encrypted Office file begins; an encrypted .ods is a package like any other."""


def read(path: str | os.PathLike[str], password: str | None = None) -> Book:
    """Read a workbook of any kind: .xlsx, .xlsm, .xls, .et, .xlsb, .ods, .csv, text.

    ``sha256`` is that of the file as it came, locked or not. Where formulas have no stored
    results, their values are computed by our engine; those it refuses stay blank.
    Raises UnreadableFile, NotAWorkbook, EncryptedWorkbook (no password, or a wrong one),
    DamagedWorkbook, UnsafeWorkbook or LimitExceeded.
    """
    data = read_file(path)
    try:
        return _book(path, data)
    except EncryptedWorkbook:
        inside = _unlocked(data, password)
        if inside is None:
            raise
    return replace(_book(path, inside), sha256=hashlib.sha256(data).hexdigest())


def open_for_copy(path: str | os.PathLike[str], password: str | None = None) -> tuple[Package, str]:
    """The package to make a corrected copy from, and the SHA-256 of the file as it came.

    An encrypted workbook gives the package inside it, so its copy is not encrypted. Raises
    CheckOnly for a format that cannot be patched, and as `read` does.
    """
    data = read_file(path)
    try:
        try:
            package = opened(os.fspath(path), data)
            return package, package.sha256
        except EncryptedWorkbook:
            inside = _unlocked(data, password)
            if inside is None:
                raise
        return opened(os.fspath(path), inside), hashlib.sha256(data).hexdigest()
    except OtherFormat as other:
        raise CheckOnly(
            f"{_NAMES[other.kind]}不能直接改写，更正稿由 {os.path.basename(path)} 按表样重新生成；"
            "本报告写的是原文件的单元格，更正稿的“校验结果”写的是更正稿的"
        ) from None


@lru_cache(maxsize=1)
def opened(path: str, data: bytes) -> Package:
    """`package_of`; the copy that is made of a workbook after its check need not open it again."""
    return package_of(path, data)


_NAMES = {
    "xls": "旧格式的工作簿（.xls、.et）",
    "xlsb": "二进制工作簿（.xlsb）",
    "ods": "OpenDocument 表格（.ods）",
    "csv": "文本表格（.csv）",
}


def _book(path: str | os.PathLike[str], data: bytes) -> Book:
    # The other readers are imported where they are needed: an .xlsx must not wait for them.
    try:
        package = opened(os.fspath(path), data)
    except OtherFormat as other:
        if other.kind == "csv":
            from perfxl.plaintext import read_plaintext

            return read_plaintext(path, data)
        from perfxl.legacy.book import read_legacy

        return read_legacy(path, other.kind, data)
    return _with_results(book_of(package))


def _unlocked(data: bytes, password: str | None) -> bytes | None:
    """The file inside an encrypted one; None where there is no password, or no way in."""
    if password is None or not data.startswith(_COMPOUND_FILE):
        return None
    from perfxl.legacy.lock import unlock

    return unlock(data, password)


def _with_results(book: Book) -> Book:
    """The book with values for the formulas that were stored without results."""
    missing: dict[_Place, str] = {
        (grid.sheet, *at): cell.formula
        for grid in book.grids
        for at, cell in grid.cells.items()
        if cell.value is None and cell.formula
    }
    if not missing:
        return book
    from perfxl.formula import Calculator

    computed = Calculator(book.grids, book.names).recompute({}, missing).values
    values = {at: value for at, value in computed.items() if at in missing}
    return replace(book, grids=tuple(_filled(grid, values) for grid in book.grids))


def _filled(grid: Grid, values: dict[_Place, Scalar]) -> Grid:
    own = {(row, col): value for (sheet, row, col), value in values.items() if sheet == grid.sheet}
    cells = dict(grid.cells)
    for at, value in own.items():
        cells[at] = cells[at]._replace(value=value)
    return replace(grid, cells=cells) if own else grid
