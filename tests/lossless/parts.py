"""The parts of a package in hand: a feature is added the way its own program stores it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from tests.lossless.spans import spans, utf8

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
BOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


class Parts(dict[str, bytes]):
    """Part name → bytes, in the order of the zip."""

    @classmethod
    def of(cls, source: Path | bytes) -> Parts:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as found:
            return cls({name: found.read(name) for name in found.namelist()})

    def write(self, path: Path, method: int = zipfile.ZIP_DEFLATED) -> None:
        with zipfile.ZipFile(path, "w", method) as made:
            for name, content in self.items():
                made.writestr(zipfile.ZipInfo(name), content, method)

    def add(self, name: str, content: str | bytes, kind: str | None = None) -> str:
        """A new part; ``kind`` is its content type where its suffix does not tell."""
        assert name not in self
        self[name] = content.encode() if isinstance(content, str) else content
        if kind:
            self.append(TYPES, f'<Override PartName="/{name}" ContentType="{kind}"/>')
        return name

    def suffix(self, suffix: str, kind: str) -> None:
        """The content type of a suffix."""
        if f'Extension="{suffix}"'.encode() not in self[TYPES]:
            element = f'<Default Extension="{suffix}" ContentType="{kind}"/>'
            self.sub(TYPES, r"(<Types[^>]*>)", rf"\1{element}")

    def relate(self, source: str, kind: str, target: str, mode: str | None = None) -> str:
        """A relationship from ``source`` ("": the package); ``kind`` may be a whole URI.

        ``target`` is a part name, or an address where ``mode`` is given. Returns the id.
        """
        rels = relationships_of(source)
        if rels not in self:
            self[rels] = f'{HEAD}<Relationships xmlns="{LINKS}"></Relationships>'.encode()
        used = re.findall(rb"Id=[\"']rId(\d+)", self[rels])
        number = max(map(int, used), default=0) + 1
        uri = kind if "/" in kind else f"{OFFICE}/{kind}"
        if mode is None:
            target = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(source)}")
        outside = f' TargetMode="{mode}"' if mode else ""
        self.append(
            rels, f'<Relationship Id="rId{number}" Type="{uri}" Target="{target}"{outside}/>'
        )
        return f"rId{number}"

    def attach(
        self, source: str, kind: str, name: str, content: str | bytes, type_: str | None = None
    ) -> str:
        """A new part and the relationship that leads to it; returns the relationship's id."""
        return self.relate(source, kind, self.add(name, content, type_))

    def append(self, name: str, element: str) -> None:
        """Adds at the end of a part's root element."""
        data = self[name]
        at = data.rindex(b"</")
        self[name] = data[:at] + element.encode() + data[at:]

    def insert(self, name: str, element: str, like: str | None = None) -> None:
        """Adds a child to a worksheet or the workbook where the schema wants it.

        ``like`` names the child whose place it takes, where the element itself does not tell.
        """
        order = BOOK_ORDER if name == BOOK else SHEET_ORDER
        found = re.match(r"<(?:\w+:)?(\w+)", element)
        rank = order.index(like or (found[1] if found else ""))
        data = self[name]
        top = [one for one in spans(data) if one.depth == 1]
        after = [one.start for one in top if one.name in order and order.index(one.name) > rank]
        at = min(after, default=data.rindex(b"</"))
        self[name] = data[:at] + element.encode() + data[at:]

    def sub(self, name: str, pattern: str, to: str, count: int = 1) -> None:
        """Replaces what the pattern finds, which must be there."""
        text = self[name].decode()
        changed, times = re.subn(pattern, to, text, count=count, flags=re.S)
        assert times, f"{name}: nothing like {pattern}"
        self[name] = changed.encode()

    def declare(self, name: str, **namespaces: str) -> None:
        """Binds prefixes on a part's root element."""
        bound = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in namespaces.items())
        self.sub(name, r"(<\w[\w:]*)(\s+xmlns[=:])", rf"\1{bound}\2")

    def ignorable(self, name: str, **namespaces: str) -> None:
        """Binds prefixes that a reader may ignore, as Excel writes them."""
        compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        self.declare(name, mc=compatible, **namespaces)
        listed = " ".join(namespaces)
        self.sub(name, r"(<\w[\w:]*\s[^>]*?)>", rf'\1 mc:Ignorable="{listed}">')


def relationships_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def links(parts: Mapping[str, bytes], source: str) -> Iterator[tuple[str, str, str]]:
    """The internal relationships of a part: id, last word of the type, part name."""
    rels = relationships_of(source)
    if rels not in parts:
        return
    for one in spans(utf8(parts[rels])):
        if one.name == "Relationship" and one.given.get("TargetMode") != "External":
            target = unquote(one.given["Target"].partition("#")[0].replace("\\", "/"))
            path = posixpath.join("/", posixpath.dirname(source), target)
            yield (
                one.given["Id"],
                one.given["Type"].rpartition("/")[2],
                posixpath.normpath(path).lstrip("/"),
            )
