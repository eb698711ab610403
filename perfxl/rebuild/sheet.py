"""One returned form laid out anew as its template prints it, with the values that were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.locate.index import FormIndex
from perfxl.locate.pairs import INSIDE
from perfxl.model import Bound, Cell, FormBinding, Kind, Range, Scalar
from perfxl.rebuild.face import Face
from perfxl.rebuild.labels import At, Texts, match_texts
from perfxl.rebuild.rows import Line, lines, section_key
from perfxl.rebuild.typed import apart, bounds_of
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
        self.face, self.index, self.form, self.binary = face, index, form, binary
        self.cells = cells
        self.sheet = FormSheet(face, form)
        self.title = self._title_cells()
        taken = {(b.source.row, b.source.col) for b in bounds_of(form) if b.source} | set(
            self.title
        )
        self.headings = self._headings(taken)
        taken |= {(c.row, c.col) for found in self.headings.values() for c in found}
        self.texts: Texts = match_texts(face, index, form, self.cells, taken)

    def made(self) -> FormSheet:
        own = lines(self.face, self.index, self.form, self.texts, self.headings)
        self.lines = self._with_lines_beside(own)
        self.sheet.like = tuple(line.like for line in self.lines)
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

    def _title_cells(self) -> list[At]:
        """The cells that the title was read from: one, or two that follow each other."""
        title = self.form.title
        if title is None or title.source is None:
            return []
        first = title.source
        own = [(first.row, first.col)]
        if title.value.raw != str(first.value):
            after = (at for at in sorted(self.cells) if at > own[0])
            own += [at for at in after if title.value.raw.endswith(str(self.cells[at].value))][:1]
        return own

    def _headings(self, taken: set[At]) -> dict[str, list[Cell]]:
        """The headings between the rows of each group, as the returned form words them."""
        return {
            group.group.name: [
                cell
                for at, cell in sorted(self.cells.items())
                if at not in taken and section_key(group, cell.value)
            ]
            for group in self.index.groups
            if group.section_keys
        }

    def _with_lines_beside(self, own: Sequence[Line]) -> list[Line]:
        """The rows, with the lines above and below that the template does not print."""
        used = {*self.title, *self.texts.came.values(), *self._bound_places()}
        used |= {(cell.row, cell.col) for found in self.headings.values() for cell in found}
        floating = {
            at
            for bound in self.form.fields.values()
            if bound.field.area is None
            for at in ((bound.row, bound.col), bound.label_at)
            if at
        }
        title = max((row for row, _ in self.title), default=0)
        of_form = [row for row, _ in used - floating if row > title]
        first, last = min(of_form, default=title + 1), max(of_form, default=title + 1)
        rows: dict[int, list[Cell]] = {}
        for at, cell in sorted(self.cells.items()):
            outside = at not in used and not first <= at[0] <= last
            if outside or (at in floating and at not in self.title):
                rows.setdefault(at[0], []).append(cell)
        made = {row: Line(0, cells=tuple(cells)) for row, cells in rows.items()}
        begin = self.sheet.titled = self._titled(own)
        above = [line for row, line in made.items() if row <= title]
        under = [line for row, line in made.items() if title < row < first]
        below = [line for row, line in made.items() if row >= first]
        self.sheet.titled += len(above)
        return [*above, *own[:begin], *under, *own[begin:], *below]

    def _titled(self, own: Sequence[Line]) -> int:
        """How many rows there are down to the title."""
        title = self.face.title
        rows = [at for at, line in enumerate(own, 1) if title and line.like == title.area.top]
        return rows[0] if rows else 0

    def _bound_places(self) -> Iterator[At]:
        for bound in bounds_of(self.form):
            if bound.source and bound.field.area is not None:
                yield bound.source.row, bound.source.col

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
                text = self.texts.said.get((top, left))
                came = self.texts.came.get((top, left))
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
        for at in self.title:
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
