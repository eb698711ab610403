"""The printed face of a template's forms: rows, merges, widths, paper."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from perfxl.template import find
from perfxl.template.draft import NOTE, TITLE, FormDraft
from perfxl.template.dump import dump
from perfxl.template.layout import Box, Layout, resolve
from perfxl.template.text import parse


class Face:
    """One form as the notice prints it; rows and columns count from 1."""

    def __init__(self, draft: FormDraft):
        self.draft = draft
        self.layout: Layout = resolve(draft)

    @property
    def columns(self) -> int:
        return len(self.draft.rows[0].cells)

    @property
    def rows(self) -> int:
        return len(self.draft.rows)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The width of each column, in digits."""
        return tuple(float(width) for width in self.draft.facts["列宽"].split())

    def height(self, row: int) -> float:
        return self.draft.rows[row - 1].height

    def style(self, row: int) -> str:
        return self.draft.rows[row - 1].style

    def is_note(self, row: int) -> bool:
        return self.style(row) == NOTE

    @cached_property
    def printed(self) -> tuple[Box, ...]:
        """The boxes with a text of the form's own, the title's left out."""
        return tuple(
            box for box in self.layout.boxes if not box.field and box.text and box != self.title
        )

    @cached_property
    def title(self) -> Box | None:
        of_title = (box for box in self.layout.boxes if box.style == TITLE and box.text)
        return next(of_title, None)

    @cached_property
    def in_row(self) -> Mapping[int, tuple[Box, ...]]:
        """The boxes of each row, those that reach into it from above too."""
        found: dict[int, list[Box]] = {row: [] for row in range(1, self.rows + 1)}
        for box in self.layout.boxes:
            for row in range(box.area.top, box.area.bottom + 1):
                found[row].append(box)
        return {row: tuple(boxes) for row, boxes in found.items()}

    def group_rows(self, group: str) -> tuple[int, ...]:
        """The rows that a row group is printed in, headings between them left out."""
        columns = [name for name in self.layout.places if name.startswith(f"{group}.")]
        boxes = [box for name in columns for box in self.layout.places[name]]
        return tuple(sorted({box.area.top for box in boxes}))


class _Stamp(NamedTuple):
    path: Path
    changed: int


def faces(template: str | os.PathLike[str]) -> Mapping[str, Face]:
    """The faces of a template's forms by their prefix; ``template`` is an id or a path.

    Raises UnknownTemplate, TemplateError, and what reading the workbook raises.
    """
    path = find(template)
    return _faces(_Stamp(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _faces(stamp: _Stamp) -> Mapping[str, Face]:
    return {form.prefix: Face(form) for form in parse(dump(stamp.path)).forms}
