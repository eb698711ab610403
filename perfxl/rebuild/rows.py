"""Which rows a rebuilt form has: those printed that were returned, and as many of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perfxl.locate.index import FormIndex, GroupIndex
from perfxl.locate.labels import label
from perfxl.model import Cell, FormBinding
from perfxl.rebuild.face import Face
from perfxl.rebuild.labels import Texts


class Line(NamedTuple):
    """One row of the rebuilt form.

    ``like`` is the printed row it is like, 0 for a line that the form does not print.
    ``group`` and ``place`` tell which row of a group it holds; ``cells`` are what a heading
    between the rows, or a line beside the form's own, says.
    """

    like: int
    group: str = ""
    place: int = -1
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class _Segment:
    """Rows of a group that are printed one under the other; ``rows`` without headings."""

    first: int
    rows: tuple[int, ...]
    headings: tuple[int, ...]


def lines(
    face: Face,
    index: FormIndex,
    form: FormBinding,
    texts: Texts,
    headings: Mapping[str, Sequence[Cell]],
) -> list[Line]:
    """The rows from the title down; ``headings`` are those found between a group's rows."""
    of_groups: dict[int, list[Line]] = {}
    inside: set[int] = set()
    for group in index.groups:
        name = group.group.name
        segments = _segments(face, group)
        inside.update(row for s in segments for row in (*s.rows, *s.headings))
        for segment, held in zip(segments, _shared_out(form, name, segments), strict=True):
            found = headings.get(name, ()) if segment is segments[0] else ()
            of_groups[segment.first] = list(_group_lines(face, group, form, segment, held, found))
    live = _live_rows(face, form, texts)
    out: list[Line] = []
    for row in range(1, face.rows + 1):
        out += of_groups.get(row, [])
        if row not in inside and row in live:
            out.append(Line(row))
    return out


def section_key(group: GroupIndex, text: object) -> bool:
    """True for a heading that is printed between the rows of a group."""
    keys = label(text).keys if isinstance(text, str) else ()
    return any(key in group.section_keys for key, _ in keys)


def _segments(face: Face, group: GroupIndex) -> list[_Segment]:
    rows = face.group_rows(group.group.name)
    headings = {
        box.area.top
        for box in face.printed
        if section_key(group, box.text) and rows[0] - 3 <= box.area.top <= rows[-1]
    } - set(rows)
    found: list[list[int]] = []
    for row in sorted({*rows, *headings}):
        if found and found[-1][-1] == row - 1:
            found[-1].append(row)
        else:
            found.append([row])
    return [
        _Segment(run[0], tuple(r for r in run if r in rows), tuple(r for r in run if r in headings))
        for run in found
        if any(row in rows for row in run)
    ]


def _shared_out(form: FormBinding, group: str, segments: Sequence[_Segment]) -> list[list[int]]:
    """The places of the rows that go into each segment: a new one with each new heading."""
    held: list[list[int]] = [[] for _ in segments]
    at, before = 0, None
    for place, row in enumerate(form.groups.get(group, ())):
        if place and row.section != before and at + 1 < len(segments):
            at += 1
        held[at].append(place)
        before = row.section
    return held


def _group_lines(
    face: Face,
    group: GroupIndex,
    form: FormBinding,
    segment: _Segment,
    held: Sequence[int],
    headings: Sequence[Cell],
) -> Iterator[Line]:
    """The rows of one segment and the headings between them, as they came."""
    rows = form.groups.get(group.group.name, ())
    items: list[tuple[int, int, Cell | None]] = [(rows[place].row, place, None) for place in held]
    items += [(cell.row, -1, cell) for cell in headings]
    under, used = segment.rows, 0
    for _, place, heading in sorted(items, key=lambda item: item[0]):
        if heading is not None:
            printed = _printed_heading(face, segment, str(heading.value))
            under, used = _rows_under(segment, printed), 0
            yield Line(printed or under[0], group.group.name, cells=(heading,))
        else:
            yield Line(under[min(used, len(under) - 1)], group.group.name, place)
            used += 1


def _printed_heading(face: Face, segment: _Segment, text: str) -> int:
    """The printed row of a heading; 0 where the form prints none like it."""
    keys = {key for key, _ in label(text).keys}
    for row in segment.headings:
        for box in face.in_row[row]:
            if keys.intersection(key for key, _ in label(box.text).keys):
                return row
    return segment.headings[0] if segment.headings else 0


def _rows_under(segment: _Segment, heading: int) -> tuple[int, ...]:
    after = [row for row in segment.headings if row > heading]
    end = after[0] if after else segment.rows[-1] + 1
    return tuple(row for row in segment.rows if heading < row < end) or segment.rows


def _live_rows(face: Face, form: FormBinding, texts: Texts) -> set[int]:
    """The printed rows in which something was found; a row that was left out stays out."""
    live: set[int] = set()
    spanning: list[tuple[int, int]] = []
    for box in face.layout.boxes:
        top, _, bottom, _ = box.area
        came = (top, box.area.left) in texts.came
        bound = box.field in form.fields if box.field else came
        if not bound and box is not face.title:
            continue
        if top == bottom:
            live.add(top)
        elif box.field:
            spanning.append((top, bottom))
    for top, bottom in spanning:
        if live.isdisjoint(range(top, bottom + 1)):
            live.add(top)
    return live
