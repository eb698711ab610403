"""Hidden columns in which the self-check works out a value for each row of a group."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Form, column_letters, quoted
from perfxl.template.live import Plan
from perfxl.template.livetext import MOST_ROWS
from perfxl.template.stacks import Stacks, blocks, within


def columns_needed(planned: Plan, forms: list[Form]) -> int:
    """How many hidden columns those forms need."""
    names = [name for form in forms for name in planned.names[form.prefix]]
    return sum(name in planned.columns and not within(planned.stacks, name) for name in names)


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
    columns: dict[str, str] = {}
    for form in forms:
        owner = f"{form.sheet}!" if form.repeatable else ""
        own = f"{quoted(form.sheet)}!"
        for name, formula in planned.names[form.prefix].items():
            group = planned.columns.get(name)
            if group is None:
                workbook.define_name(f"{owner}{name}", f"={formula}")
                continue
            part = within(planned.stacks, name)
            if part is None:
                columns[name] = column_letters(col + 1)
                # A copy of the sheet must look at its own rows.
                text = formula.replace(own, "") if form.repeatable else formula
                for top, height, entered in _entered(planned.stacks, name, text):
                    _enter(sheet, row + top, col, height, entered, style)
                col += 1
            stacked, block = part or (name, 0)
            letters, top = columns[stacked], row + MOST_ROWS * block
            height = MOST_ROWS * (1 if part else blocks(planned.stacks, name))
            first = f"{quoted(sheet.get_name())}!${letters}${top + 1}"
            area = f"{first}:${letters}${top + height}"
            if height == MOST_ROWS:
                key = f"{own if form.repeatable else ''}{form.prefix}.{group.name}.{group.key}"
                area = f"{first}:INDEX({area},ROWS({key}))"
            workbook.define_name(f"{owner}{name}", f"={area}")


def _entered(stacks: Stacks, name: str, formula: str) -> Iterator[tuple[int, int, str]]:
    """The array formulas of a column: how far down each begins, its height, its text."""
    if name not in stacks:
        yield 0, MOST_ROWS * blocks(stacks, name), formula
        return
    for block, column in enumerate(stacks[name]):
        yield MOST_ROWS * block, MOST_ROWS, formula.replace(stacks[name][0], column)


def _enter(sheet: Worksheet, top: int, col: int, height: int, formula: str, style: Format) -> None:
    last = top + height - 1
    sheet.write_array_formula(top, col, last, col, f"{{={formula}}}", style, "")
    for below in range(top + 1, last + 1):
        # Excel fills them in; as zeros they would be a third of the sheet.
        del sheet.table[below][col]
