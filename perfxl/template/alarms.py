"""Which cells of a form turn red: those that a broken rule is about, and words for numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfxl.model import Field, Form, Kind, Level, Range, Role, RowGroup, Template, a1
from perfxl.template.live import BROKEN, LiveRule, plan
from perfxl.template.names import field_of, resolve
from perfxl.template.selfblock import state_cell
from perfxl.template.selfcheck import STATES
from perfxl.template.selflist import listed

FILL, FONT = "#FFC7CE", "#9C0006"
"""Light red, and the dark red of the text on it."""
_WEIGHTY = (Level.ERROR, Level.WARNING)
_COMPUTED = Role.COMPUTED
_WORDS = (Kind.TEXT, Kind.MEASURE, Kind.DATE)


class Alarm(NamedTuple):
    """A conditional format: the cells, and when they are red, without ``=``."""

    area: Range
    formula: str


def alarms(template: Template, form: Form, first_row: int | None = None) -> tuple[Alarm, ...]:
    """The conditional formats of a form, one for each field that a live rule is about.

    Only rules that must hold or be explained count, not hints. ``first_row`` (from 0) is
    where 本表自查 begins, for a form that may be copied. A format of a row group reaches one
    row below it, so that it grows with a row that is inserted there.
    """
    areas: dict[tuple[Range, RowGroup | None], list[str]] = {}
    rules = listed(template, form if form.repeatable else None)
    for place, instance in enumerate(rules):
        rule = plan(template).live(instance)
        if rule is None or instance.rule.level not in _WEIGHTY:
            continue
        found = _area(template, form, rule)
        if found is None:
            continue
        if form.repeatable:
            assert first_row is not None, "a form that may be copied has its rules below it"
            state = state_cell(template, first_row, place)
        else:
            state = f"INDEX({STATES},{place + 1})"
        areas.setdefault(found, []).append(state)
    return tuple(
        Alarm(area, _formula(form, group, states)) for (area, group), states in areas.items()
    )


def misfits(form: Form) -> tuple[Alarm, ...]:
    """The conditional formats of the inputs: red where a number belongs and none stands, and
    where any holds an error.

    What is pasted passes by the validation; sums leave a text out without a word, and rules
    wait for an error to go.
    """
    numbers = _side_by_side(_stacked(_cells(form, numeric=True)))
    others = _side_by_side(_stacked(_cells(form, numeric=False)))
    return (
        *(Alarm(area, f'IFERROR(TRIM(T({_first(area)}))<>"",TRUE)') for area in numbers),
        *(Alarm(area, f"ISERROR({_first(area)})") for area in others),
    )


def _first(area: Range) -> str:
    return a1(area.top, area.left)


def _cells(form: Form, *, numeric: bool) -> set[Range]:
    """The cells of the inputs that take numbers, or of the others."""
    fields = [field for field in form.fields.values() if field.area and field.role is not _COMPUTED]
    areas = {field.area for field in fields if field.area and _number(field) is numeric}
    for group in form.groups.values():
        for column in group.columns:
            wanted = column.role is not _COMPUTED and _number(column) is numeric
            if column.area and wanted:
                areas |= set(_free_cells(form, group, column.area))
    return areas


def _free_cells(form: Form, group: RowGroup, column: Range) -> Iterator[Range]:
    """The cells of a column, to one row below it, but for headings that are printed again."""
    for row in range(group.area.top, group.area.bottom + 2):
        printed = form.grid.at(row, column.left)
        if printed is None or printed.formula or not isinstance(printed.value, str):
            yield Range(row, column.left, row, column.right)


def _number(field: Field) -> bool:
    """Whether a number is typed into it, and not chosen from a list."""
    return field.kind not in _WORDS and not field.options


def _stacked(areas: Iterable[Range]) -> list[Range]:
    """The same cells, areas right below each other as one."""
    found: list[Range] = []
    for area in sorted(areas, key=lambda one: (one.left, one.right, one.top)):
        last = found[-1] if found else None
        if last and last[1::2] == area[1::2] and last.bottom + 1 == area.top:
            found[-1] = last._replace(bottom=area.bottom)
        else:
            found.append(area)
    return found


def _side_by_side(areas: Iterable[Range]) -> Iterator[Range]:
    """The same, areas of the same rows right beside each other as one."""
    held: Range | None = None
    for area in sorted(areas, key=lambda one: (one.top, one.bottom, one.left)):
        if held and held[0::2] == area[0::2] and held.right + 1 == area.left:
            held = held._replace(right=area.right)
            continue
        if held:
            yield held
        held = area
    if held:
        yield held


def _area(template: Template, form: Form, rule: LiveRule) -> tuple[Range, RowGroup | None] | None:
    name = resolve(template, rule.instance.target)
    field = field_of(form, name.field) if name and name.prefix == form.prefix else None
    if field is None or field.area is None or (name and name.part == "栏年"):
        return None
    if not field.group:
        return field.area, None
    group = form.groups[field.group]
    left, right = field.area.left, field.area.right
    return Range(group.area.top, left, group.area.bottom + 1, right), group


def _formula(form: Form, group: RowGroup | None, states: list[str]) -> str:
    if group is None:
        return f"MAX({','.join(states)})>={BROKEN}"
    # Each row has a bit in the state of a rule; below 1 there is none.
    row = f"2^(ROW()-ROW(INDEX({form.prefix}.{group.name}.{group.key},1)))"
    broken = (f"INT(MAX(0,{state})/{row})-2*INT(MAX(0,{state})/{row}/2)" for state in states)
    return "+".join(broken) + ">0"
