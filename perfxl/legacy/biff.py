"""In the worker: number formats, errors and formulas' texts of an .xls ([MS-XLS])."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from
from typing import NamedTuple

from perfxl.legacy.compound import read_stream
from perfxl.legacy.extras import At, Extras, Locked
from perfxl.model import ExcelError
from perfxl.package.formats import BUILTIN

_STREAMS = frozenset({"workbook", "book"})
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x85, 0x41E, 0xE0
_NUMBER, _RK, _MULRK, _BOOLERR, _STRING = 0x203, 0x27E, 0xBD, 0x205, 0x207
_FORMULAS = frozenset({0x06, 0x206, 0x406})
_ROW, _COLINFO = 0x208, 0x7D
_BIFF8 = 0x600
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_WIDE = 1
_ERRORS = {
    0x00: ExcelError.NULL, 0x07: ExcelError.DIV0, 0x0F: ExcelError.VALUE, 0x17: ExcelError.REF,
    0x1D: ExcelError.NAME, 0x24: ExcelError.NUM, 0x2A: ExcelError.NA,
}  # fmt: skip


class _Record(NamedTuple):
    kind: int
    body: bytes


@dataclass
class _Globals:
    biff8: bool = True
    sheets: list[int] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=lambda: dict(BUILTIN))
    looks: list[int] = field(default_factory=list)

    def format(self, look: int) -> str:
        """The format code of a cell's look; "" for General and for what is not there."""
        code = self.formats.get(self.looks[look], "") if look < len(self.looks) else ""
        return "" if code == "General" else code


def read_extras(data: bytes) -> list[Extras]:
    """One for each sheet of any type, in order. Raises Locked."""
    stream = read_stream(data, _STREAMS)
    if stream is None:
        return []
    book = _read_globals(stream)
    return [_read_sheet(stream, at, book) for at in book.sheets]


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records of the substream that begins there, as far as it is whole."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        at += 4
        yield _Record(kind, stream[at : at + size])
        # A chart inside a sheet is a substream of its own.
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += size


def _read_globals(stream: bytes) -> _Globals:
    book = _Globals()
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise Locked
        if kind == _BOF and len(body) >= 2:
            book.biff8 = unpack_from("<H", body)[0] == _BIFF8
        elif kind == _BOUNDSHEET and len(body) >= 4:
            book.sheets.append(unpack_from("<I", body)[0])
        elif kind == _FORMAT and len(body) >= 4:
            book.formats[unpack_from("<H", body)[0]] = _text(body[2:], book.biff8)
        elif kind == _XF and len(body) >= 4:
            book.looks.append(unpack_from("<H", body, 2)[0])
    return book


def _text(body: bytes, biff8: bool) -> str:
    """A string with its length before it; text in several records ends with the first."""
    if not biff8:
        # In a format a byte counts the characters, as in all short strings of that age.
        return body[1 : 1 + body[0]].decode("gb18030", "replace")
    length, flags = unpack_from("<HB", body)
    if flags & _WIDE:
        return body[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return body[3 : 3 + length].decode("latin-1")


def _read_sheet(stream: bytes, at: int, book: _Globals) -> Extras:
    extras = Extras()
    waiting: At | None = None
    for kind, body in _records(stream, at):
        if kind == _STRING and waiting and book.biff8 and len(body) >= 3:
            extras.values[waiting] = _text(body, True)
        elif kind == _ROW and len(body) >= 14:
            row, flags = unpack_from("<H10xH", body)
            if flags & _HIDDEN_ROW:
                extras.hidden_rows.add(row + 1)
        elif kind == _COLINFO and len(body) >= 10:
            first, last, flags = unpack_from("<HH4xH", body)
            if flags & _HIDDEN_COLUMN:
                extras.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == _MULRK and len(body) >= 6:
            _read_run(body, extras, book)
        elif len(body) >= 8 and (kind in (_NUMBER, _RK, _BOOLERR) or kind in _FORMULAS):
            waiting = _read_cell(kind, body, extras, book)
    return extras


def _read_run(body: bytes, extras: Extras, book: _Globals) -> None:
    row, first = unpack_from("<HH", body)
    for place in range((len(body) - 6) // 6):
        look = unpack_from("<H", body, 4 + 6 * place)[0]
        _put_format((row + 1, first + place + 1), look, extras, book)


def _read_cell(kind: int, body: bytes, extras: Extras, book: _Globals) -> At | None:
    """Note the format and an error; the place where a formula's text is still to come."""
    row, col, look = unpack_from("<HHH", body)
    at = (row + 1, col + 1)
    _put_format(at, look, extras, book)
    if kind == _BOOLERR:
        if body[7]:
            extras.values[at] = _ERRORS.get(body[6], ExcelError.VALUE)
    elif kind in _FORMULAS and len(body) >= 14 and body[12:14] == b"\xff\xff":
        result, value = body[6], body[8]
        if result == 2:
            extras.values[at] = _ERRORS.get(value, ExcelError.VALUE)
        elif result == 1:
            extras.values[at] = bool(value)
        else:
            extras.values[at] = ""
            return at if result == 0 else None
    return None


def _put_format(at: At, look: int, extras: Extras, book: _Globals) -> None:
    code = book.format(look)
    if code:
        extras.formats[at] = code
