"""Write the printed cells of a form: labels, inputs with their defaults, computed cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from xlsxwriter.worksheet import Worksheet

from perfxl.errors import TemplateError
from perfxl.model import Form, Role
from perfxl.template.draft import NOTE
from perfxl.template.layout import Box, Layout
from perfxl.template.looks import Looks, merge
from perfxl.template.names import field_of

_GAP = re.compile(r"：(?:\s{2}|$)")


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
) -> None:
    """Write every cell; TemplateError for a place whose field is not in the form."""
    of_groups = {row for rows in group_rows(layout, form).values() for row in rows}
    for box in layout.boxes:
        field = field_of(form, box.field) if box.field else None
        if box.field and field is None:
            raise TemplateError(
                f"表 {form.prefix} 版面上的 {{{box.field}}} 不在栏目表中，请补上这一栏或改正名称"
            )
        if field:
            style = looks.entry(field, box.left)
        else:
            style = looks.printed(box.style, box.left, locked=not _to_write_in(box))
        top, left, bottom, right = (bound - 1 for bound in box.area)
        if (top, left) != (bottom, right):
            merge(sheet, top, left, bottom, right, style)
        formula = formulas.get(box.field or "")
        if field and formula and field.role is Role.COMPUTED:
            sheet.write_formula(top, left, f"={formula}", style, "")
        elif isinstance(box.value, str):
            sheet.write_string(top, left, box.value, style)
        elif box.value is not None:
            sheet.write_number(top, left, box.value, style)
        else:
            sheet.write_blank(top, left, None, style)
        if not field:
            _unlock(sheet, looks, box, of_groups)


def _to_write_in(box: Box) -> bool:
    """A line such as ``填表人：　　填报日期：`` holds what a unit writes behind its colons."""
    return box.style == NOTE and bool(_GAP.search(box.text))


def _unlock(sheet: Worksheet, looks: Looks, box: Box, of_groups: Collection[int]) -> None:
    """Let Excel delete the rows of a group: it refuses a row with a locked cell in it.

    A label that runs down beside them (绩效指标) keeps its text, which is in its first cell.
    """
    open_look = looks.printed(box.style, box.left, locked=False)
    for row in range(box.area.top if not box.text else box.area.top + 1, box.area.bottom + 1):
        if row in of_groups:
            for col in range(box.area.left, box.area.right + 1):
                sheet.write_blank(row - 1, col - 1, None, open_look)
