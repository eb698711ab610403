"""Build a template workbook from its text face."""

from __future__ import annotations

import datetime
import io
import os
from dataclasses import replace
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.errors import TemplateError
from perfxl.model import Form, Template
from perfxl.template import assemble, store
from perfxl.template.alarms import FILL, FONT, alarms, misfits
from perfxl.template.draft import KEY_COLUMN, Draft, FormDraft
from perfxl.template.expand import expand
from perfxl.template.hidden import write_hidden
from perfxl.template.layout import Layout, resolve
from perfxl.template.live import computed_formulas
from perfxl.template.looks import Looks
from perfxl.template.reuse import written_out
from perfxl.template.selfblock import write_self_block
from perfxl.template.selfcheck import write_self_check
from perfxl.template.sheets import write_form, write_instructions
from perfxl.template.stamp import STAMP, stamp
from perfxl.template.tables import PROPERTIES
from perfxl.writing import write_whole

_CREATED = datetime.datetime(2024, 1, 1)
"""Fixed, so that the same text gives the same bytes."""


def _layouts(draft: Draft) -> dict[str, Layout]:
    for form in draft.forms:
        if not form.rows:
            raise TemplateError(f"表 {form.prefix} 没有版面，请补上")
    return {form.prefix: resolve(form) for form in draft.forms}


def _with_sections(draft: FormDraft, layout: Layout) -> FormDraft:
    sections = {}
    for group, lines in assemble.group_lines(draft.fields).items():
        columns = [line["名称"] for line in lines]
        for line in lines:
            if line["必填"] == KEY_COLUMN and line["名称"] in layout.places:
                sections[group] = layout.sections(columns, line["名称"])
    return FormDraft(draft.prefix, draft.facts, draft.rows, draft.fields, sections)


def build(
    text: str,
    target: str | os.PathLike[str],
    folder: str | os.PathLike[str] | None = None,
) -> None:
    """Write the workbook that the Markdown face describes; the same text, the same bytes.

    ``folder`` is where the texts lie whose rules it reuses; by default the folder of
    ``target``, then the shipped ones. Raises TemplateError naming what the text says wrongly,
    UnwritableTarget when the file cannot be written.
    """
    parsed = written_out(text, (Path(folder or Path(target).parent), store.folder()))
    layouts = _layouts(parsed)
    forms = tuple(_with_sections(form, layouts[form.prefix]) for form in parsed.forms)
    draft = replace(parsed, forms=forms)
    template = assemble.template(
        draft,
        {f.prefix: layouts[f.prefix].areas(tuple(assemble.group_columns(f.fields))) for f in forms},
        {f.prefix: layouts[f.prefix].grid(f.facts["工作表"]) for f in forms},
    )
    instances = expand(template)
    made = io.BytesIO()
    workbook = Workbook(made, {"in_memory": True})
    workbook.set_properties({"title": draft.title, "author": "perfxl", "created": _CREATED})
    facts = (template.id, str(template.year), template.version)
    for name, value in zip(PROPERTIES, facts, strict=True):
        workbook.set_custom_property(name, value, "text")
    workbook.set_custom_property(STAMP, stamp(template), "text")
    looks = Looks(workbook)
    write_instructions(workbook, looks, draft)
    for form_draft, form in zip(forms, template.forms, strict=True):
        formulas = computed_formulas(template, form, instances)
        layout = layouts[form.prefix]
        sheet = write_form(workbook, looks, form_draft, layout, form, formulas, template)
        _watch(workbook, sheet, looks, template, form, form_draft)
    write_self_check(workbook, looks, template)
    write_hidden(workbook, looks, draft, {form.prefix: form.sections for form in forms})
    workbook.close()
    write_whole(target, [made.getvalue()])


def _watch(
    workbook: Workbook,
    sheet: Worksheet,
    looks: Looks,
    template: Template,
    form: Form,
    draft: FormDraft,
) -> None:
    """Let the form show its own mistakes: in red at the cell, and in a list below it."""
    first_row = len(draft.rows) + 1
    if form.repeatable:
        widths = [float(width) for width in draft.facts["列宽"].split()]
        write_self_block(workbook, sheet, looks, template, form, first_row, widths)
    red = workbook.add_format({"bg_color": FILL, "font_color": FONT})
    for alarm in (*misfits(form), *alarms(template, form, first_row)):
        top, left, bottom, right = (bound - 1 for bound in alarm.area)
        condition = {"type": "formula", "criteria": f"={alarm.formula}", "format": red}
        sheet.conditional_format(top, left, bottom, right, condition)
