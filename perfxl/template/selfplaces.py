"""Where the self-check keeps what other sheets look up, so that both sides agree."""

from __future__ import annotations

from perfxl.model import Form, Template, column_letters
from perfxl.template.livetext import TALLIES, exported_name
from perfxl.template.tables import INSTRUCTIONS, SELF_CHECK

FAILURES, PASSES = "错", "对"
_FEWEST_COLUMNS = 6
"""A list of rules needs as many, however narrow the form."""


def count_column(template: Template) -> int:
    """The column, from 0, right of all forms: where a form that may be copied counts its ✗.

    The same on each, so that a sum through all sheets meets nothing else.
    """
    return max(_FEWEST_COLUMNS, *map(_last_column, template.forms))


def _last_column(form: Form) -> int:
    areas = [form.grid.extent, *form.grid.merges]
    areas += [field.area for field in form.fields.values() if field.area]
    areas += [group.area for group in form.groups.values()]
    return max(area.right for area in areas)


def published(template: Template, form: Form, exports: tuple[str, ...]) -> dict[str, int]:
    """The columns, from 0, of the first row in which a repeatable form publishes numbers, by
    the name under which 自查 sums them up over all sheets."""
    first = count_column(template) + 1
    names = [f"自查.{form.prefix}.{what}" for what in (FAILURES, PASSES)]
    names += [exported_name(field) for field in exports if field.startswith(f"{form.prefix}.")]
    return {name: first + place for place, name in enumerate(names)}


def tallies(template: Template, form: Form, exports: tuple[str, ...]) -> dict[str, str]:
    """What 自查 works out over all sheets from the first to itself, by the name of its result.

    Each has a cell of its own, and the name is of that cell: a name for cells on many sheets
    comes to nothing once LibreOffice has saved and opened the workbook.
    """
    found = {}
    for name, column in published(template, form, exports).items():
        through = f"{INSTRUCTIONS}:{SELF_CHECK}!${column_letters(column + 1)}$1"
        field = name.removeprefix("自查.")
        for function in TALLIES if field in exports else TALLIES[:1]:
            found[exported_name(field, function)] = f"{function}({through})"
    return found
