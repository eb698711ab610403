"""The dotted names that formulas are written in: ``整体.指标.得分.数``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from perfxl.model import Field, Form, RowGroup, Template

SELF = "本表."
EACH_HEADING = "各列"
SHORTHAND = "算式."
YEAR = "年度"
STATED, EXPECTED = "填报", "应为"
"""In a message, beside names: what was typed, and what it should be."""
PARTS = ("数", "符", "单位", "年", "分", "位", "栏年", "原文")
"""What values.py reads out of a phrase; 栏年 is the year in the label of the cell."""

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|'(?:[^']|'')*'"
    r"|(?P<name>(?<![\w.!])[^\W\d]\w*(?:\.\w+)+)(?![\w.]*\()"
)
_EXCEL_NAME = re.compile(r"[^\W\d][\w.]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([Cc]\d*)?")
_PLACE = re.compile(r"\{([^{}]+)\}")


def literal(text: str) -> str:
    """A text as a formula writes it: in quotes, those within it doubled."""
    return '"' + text.replace('"', '""') + '"'


def is_excel_name(full: str) -> bool:
    """Whether Excel takes it as a defined name: letters, digits and dots, unlike a cell's."""
    first = full.partition(".")[0]
    return bool(_EXCEL_NAME.fullmatch(full)) and not _LIKE_A_CELL.fullmatch(first)


class Name(NamedTuple):
    """A full name taken apart: ``field`` without the form's prefix, ``part`` or ""."""

    prefix: str
    field: str
    part: str = ""

    @property
    def whole(self) -> str:
        """The name without its part."""
        return f"{self.prefix}.{self.field}"


def replace_names(formula: str, change: Callable[[str], str]) -> str:
    """The formula with each dotted name changed; strings and sheet names are left alone."""

    def swap(token: re.Match[str]) -> str:
        return change(token["name"]) if token["name"] else token[0]

    return _TOKEN.sub(swap, formula)


def names_in(formula: str) -> tuple[str, ...]:
    """The dotted names of a formula, each once, in the order in which they come."""
    names = (token["name"] for token in _TOKEN.finditer(formula))
    return tuple(dict.fromkeys(name for name in names if name))


def replace_places(message: str, change: Callable[[str], str]) -> str:
    """The message with the name in each ``{…}`` changed."""
    return _PLACE.sub(lambda place: f"{{{change(place[1])}}}", message)


def fill_places(message: str, fill: Callable[[str], str]) -> str:
    """The message with each ``{…}`` replaced, braces and all."""
    return _PLACE.sub(lambda place: fill(place[1]), message)


def places_in(message: str) -> tuple[str, ...]:
    """What stands in the ``{…}`` of a message."""
    return tuple(_PLACE.findall(message))


def field_of(form: Form, name: str) -> Field | None:
    """The field or the column ``组.列`` of that name in the form."""
    if name in form.fields:
        return form.fields[name]
    group, _, column = name.partition(".")
    if group in form.groups:
        return next((c for c in form.groups[group].columns if c.name == column), None)
    return None


def group_of(form: Form, name: str) -> RowGroup | None:
    """The group that a column ``组.列`` belongs to."""
    group = form.groups.get(name.partition(".")[0])
    return group if group and name not in form.fields else None


def is_category(group: RowGroup, column: str) -> bool:
    """Whether an empty cell of the column means what stands above: columns before the key."""
    names = [one.name for one in group.columns]
    return group.key in names and column in names[: names.index(group.key)]


@lru_cache(maxsize=16384)
def resolve(template: Template, full: str) -> Name | None:
    """Take a full name apart; None where the template has no such field.

    ``<prefix>.年度`` is implied for each form: the year in its title.
    """
    prefix, _, rest = full.partition(".")
    form = next((one for one in template.forms if one.prefix == prefix), None)
    if form is None or not rest:
        return None
    if rest == YEAR or field_of(form, rest):
        return Name(prefix, rest)
    field, _, part = rest.rpartition(".")
    if part in PARTS and field_of(form, field):
        return Name(prefix, field, part)
    return None
