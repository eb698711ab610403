"""Hidden columns in which the self-check works out a value for each row of a group."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Form, column_letters, quoted
from perfxl.template.live import Plan
from perfxl.template.livetext import MOST_ROWS


def columns_needed(planned: Plan, forms: list[Form]) -> int:
    """How many hidden columns those forms need."""
    return sum(name in planned.columns for form in forms for name in planned.names[form.prefix])


def define_names(
    workbook: Workbook,
    sheet: Worksheet,
    planned: Plan,
    forms: list[Form],
    corner: tuple[int, int],
    style: Format,
) -> None:
    """Define the names that the rules of those forms need; from ``corner`` (row and column,
    from 0) on write the columns behind those that have a value for each row of a group.

    Each value is worked out once, in cells: LibreOffice writes a name's formula out wherever
    the name is used, and soon has more of it than it takes.
    """
    row, col = corner
    for form in forms:
        owner = f"{form.sheet}!" if form.repeatable else ""
        own = f"{quoted(form.sheet)}!"
        for name, formula in planned.names[form.prefix].items():
            group = planned.columns.get(name)
            if group is None:
                workbook.define_name(f"{owner}{name}", f"={formula}")
                continue
            # A copy of the sheet must look at its own rows.
            text = formula.replace(own, "") if form.repeatable else formula
            last = row + MOST_ROWS - 1
            sheet.write_array_formula(row, col, last, col, f"{{={text}}}", style, "")
            for below in range(row + 1, last + 1):
                # Excel fills them in; as zeros they would be a third of the sheet.
                del sheet.table[below][col]
            letters = column_letters(col + 1)
            place = f"{quoted(sheet.get_name())}!"
            top, bottom = f"{place}${letters}${row + 1}", f"${letters}${last + 1}"
            key = f"{own if form.repeatable else ''}{form.prefix}.{group.name}.{group.key}"
            refers_to = f"={top}:INDEX({top}:{bottom},ROWS({key}))"
            workbook.define_name(f"{owner}{name}", refers_to)
            col += 1
