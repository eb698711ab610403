"""A template as a page of text: its forms, its fields, its rules."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model import Field, Form, Template, a1


def show(template: Template) -> str:
    """What the template asks for and checks, for a person to read."""
    return "\n".join(_lines(template)) + "\n"


def _lines(template: Template) -> Iterator[str]:
    yield f"{template.title}（{template.id}，{template.year} 年度，版本 {template.version}）"
    yield f"来源：{template.source}"
    for form in template.forms:
        yield ""
        yield from _form(form)
    yield ""
    yield f"规则 {len(template.rules)} 条，试例 {len(template.cases)} 条"
    for rule in template.rules:
        status = "" if rule.status == "启用" else f"（{rule.status}）"
        yield f"  {rule.code} {rule.level.chinese} {'、'.join(rule.forms)} {rule.name}{status}"


def _form(form: Form) -> Iterator[str]:
    often = "，每个项目一张" if form.repeatable else ""
    yield f"表 {form.prefix}：{form.titles[0]}（工作表“{form.sheet}”{often}）"
    for name, field in form.fields.items():
        yield f"  {_field(name, field)}"
    for group in form.groups.values():
        yield f"  行组 {group.name}（主列 {group.key}）"
        for column in group.columns:
            yield f"    {_field(column.name, column)}"


def _field(name: str, field: Field) -> str:
    where = a1(field.area.top, field.area.left) if field.area else "表上不印"
    unit = f"（{field.unit}）" if field.unit else ""
    need = "，必填" if field.required else ""
    return f"{name}  {field.kind.value}{unit}，{field.role.value}{need}，{where}"
