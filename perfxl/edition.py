"""Whether a returned workbook was made from the template it is checked against."""

from __future__ import annotations

from perfxl.codes import CODES
from perfxl.model import Book, Finding, Level, Template
from perfxl.template import PROPERTIES

_SHOWN = 40
"""Longer than any id, year or version; a property may hold anything."""


def edition_finding(book: Book, template: Template) -> Finding | None:
    """F012 where the workbook says that it was made from a template of another id or year,
    F011 where only its version is another; both name the two.

    None where they are the same, and for a workbook that does not say where it comes from.
    """
    id_, year, version = (book.properties.get(name, "")[:_SHOWN] for name in PROPERTIES)
    if not id_:
        return None
    own = (template.id, str(template.year), template.version)
    same = id_ == own[0] and year in ("", own[1])
    if same and version in ("", own[2]):
        return None
    entry = CODES["F011" if same else "F012"]
    made, checked = _words(id_, year, version), _words(*own)
    return Finding(
        code=entry.code,
        level=Level(entry.level),
        message=entry.message.format(made=made, template=checked),
        advice=entry.advice,
        basis=entry.basis,
        stated=made,
        expected=checked,
        name=entry.title,
    )


def _words(id_: str, year: str, version: str) -> str:
    """``hunan-2024（2024 年度，版本 1.0.0）``"""
    parts = (f"{year} 年度" if year else "", f"版本 {version}" if version else "")
    said = "，".join(filter(None, parts))
    return f"{id_}（{said}）" if said else id_
