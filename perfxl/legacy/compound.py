"""In the worker: one stream of an OLE2 compound file ([MS-CFB])."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from struct import unpack_from

_HEADER = 512
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_LAST = 0xFFFFFFFA
"""Sector numbers from here on mean end, free, or a sector of the table itself."""


def read_stream(data: bytes, names: Collection[str]) -> bytes | None:
    """The first stream that has one of the names, in lower case; None where there is none.

    Chains that lead nowhere or in a circle end where they do. Raises struct.error for a file
    that is too short.
    """
    shift, mini_shift = unpack_from("<HH", data, 30)
    directory, _, cutoff, mini_fat = unpack_from("<4I", data, 48)
    sector, mini_sector = 1 << shift, 1 << mini_shift
    fat = _numbers(b"".join(_sector(data, at, sector) for at in _fat_sectors(data, sector)))
    chunks = [_sector(data, at, sector) for at in _chain(fat, directory)]
    root, found = None, None
    for name, kind, start, size in _entries(b"".join(chunks)):
        if kind == _ROOT:
            root = start
        elif kind == _STREAM and found is None and name.lower() in names:
            found = start, size
    if found is None:
        return None
    start, size = found
    if size >= cutoff or root is None:
        return b"".join(_sector(data, at, sector) for at in _chain(fat, start))[:size]
    small = b"".join(_sector(data, at, sector) for at in _chain(fat, root))
    table = _numbers(b"".join(_sector(data, at, sector) for at in _chain(fat, mini_fat)))
    parts = (small[at * mini_sector :][:mini_sector] for at in _chain(table, start))
    return b"".join(parts)[:size]


def _sector(data: bytes, number: int, size: int) -> bytes:
    # A version 4 header fills a whole sector of 4,096 bytes.
    begin = max(_HEADER, size) + number * size
    return data[begin : begin + size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(data) // 4}I", data)


def _fat_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors that hold the allocation table: 109 in the header, the rest in a chain."""
    numbers = list(unpack_from("<109I", data, 76))
    more = unpack_from("<I", data, 68)[0]
    left = len(data) // size + 1
    while left > 0:
        for number in numbers:
            if number >= _LAST:
                return
            left -= 1
            yield number
        if more >= _LAST:
            return
        *numbers, more = _numbers(_sector(data, more, size)) or (_LAST,)
        left -= 1


def _chain(table: tuple[int, ...], start: int) -> Iterator[int]:
    left = len(table)
    while start < len(table) and left:
        yield start
        start, left = table[start], left - 1


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind, first sector and size in bytes."""
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length = unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, size = unpack_from("<II", directory, at + 116)
        yield name, directory[at + 66], start, size
