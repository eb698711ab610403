"""What a template workbook's own 自查, prompts and live cells were made from.

An officer may change the rules and fields of a template in Excel; what the forms show of them
is made by ``build`` and stays as it was. The stamp tells the two apart.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from perfxl.model import Field, Form, RowGroup, Template

STAMP = "perfxl规则"
"""The custom document property that holds the stamp of what ``build`` was given."""


def stamp(template: Template) -> str:
    """A digest of all that the forms show of a template: its id, year and version, fields,
    rules and shorthands, whatever the places of the cells."""
    about = (template.id, template.title, template.year, template.version)
    parts = (
        about,
        tuple(map(_form, template.forms)),
        template.rules,
        template.shorthands,
        template.instructions,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _form(form: Form) -> tuple[object, ...]:
    return (
        form.id,
        form.prefix,
        form.sheet,
        form.repeatable,
        form.unit_field,
        form.name_field,
        tuple(map(_field, form.fields.values())),
        tuple(map(_group, form.groups.values())),
    )


def _field(field: Field) -> Field:
    return replace(field, area=None)


def _group(group: RowGroup) -> tuple[object, ...]:
    return group.name, group.key, tuple(map(_field, group.columns))
