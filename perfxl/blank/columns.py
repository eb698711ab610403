"""Which field a column of the roster fills, by its heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from perfxl.model import Field, Form, Kind, Role, Template
from perfxl.notation import MONEY, fold, unit_name

OWNER = ("单位", "单位名称", "单位全称", "预算单位", "预算单位名称", "填报单位")
"""Headings of the column that says which unit a row is about, in both sheets."""
PROJECT = ("项目名称", "项目", "项目支出名称")
ASIDE = ("序号", "备注", "单位编码", "单位代码", "预算单位编码", "项目编码", "项目代码")
"""Headings of columns that every list has and no form asks for."""
_BRACKETED = re.compile(r"\((?:单位:)?([^()]+)\)$")
_MOST_SHOWN = 4
_NOTHING_TO_SAY = re.compile(r"[\W_]+")


class Target(NamedTuple):
    """A field that can be prefilled, and the form it is in."""

    form: Form
    field: Field

    @property
    def name(self) -> str:
        """The full name: ``整体.年初预算数``."""
        return f"{self.form.prefix}.{self.field.name}"

    @property
    def label(self) -> str:
        """As the form prints it, with its heading where it stands in a matrix."""
        return " ".join((*self.field.labels[:1], *self.field.columns[:1])) or self.field.name


def key(text: str) -> str:
    """A heading without what does not matter: width, spaces, points, quotes."""
    return _NOTHING_TO_SAY.sub("", fold(text)).casefold()


def is_owner(template: Template, heading: str) -> bool:
    """Whether the heading means the unit that a row is about, as 单位名称（全称） does."""
    return key(_BRACKETED.sub("", fold(heading))) in _owner_keys(template)


@lru_cache(maxsize=16)
def _owner_keys(template: Template) -> frozenset[str]:
    once = [form for form in template.forms if not form.repeatable]
    labels = (form.fields[form.unit_field].labels for form in once if form.unit_field)
    return frozenset(map(key, (*OWNER, *(label for each in labels for label in each))))


def is_project(template: Template, heading: str) -> bool:
    """Whether the heading means the name of a project."""
    return key(_BRACKETED.sub("", fold(heading))) in _project_keys(template)


@lru_cache(maxsize=16)
def _project_keys(template: Template) -> frozenset[str]:
    found = set(map(key, PROJECT))
    for form in template.forms:
        if form.repeatable and form.name_field:
            found |= set(map(key, form.fields[form.name_field].labels))
    return frozenset(found)


def targets(forms: Iterable[Form]) -> Iterator[Target]:
    """The single cells that a roster may fill: printed, and not computed."""
    for form in forms:
        for field in form.fields.values():
            if field.area is not None and field.role is not Role.COMPUTED:
                yield Target(form, field)


def match(template: Template, heading: str, projects: bool) -> Target | str:
    """The field that a heading means, or in words why it means none.

    Its full name comes before its own name, that before its label; within one of these it
    must be the only one.
    """
    folded = fold(heading)
    bracket = _BRACKETED.search(folded)
    for reading in [folded, folded[: bracket.start()]] if bracket else [folded]:
        found = _found(template, projects, key(reading))
        if len(found) > 1:
            return _several(heading, found)
        if found:
            return _usable(found[0], heading, bracket[1] if bracket else "")
    rows = [one for one in targets(_tried(template, projects)) if _heads(one.field, folded)]
    if rows:
        return _several(heading, rows)
    near = _similar(template, key(heading), projects)
    hint = f"；是不是“{near}”？" if near else "；请改用表样上的栏目名称，或删去这一列"
    return f"“{heading}”不是模板 {template.id} 的栏目{hint}"


def _several(heading: str, found: Sequence[Target]) -> str:
    names = "、".join(one.name for one in found[:_MOST_SHOWN])
    more = f" 等 {len(found)} 个栏目" if len(found) > _MOST_SHOWN else ""
    return f"“{heading}”可以是 {names}{more}；请写全称"


def _heads(field: Field, heading: str) -> bool:
    """Whether it is the heading over the field in a matrix: which row, it does not say."""
    return key(heading) in map(key, (field.name.rpartition(".")[2], *field.columns))


def _tried(template: Template, projects: bool) -> list[Form]:
    return [form for form in template.forms if form.repeatable or not projects]


def _usable(target: Target, heading: str, bracket: str) -> Target | str:
    field = target.field
    if field.role is Role.COMPUTED:
        return f"“{heading}”由表内公式计算，不能预填；请删去这一列"
    if field.area is None:
        return f"表样上没有“{heading}”的格子，不能预填；请删去这一列"
    if field.unit in MONEY and bracket in MONEY and unit_name(bracket) != field.unit:
        return f"“{heading}”的单位与表样的{field.unit}不同；请换算成{field.unit}，并改写列名"
    return target


def other_money(target: Target, heading: str, unit: str) -> str:
    """Why amounts in a unit of money that stands over the table do not fit, in words; "" where
    they do, or the heading names a unit itself."""
    field = target.field
    if not unit or field.kind is not Kind.AMOUNT or unit_name(unit) == field.unit:
        return ""
    bracket = _BRACKETED.search(fold(heading))
    if bracket and bracket[1] in MONEY:
        return ""
    return (
        f"“{heading}”上方写明金额单位是{unit}，与表样的{field.unit}不同；"
        f"请换算成{field.unit}，并改写单位"
    )


class _Known(NamedTuple):
    """A field under the keys it goes by: ``names`` are its full name, its own, its labels."""

    form: Form
    field: Field
    names: tuple[frozenset[str], ...]


@lru_cache(maxsize=16)
def _known(template: Template) -> tuple[_Known, ...]:
    return tuple(
        _Known(form, field, tuple(map(frozenset, _names(form.prefix, field))))
        for form in template.forms
        for field in form.fields.values()
    )


def _names(prefix: str, field: Field) -> Iterator[set[str]]:
    yield {key(prefix + field.name)}
    yield {key(field.name)}
    rows = (*field.labels, field.name.partition(".")[0])
    worded = [row + column for row in rows for column in field.columns] or field.labels
    yield {key(start + text) for text in worded for start in ("", prefix)}


def _found(template: Template, projects: bool, wanted: str) -> list[Target]:
    """The fields that go by that key in the nearest way; of the project's forms only where
    no other form has one."""
    tried = (True,) if projects else (False, True)
    for repeatable in tried:
        known = [one for one in _known(template) if one.form.repeatable is repeatable]
        for way in range(3):
            found = [Target(one.form, one.field) for one in known if wanted in one.names[way]]
            if found:
                return found
    return []


def _similar(template: Template, wanted: str, projects: bool) -> str | None:
    """The name of a field that is written much like it."""
    names = {}
    for target in targets(_tried(template, projects)):
        names.update({key(text): text for text in (target.label, target.field.name)})
    near = get_close_matches(wanted, names, 1, 0.6)
    return names[near[0]] if near else None
