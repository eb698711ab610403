"""Which cells of a form turn red while a rule about them is broken."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.model import Form, Level, Range, RowGroup, Template
from perfxl.template.live import BROKEN, LiveRule, plan
from perfxl.template.names import field_of, resolve
from perfxl.template.selfblock import state_cell
from perfxl.template.selfcheck import STATES
from perfxl.template.selflist import listed

FILL, FONT = "#FFC7CE", "#9C0006"
"""Light red, and the dark red of the text on it."""
_WEIGHTY = (Level.ERROR, Level.WARNING)


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
