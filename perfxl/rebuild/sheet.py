"""One returned form laid out anew as its template prints it, with the values that were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.locate.index import FormIndex
from perfxl.locate.pairs import INSIDE
from perfxl.model import Bound, Cell, FormBinding, Kind, Range, Scalar
from perfxl.rebuild.face import Face
from perfxl.rebuild.labels import At
from perfxl.rebuild.plan import planned
from perfxl.rebuild.rows import Line
from perfxl.rebuild.typed import apart
from perfxl.template.draft import NOTE
from perfxl.template.layout import Box


class Written(NamedTuple):
    """One cell of the rebuilt form, merged or not; ``entry`` is False for a label."""

    area: Range
    value: Scalar
    style: str
    left: bool
    entry: bool = False
    number_format: str = "General"


@dataclass
class FormSheet:
    """A rebuilt form: ``like`` are the printed rows that its rows are like, 0 for none.

    ``titled`` counts those down to the title. ``places`` maps cells of the returned form to
    where their content is now, ``fields`` and ``columns`` each field, and each column of each
    row of a group, to its new cell.
    """

    face: Face
    form: FormBinding
    like: tuple[int, ...] = ()
    cells: list[Written] = field(default_factory=list)
    places: dict[At, At] = field(default_factory=dict)
    fields: dict[str, At] = field(default_factory=dict)
    columns: dict[tuple[str, int, str], At] = field(default_factory=dict)
    title: At | None = None
    titled: int = 0


def lay_out(
    face: Face, index: FormIndex, form: FormBinding, cells: Mapping[At, Cell], binary: bool
) -> FormSheet:
    """The form as a sheet; ``cells`` are the filled ones of its part of the returned sheet.

    ``binary`` says that number formats could not be read (.xlsb).
    """
    return _Layer(face, index, form, cells, binary).made()


class _Layer:
    def __init__(
        self,
        face: Face,
        index: FormIndex,
        form: FormBinding,
        cells: Mapping[At, Cell],
        binary: bool,
    ):
        self.face, self.form, self.binary = face, form, binary
        self.plan = planned(face, index, form, cells)
        self.lines = self.plan.lines
        like = tuple(line.like for line in self.lines)
        self.sheet = FormSheet(face, form, like, titled=self.plan.titled)

    def made(self) -> FormSheet:
        for row, line in enumerate(self.lines, 1):
            if not line.like:
                self._put_line(row, line.cells)
        for box in self.face.layout.boxes:
            group = (box.field or "").partition(".")[0]
            if box.field in self.form.form.fields or group not in self.form.form.groups:
                self._put_box(box)
        for name in self.form.form.groups:
            self._put_group(name)
        return self.sheet

    def _put_line(self, row: int, cells: Sequence[Cell]) -> None:
        """The cells of a line side by side, over the whole width."""
        columns, count = self.face.columns, min(len(cells), self.face.columns)
        for place in range(count):
            left, right = place * columns // count + 1, (place + 1) * columns // count
            cell = cells[place]
            self._write(Range(row, left, row, right), cell.value, NOTE, True, cell=cell)
        for name, bound in self.form.fields.items():
            if bound.field.area is None and (bound.row, bound.col) in self.sheet.places:
                self.sheet.fields[name] = self.sheet.places[bound.row, bound.col]

    def _put_box(self, box: Box) -> None:
        """A box of the form's own, over all the rows that came of those it is printed over."""
        top, left, bottom, right = box.area
        for first, last in self._runs(top, bottom):
            area = Range(first, left, last, right)
            line = self.lines[first - 1]
            if line.cells and top == bottom:
                heading = self._key_column(line.group) in range(left, right + 1)
                cell = line.cells[0] if heading else None
                self._write(area, cell.value if cell else None, box.style, box.left, cell=cell)
            elif box == self.face.title:
                self._put_title(area, box)
            elif box.field:
                self._put_field(area, box)
            else:
                text = self.plan.texts.said.get((top, left))
                came = self.plan.texts.came.get((top, left))
                self._write(area, text, box.style, box.left)
                if came:
                    self.sheet.places.setdefault(came, (first, left))

    def _runs(self, top: int, bottom: int) -> list[tuple[int, int]]:
        """The rows of the new form that a box printed in those rows covers, run by run."""
        runs: list[tuple[int, int]] = []
        for row, line in enumerate(self.lines, 1):
            if not top <= line.like <= bottom:
                continue
            joined = runs and runs[-1][1] == row - 1 and top < bottom
            runs[-1:] = [(runs[-1][0], row)] if joined else [*runs[-1:], (row, row)]
        return runs

    def _key_column(self, group: str) -> int:
        key = self.form.form.groups[group].key
        places = self.face.layout.places.get(f"{group}.{key}")
        return places[0].area.left if places else 1

    def _put_title(self, area: Range, box: Box) -> None:
        title = self.form.title
        text = title.value.raw if title else self.form.form.titles[0]
        self._write(area, text, box.style, box.left)
        self.sheet.title = area[:2]
        for at in self.plan.title:
            self.sheet.places[at] = area[:2]

    def _put_field(self, area: Range, box: Box) -> None:
        bound = self.form.fields.get(box.field or "")
        if bound is None:
            self._write(area, None, box.style, box.left, entry=True)
            return
        self._put_value(area, box, bound)
        self.sheet.fields[box.field or ""] = area[:2]

    def _put_group(self, group: str) -> None:
        rows = self.form.groups.get(group, ())
        for column in self.form.form.groups[group].columns:
            boxes = self.face.layout.places.get(f"{group}.{column.name}")
            if not boxes:
                continue
            box, area, before = boxes[0], None, None
            for row, line in enumerate(self.lines, 1):
                if line.group != group or line.place < 0:
                    area = before = None
                    if line.group == group:
                        self._put_heading(row, line, box)
                    continue
                bound = rows[line.place].values.get(column.name)
                here = (bound.row, bound.col) if bound and bound.source else None
                if area is not None and here is not None and here == before:
                    self.sheet.cells.pop()
                    area = area._replace(bottom=row)
                else:
                    area = Range(row, box.area.left, row, box.area.right)
                before = here
                if bound is None:
                    self._write(area, None, box.style, box.left, entry=True)
                else:
                    self._put_value(area, box, bound)
                self.sheet.columns[group, line.place, column.name] = area[:2]

    def _put_heading(self, row: int, line: Line, box: Box) -> None:
        """A column's cell in a heading's row, where the form prints no cell of its own there."""
        if any(b.area.left == box.area.left and not b.field for b in self.face.in_row[line.like]):
            return
        cell = line.cells[0] if self._key_column(line.group) == box.area.left else None
        area = Range(row, box.area.left, row, box.area.right)
        self._write(area, cell.value if cell else None, box.style, box.left, cell=cell)

    def _put_value(self, area: Range, box: Box, bound: Bound) -> None:
        source = bound.source
        if source is None:
            self._write(area, None, box.style, box.left, entry=True)
            if bound.how == INSIDE:
                # An empty value has no cell but its label's; now it has one.
                self.sheet.places[bound.row, bound.col] = area[:2]
            self.sheet.places.setdefault((bound.row, bound.col), area[:2])
            return
        if bound.how == INSIDE:
            value, shown = apart(bound)
        else:
            value, shown = source.value, self._shown(bound, source)
        self._write(area, value, box.style, box.left, entry=True, number_format=shown)
        self.sheet.places[source.row, source.col] = area[:2]
        self.sheet.places.setdefault((bound.row, bound.col), area[:2])

    def _shown(self, bound: Bound, cell: Cell) -> str:
        """The cell's number format; a rate of an .xlsb as per cent with as many digits."""
        rate = self.binary and bound.field.kind is Kind.RATIO and bound.value.numeric
        if rate and cell.number_format == "General" and 2 <= bound.value.decimals <= 6:
            places = bound.value.decimals - 2
            return f"0.{'0' * places}%" if places else "0%"
        return cell.number_format

    def _write(
        self,
        area: Range,
        value: Scalar,
        style: str,
        left: bool,
        *,
        entry: bool = False,
        cell: Cell | None = None,
        number_format: str = "General",
    ) -> None:
        if cell is not None:
            number_format = cell.number_format
            self.sheet.places[cell.row, cell.col] = area[:2]
        self.sheet.cells.append(Written(area, value, style, left, entry, number_format))
