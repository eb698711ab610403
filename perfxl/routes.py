"""Where a template keeps what the full names in its rules mean."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.model import Field, Form, Template
from perfxl.template import field_of, resolve


class Route(NamedTuple):
    """Where a template keeps what a full name means; ``group`` is "" but for a column."""

    form: Form
    name: str
    part: str
    field: Field | None
    group: str
    column: str


class Routes(dict[str, Route | None]):
    """The routes of the names that were asked for; None where the template has no such name."""

    def __init__(self, template: Template):
        self._template = template

    def __missing__(self, full: str) -> Route | None:
        found = self[full] = self._find(full)
        return found

    def _find(self, full: str) -> Route | None:
        name = resolve(self._template, full)
        if name is None:
            return None
        form = self._template.form(name.prefix)
        field = field_of(form, name.field)
        group, _, column = name.field.partition(".")
        if group not in form.groups or name.field in form.fields:
            group = column = ""
        return Route(form, name.field, name.part, field, group, column)
