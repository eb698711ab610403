"""One long table: one row a value, for Excel, WPS and statistics programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfxl.extract import Extract, FormItems, Item
from perfxl.model import Kind, Template
from perfxl.report.csv import BOM, safe
from perfxl.report.words import form_title
from perfxl.tidy.headings import BETWEEN, Heading, form_headings, group_headings

HEADER = (
    "文件", "单位", "年度", "表", "工作表", "项目", "行", "栏目", "单元格", "填报原文", "数值",
    "计量单位",
)  # fmt: skip
_Key = tuple[str, str, int | None]
_Words = Mapping[tuple[str, str], Heading]


def render(extracts: Iterable[Extract], templates: Sequence[Template]) -> Iterator[bytes]:
    """One row a value, blank ones too; a file that gave nothing has one row that says why.

    数值 is a number (0.9805 for 98.05%) or an ISO date, empty for text and where a value is
    blank or in doubt. 行 is the row in the sheet, of values that stand in a row group.
    """
    yield BOM.encode() + _lines([HEADER])
    known = {template.id: template for template in templates}
    words: dict[_Key, _Words] = {}
    for extract in extracts:
        if extract.error:
            why = {"文件": extract.path, "栏目": "没有读出：{} {}".format(*extract.error)}
            yield _lines([[why.get(name) for name in HEADER]])
            continue
        for form in extract.forms:
            key = (extract.template or "", form.form, form.year)
            if key not in words:
                words[key] = _words(known[key[0]], form)
            yield _lines(_rows(extract.path, form, words[key]))


def _words(template: Template, items: FormItems) -> _Words:
    form = next(one for one in template.forms if one.id == items.form)
    found = {("", one.field.name): one for one in form_headings([(template, form)], [items.year])}
    for name, group in form.groups.items():
        for one in group_headings([(template, form, group)], [items.year]):
            found[name, one.field.name] = one._replace(text=f"{name}{BETWEEN}{one.text}")
    return found


def _rows(path: str, form: FormItems, words: _Words) -> Iterator[Sequence[object]]:
    head = (path, form.unit, form.year, form_title(form.form), form.sheet, form.name)
    for name, item in form.fields.items():
        yield *head, "", *_columns(item, words["", name])
    for group, rows in form.groups.items():
        for row in rows:
            for name, item in row.values.items():
                yield *head, row.row, *_columns(item, words[group, name])


def _columns(item: Item, heading: Heading) -> tuple[object, ...]:
    dated = heading.field.kind is Kind.DATE
    number = item.value if dated else item.number
    return heading.text, item.cell, item.raw, number, item.unit or heading.field.unit


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_text(value) for value in row])
    return out.getvalue().encode("utf-8", "replace")


def _text(value: object) -> str:
    # A number is written as one: only text could run as a formula.
    return repr(value) if isinstance(value, (int, float)) else safe(str(value or ""))
