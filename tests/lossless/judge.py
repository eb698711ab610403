"""What a corrected copy has lost or changed, in sentences; an empty list is the only pass."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.lossless.parts import BOOK_ORDER, SHEET_ORDER, TYPES, links, relationships_of
from tests.lossless.sound import plain
from tests.lossless.spans import items, spans, utf8, without

Cells = set[tuple[int, int]]
Marked = Mapping[str, Cells]
"""Sheet name → its marked cells (row, column from 1), merged areas in full."""

_AREA = re.compile(r"([A-Z]+)([0-9]+)")
_SPANS = re.compile(rb'(<(?:\w+:)?row\b[^>]*?)\s+spans="[^"]*"')
_EMPTIED = re.compile(
    rb"(<(?:\w+:)?(?:row|sheetData)\b[^>]*?)\s*(?:/>|></(?:\w+:)?(?:row|sheetData)>)"
)
_NEW_ROW = re.compile(rb'<(?:\w+:)?row r="[0-9]+"/>')
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.S)


def members(path: Path) -> dict[str, bytes]:
    """Every member of the zip, folder entries too."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def as_parts(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """Members by the names of their parts, however the zip spells them."""
    return {name.replace("\\", "/").lstrip("/"): content for name, content in found.items()}


def place(address: str) -> tuple[int, int]:
    """Row and column of an address such as K4."""
    found = _AREA.fullmatch(address)
    assert found, address
    col = 0
    for letter in found[1]:
        col = 26 * col + ord(letter) - 64
    return int(found[2]), col


def area(reference: str) -> Cells:
    """The cells of a range."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}


class Comparison:
    """The parts of a workbook and of its marked copy, part by part."""

    def __init__(self, before: Mapping[str, bytes], after: Mapping[str, bytes], marked: Marked):
        self.before, self.after = before, after
        self.marked = marked
        self.faults: list[str] = []
        self.book = next(
            (part for _, kind, part in links(before, "") if kind == "officeDocument"),
            "xl/workbook.xml",
        )

    def judge(self, *, recalculated: bool = True) -> list[str]:
        """Everything that is not as it was and had no need to change."""
        book_links = {i: (kind, part) for i, kind, part in self._links(self.book)}
        may_go = {part for kind, part in book_links.values() if kind == "calcChain"}
        touched = {self._name(self.book), self._name(relationships_of(self.book)), TYPES}
        touched |= {self._name(part) for kind, part in book_links.values() if kind == "styles"}
        for name, cells in self.marked.items():
            sheet = self._name(self._sheet_part(name, book_links))
            touched |= {sheet, self._name(relationships_of(sheet))}
            boxes = _boxes(utf8(self.before[sheet]))
            tied = set()
            for identity, kind, part in self._links(sheet):
                if self._name(part) not in self.before:
                    continue
                tied.add(identity)
                if kind == "comments":
                    touched.add(self._name(part))
                    self._compare_comments(self._name(part), cells)
                elif kind == "vmlDrawing" and identity == boxes:
                    touched.add(self._name(part))
                    self._compare_drawing(self._name(part), cells)
            self._compare_sheet(sheet, cells, boxes in tied)
        for part, content in self.before.items():
            if part not in self.after:
                if part not in may_go or not recalculated:
                    self.faults.append(f"{part} is gone")
            elif part not in touched and self.after[part] != content:
                self.faults.append(f"{part} differs")
        for part in touched & set(self.before):
            if part.endswith((".rels", ".xml")) and "comments" not in part.casefold():
                self._compare_lists(part, may_go)
        return self.faults

    def unnoted(self, noted: Marked) -> list[str]:
        """The cells on which a note should stand and does not, by the name of the sheet."""
        said = []
        book_links = {i: (kind, part) for i, kind, part in self._links(self.book)}
        for name, cells in noted.items():
            sheet = self._name(self._sheet_part(name, book_links))
            there: Cells = set()
            for _, kind, part in links(self.after, sheet):
                if kind == "comments":
                    spelt = {plain(one): one for one in self.after}[plain(part)]
                    there |= {place(one) for one in _notes(utf8(self.after[spelt]))}
            if cells - there:
                said.append(f"no note on {name} {sorted(cells - there)}")
        return said

    def _links(self, source: str) -> Iterator[tuple[str, str, str]]:
        return links(self.before, source)

    def _name(self, part: str) -> str:
        """The part as the zip spells it."""
        known = {plain(one): one for one in self.before}
        return known.get(part.casefold(), part)

    def _sheet_part(self, name: str, book_links: Mapping[str, tuple[str, str]]) -> str:
        for one in spans(utf8(self.before[self._name(self.book)])):
            if one.name == "sheet" and one.given.get("name") == name:
                identity = next(v for k, v in one.given.items() if k.endswith(":id"))
                return book_links[identity][1]
        raise AssertionError(name)

    def _compare_sheet(self, part: str, cells: Cells, has_boxes: bool) -> None:
        was, now = (utf8(one[part]) for one in (self.before, self.after))
        order = [one.name for one in spans(now) if one.depth == 1 and one.name in SHEET_ORDER]
        if order != sorted(order, key=SHEET_ORDER.index):
            self.faults.append(f"{part}: children out of order: {order}")
        # A drawing that leads nowhere is replaced.
        for kept in ("hyperlink", *(["legacyDrawing"] * has_boxes)):
            old, new = _named(was, kept), _named(now, kept)
            if old != new[: len(old)]:
                self.faults.append(f"{part}: lost or moved a {kept}")
        was, now = _rest(was, cells), _rest(now, cells)
        if was != now:
            self.faults.append(f"{part}: {_difference(was, now)}")

    def _compare_comments(self, part: str, cells: Cells) -> None:
        was, now = (_notes(utf8(one[part])) for one in (self.before, self.after))
        for reference, (element, text) in was.items():
            if reference not in now:
                self.faults.append(f"{part}: the note at {reference} is gone")
            elif place(reference) in cells:
                if not now[reference][1].startswith(text):
                    self.faults.append(f"{part}: the note at {reference} lost its text")
            elif now[reference][0] != element:
                self.faults.append(f"{part}: the note at {reference} differs")

    def _compare_drawing(self, part: str, cells: Cells) -> None:
        now = utf8(self.after[part])
        for shape in _SHAPE.findall(utf8(self.before[part])):
            row, col = (
                re.search(rb"<x:%s>\s*([0-9]+)\s*<" % n, shape) for n in (b"Row", b"Column")
            )
            own = row and col and (int(row[1]) + 1, int(col[1]) + 1) in cells
            if not own and shape not in now:
                self.faults.append(f"{part}: a shape is gone or differs")

    def _compare_lists(self, part: str, may_go: set[str]) -> None:
        """Of the lists that grow, what was there is there still, in the same order."""
        was, now = (utf8(one[part]) for one in (self.before, self.after))
        root = spans(was)[0].name
        if root not in ("Types", "Relationships", "workbook", "styleSheet"):
            return
        deep = 1 if root in ("Types", "Relationships") else 2
        left = iter(items(now, deep))
        gone = [name.rpartition("/")[2].encode() for name in may_go]
        for item in items(was, deep):
            if not any(name in item for name in gone) and not any(item == one for one in left):
                self.faults.append(f"{part}: lost or moved {item[:120]!r}")
                return
        if root == "workbook":
            order = [one.name for one in spans(now) if one.depth == 1 and one.name in BOOK_ORDER]
            if order != sorted(order, key=BOOK_ORDER.index):
                self.faults.append(f"{part}: children out of order: {order}")
            kept = [_shell(was, "calcPr"), _shell(now, "calcPr")]
            if kept[0] != kept[1]:
                self.faults.append(f"{part}: {_difference(*kept)}")


def _shell(data: bytes, name: str) -> bytes:
    """The children of the root but the calculation's settings and the lists that grow."""
    cut = [
        (one.start, one.end)
        for one in spans(data)
        if one.depth == 1 and one.name in (name, "sheets", "definedNames")
    ]
    return without(data, cut)


def _named(data: bytes, name: str) -> list[bytes]:
    """The opening tags of all elements of that name."""
    return [data[one.start : one.inner] for one in spans(data) if one.name == name]


def _boxes(sheet: bytes) -> str | None:
    """The relationship of the drawing that holds the boxes of notes."""
    for one in spans(sheet):
        if one.depth == 1 and one.name == "legacyDrawing":
            return next(value for key, value in one.given.items() if key.endswith(":id"))
    return None


def _rest(sheet: bytes, cells: Cells) -> bytes:
    """The sheet without the marked cells and what marks must touch."""
    cut: list[tuple[int, int]] = []
    row = col = 0
    for one in spans(sheet):
        if one.depth == 1 and one.name in ("dimension", "hyperlinks", "legacyDrawing"):
            cut.append((one.start, one.end))
        elif one.depth == 2 and one.name == "row":
            row, col = int(one.given.get("r", row + 1)), 0
        elif one.depth == 3 and one.name == "c":
            given = one.given.get("r")
            col = place(given)[1] if given else col + 1
            if (row, col) in cells:
                cut.append((one.start, one.end))
    rest = _EMPTIED.sub(rb"\1/>", _SPANS.sub(rb"\1", without(sheet, cut)))
    return _EMPTIED.sub(rb"\1/>", _NEW_ROW.sub(b"", rest))


def _notes(data: bytes) -> dict[str, tuple[bytes, str]]:
    """Address → the whole element, and its text without the phonetic hints."""
    found, inside, text, hint = {}, None, "", 0
    for one in spans(data):
        if one.name == "comment":
            inside, text = one, ""
            found[one.given["ref"]] = (data[one.start : one.end], text)
        elif one.name == "rPh":
            hint = one.end
        elif one.name == "t" and inside is not None and one.start >= hint:
            text += data[one.inner : one.close].decode()
            found[inside.given["ref"]] = (data[inside.start : inside.end], text)
    return found


def _difference(was: bytes, now: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
    at = min(len(was), len(now)) if at is None else at
    first = max(0, at - 60)
    return f"{was[first : at + 120]!r} became {now[first : at + 120]!r}"
