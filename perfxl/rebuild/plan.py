"""What a rebuilt form is made of: its title, its labels, its rows and the lines beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.locate.index import FormIndex
from perfxl.model import Cell, FormBinding
from perfxl.rebuild.face import Face
from perfxl.rebuild.labels import At, Texts, match_texts
from perfxl.rebuild.rows import Line, lines, section_key
from perfxl.rebuild.typed import bounds_of


@dataclass(frozen=True)
class Plan:
    """The ``lines`` of a rebuilt form from the top, of which ``titled`` reach down to the title;
    ``title`` are the cells that it was read from, ``texts`` what the labels say."""

    title: tuple[At, ...]
    texts: Texts
    lines: tuple[Line, ...]
    titled: int


def planned(face: Face, index: FormIndex, form: FormBinding, cells: Mapping[At, Cell]) -> Plan:
    """The plan of a form; ``cells`` are the filled ones of its part of the returned sheet."""
    title = _title_cells(form, cells)
    taken = {(b.source.row, b.source.col) for b in bounds_of(form) if b.source} | set(title)
    headings = _headings(index, cells, taken)
    taken |= {(cell.row, cell.col) for found in headings.values() for cell in found}
    texts = match_texts(face, index, form, cells, taken)
    own = lines(face, index, form, texts, headings)
    printed = {*_printed_places(form), *texts.came.values()}
    printed |= {(cell.row, cell.col) for found in headings.values() for cell in found}
    beside = _beside(form, cells, title, printed)
    begin = _titled(face, own)
    made = (*beside.above, *own[:begin], *beside.under, *own[begin:], *beside.below)
    return Plan(title, texts, made, begin + len(beside.above))


def _title_cells(form: FormBinding, cells: Mapping[At, Cell]) -> tuple[At, ...]:
    """The cells that the title was read from: one, or two that follow each other."""
    title = form.title
    if title is None or title.source is None:
        return ()
    first = title.source
    own = [(first.row, first.col)]
    if title.value.raw != str(first.value):
        after = (at for at in sorted(cells) if at > own[0])
        own += [at for at in after if title.value.raw.endswith(str(cells[at].value))][:1]
    return tuple(own)


def _headings(index: FormIndex, cells: Mapping[At, Cell], taken: set[At]) -> dict[str, list[Cell]]:
    """The headings between the rows of each group, as the returned form words them."""
    return {
        group.group.name: [
            cell
            for at, cell in sorted(cells.items())
            if at not in taken and section_key(group, cell.value)
        ]
        for group in index.groups
        if group.section_keys
    }


def _printed_places(form: FormBinding) -> Iterator[At]:
    """Where values stand that the template prints a place for."""
    for bound in bounds_of(form):
        if bound.source and bound.field.area is not None:
            yield bound.source.row, bound.source.col


def _titled(face: Face, own: Sequence[Line]) -> int:
    """How many rows of the form's own there are down to the title."""
    title = face.title
    rows = [at for at, line in enumerate(own, 1) if title and line.like == title.area.top]
    return rows[0] if rows else 0


@dataclass(frozen=True)
class _Beside:
    """The lines that the template does not print: down to the title, under it, below the rest."""

    above: tuple[Line, ...]
    under: tuple[Line, ...]
    below: tuple[Line, ...]


def _beside(
    form: FormBinding, cells: Mapping[At, Cell], titles: Sequence[At], printed: set[At]
) -> _Beside:
    """The lines beside the form; ``printed`` are the cells that have a place of its own."""
    used = {*titles, *printed}
    floating = {
        at
        for bound in form.fields.values()
        if bound.field.area is None
        for at in ((bound.row, bound.col), bound.label_at)
        if at
    }
    title = max((row for row, _ in titles), default=0)
    of_form = [row for row, _ in used - floating if row > title]
    first, last = min(of_form, default=title + 1), max(of_form, default=title + 1)
    rows: dict[int, list[Cell]] = {}
    for at, cell in sorted(cells.items()):
        outside = at not in used and not first <= at[0] <= last
        if outside or (at in floating and at not in titles):
            rows.setdefault(at[0], []).append(cell)
    made = {row: Line(0, cells=tuple(found)) for row, found in rows.items()}
    return _Beside(
        above=tuple(line for row, line in made.items() if row <= title),
        under=tuple(line for row, line in made.items() if title < row < first),
        below=tuple(line for row, line in made.items() if row >= first),
    )
