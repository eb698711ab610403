"""Parse one XML part without ever looking at a DTD or an entity of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser, XMLPullParser

from perfxl.errors import DamagedWorkbook, UnsafeWorkbook
from perfxl.package import limits

_CHUNK = 1 << 16
_UTF16_DOCTYPES = ("<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']*)""")
# A single-byte codec such as EBCDIC would hide a DOCTYPE from a search for its bytes.
_PLAIN = frozenset((b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"))


def vet(data: bytes, part: str) -> None:
    """Refuse a part that must not reach the parser.

    Raises UnsafeWorkbook for a DTD, DamagedWorkbook for an encoding OOXML does not allow.
    """
    wide = b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"<!DOCTYPE" in data or (wide and any(doctype in data for doctype in _UTF16_DOCTYPES)):
        raise UnsafeWorkbook(
            f"部件 {part} 里带有 DTD（<!DOCTYPE>），可能是恶意文件，已拒绝读取。"
            "请让报送单位用 Excel 或 WPS 重新另存为 .xlsx。"
        )
    declared = _DECLARED.search(data, 0, 300)
    if declared and declared[1].lower() not in _PLAIN:
        name = declared[1].decode("latin-1")
        raise DamagedWorkbook(
            f"部件 {part} 的编码是 {name}，xlsx 只允许 UTF-8 或 UTF-16。"
            "请用 Excel 或 WPS 打开后另存为 .xlsx。"
        )


def parse(data: bytes, part: str) -> Element:
    """The root element of a part, its whole tree in memory.

    Raises as ``vet`` does, DamagedWorkbook for broken XML, LimitExceeded for more elements
    than a part read this way can need.
    """
    vet(data, part)
    _count_tags(data, part, 2 * limits.HELD)
    parser = XMLParser()
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise _broken(part, error) from None


def closed_elements(data: bytes, part: str) -> Iterator[Element]:
    """Each element of a large part as it closes, so that its children can be cleared.

    Raises as ``parse`` does; the part may have as much markup as a million cells need.
    """
    vet(data, part)
    _count_tags(data, part, limits.TAGS)
    parser: Any = XMLPullParser(("end",))
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for _, element in parser.read_events():
                yield element
        parser.close()
        for _, element in parser.read_events():
            yield element
    except (ParseError, ValueError, LookupError) as error:
        raise _broken(part, error) from None


def _count_tags(data: bytes, part: str, limit: int) -> None:
    if len(data) > limit:
        limits.count(data.count(b"<"), limit, f"部件 {part} 的标记", "个", limits.SUSPECT)


def _broken(part: str, error: Exception) -> DamagedWorkbook:
    where = ""
    if isinstance(error, ParseError):
        line, column = error.position
        where = f"（第 {line} 行第 {column + 1} 个字符处）"
    return DamagedWorkbook(
        f"部件 {part} 不是完好的 XML{where}，工作簿已损坏。"
        "请用 Excel 或 WPS 打开并修复，再另存为 .xlsx。"
    )


def namespace(element: Element) -> str:
    """``{…}`` before the local name of the element's tag, or ``""``."""
    tag = element.tag
    return tag[: tag.rfind("}") + 1]


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag[tag.rfind("}") + 1 :]


def truth(text: str | None, default: bool = False) -> bool:
    """An XML boolean: ``1 true on``; the default when it is missing."""
    return default if text is None else text.strip().lower() in ("1", "true", "on", "t")
