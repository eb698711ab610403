"""The tidy tables of a workbook: one row per form, one per indicator, one per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.extract import Extract, FormItems, Item, RowItems
from perfxl.model import Field, Form, RowGroup, Template
from perfxl.report.words import form_title
from perfxl.tidy.headings import Heading, form_headings, group_headings

CONTENTS = "目录"
UNIT, YEAR, NAME, SECTION = "单位", "年度", "项目名称", "分类"
FILE, SHEET, ROW = "来源文件", "工作表", "单元格行"
_TITLES = {"basic": "基础数据表", "overall": "整体自评表", "project": "项目自评表"}
_CONTENTS = ("文件", UNIT, YEAR, "模板", "表", "问题")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
Entry = Item | str | int | None
"""A cell: a value that was read, or one of our own words and numbers."""


@dataclass(frozen=True)
class Column:
    """One column; ``field`` is None for what perfxl itself says about a row."""

    text: str
    field: Field | None = None


@dataclass(frozen=True)
class Table:
    """One sheet: the first ``keys`` columns say whose row it is."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Entry]]
    keys: int = 1


def tables(extracts: Sequence[Extract], templates: Sequence[Template]) -> Iterator[Table]:
    """The contents first, then each form that was met, then each of its row groups."""
    yield _contents(extracts)
    used = {one.template for one in extracts}
    met = [template for template in templates if template.id in used]
    by_id: dict[str, list[tuple[Template, Form]]] = {}
    for template in met:
        for form in template.forms:
            by_id.setdefault(form.id, []).append((template, form))
    made = [table for forms in by_id.values() for table in _of_form(extracts, forms)]
    # All forms before all groups: the totals are what a reader looks for first.
    yield from (table for grouped, table in made if not grouped and table.rows)
    yield from (table for grouped, table in made if grouped and table.rows)


def _contents(extracts: Sequence[Extract]) -> Table:
    rows = [
        (one.path, one.unit, one.year, one.template, _forms_found(one), _problem(one))
        for one in extracts
    ]
    return Table(CONTENTS, [Column(text) for text in _CONTENTS], rows)


def _forms_found(extract: Extract) -> str:
    counted = Counter(form_title(form.form) for form in extract.forms)
    return "、".join(f"{title}×{n}" if n > 1 else title for title, n in counted.items())


def _problem(extract: Extract) -> str | None:
    told = [f"{extract.error[0]} {extract.error[1]}"] if extract.error else extract.doubts
    return "；".join(told) or None


def _of_form(
    extracts: Sequence[Extract], used: Sequence[tuple[Template, Form]]
) -> Iterator[tuple[bool, Table]]:
    """The table of a form and those of its groups, which are marked True."""
    first = used[0][1]
    units = {template.id: {f.name: f.unit for f in form.fields.values()} for template, form in used}
    found = [(one, form) for one in extracts for form in one.forms if form.form == first.id]
    years = {form.year for _, form in found}
    tail = [Column(FILE), Column(SHEET)]
    taken = (UNIT, YEAR, FILE, SHEET)
    headings = form_headings(used, years, taken)
    rows = [
        (
            form.unit,
            form.year,
            *_cells(headings, form.fields, units[one.template or ""]),
            one.path,
            form.sheet,
        )
        for one, form in found
    ]
    columns = [Column(UNIT), Column(YEAR), *_columns(headings), *tail]
    yield False, Table(_sheet_name(_TITLES.get(first.id, first.prefix)), columns, rows, keys=2)
    groups: dict[str, list[tuple[Template, Form, RowGroup]]] = {}
    for template, form in used:
        for group in form.groups.values():
            groups.setdefault(group.name, []).append((template, form, group))
    for name, grouped in groups.items():
        yield True, _of_group(name, grouped, found, years)


def _of_group(
    name: str,
    used: Sequence[tuple[Template, Form, RowGroup]],
    found: Sequence[tuple[Extract, FormItems]],
    years: set[int | None],
) -> Table:
    units = {t.id: {column.name: column.unit for column in group.columns} for t, _, group in used}
    lines = [(one, form, row) for one, form in found for row in form.groups.get(name, ())]
    named = any(form.name_field for _, form, _ in used)
    sectioned = any(row.section for _, _, row in lines)
    lead = [UNIT, YEAR, *([NAME] if named else []), *([SECTION] if sectioned else [])]
    tail = [FILE, SHEET, ROW]
    headings = group_headings(used, years, (*lead, *tail))

    def row_of(one: Extract, form: FormItems, row: RowItems) -> Sequence[Entry]:
        return (
            form.unit,
            form.year,
            *([form.name] if named else []),
            *([row.section] if sectioned else []),
            *_cells(headings, row.values, units[one.template or ""]),
            one.path,
            form.sheet,
            row.row,
        )

    return Table(
        _sheet_name(used[0][1].prefix + name),
        [*map(Column, lead), *_columns(headings), *map(Column, tail)],
        [row_of(*line) for line in lines],
        keys=len(lead) - sectioned,
    )


def _columns(headings: Sequence[Heading]) -> list[Column]:
    return [Column(heading.text, heading.field) for heading in headings]


def _cells(
    headings: Sequence[Heading], items: Mapping[str, Item], units: Mapping[str, str]
) -> list[Item | None]:
    """The items in the order of the headings, each under its own unit of measure."""
    return [
        items.get(one.field.name) if units.get(one.field.name) == one.field.unit else None
        for one in headings
    ]


def _sheet_name(text: str) -> str:
    return _NOT_IN_A_SHEET_NAME.sub("", text)[:_LONGEST_NAME]
