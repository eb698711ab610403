"""A workbook made from another one: some sheets left out, some repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perfxl.package.archive import Package, relationships_part
from perfxl.package.bookcopy import Twin, rewritten
from perfxl.package.lean import lean
from perfxl.package.mainpart import CONTENT_TYPES
from perfxl.package.partcopy import PartCopies
from perfxl.package.plumbing import Plumbing, read_xml
from perfxl.package.refusal import refuse_unpatchable
from perfxl.package.resheet import as_copy, mentions
from perfxl.package.sheetname import unique_sheet_name
from perfxl.package.stringpool import without_unused
from perfxl.package.workbook import SheetEntry
from perfxl.package.zipwrite import SMALLEST, image

_OF_THEME = re.compile(rb"[ :<](?:theme=|scheme )")
_OF_APPLICATION = {"extended-properties", "extendedProperties"}
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
    contents = {entry.part: lean(read_xml(package, entry.part)) for entry in kept}
    strings = package.related(package.workbook_part, "sharedStrings")
    if strings is None:
        return contents, {**contents}
    pool, renumbered = without_unused(read_xml(package, strings), contents)
    contents |= renumbered
    return contents, {strings: pool, **contents}


def _without_parts(
    package: Package, gone: list[SheetEntry], plumbing: Plumbing
) -> dict[str, bytes | None]:
    """Leaves out the sheets, what only they lead to, the calculation chain, a theme that
    nothing looks at, and what the application says of itself and of sheets.

    LibreOffice shows the texts that formulas have stored only where Excel or itself made the
    workbook; in any other it works them out.
    """
    book_part = package.workbook_part
    unused = {"calcChain"} if _uses_theme(package) else {"calcChain", "theme"}
    severed = {(book_part, entry.relationship_id) for entry in gone}
    severed |= {
        (source, link.id)
        for source, kinds in ((book_part, unused), ("", _OF_APPLICATION))
        for link in package.relationships(source)
        if link.kind in kinds
    }
    for source, identity in sorted(severed):
        plumbing.sever(source, identity)
    left = set(_reachable(package, severed))
    changes: dict[str, bytes | None] = {}
    for part in sorted(set(_reachable(package, set())) - left):
        changes[part] = None
        plumbing.retract(part)
        if package.has(relationships_part(part)):
            changes[relationships_part(part)] = None
    return changes


def _uses_theme(package: Package) -> bool:
    """Whether a colour or a font of cells or texts is the theme's; drawings rest on one."""
    parts = ["", *_reachable(package, set())]
    if any(link.kind == "drawing" for part in parts for link in package.relationships(part)):
        return True
    return any(_OF_THEME.search(package.read(part)) for part in parts[1:])


def _reachable(package: Package, severed: set[tuple[str, str]]) -> Iterator[str]:
    """Every part that relationships lead to, those in ``severed`` (source, id) ignored."""
    seen = {"", CONTENT_TYPES}
    waiting = [""]
    while waiting:
        source = waiting.pop()
        for link in package.relationships(source):
            if (source, link.id) in severed:
                continue
            if not link.external and link.target_part not in seen and package.has(link.target_part):
                seen.add(link.target_part)
                waiting.append(link.target_part)
                yield link.target_part
