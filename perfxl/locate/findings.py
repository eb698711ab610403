"""Findings of the engine's own codes, filled in."""

from __future__ import annotations

from perfxl.codes import CODES
from perfxl.model import Finding, FormBinding, Level


def finding(
    code: str,
    *,
    form: str | None = None,
    sheet: str | None = None,
    cell: str | None = None,
    field: str | None = None,
    stated: str | None = None,
    **places: object,
) -> Finding:
    """A Finding of an engine code; ``places`` fill its message (``field`` and others too)."""
    entry = CODES[code]
    named = {"field": field, "stated": stated, "cell": cell, "sheet": sheet, **places}
    return Finding(
        code=code,
        level=Level(entry.level),
        message=entry.message.format(**named),
        advice=entry.advice,
        basis=entry.basis,
        form=form,
        sheet=sheet,
        cell=cell,
        field=field,
        stated=stated,
        name=entry.title,
    )


def kept(bindings: list[FormBinding]) -> list[FormBinding]:
    """The bindings, most fields with a value first (the order is stable)."""
    return sorted(
        bindings,
        key=lambda one: -sum(bound.value.value is not None for bound in one.fields.values()),
    )
