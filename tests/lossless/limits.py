"""What makes Excel offer a repair though the schema allows it: counts, places, lengths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.lossless.parts import TYPES, links
from tests.lossless.spans import Span, spans, utf8

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]*)")
_TYPED = ("main", "worksheet", "styles", "sharedStrings")
_COUNTED = {
    "cellXfs": ("fonts", "fills", "borders", "cellStyleXfs"),
    "cellStyleXfs": ("fonts", "fills", "borders"),
}
_INDEX = {"fonts": "fontId", "fills": "fillId", "borders": "borderId", "cellStyleXfs": "xfId"}
_LONGEST = {"prompt": 255, "error": 255, "promptTitle": 32, "errorTitle": 32, "tooltip": 255}
LONGEST_TEXT, LONGEST_FORMULA, LONGEST_FOOTER, LONGEST_NAME = 32_767, 8_192, 255, 31
MOST_FORMATS = 64_000


def beyond_limits(parts: Mapping[str, bytes]) -> list[str]:
    """What Excel would repair in a package, part by part."""
    book = next(part for _, kind, part in links(parts, "") if kind == "officeDocument")
    book = _spelt(parts, book)
    of_book = {i: (kind, _spelt(parts, part)) for i, kind, part in links(parts, book)}
    tied = {kind: part for kind, part in of_book.values()}
    formats, differences = 0, 0
    said: list[str] = []
    if tied.get("styles") in parts:
        styles = spans(utf8(parts[tied["styles"]]))
        said += _styles(styles)
        formats, differences = _children(styles, "cellXfs"), _children(styles, "dxfs")
    said += _types(parts, {part: kind for kind, part in of_book.values()} | {book: "main"})
    strings = 0
    if tied.get("sharedStrings") in parts:
        top = spans(utf8(parts[tied["sharedStrings"]]))
        strings = sum(one.depth == 1 and one.name == "si" for one in top)
    said += _book(spans(utf8(parts[book])))
    for kind, part in of_book.values():
        if kind in ("worksheet", "dialogsheet") and part in parts:
            data = utf8(parts[part])
            said += [f"{part}: {one}" for one in _sheet(data, formats, strings, differences)]
            for _, of_sheet, target in links(parts, part):
                notes = _spelt(parts, target)
                if of_sheet == "comments" and notes in parts:
                    said += [f"{notes}: {one}" for one in _notes(spans(utf8(parts[notes])))]
    return said


def _types(parts: Mapping[str, bytes], kinds: Mapping[str, str]) -> Iterator[str]:
    """Parts of the workbook whose content type is not the one their relationship promises."""
    declared = {
        one.given["PartName"].lstrip("/").casefold(): one.given["ContentType"]
        for one in spans(utf8(parts[TYPES]))
        if one.name == "Override"
    }
    for part, kind in kinds.items():
        said = declared.get(part.casefold(), "nothing")
        if kind in _TYPED and part in parts and not said.endswith(f"{kind}+xml"):
            yield f"{part} is declared as {said}"


def _spelt(parts: Mapping[str, bytes], part: str) -> str:
    """The part as the package spells it."""
    return next((one for one in parts if one.casefold() == part.casefold()), part)


def _children(found: list[Span], name: str) -> int:
    for at, one in enumerate(found):
        if one.name == name and one.depth == 1:
            inside = (o for o in found[at + 1 :] if o.start < one.end)
            return sum(o.depth == 2 for o in inside)
    return 0


def _styles(found: list[Span]) -> Iterator[str]:
    counts = {name: _children(found, name) for name in ("cellXfs", *_COUNTED["cellXfs"])}
    if counts["cellXfs"] > MOST_FORMATS:
        yield f"{counts['cellXfs']} cell formats"
    owner = ""
    for one in found:
        if one.depth == 1:
            owner = one.name
        elif one.depth == 2 and one.name == "xf":
            for listed in _COUNTED.get(owner, ()):
                index = int(one.given.get(_INDEX[listed], 0))
                if index >= counts[listed] and (index or counts[listed]):
                    yield f"{owner}: {_INDEX[listed]} {index} of {counts[listed]}"


def _book(found: list[Span]) -> Iterator[str]:
    sheets = [one.given["name"] for one in found if one.name == "sheet" and one.depth == 2]
    yield from (f"two sheets {one}" for one in _twice(name.casefold() for name in sheets))
    for name in sheets:
        if len(name) > LONGEST_NAME or re.search(r"[][:*?/\\]|^'|'$|^$", name):
            yield f"a sheet cannot be called {name}"
    names = [one.given for one in found if one.name == "definedName"]
    scoped = ((one.get("localSheetId"), one["name"].casefold()) for one in names)
    yield from (f"two names {one}" for one in _twice(scoped))
    for one in names:
        if int(one.get("localSheetId", 0)) >= len(sheets):
            yield f"name {one['name']} belongs to no sheet"
    shown = [one.given.get("state", "visible") for one in found if one.name == "sheet"]
    if "visible" not in shown:
        yield "no sheet is visible"
    for one in found:
        if one.name == "workbookView" and int(one.given.get("activeTab", 0)) >= len(sheets):
            yield "the active sheet is not there"


def _sheet(data: bytes, formats: int, strings: int, differences: int) -> Iterator[str]:
    row, col, merges, kind = 0, 0, [], ""
    for one in spans(data):
        given = one.given
        if one.depth == 2 and one.name == "row":
            number = int(given.get("r", row + 1))
            if number <= row:
                yield f"row {number} after row {row}"
            row, col = number, 0
        elif one.depth == 3 and one.name == "c":
            own_row, number = _place(given["r"]) if "r" in given else (row, col + 1)
            if own_row != row or number <= col:
                yield f"cell {given.get('r')} after column {col} of row {row}"
            col, kind = number, given.get("t", "n")
            if formats and int(given.get("s", 0)) >= formats:
                yield f"cell {given.get('r')} has format {given['s']} of {formats}"
        elif one.name == "v" and one.depth == 4:
            text = data[one.inner : one.close].decode()
            if kind == "s" and int(text) >= strings:
                yield f"text {text} of {strings}"
            if kind == "n" and text and not _number(text):
                yield f"a number {text}"
        elif one.name == "t" and one.end - one.start > LONGEST_TEXT:
            if len(data[one.inner : one.close].decode()) > LONGEST_TEXT:
                yield "a text too long for a cell"
        elif one.name in ("f", "formula", "formula1", "formula2"):
            if len(data[one.inner : one.close].decode()) > LONGEST_FORMULA:
                yield "a formula too long"
        elif one.name == "mergeCell":
            merges.append(_box(given["ref"]))
        elif one.name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter"):
            if len(data[one.inner : one.close].decode()) > LONGEST_FOOTER:
                yield f"{one.name} too long"
        elif one.name == "cfRule" and int(given.get("dxfId", 0)) >= max(differences, 1):
            yield f"conditional format {given['dxfId']} of {differences}"
        for attribute, most in _LONGEST.items():
            if len(given.get(attribute, "")) > most:
                yield f"{attribute} of {len(given[attribute])} letters"
    yield from (f"merged twice: row {at[0]}, column {at[1]}" for at in _overlaps(merges))


def _overlaps(merges: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    merges = sorted(merges)
    for at, (_, left, bottom, right) in enumerate(merges):
        for other in merges[at + 1 :]:
            if other[0] > bottom:
                break
            if other[1] <= right and other[3] >= left:
                yield other[:2]


def _notes(found: list[Span]) -> Iterator[str]:
    authors = sum(one.name == "author" for one in found)
    notes = [one.given for one in found if one.name == "comment"]
    yield from (f"two notes on {one}" for one in _twice(note["ref"] for note in notes))
    for note in notes:
        number = int(note.get("authorId", 0))
        if number >= max(authors, 1):
            yield f"the note on {note['ref']} has author {number} of {authors}"


def _place(address: str) -> tuple[int, int]:
    found = _AREA.fullmatch(address)
    assert found, address
    col = 0
    for letter in found[1]:
        col = 26 * col + ord(letter) - 64
    return int(found[2]), col


def _box(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    return (*_place(first), *_place(last or first))


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _twice(listed: object) -> list[object]:
    return sorted((one for one, times in Counter(listed).items() if times > 1), key=str)  # type: ignore[call-overload]
