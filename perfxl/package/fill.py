"""Values put into the cells of a workbook, many times over with different values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from perfxl.model import Scalar
from perfxl.package.archive import Package
from perfxl.package.cells import CachedResult, CellEdit, Number, Text
from perfxl.package.plumbing import read_xml
from perfxl.package.splice import Sheet
from perfxl.package.stylesheet import Stylesheet
from perfxl.package.xmltext import escape
from perfxl.package.zipwrite import SMALLEST, image
from perfxl.writing import write_whole

Values = Mapping[tuple[int, int], float | str]
Results = Mapping[tuple[int, int], Scalar]


class Filler:
    """One workbook, to be written with different values in its cells.

    Values are plain: text never becomes a formula. Looks, heights and merges stay.
    """

    def __init__(self, package: Package):
        self.package = package
        self._entries = {entry.name: entry for entry in package.sheets}

    @cached_property
    def _styles(self) -> Stylesheet:
        part = self.package.related(self.package.workbook_part, "styles")
        raw = read_xml(self.package, part) if part else None
        return Stylesheet(raw, strict=self.package.strict)

    def save(
        self,
        target: str | os.PathLike[str],
        values: Mapping[str, Values],
        results: Mapping[str, Results],
        title: str = "",
        subject: str = "",
    ) -> None:
        """Write the workbook with values and refreshed results of formulas, by sheet.

        ``title`` and ``subject`` become document properties. Raises UnwritableTarget.
        """
        changes = self._changes(values, results)
        core = self.package.related("", "core-properties")
        if core and (title or subject):
            changes[core] = _properties(title, subject)
        write_whole(target, image(self.package, changes, level=SMALLEST))

    def settled(self, results: Mapping[str, Results]) -> Package:
        """The workbook with these results of its formulas, in memory."""
        changes = self._changes({}, results)
        return Package(self.package.path, b"".join(image(self.package, changes, level=SMALLEST)))

    def _changes(
        self, values: Mapping[str, Values], results: Mapping[str, Results]
    ) -> dict[str, bytes | None]:
        changes: dict[str, bytes | None] = {}
        for sheet in dict.fromkeys([*values, *results]):
            edits = {
                # An empty result says no more than none, and takes room.
                at: CellEdit(change=CachedResult(None if value == "" else value))
                for at, value in results.get(sheet, {}).items()
            }
            for at, value in values.get(sheet, {}).items():
                edits[at] = CellEdit(change=_change(value))
            part = self._entries[sheet].part
            opened = Sheet(read_xml(self.package, part))
            opened.apply(edits, self._styles)
            changes[part] = opened.markup.result()
        return changes


def _change(value: float | str) -> Number | Text:
    return Text(value) if isinstance(value, str) else Number(float(value))


def _properties(title: str, subject: str) -> bytes:
    """Document properties without dates or persons, so that the same input gives the same
    bytes."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject>"
        "<dc:creator>perfxl</dc:creator></cp:coreProperties>"
    ).encode()
