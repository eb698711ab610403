"""The zip container: where each member's bytes are, and how to inflate them safely.

``zipfile`` cannot hand out a member's raw bytes, which a byte-for-byte copy needs.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from perfxl.errors import DamagedWorkbook, EncryptedWorkbook, UnsafeWorkbook
from perfxl.package import limits

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")

STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8 = 0x1, 0x8, 0x800
_ADVICE = "请让报送单位重新发送，或用 Excel、WPS 打开并修复后另存为 .xlsx。"


class Member(NamedTuple):
    """One entry of the zip; ``packed`` and ``size`` are its bytes before and after inflating.

    ``offset`` is where its local header begins, ``start`` where its data begins, ``end`` where
    its last byte (a data descriptor too) has gone by. ``central`` is its directory record as
    stored; ``raw_name`` its name there; ``name`` the part name.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    start: int
    end: int
    central: bytes

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


class Directory(NamedTuple):
    """All members in the order of the zip's directory, and the zip's comment."""

    members: tuple[Member, ...]
    comment: bytes


def damaged(what: str) -> DamagedWorkbook:
    """A DamagedWorkbook that ends with what to do."""
    return DamagedWorkbook(f"{what}，文件已损坏或没有传完整。{_ADVICE}")


def read_directory(data: bytes) -> Directory:
    """Read the zip directory of a whole file.

    Raises DamagedWorkbook, UnsafeWorkbook (names, overlapping members), LimitExceeded (parts,
    declared sizes), EncryptedWorkbook (zip passwords).
    """
    count, begin, length, shift, comment = _find_directory(data)
    limits.count(count, limits.PARTS, "压缩包里的部件", "个", limits.SUSPECT)
    members: list[Member] = []
    at, stop = begin, begin + length
    while at < stop:
        if len(members) == limits.PARTS:
            limits.refuse("压缩包里的部件太多", f"{limits.PARTS:,} 个", limits.SUSPECT)
        member, at = _read_member(data, at, stop, shift)
        members.append(member)
    if not members:
        raise damaged("压缩包是空的")
    _check_names(members)
    _check_declared_sizes(members)
    return Directory(tuple(_with_ends(data, members, begin)), comment)


def _find_directory(data: bytes) -> tuple[int, int, int, int, bytes]:
    at = len(data)
    lowest = max(0, len(data) - END.size - 0xFFFF)
    while (at := data.rfind(b"PK\5\6", lowest, at)) >= 0:
        if at + END.size > len(data):
            continue
        _, _, _, _, count, length, offset, comment = END.unpack_from(data, at)
        stop = at
        if 0xFFFF in (count,) or 0xFFFFFFFF in (length, offset):
            count, length, offset, stop = _find_directory64(data, at, (count, length, offset))
        begin = stop - length
        shift = begin - offset
        if begin >= 0 and shift >= 0 and data[begin : begin + 4] in (b"PK\1\2", b"PK\5\6"):
            after = at + END.size
            return count, begin, length, shift, data[after : after + comment]
    raise damaged("压缩包没有结尾的目录")


def _find_directory64(
    data: bytes, at: int, plain: tuple[int, int, int]
) -> tuple[int, int, int, int]:
    place = at - LOCATOR64.size
    if place < 0 or data[place : place + 4] != b"PK\6\7":
        return (*plain, at)
    stop = data.rfind(b"PK\6\6", 0, place)
    if stop < 0 or stop + END64.size > place:
        raise damaged("压缩包的目录（zip64）不完整")
    fields = END64.unpack_from(data, stop)
    return fields[7], fields[8], fields[9], stop


def _read_member(data: bytes, at: int, stop: int, shift: int) -> tuple[Member, int]:
    if at + CENTRAL.size > stop or data[at : at + 4] != b"PK\1\2":
        raise damaged("压缩包的目录不完整")
    fields = CENTRAL.unpack_from(data, at)
    flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
    name_length, extra_length, comment_length = fields[10:13]
    offset = fields[16]
    named = at + CENTRAL.size
    after = named + name_length + extra_length + comment_length
    if after > stop:
        raise damaged("压缩包的目录不完整")
    raw_name = data[named : named + name_length]
    extra = data[named + name_length : named + name_length + extra_length]
    if 0xFFFFFFFF in (packed, size, offset):
        size, packed, offset = _sizes64(extra, size, packed, offset)
    name = _part_name(raw_name, flags)
    offset += shift
    if offset + LOCAL.size > len(data) or data[offset : offset + 4] != b"PK\3\4":
        raise damaged(f"找不到部件 {name} 的内容")
    local = LOCAL.unpack_from(data, offset)
    start = offset + LOCAL.size + local[9] + local[10]
    local_name = data[offset + LOCAL.size : offset + LOCAL.size + local[9]]
    if _part_name(local_name, local[2]) != name:
        raise damaged(f"部件 {name} 在目录里和内容前的名字不一样")
    if flags & ENCRYPTED:
        raise EncryptedWorkbook(
            f"压缩包里的部件 {name} 加了压缩密码，读不出内容。请去掉密码，直接报送 .xlsx 文件。"
        )
    central = data[at:after]
    end = start + packed
    found = Member(name, raw_name, flags, method, crc, packed, size, offset, start, end, central)
    return found, after


def _sizes64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            wanted = [value == 0xFFFFFFFF for value in (size, packed, offset)]
            if length < 8 * sum(wanted) or at + 4 + length > len(extra):
                break
            given = iter(struct.unpack_from(f"<{sum(wanted)}Q", extra, at + 4))
            size, packed, offset = (
                next(given) if big else value
                for big, value in zip(wanted, (size, packed, offset), strict=True)
            )
            return size, packed, offset
        at += 4 + length
    raise damaged("压缩包里部件的大小（zip64）不完整")


def _part_name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & UTF8 else "ascii")
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    name = name.replace("\\", "/")
    # XlsxWriter names a part of the pictures in cells so, and Excel reads it without the slash.
    return name[1:] if name.startswith("/xl/") else name


def unsafe_name(name: str) -> bool:
    """Whether a member's name could point outside the package."""
    return (
        not name
        or name[0] == "/"
        or name[1:2] == ":"
        or "\0" in name
        or (".." in name and ".." in name.split("/"))
    )


def _check_names(members: list[Member]) -> None:
    seen: dict[str, str] = {}
    for member in members:
        name = member.name
        if unsafe_name(name):
            raise UnsafeWorkbook(
                f"压缩包里有不安全的部件名 {name[:80]!r}（绝对路径或带 ..），可能是恶意文件，"
                "已拒绝读取。请让报送单位用 Excel 或 WPS 重新另存为 .xlsx。"
            )
        if name.endswith("/"):
            continue
        if seen.setdefault(name.casefold(), name) is not name:
            raise UnsafeWorkbook(
                f"压缩包里有两个同名的部件 {name[:80]}，不同软件会读出不同的内容，已拒绝读取。"
                "请用 Excel 或 WPS 打开，核对内容后另存为 .xlsx。"
            )


def _check_declared_sizes(members: list[Member]) -> None:
    for member in members:
        _check_size(member, member.size)
    total = sum(member.size for member in members)
    limits.size(total, limits.TOTAL_BYTES, "全部部件解压后", limits.SUSPECT)


def _check_size(member: Member, found: int) -> None:
    limits.size(found, limits.PART_BYTES, f"部件 {member.name} 解压后", limits.SUSPECT)
    if found > limits.RATIO_FROM and found > limits.RATIO * member.packed:
        limits.refuse(
            f"部件 {member.name} 的压缩比太高（压缩后 {member.packed:,} 字节，"
            f"解压后超过 {limits.RATIO_FROM // limits.MB} MB）",
            f"{limits.RATIO}:1",
            limits.SUSPECT,
        )


def _with_ends(data: bytes, members: list[Member], directory: int) -> list[Member]:
    order = sorted(range(len(members)), key=lambda index: members[index].offset)
    for index, following in zip(order, [*order[1:], None], strict=True):
        member = members[index]
        room = directory if following is None else members[following].offset
        if member.end > room:
            raise damaged(f"部件 {member.name} 与别的部件重叠")
        if member.flags & DESCRIPTOR:
            signed = 4 if data[member.end : member.end + 4] == b"PK\7\x08" else 0
            # A zip64 descriptor counts its two sizes in 8 bytes each, not 4.
            for length in (signed + 12, signed + 20):
                if room - member.end == length:
                    break
            else:
                length = signed + 12
            members[index] = member._replace(end=min(room, member.end + length))
    return members


def inflate(data: bytes, member: Member, spent: int) -> bytes:
    """The content of a member, counted while it is inflated.

    ``spent`` is how many bytes other members have given already. Raises LimitExceeded and
    DamagedWorkbook; the sizes that the zip declares decide nothing.
    """
    packed = memoryview(data)[member.start : member.start + member.packed]
    if len(packed) != member.packed:
        raise damaged(f"部件 {member.name} 的内容不完整")
    if member.method == STORED:
        content = bytes(packed)
    elif member.method == DEFLATED:
        ratio = max(limits.RATIO_FROM, limits.RATIO * member.packed)
        allowed = min(limits.PART_BYTES, ratio, limits.TOTAL_BYTES - spent)
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(packed, allowed + 1)
        except zlib.error:
            raise damaged(f"部件 {member.name} 解压失败") from None
        if len(content) <= allowed and not stream.eof:
            raise damaged(f"部件 {member.name} 的内容不完整")
    else:
        raise damaged(f"部件 {member.name} 用了 Excel 不用的压缩方法（编号 {member.method}）")
    _check_size(member, len(content))
    limits.size(spent + len(content), limits.TOTAL_BYTES, "全部部件解压后", limits.SUSPECT)
    if len(content) != member.size or zlib.crc32(content) != member.crc:
        raise damaged(f"部件 {member.name} 的内容与登记的大小或校验码不符")
    return content
