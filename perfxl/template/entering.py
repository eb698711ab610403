"""Whether a formula needs Ctrl+Shift+Enter, as Excel before 365 has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.model import Template, quoted
from perfxl.template.calls import replace_calls
from perfxl.template.names import group_of, names_in, resolve

_TAKE_AREAS = frozenset({"SUM", "COUNT", "COUNTA", "MAX", "MIN", "COUNTIF", "ROWS"})
"""Functions that take in all cells of an area, however they are entered."""
_ALL_SHEETS = "自查."


def as_array(template: Template, formula: str, names: Mapping[str, str]) -> bool:
    """Whether the formula works on the cells of an area one by one.

    ``names`` are the formulas behind names that are not just cells. An area that a function
    takes in as it is does not count, nor does the cell of a field.
    """

    def without_areas(function: str, given: Sequence[str]) -> str:
        areas = function in _TAKE_AREAS
        return f"({'+'.join(one for one in given if not (areas and is_area(one.strip())))})"

    def is_area(given: str) -> bool:
        if names_in(given) != (given,) or given in names:
            return False
        return given.startswith(_ALL_SHEETS) or _in_group(template, given)

    for form in template.forms:
        formula = formula.replace(f"{quoted(form.sheet)}!", "")
    rest = replace_calls(formula, without_areas)
    return "{" in rest or any(
        _in_group(template, name)
        or (name in names and as_array(template, names[name], names))
        or (name not in names and resolve(template, name) is None)
        for name in names_in(rest)
    )


def _in_group(template: Template, name: str) -> bool:
    known = resolve(template, name)
    return bool(known and group_of(template.form(known.prefix), known.field))
