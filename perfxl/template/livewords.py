"""The words of a live rule as formulas: the message with its values, the cell to look at."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.model import Field, Kind, Template
from perfxl.template.expand import RuleInstance
from perfxl.template.live import LiveRule
from perfxl.template.livetext import label_cell, plain_name, title_cell
from perfxl.template.looks import number_format
from perfxl.template.names import (
    EXPECTED,
    STATED,
    YEAR,
    field_of,
    fill_places,
    replace_places,
    resolve,
)


def general_message(instance: RuleInstance) -> str:
    """The message with … for the values, where they are not known."""
    return replace_places(instance.message, lambda _: "").replace("{}", "…")


def message_parts(
    template: Template, rule: LiveRule, row: str, held: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The message with {1}, {2}, … for its values, and the formulas of these.

    ``row`` is the address of the cell that says which row of its group the rule fails at;
    ``held`` are those of the cells with the values that stand nowhere else, by place. For a
    value that is not to be had the message has ….
    """
    instance, values = rule.instance, []
    if rule.group:
        key = f"{instance.form}.{rule.group.name}.{rule.group.key}"
        values.append(f"ROW(INDEX({key},{row}))")

    def numbered(place: str) -> str:
        value = _value(template, rule, place, row, held)
        if value is None:
            return "…"
        values.append(value)
        return f"{{{len(values)}}}"

    pattern = fill_places(instance.message, numbered)
    return (f"第 {{1}} 行：{pattern}" if rule.group else pattern), values


def place_cell(template: Template, rule: LiveRule, row: str) -> str:
    """The cell that the rule is about, where it fails, as a reference."""
    name = resolve(template, rule.instance.target)
    assert name is not None, "a live rule is about a cell of its form"
    form = template.form(name.prefix)
    if name.field == YEAR:
        return title_cell(form)
    field = field_of(form, name.field)
    assert field is not None
    if name.part == "栏年":
        return label_cell(form, field)
    return f"INDEX({name.whole},{row})" if field.group else name.whole


def _value(
    template: Template, rule: LiveRule, place: str, row: str, held: Mapping[str, str]
) -> str | None:
    instance = rule.instance
    target = instance.target
    if place in held:
        field = _field(template, target if place in (STATED, EXPECTED) else place)
        return _shown(held[place], field)
    special = {STATED: instance.stated or target, EXPECTED: instance.expected}
    name = special.get(place, place)
    field = _field(template, name)
    if field is None or not plain_name(template, name, instance.form):
        return None
    if field.group and (rule.group is None or field.group != rule.group.name):
        return None
    return _shown(f"INDEX({name},{row})" if field.group else name, field)


def _field(template: Template, name: str) -> Field | None:
    found = resolve(template, name)
    if found is None or found.part:
        return None
    return field_of(template.form(found.prefix), found.field)


def _shown(formula: str, field: Field | None) -> str:
    """The value as the form prints it."""
    if field is None:
        return formula
    if field.kind in (Kind.RATIO, Kind.AMOUNT, Kind.AREA):
        return f'TEXT({formula},"{number_format(field)}")'
    # A blank or a text stays as it is; 9.805 as a sum of 9.8 and 0.005 does not.
    return f"IFERROR(ROUND({formula},2),{formula})" if field.kind is Kind.POINTS else formula
