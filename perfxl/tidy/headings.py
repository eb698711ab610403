"""What the columns of a tidy table are called: as the forms print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from perfxl.model import Field, Form, RowGroup, Template

BETWEEN = "｜"
"""Stands between a row's label and the heading over it: 一、部门基本支出｜2024年预算数."""
_YEAR = re.compile(r"(20\d\d)年")
_RELATIVE = {0: "本年", -1: "上年"}


class Heading(NamedTuple):
    """One column: the field it holds, and what stands over it."""

    field: Field
    text: str


def form_headings(
    used: Sequence[tuple[Template, Form]], years: Iterable[int | None], taken: Iterable[str] = ()
) -> list[Heading]:
    """The columns for the fields of a form, over all templates that were met, no two alike.

    A year in a label becomes that of the returned forms, 本年 and 上年 where they have several.
    Headings in ``taken`` are not used.
    """
    fields = [
        (field, template.year, _label(field))
        for template, form in used
        for field in form.fields.values()
    ]
    return _worded(fields, years, taken)


def group_headings(
    used: Sequence[tuple[Template, Form, RowGroup]],
    years: Iterable[int | None],
    taken: Iterable[str] = (),
) -> list[Heading]:
    """The same for the columns of a row group."""
    fields = [
        (column, template.year, _column_label(column, group, form))
        for template, form, group in used
        for column in group.columns
    ]
    return _worded(fields, years, taken)


def _label(field: Field) -> str:
    label = field.labels[0] if field.labels else field.name
    if not field.columns and field.name.endswith(label):
        # 得分 says whose only beside its neighbour on the form: here it is 执行率得分.
        return field.name
    parts = (label, *field.columns[:1])
    return BETWEEN.join("".join(part.split()) for part in parts)


def _column_label(column: Field, group: RowGroup, form: Form) -> str:
    label = _label(column)
    # 二、部门项目支出 stands over the names of the projects, but names their sum.
    above = column.name == group.key and any(f.labels[0] == label for f in form.fields.values())
    return f"{group.name}{column.name}" if above else label


def _worded(
    fields: Sequence[tuple[Field, int, str]], years: Iterable[int | None], taken: Iterable[str]
) -> list[Heading]:
    # 元 and 万元 in one column would be added up: a field with another unit is another column.
    chosen = {(field.name, field.unit): (field, year, label) for field, year, label in fields[::-1]}
    order = dict.fromkeys((field.name, field.unit) for field, _, _ in fields)
    known = {year for year in years if year}
    columns = [
        (field, _with_years(label, year, known))
        for field, year, label in (chosen[key] for key in order)
    ]
    several = {name for name, count in Counter(name for name, _ in order).items() if count > 1}
    texts = [
        f"{text}（{field.unit}）" if field.name in several and field.unit else text
        for field, text in columns
    ]
    met = Counter([*texts, *taken])
    return [
        Heading(field, f"{text}（{field.name}）" if met[text] > 1 else text)
        for (field, _), text in zip(columns, texts, strict=True)
    ]


def _with_years(label: str, printed: int, years: set[int]) -> str:
    def worded(found: re.Match[str]) -> str:
        offset = int(found[1]) - printed
        if offset not in _RELATIVE or not years:
            return found[0]
        if len(years) == 1:
            return f"{next(iter(years)) + offset}年"
        return _RELATIVE[offset]

    return _YEAR.sub(worded, label)
