"""A workbook made from another one: some sheets left out, some repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perfxl.package.archive import Package, relationships_part
from perfxl.package.bookcopy import Twin, rewritten
from perfxl.package.mainpart import CONTENT_TYPES
from perfxl.package.partcopy import PartCopies
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.refusal import refuse_unpatchable
from perfxl.package.resheet import as_copy, mentions
from perfxl.package.sheetname import unique_sheet_name
from perfxl.package.stringpool import without_unused
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import SMALLEST, image

_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_PROPERTIES_STRICT = "http://purl.oclc.org/ooxml/officeDocument/extendedProperties"
_EMPTY_RESULT = re.compile(rb"(<c\b[^>]*>)(<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)<v></v>")
HIDDEN_MARK = "_"
"""Begins the names of hidden sheets that are not sent out."""


class Composed(NamedTuple):
    """The new workbook, and by each repeated sheet's name those of all its copies in order,
    itself first."""

    package: Package
    sheets: Mapping[str, tuple[str, ...]]


def compose(package: Package, repeat: Mapping[str, int]) -> Composed:
    """A copy of the workbook without its hidden ``_`` sheets, in memory.

    ``repeat`` says how many times a sheet occurs (at least once). Copies stand right behind
    their sheet, with names, notes and print settings of their own. Strings and parts that only
    left-out sheets use go with them; a hidden sheet that another sheet refers to stays. All
    formulas are to be calculated when the workbook is opened. Raises RefusedEdit, and
    DamagedWorkbook for parts that do not parse.
    """
    refuse_unpatchable(package)
    dropped = _left_out(package)
    plumbing = Plumbing(package)
    copies = PartCopies(package, plumbing)
    kept = [entry for entry in package.sheets if entry.name not in dropped]
    contents, changes = _own_strings(package, kept)
    book_part = package.workbook_part
    twins: dict[str, list[Twin]] = {}
    taken = list(package.workbook.order)
    for entry in kept:
        for _ in range(1, repeat.get(entry.name, 1)):
            name = unique_sheet_name(entry.name, taken, "-{}")
            taken.append(name)
            part = copies.add(entry.part, as_copy(contents[entry.part], entry.name, name))
            link = plumbing.relate(book_part, "worksheet", part)
            twins.setdefault(entry.name, []).append(Twin(name, link))
    changes[book_part] = rewritten(
        read_xml(package, book_part), dropped, twins, strict=package.strict
    )
    changes |= _made_by_perfxl(package)
    gone = [entry for entry in package.sheets if entry.name in dropped]
    changes |= _without_parts(package, gone, plumbing)
    everything = {**changes, **copies.changes, **plumbing.changes()}
    made = image(package, everything, level=SMALLEST)
    sheets = {
        entry.name: (entry.name, *(twin.name for twin in twins.get(entry.name, ())))
        for entry in kept
    }
    return Composed(Package(package.path, b"".join(made)), sheets)


def _left_out(package: Package) -> frozenset[str]:
    """The hidden sheets whose names begin with ``_`` and that nothing else refers to."""
    wanted = {
        entry.name: entry
        for entry in package.sheets
        if entry.state != "visible" and entry.name.startswith(HIDDEN_MARK)
    }
    others = [read_xml(package, e.part) for e in package.sheets if e.name not in wanted]
    used = [
        name.refers_to
        for name in package.workbook.names
        if name.sheet not in wanted and any(name.name.encode() in xml for xml in others)
    ]
    return frozenset(
        sheet
        for sheet in wanted
        if not any(mentions(xml, sheet) for xml in others)
        and not any(mentions(text.encode(), sheet) for text in used)
    )


def _own_strings(
    package: Package, kept: list[SheetEntry]
) -> tuple[dict[str, bytes], dict[str, bytes | None]]:
    """The sheets that stay, with strings of their own; the parts that thereby change."""
    contents = {
        # An empty result says no more than none, and takes room.
        entry.part: _EMPTY_RESULT.sub(_without_result, read_xml(package, entry.part))
        for entry in kept
    }
    strings = package.related(package.workbook_part, "sharedStrings")
    if strings is None:
        return contents, {**contents}
    pool, renumbered = without_unused(read_xml(package, strings), contents)
    contents |= renumbered
    return contents, {strings: pool, **contents}


def _without_result(cell: re.Match[bytes]) -> bytes:
    return cell[1].replace(b' t="str"', b"") + cell[2]


def _made_by_perfxl(package: Package) -> dict[str, bytes | None]:
    """The application's properties anew: the lists of sheets and names in them no longer hold.

    LibreOffice shows the texts that formulas have stored only where Excel or itself made the
    workbook; in any other it works them out.
    """
    part = package.related("", "extended-properties")
    if part is None:
        return {}
    kind = _PROPERTIES_STRICT if package.strict else _PROPERTIES
    return {
        part: (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<Properties xmlns="{kind}"><Application>perfxl</Application></Properties>'
        ).encode()
    }


def _without_parts(
    package: Package, gone: list[SheetEntry], plumbing: Plumbing
) -> dict[str, bytes | None]:
    """Leaves out the sheets, what only they lead to, and the calculation chain."""
    book_part = package.workbook_part
    severed = {entry.relationship_id for entry in gone}
    severed |= {link.id for link in package.relationships(book_part) if link.kind == "calcChain"}
    for identity in sorted(severed):
        plumbing.sever(book_part, identity)
    left = set(_reachable(package, severed))
    changes: dict[str, bytes | None] = {}
    for part in sorted(set(_reachable(package, set())) - left):
        changes[part] = None
        plumbing.retract(part)
        if package.has(relationships_part(part)):
            changes[relationships_part(part)] = None
    return changes


def _reachable(package: Package, severed: set[str]) -> Iterator[str]:
    """Every part that relationships lead to, those of the workbook in ``severed`` ignored."""
    seen = {"", CONTENT_TYPES}
    waiting = [""]
    while waiting:
        source = waiting.pop()
        for link in package.relationships(source):
            if source == package.workbook_part and link.id in severed:
                continue
            if not link.external and link.target_part not in seen and package.has(link.target_part):
                seen.add(link.target_part)
                waiting.append(link.target_part)
                yield link.target_part
