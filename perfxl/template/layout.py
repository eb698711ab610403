"""The printed grid of a form: which cells are merged, which hold labels, which are fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfxl.errors import TemplateError
from perfxl.model import Cell, Grid, Range, a1
from perfxl.template.draft import FormDraft

_PLACE = re.compile(r"\{([^{}]+)\}(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LEFT, _UP, _ALIGN_LEFT = "<", "^", "[左]"


@dataclass(frozen=True)
class Box:
    """One printed cell, merged or not: a label, or the place of a field with its default."""

    area: Range
    text: str
    field: str | None
    left: bool
    style: str

    @property
    def value(self) -> float | int | str | None:
        """What the cell holds: a default that looks like a number is one."""
        if self.field and _NUMBER.fullmatch(self.text):
            return float(self.text) if "." in self.text else int(self.text)
        return self.text or None


@dataclass(frozen=True)
class Layout:
    """All printed cells of one form, from the top left on."""

    boxes: tuple[Box, ...]

    @cached_property
    def places(self) -> Mapping[str, tuple[Box, ...]]:
        """The boxes of each field; a column of a row group has one per row."""
        found: dict[str, list[Box]] = {}
        for box in self.boxes:
            if box.field:
                found.setdefault(box.field, []).append(box)
        return {name: tuple(boxes) for name, boxes in found.items()}

    def areas(self, columns: Sequence[str]) -> dict[str, Range]:
        """Where each field is; for the names in ``columns`` from its first row to its last."""
        areas = {}
        for name, boxes in self.places.items():
            first, last = boxes[0].area, boxes[-1].area
            if name in columns:
                areas[name] = Range(first.top, first.left, last.bottom, first.right)
            elif len(boxes) == 1:
                areas[name] = first
            else:
                raise TemplateError(
                    f"{{{name}}} 在版面上出现了 {len(boxes)} 次，只有行组的列可以重复；"
                    "请在栏目表中写成“组.列”，或删去多余的"
                )
        return areas

    def sections(self, columns: Sequence[str], key: str) -> tuple[str, ...]:
        """The headings between the rows of a group and right above its first one.

        Such a row has a text in the column of ``key`` and nothing else in the group's columns.
        """
        lefts = {self.places[name][0].area.left for name in columns if name in self.places}
        rows: dict[int, dict[int, Box]] = {}
        for box in self.boxes:
            if box.area.left in lefts:
                rows.setdefault(box.area.top, {})[box.area.left] = box
        key_left = self.places[key][0].area.left

        def heading(row: int) -> str:
            boxes = rows.get(row, {})
            filled = [box for box in boxes.values() if box.text or box.field]
            alone = len(filled) == 1 and filled[0].area.left == key_left
            return filled[0].text if alone and not filled[0].field else ""

        first, last = self.places[key][0].area.top, self.places[key][-1].area.bottom
        while heading(first - 1):
            first -= 1
        return tuple(text for row in range(first, last + 1) if (text := heading(row)))

    def grid(self, sheet: str) -> Grid:
        """The same cells as a sheet that was read would show them."""
        cells = {
            (box.area.top, box.area.left): Cell(box.area.top, box.area.left, box.value)
            for box in self.boxes
            if box.value is not None
        }
        merges = tuple(box.area for box in self.boxes if box.area[:2] != box.area[2:])
        return Grid(sheet, cells, merges)


def resolve(form: FormDraft) -> Layout:
    """Turn the rows of texts into boxes; TemplateError names the cell that makes no sense."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for r, row in enumerate(form.rows, 1):
        for c, text in enumerate(row.cells, 1):
            owner = (r, c)
            if text in (_LEFT, _UP):
                beside = (r, c - 1) if text == _LEFT else (r - 1, c)
                if beside not in owners:
                    raise TemplateError(
                        f"表 {form.prefix} 版面 {a1(r, c)} 的“{text}”旁边没有可以合并的格"
                    )
                owner = owners[beside]
            owners[r, c] = owner
            spans.setdefault(owner, []).append((r, c))
    return Layout(tuple(_box(form, owner, cells) for owner, cells in spans.items()))


def _box(form: FormDraft, owner: tuple[int, int], cells: Sequence[tuple[int, int]]) -> Box:
    row, col = owner
    area = Range(row, col, max(r for r, _ in cells), max(c for _, c in cells))
    if len(cells) != (area.bottom - row + 1) * (area.right - col + 1):
        raise TemplateError(
            f"表 {form.prefix} 版面 {a1(row, col)} 的合并区不是长方形，请核对 < 和 ^"
        )
    text = form.rows[row - 1].cells[col - 1]
    left = text.startswith(_ALIGN_LEFT)
    text = text.removeprefix(_ALIGN_LEFT)
    place = _PLACE.fullmatch(text)
    name, shown = place.groups() if place else (None, text)
    return Box(area, shown, name, left, form.rows[row - 1].style)


def rows_of(layout: Layout, columns: int, rows: int) -> list[list[str]]:
    """The texts of the grid, the inverse of ``resolve``."""
    texts = [[""] * columns for _ in range(rows)]
    for box in layout.boxes:
        top, left, bottom, right = box.area
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                texts[r - 1][c - 1] = _LEFT if c > left else _UP
        mark = _ALIGN_LEFT if box.left else ""
        place = f"{{{box.field}}}" if box.field else ""
        texts[top - 1][left - 1] = mark + place + box.text
    return texts
