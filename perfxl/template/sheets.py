"""Write the sheets a unit sees: how to fill it in, and the forms as the notice prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.errors import TemplateError
from perfxl.model import Form, Role, Template, column_letters, quoted
from perfxl.named import growing
from perfxl.template.boxes import group_rows, write_boxes
from perfxl.template.draft import Draft, FormDraft
from perfxl.template.layout import Layout
from perfxl.template.looks import PROTECTION, Looks, fitting_zoom, lines_needed, set_paper
from perfxl.template.names import field_of, is_excel_name
from perfxl.template.tables import INSTRUCTIONS
from perfxl.template.validation import validate_inputs

_LINE = 18
_LAST_COLUMN = 16_383


def write_instructions(workbook: Workbook, looks: Looks, draft: Draft) -> None:
    """The first sheet: the title, then the instructions, numbered."""
    sheet = workbook.add_worksheet(INSTRUCTIONS)
    width = 84
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, width)
    sheet.merge_range(0, 0, 0, 1, "", looks.heading)
    sheet.write_string(0, 0, f"{draft.title}填报说明", looks.heading)
    sheet.set_row(0, 42)
    for row, text in enumerate(draft.instructions, 1):
        sheet.set_row(row, _LINE * lines_needed(text, width * 0.9) + 6)
        sheet.write_number(row, 0, row, looks.listed(align="center"))
        sheet.write_string(row, 1, text, looks.listed())
    set_paper(sheet, "A4", landscape=False, repeated_rows=0)
    sheet.hide_gridlines(2)
    sheet.protect("", PROTECTION)


def write_form(
    workbook: Workbook,
    looks: Looks,
    draft: FormDraft,
    layout: Layout,
    form: Form,
    formulas: Mapping[str, str],
    template: Template,
) -> Worksheet:
    """One form; ``formulas`` are those of its computed cells, by field name.

    Its inputs are validated, and rows can be inserted into its groups and deleted from them.
    """
    sheet = workbook.add_worksheet(form.sheet)
    widths = _widths(draft)
    for col, width in enumerate(widths):
        sheet.set_column(col, col, width)
    sheet.set_column(len(widths), _LAST_COLUMN, None, looks.open)
    of_groups = {row for rows in group_rows(layout, form).values() for row in rows}
    for row, printed in enumerate(draft.rows, 1):
        sheet.set_row(row - 1, printed.height, looks.open if row in of_groups else None)
    write_boxes(sheet, looks, layout, form, formulas)
    validate_inputs(sheet, form, template.year)
    _name_fields(workbook, form)
    _set_view(sheet, layout, form, widths)
    paper, _, turned = draft.facts["纸张"].partition(" ")
    repeated = draft.facts["打印标题"]
    set_paper(
        sheet,
        paper,
        turned == "横向",
        int(repeated) if repeated.isdigit() else 0,
        edition(template),
    )
    sheet.print_area(0, 0, len(draft.rows) - 1, len(widths) - 1)
    # On paper the form is as it was issued: the tints are for the screen.
    sheet.print_black_and_white()
    sheet.protect("", PROTECTION)
    return sheet


def edition(template: Template) -> str:
    """The template, its year and version, as the foot of each page has them."""
    return f"{template.id} · {template.year} 年度 · 版本 {template.version}"


def _set_view(sheet: Worksheet, layout: Layout, form: Form, widths: Sequence[float]) -> None:
    """The whole width on the screen, the cursor on the first cell to fill in."""
    sheet.hide_gridlines(2)
    sheet.set_zoom(fitting_zoom(widths))
    for box in layout.boxes:
        field = field_of(form, box.field) if box.field else None
        if field and field.role is Role.INPUT:
            sheet.set_selection(*(bound - 1 for bound in box.area))
            return


def _widths(draft: FormDraft) -> list[float]:
    try:
        widths = [float(width) for width in draft.facts["列宽"].split()]
    except ValueError:
        widths = []
    columns = len(draft.rows[0].cells)
    if len(widths) != columns:
        raise TemplateError(
            f"表 {draft.prefix} 的列宽“{draft.facts['列宽']}”应是 {columns} 个数，用空格隔开"
        )
    return widths


def _name_fields(workbook: Workbook, form: Form) -> None:
    owner = f"{form.sheet}!" if form.repeatable else ""
    for field in form.fields.values():
        if field.area:
            # One cell, not the merge: a formula over a merged area would see several values.
            cell = f"{quoted(form.sheet)}!${column_letters(field.area.left)}${field.area.top}"
            _define(workbook, owner, f"{form.prefix}.{field.name}", cell)
    for group in form.groups.values():
        for column in group.columns:
            if column.area:
                cells = growing(
                    form.sheet, column.area.left, group.area.top - 1, group.area.bottom + 1
                )
                _define(workbook, owner, f"{form.prefix}.{group.name}.{column.name}", cells)


def _define(workbook: Workbook, owner: str, name: str, cells: str) -> None:
    if not is_excel_name(name):
        raise TemplateError(
            f"“{name}”不能用作 Excel 名称；名称只用汉字、字母、数字，不要像单元格地址"
        )
    workbook.define_name(f"{owner}{name}", f"={cells}")
