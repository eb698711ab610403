"""What a template workbook's own 自查, prompts and live cells were made from.

An officer may change the rules and fields of a template in Excel; what the forms show of them
is made by ``build`` and stays as it was. The stamp tells the two apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from perfxl.model import Template

STAMP = "perfxl规则"
"""The custom document property that holds the stamp of what ``build`` was given."""
_NOT_SHOWN = frozenset({"area", "grid", "sections", "until", "source", "cases"})
"""Where the cells are, and what the forms do not show of a template."""


def stamp(template: Template) -> str:
    """A digest of all that the forms show of a template: its id, year and version, fields,
    rules and shorthands, whatever the places of the cells."""
    told = json.dumps(_told(template), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _told(value: object) -> object:
    """A value as JSON has it, without what is as by default: what templates can say one day,
    and this one does not, must leave its stamp as it is."""
    if is_dataclass(value):
        said = {one.name: getattr(value, one.name) for one in fields(value)}
        defaults = {one.name: one.default for one in fields(value)}
        return {
            name: _told(each)
            for name, each in said.items()
            if name not in _NOT_SHOWN and each != defaults[name]
        }
    if isinstance(value, Mapping):
        return [[name, _told(each)] for name, each in value.items()]
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    return value.value if isinstance(value, Enum) else value
