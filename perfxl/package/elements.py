"""XML elements by their byte offsets, and the attributes of tags.

In XML without a DTD every ``<`` outside comments, CDATA sections and processing instructions
begins a tag, which is what makes a tokenizer of one regular expression sound; each pattern
is linear in its input, well formed or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from perfxl.errors import DamagedWorkbook
from perfxl.package.xmltext import escape, unescape

_OPAQUE = rb"!--(?:.*?-->|.*)|!\[CDATA\[(?:.*?\]\]>|.*)|\?(?:.*?\?>|.*)|![^>]*"
_ATTRIBUTES = rb"((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)"
_TAG = re.compile(rb"<(?:" + _OPAQUE + rb"|(/?)([^\s/>\"'=<!?]+)" + _ATTRIBUTES + rb">?)", re.S)
# A name is tried from its beginning only, whole or not at all.
_ATTRIBUTE = re.compile(rb"(?<![^\s=\"'/])([^\s=\"'/]++)\s*+=\s*(?:\"([^\"]*+)\"|'([^']*+)')")


class Element(NamedTuple):
    """Where one element stands: ``<tag …>`` is data[start:inner], its content
    data[inner:close], the whole of it data[start:end]; an empty tag has inner = close = end."""

    tag: bytes
    start: int
    inner: int
    close: int
    end: int

    @property
    def empty(self) -> bool:
        """Written as ``<tag/>``, so that content needs the tag opened first."""
        return self.inner == self.end


@lru_cache(maxsize=512)
def tag_pattern(name: bytes) -> re.Pattern[bytes]:
    """Finds opening and closing tags of that qualified name; group 1 is the slash, group 2
    the attributes. Both are None where a comment or the like was stepped over."""
    wanted = rb"|(/?)" + re.escape(name) + rb"(?=[\s/>])"
    return re.compile(rb"<(?:" + _OPAQUE + wanted + _ATTRIBUTES + rb">?)", re.S)


@lru_cache(maxsize=512)
def _opening_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<" + re.escape(name) + rb"(?=[\s/>])()" + _ATTRIBUTES + rb">?")


def _plain(data: bytes, start: int, end: int) -> bool:
    """Whether no comment, CDATA section or instruction stands there, so that a search for a
    tag's first bytes finds tags only; it is some four times as fast."""
    # A single byte is looked for far faster than two.
    find = data.find
    return (find(b"!", start, end) < 0 or find(b"<!", start, end) < 0) and (
        find(b"?", start, end) < 0 or find(b"<?", start, end) < 0
    )


def openings(data: bytes, name: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    """The opening tags of that qualified name, at any depth; group 2 holds the attributes."""
    if _plain(data, start, end):
        yield from _opening_pattern(name).finditer(data, start, end)
        return
    for tag in tag_pattern(name).finditer(data, start, end):
        if tag[1] == b"":
            yield tag


def element_at(data: bytes, opening: re.Match[bytes], name: bytes, end: int) -> Element:
    """The whole element whose opening tag was matched."""
    if opening.group().endswith(b"/>"):
        return Element(name, opening.start(), opening.end(), opening.end(), opening.end())
    inner, quick = opening.end(), b"</" + name + b">"
    close = data.find(quick, inner, end)
    if close >= 0 and data.find(b"<" + name, inner, close) < 0 and _plain(data, inner, close):
        return Element(name, opening.start(), inner, close, close + len(quick))
    depth = 1
    for tag in tag_pattern(name).finditer(data, opening.end(), end):
        if tag[1] is None:
            continue
        if tag[1]:
            depth -= 1
            if not depth:
                return Element(name, opening.start(), opening.end(), tag.start(), tag.end())
        elif not tag.group().endswith(b"/>"):
            depth += 1
    raise DamagedWorkbook(
        "工作簿内部的 XML 不完整（元素没有结束），请用 Excel 或 WPS 打开后另存再试。"
    )


def children(data: bytes, start: int, end: int) -> Iterator[Element]:
    """The elements directly in data[start:end], in order."""
    at = start
    while tag := _TAG.search(data, at, end):
        at = tag.end()
        if tag[2] is None:
            continue
        if tag[1]:
            return
        found = element_at(data, tag, tag[2], end)
        yield found
        at = found.end


def elements(data: bytes, name: bytes, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """Elements of that name at any depth, outermost ones only."""
    at, stop = start, len(data) if end is None else end
    for tag in openings(data, name, start, stop):
        if tag.start() >= at:
            found = element_at(data, tag, name, stop)
            yield found
            at = found.end


def root_of(data: bytes) -> Element:
    """The document element; raises DamagedWorkbook where there is none."""
    at = 0
    while tag := _TAG.search(data, at):
        at, name = tag.end(), tag[2]
        if name is None:
            continue
        closing = b"</" + name + b">"
        close = data.rfind(closing, at)
        # Nothing but the root's own end stands last: no need to count what is between.
        if close >= 0 and not data[close + len(closing) :].strip():
            return Element(name, tag.start(), tag.end(), close, close + len(closing))
        return element_at(data, tag, name, len(data))
    raise DamagedWorkbook("工作簿内部有一个部件是空的，请用 Excel 或 WPS 打开后另存再试。")


def attributes(data: bytes, element: Element) -> dict[bytes, str]:
    """The attributes of an element's opening tag, with entities resolved."""
    return parse_attributes(data[element.start + 1 + len(element.tag) : element.inner])


def parse_attributes(text: bytes) -> dict[bytes, str]:
    """Attributes of a tag from the bytes after its name, with entities resolved."""
    return {
        name: unescape((double or single).decode())
        for name, double, single in _ATTRIBUTE.findall(text)
    }


def set_attributes(tag: bytes, **values: str | int | None) -> bytes:
    """The opening tag with attributes set, or dropped where None, the rest as it was."""
    for name, value in values.items():
        key = name.encode()
        for found in _ATTRIBUTE.finditer(tag):
            if found[1] == key:
                before, after = tag[: found.start()], tag[found.end() :]
                if value is None:
                    tag = before.rstrip() + after
                else:
                    tag = before + _pair(key, value) + after
                break
        else:
            if value is not None:
                # White space before the end stays there, so that dropping the attribute
                # again gives the very tag back.
                kept = tag[: -2 if tag.endswith(b"/>") else -1].rstrip()
                tag = kept + b" " + _pair(key, value) + tag[len(kept) :]
    return tag


def _pair(key: bytes, value: str | int) -> bytes:
    return key + b'="' + escape(str(value)).encode("ascii", "xmlcharrefreplace") + b'"'


def prefix_of(tag: bytes) -> bytes:
    """``x:`` of ``x:worksheet``, empty where the name has no prefix."""
    head, colon, _ = tag.rpartition(b":")
    return head + colon


def local(tag: bytes) -> str:
    """The name without its prefix."""
    return tag.rpartition(b":")[2].decode("ascii", "replace")


def namespace_prefix(data: bytes, root: Element, uris: tuple[str, ...]) -> str | None:
    """The prefix the root binds to one of the namespaces, None where it binds none."""
    for name, uri in attributes(data, root).items():
        if name.startswith(b"xmlns:") and uri in uris:
            return name[6:].decode()
    return None


def prefixes(data: bytes, uri: str) -> tuple[bytes, ...]:
    """Every prefix that is bound to the namespace anywhere in the part."""
    bound = rb"xmlns:([\w.-]+)\s*=\s*[\"']%b[\"']" % re.escape(uri.encode())
    return tuple(dict.fromkeys(re.findall(bound, data)))
