"""What a strict reader would object to in a package."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.lossless.parts import SHEET_ORDER, TYPES, links
from tests.lossless.spans import Span, spans, utf8

_NOTE = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*</(?:\w+:)?Row>\s*<(?:\w+:)?Column>\s*(\d+)\s*</")


def unsound(parts: Mapping[str, bytes]) -> list[str]:
    """What a strict reader would object to in a package."""
    said = []
    for name in parts:
        if name.endswith(".vml"):
            boxes = [f"{row}, {col}" for row, col in _numbers(parts[name])]
            said += [f"{name}: two boxes for the note at {one}" for one in _twice(boxes)]
    names = {plain(name) for name in parts}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            found = spans(utf8(data))
            if name.endswith(".rels"):
                said += _loose(parts, name, found, names)
            elif found[0].name == "worksheet":
                said += _repeated(name, found)
    types = spans(utf8(parts[TYPES]))
    suffixes = [one.given["Extension"].casefold() for one in types if one.name == "Default"]
    declared = [one.given["PartName"].lstrip("/") for one in types if one.name == "Override"]
    said += [f"{TYPES}: {one} twice" for one in _twice(suffixes)]
    said += [f"{TYPES}: {one} twice" for one in _twice([d.casefold() for d in declared])]
    said += [f"{TYPES}: {one} is not there" for one in declared if one.casefold() not in names]
    known = {one.casefold() for one in declared}
    for name in parts:
        spelt = plain(name)
        if spelt in known or spelt == TYPES.casefold() or spelt.endswith("/"):
            continue
        if spelt.rpartition(".")[2] not in suffixes:
            said.append(f"{name} has no content type")
    return said


def _numbers(drawing: bytes) -> list[tuple[int, int]]:
    return [(int(row), int(col)) for row, col in _NOTE.findall(drawing)]


def plain(name: str) -> str:
    """A part name as the standard compares it."""
    return name.casefold()


def _loose(
    parts: Mapping[str, bytes], rels: str, found: list[Span], names: set[str]
) -> Iterator[str]:
    folder, _, name = rels.replace("\\", "/").rpartition("_rels/")
    source = folder + name.removesuffix(".rels")
    listed = [one.given["Id"] for one in found if one.name == "Relationship"]
    yield from (f"{rels}: {one} twice" for one in _twice(listed))
    for identity, _, target in links({rels: parts[rels]}, source):
        if target.casefold() not in names:
            yield f"{rels}: {identity} leads to {target}, which is not there"


def _repeated(name: str, found: list[Span]) -> Iterator[str]:
    top = [one.name for one in found if one.depth == 1 and one.name in SHEET_ORDER]
    often = {"conditionalFormatting"}
    yield from (f"{name}: {one} twice" for one in _twice(top) if one not in often)
    cells = [one.given.get("r", "") for one in found if one.name == "c" and one.depth == 3]
    yield from (f"{name}: cell {one} twice" for one in _twice([c for c in cells if c]))


def _twice(listed: list[str]) -> list[str]:
    return sorted(one for one, times in Counter(listed).items() if times > 1)
