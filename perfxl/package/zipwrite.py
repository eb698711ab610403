"""Write a copy of a package in which only some parts differ, all others raw."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping

from perfxl.errors import UnwritableTarget
from perfxl.package.archive import Package
from perfxl.package.zipread import (
    CENTRAL,
    DEFLATED,
    END,
    LOCAL,
    UTF8,
    Member,
    unsafe_name,
)
from perfxl.writing import refuse_special, write_whole

# 1980-01-01 00:00, the first date zip knows: the same input gives the same bytes.
_NO_TIME, _NO_DATE = 0, 0x21
_VERSION = 20
_QUICK, SMALLEST = 5, 9
_SMALL_BLOCKS = 5
"""zlib's memory level for blocks of two thousand symbols."""
SEAL = b"xp\6\0perfxl"
"""An extra field in the directory records of what ``save`` put in: readers ignore it, and any
program that saves the file again leaves it out."""


def save(
    package: Package, changes: Mapping[str, bytes | None], target: str | os.PathLike[str]
) -> None:
    """Write a copy of the package to ``target``.

    ``changes`` maps a part to its new content, or to None to leave it out; new parts come
    last. Every other member keeps its compressed bytes, dates, flags and place. The target
    appears whole or not at all, and the package's own file is never written. Raises
    UnwritableTarget; ValueError for a part name no package may have.
    """
    path = os.fspath(target)
    _check_target(package, path)
    write_whole(path, image(package, changes, SEAL))


def image(
    package: Package,
    changes: Mapping[str, bytes | None],
    seal: bytes = b"",
    level: int = _QUICK,
) -> Iterator[bytes]:
    """The bytes that ``save`` writes, member by member; ``seal`` goes with what is new.

    ``level`` is how hard to compress, from 1 to 9. Raises ValueError for a part name no
    package may have.
    """
    replaced: dict[str, bytes | None] = {}
    added: dict[str, bytes] = {}
    for part, content in changes.items():
        name = part.replace("\\", "/").lstrip("/")
        member = package.member(name)
        if member:
            replaced[member.name] = content
        elif content is not None:
            if unsafe_name(name) or name.endswith("/"):
                raise ValueError(f"not a part name: {part!r}")
            added[name] = content
    return _image(package, replaced, added, seal, level)


def _check_target(package: Package, path: str) -> None:
    try:
        same = os.path.samefile(path, package.path)
    except (OSError, ValueError):
        same = False
    if same:
        raise UnwritableTarget(
            f"不能写入 {path}：它就是报送来的原件，原件从不改动。请换一个文件名。"
        )
    refuse_special(path)


def _image(
    package: Package,
    replaced: Mapping[str, bytes | None],
    added: Mapping[str, bytes],
    seal: bytes,
    level: int,
) -> Iterator[bytes]:
    records: list[bytes] = []
    at = 0
    for member in package.directory.members:
        if member.is_folder or member.name not in replaced:
            chunk = package.data[member.offset : member.end]
            records.append(_moved(member, at))
        else:
            content = replaced[member.name]
            if content is None:
                continue
            chunk, record = _packed(member, content, at, seal, level)
            records.append(record)
        yield chunk
        at += len(chunk)
    for name, content in added.items():
        chunk, record = _packed(name, content, at, seal, level)
        records.append(record)
        yield chunk
        at += len(chunk)
    directory = b"".join(records)
    comment = package.directory.comment
    count = len(records)
    yield directory
    yield END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, len(comment)) + comment


def _moved(member: Member, at: int) -> bytes:
    """The directory record of a raw member, now that its header begins at ``at``."""
    record = bytearray(member.central)
    fields = CENTRAL.unpack_from(record)
    if fields[16] != 0xFFFFFFFF:
        record[42:46] = at.to_bytes(4, "little")
        return bytes(record)
    # In a zip64 record the offset is the last of those 8-byte fields that did not fit in 4.
    place = CENTRAL.size + fields[10]
    while int.from_bytes(record[place : place + 2], "little") != 1:
        place += 4 + int.from_bytes(record[place + 2 : place + 4], "little")
    place += 4 + 8 * (fields[8:10].count(0xFFFFFFFF))
    record[place : place + 8] = at.to_bytes(8, "little")
    return bytes(record)


def _deflated(content: bytes, level: int) -> bytes:
    # A part is small: setting up the largest window would take longer than compressing it,
    # and a window that holds the whole of it finds just as much.
    window = min(zlib.MAX_WBITS, max(9, len(content).bit_length()))
    # Smaller blocks have codes of their own oftener: slower, but a fiftieth smaller.
    memory = _SMALL_BLOCKS if level == SMALLEST else window - 7
    stream = zlib.compressobj(level, zlib.DEFLATED, -window, memory)
    return stream.compress(content) + stream.flush()


def _packed(
    of: Member | str, content: bytes, at: int, seal: bytes, level: int
) -> tuple[bytes, bytes]:
    """The local header with data, and the directory record, of new content."""
    if isinstance(of, Member):
        old = CENTRAL.unpack_from(of.central)
        made, time, date, inside, outside = old[1], old[5], old[6], old[14], old[15]
        name, flags = of.raw_name, of.flags & UTF8
    else:
        made, time, date, inside, outside = _VERSION, _NO_TIME, _NO_DATE, 0, 0
        name, flags = of.encode("utf-8"), 0 if of.isascii() else UTF8
    packed = _deflated(content, level)
    shared = (
        _VERSION,
        flags,
        DEFLATED,
        time,
        date,
        zlib.crc32(content),
        len(packed),
        len(content),
        len(name),
    )
    local = LOCAL.pack(b"PK\3\4", *shared, 0) + name + packed
    facts = (*shared, len(seal), 0, 0, inside, outside, at)
    record = CENTRAL.pack(b"PK\1\2", made, *facts) + name + seal
    return local, record
