"""Write the printed cells of a form: labels, inputs with their defaults, computed cells."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.errors import TemplateError
from perfxl.model import Form, Role, Scalar
from perfxl.template.layout import Layout
from perfxl.template.looks import Looks
from perfxl.template.names import field_of

Entries = Mapping[tuple[str, int], Scalar]
"""What cells hold instead of their default or formula, by the field's name and 1; a column of
a row group by ``组.列`` and the row of the group, counted from 1 without the headings between.
None leaves the cell blank; a cell merged over several rows takes the entry of its first."""


def group_rows(layout: Layout, form: Form) -> dict[str, tuple[int, ...]]:
    """The rows of the sheet that belong to each row group, headings between them left out."""
    rows = {}
    for group in form.groups.values():
        placed = [layout.places.get(f"{group.name}.{c.name}", ()) for c in group.columns]
        rows[group.name] = tuple(sorted({box.area.top for boxes in placed for box in boxes}))
    return rows


def write_boxes(
    sheet: Worksheet,
    looks: Looks,
    layout: Layout,
    form: Form,
    formulas: Mapping[str, str],
    entries: Entries,
) -> None:
    """Write every cell; TemplateError for a place whose field is not in the form."""
    rows = group_rows(layout, form)
    for box in layout.boxes:
        field = field_of(form, box.field) if box.field else None
        if box.field and field is None:
            raise TemplateError(
                f"表 {form.prefix} 版面上的 {{{box.field}}} 不在栏目表中，请补上这一栏或改正名称"
            )
        style = looks.entry(field, box.left) if field else looks.printed(box.style, box.left)
        top, left, bottom, right = (bound - 1 for bound in box.area)
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, "", style)
        ordinal = rows[field.group].index(box.area.top) + 1 if field and field.group else 1
        key = (box.field or "", ordinal)
        formula = formulas.get(box.field or "")
        if field and key in entries:
            write_value(sheet, top, left, entries[key], style)
        elif field and formula and field.role is Role.COMPUTED:
            sheet.write_formula(top, left, f"={formula}", style, "")
        else:
            write_value(sheet, top, left, box.value, style)


def write_value(sheet: Worksheet, row: int, col: int, value: Scalar, style: Format) -> None:
    """Write a value as what it is: never a text as a formula, a link or a number."""
    if value is None:
        sheet.write_blank(row, col, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, col, value, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, col, value, style)
    else:
        sheet.write_string(row, col, str(value), style)
