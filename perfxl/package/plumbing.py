"""What ties parts together: content types, relationships and the names of new parts."""

from __future__ import annotations

import re

from perfxl.package import xmlread
from perfxl.package.archive import Package, relationships_part
from perfxl.package.elements import Element, local, set_attributes
from perfxl.package.mainpart import CONTENT_TYPES
from perfxl.package.markup import Markup
from perfxl.package.splice import RELATIONSHIPS, RELATIONSHIPS_STRICT
from perfxl.package.xmltext import escape

_NO_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns='
    b'"http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_WORKBOOK = re.compile(r"\.(?:template|addin)\.(?=.*main\+xml$)", re.I)
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s")


class Plumbing:
    """Changes to the ties of one package; ``changes`` gives the parts they touch."""

    def __init__(self, package: Package):
        self._package = package
        self._types: Markup | None = None
        self._new_types: list[str] = []
        self._relationships: dict[str, Markup] = {}
        self._new_links: dict[str, list[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._names = {part.casefold() for part in package.parts}
        self._defaults: dict[str, str] | None = None

    def new_part(self, folder: str, stem: str, suffix: str) -> str:
        """A part name no part has: xl/comments3.xml."""
        number = 1
        while (name := f"{folder}{stem}{number}{suffix}").casefold() in self._names:
            number += 1
        self._names.add(name.casefold())
        return name

    def relate(self, source: str, kind: str, target: str) -> str:
        """A relationship from one part to another; returns its id.

        ``kind`` is the last word of the type, written in the workbook's own flavour.
        """
        ids = self._ids_of(source)
        numbers = (int(i[3:]) for i in ids if re.fullmatch(r"rId[0-9]{1,9}", i))
        number = max(numbers, default=0) + 1
        while (identity := f"rId{number}") in ids:
            number += 1
        ids.add(identity)
        base = RELATIONSHIPS_STRICT if self._package.strict else RELATIONSHIPS
        path = _relative(source, target)
        prefix = self._links_of(source).prefix
        self._new_links.setdefault(source, []).append(
            f'<{prefix}Relationship Id="{identity}" Type="{base}/{kind}" Target="{escape(path)}"/>'
        )
        return identity

    def unrelate(self, source: str, kind: str) -> None:
        """Removes the relationships of that kind, whose ids are free again."""
        links, ids = self._links_of(source), self._ids_of(source)
        for child in links.children():
            given = links.attributes(child)
            if given.get(b"Type", "").rpartition("/")[2] == kind:
                links.replace(child.start, child.end, b"")
                ids.discard(given.get(b"Id", ""))

    def sever(self, source: str, identity: str) -> None:
        """Removes the relationship of that id."""
        links = self._links_of(source)
        for child in links.children():
            if links.attributes(child).get(b"Id") == identity:
                links.replace(child.start, child.end, b"")

    def declare_like(self, part: str, model: str) -> None:
        """The content type of a copy: by its name where that of ``model`` is."""
        types = self._content_types()
        for child in types.children():
            given = types.attributes(child)
            name = given.get(b"PartName", "").replace("\\", "/").lstrip("/")
            if local(child.tag) == "Override" and name.casefold() == model.casefold():
                self.declare(part, given.get(b"ContentType", ""))
                return

    def become_workbook(self, part: str) -> None:
        """Declares the main part of a template or an add-in as that of a workbook, for Excel
        opens neither by the suffix that a copy has."""
        if not _NO_WORKBOOK.search(self._package.content_type(part)):
            return
        types = self._content_types()
        for child in types.children():
            given = types.attributes(child)
            name = given.get(b"PartName", "").replace("\\", "/").lstrip("/")
            kind = _NO_WORKBOOK.sub(".sheet.", given.get(b"ContentType", ""))
            if name.casefold() == part.casefold() and kind != given.get(b"ContentType"):
                tag = set_attributes(types.tag(child), ContentType=kind)
                types.replace(child.start, child.inner, tag)

    def declare(self, part: str, content_type: str) -> None:
        """The content type of one new part."""
        types = self._content_types()
        self._new_types.append(
            f'<{types.prefix}Override PartName="/{escape(part)}" ContentType="{content_type}"/>'
        )

    def declare_suffix(self, part: str, content_type: str) -> None:
        """The content type of a new part by its suffix, or by its name where the suffix means
        something else here."""
        types, suffix = self._content_types(), part.rpartition(".")[2].casefold()
        if self._defaults is None:
            self._defaults = {
                given.get(b"Extension", "").casefold(): given.get(b"ContentType", "").casefold()
                for child in types.children()
                if local(child.tag) == "Default" and (given := types.attributes(child))
            }
        known = self._defaults.setdefault(suffix, "")
        if known and known != content_type.casefold():
            self.declare(part, content_type)
        elif not known:
            self._defaults[suffix] = content_type.casefold()
            element = f'Default Extension="{suffix}" ContentType="{content_type}"/>'
            # Defaults come first by custom, though the schema lets them stand anywhere.
            types.insert(types.root.inner, f"<{types.prefix}{element}")

    def retract(self, part: str) -> None:
        """Removes the content type of a part that is left out."""
        types = self._content_types()
        for child in types.children():
            name = types.attributes(child).get(b"PartName", "").replace("\\", "/").lstrip("/")
            if local(child.tag) == "Override" and name.casefold() == part.casefold():
                types.replace(child.start, child.end, b"")

    def retract_suffix(self, suffix: str, content_type: str) -> None:
        """Removes what ``declare_suffix`` entered, once no part has that suffix any more."""
        types = self._content_types()
        first = next(types.children(), None)
        element = f'<{types.prefix}Default Extension="{suffix}" ContentType="{content_type}"/>'
        if first and types.data[first.start : first.end] == element.encode():
            types.replace(first.start, first.end, b"")

    def changes(self) -> dict[str, bytes | None]:
        """The content types and relationship parts that differ now; None for a relationship
        part in which nothing is left."""
        # What they were before was parsed when the package was opened.
        found: dict[str, bytes | None] = {}
        for source, links in self._relationships.items():
            part = relationships_part(source)
            if source in self._new_links:
                links.append(links.root, "".join(self._new_links[source]))
                # Most packages say it of the suffix, some of each part.
                if not self._package.has(part) and not self._package.content_type(part):
                    self.declare(part, _RELATIONSHIPS_TYPE)
            if links.changed:
                text = links.result(check=False)
                # A part in UTF-16 has a zero beside each letter of the tag.
                found[part] = text if _RELATIONSHIP.search(text.replace(b"\0", b"")) else None
                if found[part] is None:
                    self.retract(part)
        if self._types is not None:
            if self._new_types:
                self._types.append(self._types.root, "".join(self._new_types))
            if self._types.changed:
                found[CONTENT_TYPES] = self._types.result(check=False)
        return found

    def _content_types(self) -> Markup:
        if self._types is None:
            self._types = Markup(read_xml(self._package, CONTENT_TYPES))
        return self._types

    def _links_of(self, source: str) -> Markup:
        if source not in self._relationships:
            part = relationships_part(source)
            raw = read_xml(self._package, part) if self._package.has(part) else None
            self._relationships[source] = Markup(raw or _NO_RELATIONSHIPS)
        return self._relationships[source]

    def _ids_of(self, source: str) -> set[str]:
        if source not in self._ids:
            links = self._links_of(source)
            listed: list[Element] = list(links.children())
            self._ids[source] = {links.attributes(link).get(b"Id", "") for link in listed}
        return self._ids[source]


def _relative(source: str, target: str) -> str:
    """The way from one part to another, as relationships write it: ``../comments1.xml``."""
    here, there = source.split("/")[:-1], target.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def read_xml(package: Package, part: str) -> bytes:
    """The bytes of an XML part; raises UnsafeWorkbook where it has a DTD."""
    raw = package.read(part)
    xmlread.vet(raw, part)
    return raw
