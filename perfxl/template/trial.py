"""Turn a test case of a template into the Binding that a filled workbook would have given.

Running it takes the audit, which stands above this room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfxl.errors import TemplateError
from perfxl.model import (
    Binding,
    Bound,
    Case,
    Cell,
    Field,
    Form,
    FormBinding,
    GroupRow,
    Kind,
    Range,
    RowGroup,
    Template,
)
from perfxl.template.expand import RuleInstance, expand_rule
from perfxl.template.names import EACH_HEADING, SELF, YEAR, Name, resolve
from perfxl.values import parse

LABEL_YEAR = "栏年"
Typed = Mapping[Name, tuple[str, ...]]
_YEAR_IN_LABEL = re.compile(r"\d{4}")


def binding_of(template: Template, case: Case) -> Binding:
    """The values of a case as if they had been found at the template's own cells.

    Names with ``本表`` and ``各列`` mean the first form and the first heading of the case's
    rule. Fields that the case does not mention are there and blank. Raises TemplateError for
    a rule or a name that does not exist.
    """
    rule = next((rule for rule in template.rules if rule.code == case.code), None)
    if rule is None:
        raise TemplateError(f"试例的编码 {case.code} 没有对应的规则，请改正或删去")
    instance = next(iter(expand_rule(template, rule)), None)
    if instance is None:
        raise TemplateError(f"规则 {case.code} 在模板的任何一张表上都不能运行，请核对它的名称")
    typed: dict[Name, tuple[str, ...]] = {}
    for name, value in case.inputs.items():
        typed[_name(template, instance, name)] = (value,) if isinstance(value, str) else value
    forms = tuple(one for form in template.forms for one in _copies(template, form, typed))
    return Binding(template, forms)


def _name(template: Template, instance: RuleInstance, name: str) -> Name:
    full = f"{instance.form}.{name.removeprefix(SELF)}" if name.startswith(SELF) else name
    if instance.heading:
        full = full.replace(f".{EACH_HEADING}", f".{instance.heading}")
    found = resolve(template, full)
    if found is None:
        raise TemplateError(f"规则 {instance.rule.code} 的试例里没有“{name}”这个名称，请改正")
    if found.part not in ("", LABEL_YEAR):
        raise TemplateError(
            f"规则 {instance.rule.code} 的试例不能直接给出“{name}”；请给出整格的文字"
        )
    return found


def _copies(template: Template, form: Form, typed: Typed) -> list[FormBinding]:
    """The form, or as many of a repeatable one as the case gives values for."""
    single = [
        len(values)
        for name, values in typed.items()
        if name.prefix == form.prefix and name.field.partition(".")[0] not in form.groups
    ]
    copies = max(single, default=1) if form.repeatable else 1
    return [_bind(template, form, typed, copy) for copy in range(copies)]


def _bind(template: Template, form: Form, typed: Typed, copy: int) -> FormBinding:
    sheet = f"{form.sheet} ({copy + 1})" if copy else form.sheet
    year = _typed(typed, form, YEAR, copy) or str(template.year)
    if not year.isdigit():
        raise TemplateError(f"试例里“{form.prefix}.{YEAR}”应是年份，现在是“{year}”")
    title = Field(form.prefix, YEAR, (YEAR,), kind=Kind.YEAR)
    fields = {
        name: _bound(
            field,
            sheet,
            field.area.top if field.area else 1,
            _typed(typed, form, name, copy),
            _typed(typed, form, name, copy, LABEL_YEAR),
        )
        for name, field in form.fields.items()
    }
    return FormBinding(
        form=form,
        sheet=sheet,
        region=form.grid.extent,
        fields=fields,
        groups={name: _rows(form, group, sheet, typed) for name, group in form.groups.items()},
        missing={},
        title=_bound(title, sheet, 1, year, ""),
        year=int(year),
    )


def _typed(typed: Typed, form: Form, field: str, index: int, part: str = "") -> str:
    values = typed.get(Name(form.prefix, field, part), ())
    return values[index] if index < len(values) else ""


def _rows(form: Form, group: RowGroup, sheet: str, typed: Typed) -> tuple[GroupRow, ...]:
    names = {column.name: f"{group.name}.{column.name}" for column in group.columns}
    given = [typed.get(Name(form.prefix, name), ()) for name in names.values()]
    rows = max(1, *(len(values) for values in given))
    return tuple(
        GroupRow(
            group.area.top + at,
            {
                column.name: _bound(
                    column,
                    sheet,
                    group.area.top + at,
                    _typed(typed, form, names[column.name], at),
                    _typed(typed, form, names[column.name], at, LABEL_YEAR),
                )
                for column in group.columns
            },
        )
        for at in range(rows)
    )


def _bound(field: Field, sheet: str, row: int, text: str, label_year: str) -> Bound:
    area = field.area or Range(row, 1, row, 1)
    label = field.columns[0] if field.columns else field.labels[0]
    if label_year:
        dated = _YEAR_IN_LABEL.sub(label_year, label)
        label = dated if _YEAR_IN_LABEL.search(label) else f"{label_year}年{label}"
    return Bound(
        field=field,
        sheet=sheet,
        row=row,
        col=area.left,
        value=parse(text or None, field),
        how="名称",
        label=label,
        source=Cell(row, area.left, text) if text else None,
    )
