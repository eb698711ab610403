"""Write the hidden sheets of a template workbook; ``tables`` reads them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Kind, Role
from perfxl.template.assemble import LEVELS
from perfxl.template.draft import (
    FIELD_KEYS,
    FORM_KEYS,
    FURTHER_KEYS,
    RULE_KEYS,
    SHORTHAND_KEYS,
    TEMPLATE_KEYS,
    VERDICTS,
    Draft,
)
from perfxl.template.looks import Looks
from perfxl.template.tables import (
    ABOUT,
    ABOUT_FORM,
    ABOUT_SECTIONS,
    CASE_COLUMNS,
    CASES,
    FIELD_COLUMNS,
    FIELDS,
    RULE_COLUMNS,
    RULES,
    SHORTHANDS,
)

STATUSES = ("启用", "试行", "停用")
_WIDTHS = {
    "编码": 7,
    "状态": 7,
    "级别": 7,
    "表": 7,
    "类型": 8,
    "单位": 8,
    "小数": 6,
    "必填": 7,
    "角色": 7,
    "容差": 7,
    "自": 7,
    "判定": 8,
    "前提": 36,
    "公式": 48,
    "应为": 36,
    "提示语": 48,
    "整改建议": 36,
    "依据": 36,
    "输入": 80,
    "别名": 40,
    "提示": 48,
    "选项": 24,
    "最小": 7,
    "最大": 7,
    "名册": 7,
    "标题": 24,
    "分段标题": 48,
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "状态": STATUSES,
    "级别": tuple(LEVELS),
    "类型": [kind.value for kind in Kind],
    "角色": [role.value for role in Role],
    "判定": VERDICTS,
}


def _table(
    sheet: Worksheet,
    looks: Looks,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    top: int = 0,
) -> int:
    """Write a header and rows as text; returns the first row below (counted from 0)."""
    for col, name in enumerate(columns):
        sheet.write_string(top, col, name, looks.header)
    row = top
    for row, texts in enumerate(rows, top + 1):
        for col, text in enumerate(texts):
            if text:
                sheet.write_string(row, col, text, looks.listed(num_format="@"))
    return row + 1


def _sheet(
    workbook: Workbook,
    looks: Looks,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    sheet = workbook.add_worksheet(name)
    for col, column in enumerate(columns):
        sheet.set_column(col, col, _WIDTHS.get(column, 20))
        if column in _CHOICES:
            choice = {"validate": "list", "source": list(_CHOICES[column])}
            sheet.data_validation(1, col, max(len(rows), 1), col, choice)
    _table(sheet, looks, columns, rows)
    sheet.freeze_panes(1, 2)
    sheet.hide()


def write_hidden(
    workbook: Workbook,
    looks: Looks,
    draft: Draft,
    sections: Mapping[str, Mapping[str, Sequence[str]]],
) -> None:
    """Add the hidden sheets; ``sections`` by form and row group."""
    about = workbook.add_worksheet(ABOUT)
    about.set_column(0, len(ABOUT_FORM) - 1, 24)
    facts = [draft.title, *(draft.facts[key] for key in TEMPLATE_KEYS)]
    for row, (key, value) in enumerate(zip(("标题", *TEMPLATE_KEYS), facts, strict=True)):
        about.write_string(row, 0, key, looks.header)
        about.write_string(row, 1, value, looks.listed(num_format="@"))
    forms = [(form.prefix, *(form.facts[key] for key in FORM_KEYS)) for form in draft.forms]
    below = _table(about, looks, ABOUT_FORM, forms, len(facts) + 1)
    printed = [
        (prefix, group, "；".join(headings))
        for prefix, groups in sections.items()
        for group, headings in groups.items()
        if headings
    ]
    _table(about, looks, ABOUT_SECTIONS, printed, below + 1)
    about.hide()

    fields = [
        (form.prefix, *(line[key] for key in (*FIELD_KEYS, *FURTHER_KEYS)))
        for form in draft.forms
        for line in form.fields
    ]
    _sheet(workbook, looks, FIELDS, FIELD_COLUMNS, fields)
    shorthands = [[line[key] for key in SHORTHAND_KEYS] for line in draft.shorthands]
    _sheet(workbook, looks, SHORTHANDS, SHORTHAND_KEYS, shorthands)
    rules = [(rule.code, rule.name, *(rule.entries[k] for k in RULE_KEYS)) for rule in draft.rules]
    _sheet(workbook, looks, RULES, RULE_COLUMNS, rules)
    cases = [(case.code, case.verdict, case.inputs) for case in draft.cases]
    _sheet(workbook, looks, CASES, CASE_COLUMNS, cases)
