"""The workbook part of a copy with sheets left out and sheets repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.package.bookpart import BookPart
from perfxl.package.elements import Element, set_attributes
from perfxl.package.markup import Markup
from perfxl.package.resheet import carried, mentions


class Twin(NamedTuple):
    """A copy of a sheet: its name, and its relationship in the workbook part."""

    name: str
    relationship: str


def rewritten(
    raw: bytes, dropped: frozenset[str], twins: Mapping[str, Sequence[Twin]], *, strict: bool
) -> bytes:
    """The part without the dropped sheets and their names, each sheet followed by its twins.

    Twins get the sheet's own names, pointing at themselves. Positions that names and views
    refer to are moved along. Excel is asked to calculate everything when it opens the book.
    """
    markup = Markup(raw)
    section = markup.child("sheets")
    listed = list(markup.children(section)) if section else []
    names = [markup.attributes(sheet).get(b"name", "") for sheet in listed]
    order: list[str] = []
    for name in names:
        if name not in dropped:
            order += [name, *(twin.name for twin in twins.get(name, ()))]
    places = {name: place for place, name in enumerate(order)}
    _list_sheets(markup, listed, names, dropped, twins)
    _rename(markup, names, places, dropped, twins)
    _turn_views(markup, names, places)
    book = BookPart(markup.result(), strict=strict)
    book.recalculate()
    return book.result()


def _list_sheets(
    markup: Markup,
    listed: Sequence[Element],
    names: Sequence[str],
    dropped: frozenset[str],
    twins: Mapping[str, Sequence[Twin]],
) -> None:
    ids = [markup.attributes(sheet).get(b"sheetId", "") for sheet in listed]
    number = max((int(each) for each in ids if each.isdecimal()), default=0)
    for sheet, name in zip(listed, names, strict=True):
        if name in dropped:
            markup.replace(sheet.start, sheet.end, b"")
            continue
        key = next((k for k in markup.attributes(sheet) if k.rpartition(b":")[2] == b"id"), b"r:id")
        added = b""
        for twin in twins.get(name, ()):
            number += 1
            tag = markup.data[sheet.start : sheet.end]
            tag = set_attributes(tag, name=twin.name, sheetId=number)
            added += set_attributes(tag, **{key.decode(): twin.relationship})
        if added:
            markup.insert(sheet.end, added)


def _rename(
    markup: Markup,
    names: Sequence[str],
    places: Mapping[str, int],
    dropped: frozenset[str],
    twins: Mapping[str, Sequence[Twin]],
) -> None:
    section = markup.child("definedNames")
    if section is None:
        return
    kept = 0
    for defined in markup.children(section):
        local = markup.attributes(defined).get(b"localSheetId", "")
        whole = markup.data[defined.start : defined.end]
        owner = names[int(local)] if local.isdecimal() and int(local) < len(names) else None
        if owner in dropped or any(mentions(whole, sheet) for sheet in dropped):
            markup.replace(defined.start, defined.end, b"")
            continue
        kept += 1
        if owner is None:
            continue
        tag = markup.tag(defined)
        rest = markup.data[defined.inner : defined.end]
        moved = set_attributes(tag, localSheetId=places[owner])
        if moved != tag:
            markup.replace(defined.start, defined.inner, moved)
        # Sorted by name, as Excel does it; and what is alike packs better side by side.
        added = b"".join(
            set_attributes(tag, localSheetId=places[twin.name]) + carried(rest, owner, twin.name)
            for twin in twins.get(owner, ())
        )
        if added:
            markup.insert(defined.end, added)
    if not kept:
        markup.replace(section.start, section.end, b"")


def _turn_views(markup: Markup, names: Sequence[str], places: Mapping[str, int]) -> None:
    """Let each window open on the sheet it was left at, if that is still there."""
    views = markup.child("bookViews")
    for view in markup.children(views) if views else ():
        given = markup.attributes(view)
        tag = markup.tag(view)
        for key in ("activeTab", "firstSheet"):
            old = given.get(key.encode(), "")
            if old.isdecimal() and int(old) < len(names):
                tag = set_attributes(tag, **{key: places.get(names[int(old)], 0)})
        if tag != markup.tag(view):
            markup.replace(view.start, view.inner, tag)
