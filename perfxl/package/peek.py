"""A look at a package from outside: a few of its bytes, without opening the rest."""

from __future__ import annotations

import os

from perfxl.errors import PerfxlError
from perfxl.package import limits, sniff
from perfxl.package.zipread import END, inflate, read_directory
from perfxl.package.zipwrite import SEAL

_MOST_COMMENT = 0xFFFF
_MOST_PEEKED = 1 << 20


def as_written(path: str | os.PathLike[str]) -> bool:
    """Whether ``save`` wrote the file, and no other program has saved it since.

    False for whatever cannot be read; nothing is raised.
    """
    return SEAL in _directory(path)


def peek(path: str | os.PathLike[str], part: str) -> bytes:
    """The content of one small part, spelt as the zip spells it.

    b"" where there is no such part, or the file is no package; nothing is raised.
    """
    if part.encode() not in _directory(path):
        return b""
    try:
        with open(path, "rb") as stream:
            data = stream.read(limits.FILE_BYTES)
        members = read_directory(data).members
        found = next((member for member in members if member.name == part), None)
        if found is None or found.size > _MOST_PEEKED:
            return b""
        return inflate(data, found, 0)
    except (PerfxlError, OSError, ValueError):
        return b""


def _directory(path: str | os.PathLike[str]) -> bytes:
    """The bytes of the zip's directory as it declares itself; b"" where there is none."""
    try:
        with open(path, "rb") as stream:
            if not sniff.is_zip(stream.read(4)):
                return b""
            stop = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stop - _MOST_COMMENT - END.size))
            tail = stream.read()
            at = tail.rfind(b"PK\5\6")
            if at < 0 or len(tail) < at + END.size:
                return b""
            length = min(END.unpack_from(tail, at)[5], limits.FILE_BYTES)
            if length <= at:
                return tail[at - length : at]
            stream.seek(max(0, stop - len(tail) + at - length))
            return stream.read(length)
    except (OSError, ValueError):
        return b""
