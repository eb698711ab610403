"""What units type: the published tables, the samples, and the same with one mistake."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from unicodedata import normalize

from perfxl.locate import locate
from perfxl.model import Bound, Case, Field, FormBinding, Kind, Role, RowGroup, Template
from perfxl.package import read_book
from perfxl.template.trial import binding_of
from tests.judging import audit_of
from tests.unit_at_work.placing import Row, Sheet

NUMBERS = frozenset({Kind.AMOUNT, Kind.POINTS, Kind.COUNT, Kind.AREA, Kind.RATIO})
Filling = tuple[Sheet, ...]
_Change = Callable[[Kind, str], str]


def filling_of(path: Path, template: Template) -> Filling:
    """The inputs of a filled workbook of any layout, form by form, as a unit would type them
    into a blank; what its computed cells say is left out."""
    return tuple(map(_sheet, locate(read_book(path), template).forms))


def _sheet(form: FormBinding) -> Sheet:
    fields = {
        name: _text(bound)
        for name, bound in form.fields.items()
        if bound.field.role is not Role.COMPUTED
    }
    rows = {
        group: tuple(
            Row({name: _text(bound) for name, bound in row.values.items()}, row.section)
            for row in found
        )
        for group, found in form.groups.items()
    }
    return Sheet(form.form.prefix, fields, rows)


def _text(bound: Bound) -> str:
    """What is typed; nothing where a blank takes only numbers and the unit wrote words."""
    value = bound.value.value
    if bound.field.options:
        return _choice(bound.field, bound.value.raw.strip())
    if bound.field.kind not in NUMBERS:
        return bound.value.raw.strip()
    if bound.value.problem or isinstance(value, (bool, str)) or value is None:
        return ""
    return shown(value, bound.field.kind)


def _choice(field: Field, text: str) -> str:
    """The option that a list offers for what was written; nothing where it offers none."""
    for option in field.options:
        if normalize("NFKC", option) == normalize("NFKC", text):
            return option
    return text if field.options[-1] == "…" else ""


def shown(value: float, kind: Kind) -> str:
    """A number as it is typed: 98.05% for a ratio."""
    if kind is Kind.RATIO:
        return f"{value * 100:.10g}%"
    return f"{value:.12g}"


def with_two_more_rows(filling: Filling, template: Template) -> Filling:
    """Two indicators more in every form that has points or figures for them: one below the
    second row, one right above what follows the group; each takes a point from a neighbour."""
    return tuple(_grown(sheet, template) for sheet in filling)


def _grown(sheet: Sheet, template: Template) -> Sheet:
    form = template.form(sheet.prefix)
    rows = dict(sheet.rows)
    for name, group in form.groups.items():
        if len(rows.get(name, ())) > 2 and not group.sections:
            listed = list(rows[name])
            listed[-1:] = _split(listed[-1], group, "末")
            listed[1:2] = _split(listed[1], group, "中")
            rows[name] = tuple(listed)
    return replace(sheet, rows=rows)


def _split(row: Row, group: RowGroup, tail: str) -> tuple[Row, Row]:
    old, new = dict(row.texts), dict(row.texts)
    for column in group.columns:
        text = row.texts.get(column.name, "")
        if column.name == group.key:
            new[column.name] = f"{text}（{tail}）"
        elif column.role is Role.PREFILLED:
            new[column.name] = ""
        elif column.kind is Kind.POINTS and text and float(text) > 1:
            old[column.name], new[column.name] = f"{float(text) - 1:.12g}", "1"
    return replace(row, texts=old), Row(new, row.section, added=True)


def tidy(filling: Filling) -> Filling:
    """The same, with the rows that stay empty deleted.

    Not so on copied sheets: LibreOffice does not copy the unlocked cells right of the form, so
    that a protected copy keeps its rows until the protection is taken off. Excel copies them.
    """
    firsts = {sheet.prefix: number for number, sheet in reversed(list(enumerate(filling)))}
    return tuple(
        replace(sheet, tidied=number == firsts[sheet.prefix])
        for number, sheet in enumerate(filling)
    )


def mistakes(filling: Filling, template: Template, seed: int, count: int) -> Iterator[Filling]:
    """``count`` fillings, each with all its amounts changed by one random factor and then one
    random input wrong: blank, far too much, a little too much, or other words.

    Three out of four break a rule that held before; the others are whatever chance gave.
    """
    dice = random.Random(seed)
    places = list(_places(filling, template))
    for number in range(count):
        factor = dice.choice((1.0, 1.0, round(dice.uniform(0.2, 30), 3)))
        scaled = _changed(filling, template, partial(_scaled, factor))
        for _ in range(_TRIES):
            sheet, where, field = dice.choice(places)
            wrong = _put(scaled, sheet, where, partial(_spoilt, dice, field))
            if number % 4 == 3 or _broken(wrong, template, sheet) - _broken(
                scaled, template, sheet
            ):
                break
        yield wrong


_TRIES = 60


def _broken(filling: Filling, template: Template, number: int) -> set[str]:
    """The rules that do not hold, with the ``number``-th sheet as the only one of its form."""
    chosen = {sheet.prefix: sheet for sheet in reversed(filling)}
    chosen[filling[number].prefix] = filling[number]
    typed: dict[str, str | tuple[str, ...]] = {}
    for prefix, sheet in chosen.items():
        typed |= {f"{prefix}.{name}": text for name, text in sheet.fields.items()}
        for group, rows in sheet.rows.items():
            for column in template.form(prefix).groups[group].columns:
                texts = (row.texts.get(column.name, "") for row in rows)
                typed[f"{prefix}.{group}.{column.name}"] = tuple(texts)
    case = Case(template.rules[0].code, "不通过", typed)
    return {one.code for one in audit_of(binding_of(template, case)).findings}


_Where = tuple[str, int, str]
"""A group, a row and a column; or ``""``, 0 and a field."""


def _places(filling: Filling, template: Template) -> Iterator[tuple[int, _Where, Field]]:
    for number, sheet in enumerate(filling):
        form = template.form(sheet.prefix)
        for name, field in form.fields.items():
            if field.role is Role.INPUT and field.area is not None:
                yield number, ("", 0, name), field
        for name, rows in sheet.rows.items():
            for at in range(len(rows)):
                for column in form.groups[name].columns:
                    if column.role is Role.INPUT:
                        yield number, (name, at, column.name), column


def _put(filling: Filling, number: int, where: _Where, change: Callable[[str], str]) -> Filling:
    group, at, name = where
    sheet = filling[number]
    if not group:
        fields = {**sheet.fields, name: change(sheet.fields.get(name, ""))}
        changed = replace(sheet, fields=fields)
    else:
        row = sheet.rows[group][at]
        row = replace(row, texts={**row.texts, name: change(row.texts.get(name, ""))})
        rows = (*sheet.rows[group][:at], row, *sheet.rows[group][at + 1 :])
        changed = replace(sheet, rows={**sheet.rows, group: rows})
    return (*filling[:number], changed, *filling[number + 1 :])


def _changed(filling: Filling, template: Template, change: _Change) -> Filling:
    def texts(given: Mapping[str, str], kinds: Mapping[str, Kind]) -> dict[str, str]:
        return {name: change(kinds[name], text) for name, text in given.items()}

    made = []
    for sheet in filling:
        form = template.form(sheet.prefix)
        fields = texts(sheet.fields, {name: one.kind for name, one in form.fields.items()})
        rows = {
            group: tuple(
                replace(row, texts=texts(row.texts, _kinds(form.groups[group]))) for row in found
            )
            for group, found in sheet.rows.items()
        }
        made.append(replace(sheet, fields=fields, rows=rows))
    return tuple(made)


def _kinds(group: RowGroup) -> Mapping[str, Kind]:
    return {column.name: column.kind for column in group.columns}


def _scaled(factor: float, kind: Kind, text: str) -> str:
    return f"{round(float(text) * factor, 2):.12g}" if kind is Kind.AMOUNT and text else text


def _spoilt(dice: random.Random, field: Field, text: str) -> str:
    """Something wrong that the blank's validation lets through."""
    if field.options:
        return dice.choice(("", *(one for one in field.options if one != "…")))
    if field.kind in NUMBERS:
        number = float(text.rstrip("%")) if text else 0.0
        tail = "%" if field.kind is Kind.RATIO else ""
        most = 100.0 if field.kind is Kind.POINTS else 1e12
        step = 1 if field.kind is Kind.COUNT else dice.choice((0.01, 0.5, 1, 7))
        wrong = (min(number + step, most), max(number - step, 0), min(number * 10, most), 0.0)
        return dice.choice((*(f"{one:.12g}{tail}" for one in wrong), ""))
    return dice.choice(("", "无", "—", "2031年12月31日之前完成", "50%", "≤1万元", f"{text}等"))
