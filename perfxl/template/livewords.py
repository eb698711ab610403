"""The message of a rule as a formula, so that 自查 names the values that do not hold."""

from __future__ import annotations

from perfxl.model import Field, Kind, Template
from perfxl.template.expand import RuleInstance
from perfxl.template.live import qualified, row_reference
from perfxl.template.looks import number_format
from perfxl.template.names import EXPECTED, STATED, field_of, replace_places, resolve


def general_message(instance: RuleInstance) -> str:
    """The message with … for the values, where they are not known."""
    return replace_places(instance.message, lambda _: "").replace("{}", "…")


def message_formula(template: Template, instance: RuleInstance, row: str) -> str:
    """The message as an array formula, without ``=``.

    ``row`` is the address of a cell that says which row of its group the rule fails at.
    """
    general = _quoted(general_message(instance))
    pieces = _pieces(template, instance, row)
    words = f"IFERROR({'&'.join(pieces)},{general})" if pieces else general
    at = row_reference(template, instance, row)
    return f'"第 "&{at}&" 行："&{words}' if at else words


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _pieces(template: Template, instance: RuleInstance, row: str) -> list[str] | None:
    """The parts of the message to be joined; None where a value has no cell of its own."""
    pieces: list[str] = []
    rest = instance.message
    while "{" in rest:
        before, _, tail = rest.partition("{")
        name, _, rest = tail.partition("}")
        value = _value(template, instance, name, row)
        if value is None:
            return None
        pieces += [_quoted(before), value] if before else [value]
    return [*pieces, _quoted(rest)] if rest else pieces


def _value(template: Template, instance: RuleInstance, name: str, row: str) -> str | None:
    special = {STATED: instance.stated, EXPECTED: instance.expected}.get(name)
    if special:
        field = _field(template, instance.target)
        formula = f"INDEX({special},{row})" if instance.group else f"({special})"
        return _shown(qualified(template, formula), field) if field else None
    place = instance.target if name == STATED else name
    field = _field(template, place)
    if field is None or field.area is None or (field.group or instance.group) != instance.group:
        return None
    formula = f"INDEX({place},{row})" if field.group else place
    return _shown(qualified(template, formula), field)


def _field(template: Template, name: str) -> Field | None:
    found = resolve(template, name)
    if found is None or found.part:
        return None
    return field_of(template.form(found.prefix), found.field)


def _shown(formula: str, field: Field) -> str:
    """The value as the form prints it."""
    if field.kind in (Kind.RATIO, Kind.AMOUNT, Kind.AREA):
        return f'TEXT({formula},"{number_format(field)}")'
    return f"ROUND({formula},2)" if field.kind is Kind.POINTS else formula
