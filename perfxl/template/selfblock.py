"""本表自查: the list of rules below a form that may be copied, about the copy it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Form, Template, a1
from perfxl.template.formpart import BLOCK, COUNT
from perfxl.template.live import FAILED, PASSED, plan
from perfxl.template.looks import Looks, merge
from perfxl.template.selfcheck import counts
from perfxl.template.selfcolumns import columns_needed, define_names
from perfxl.template.selflist import (
    CODE,
    HIDDEN_IN_COPIES,
    LEVEL,
    MESSAGE,
    PLACE,
    RESULT,
    STATE,
    TITLE,
    RuleList,
    listed,
)
from perfxl.template.selfplaces import FAILURES, PASSES, count_column, published

FIRST_RULE = 3
"""How many rows below the heading the first rule stands."""
_NEEDED = {CODE: 7.0, LEVEL: 6.0, RESULT: 8.0, PLACE: 8.0, TITLE: 36.0, MESSAGE: 40.0}
"""The message comes last: it runs on beyond the form."""
_DEFAULT_WIDTH = 8.43
_COUNT_WIDTH = 16


def write_self_block(
    workbook: Workbook,
    sheet: Worksheet,
    looks: Looks,
    template: Template,
    form: Form,
    first_row: int,
    widths: Sequence[float],
) -> None:
    """Write the list from ``first_row`` (from 0) on, below the form on its own sheet.

    Nothing in it names the sheet, so that a copy's list is about the copy. Right of the form,
    in the first row, stands how many ✗ there are, and in hidden columns beside it what the
    sheet 自查 sums up over all copies. ``widths`` are those of the form's columns.
    """
    edge = count_column(template)
    all_widths = [*widths, *[_DEFAULT_WIDTH] * edge][:edge]
    spans = _spans(all_widths)
    lines = RuleList(sheet, looks, template, spans, all_widths, edge + 1, copied=True)
    rules = listed(template, form)
    first = first_row + FIRST_RULE
    last = first + max(len(rules), 1) - 1
    results = f"{lines.cell(first, RESULT)}:{lines.cell(last, RESULT)}"
    sheet.set_column(edge, edge, _COUNT_WIDTH, looks.open)
    planned = plan(template)
    hidden = HIDDEN_IN_COPIES + columns_needed(planned, [form])
    sheet.set_column(edge + 1, edge + hidden, None, looks.open, {"hidden": True})
    _write_head(sheet, looks, first_row, edge - 1, results)
    lines.headings(first - 1)
    for row, instance in enumerate(rules, first):
        lines.write(row, instance)
    lines.tint(workbook, first, last)
    _publish(sheet, looks, template, form, results)
    corner = first, edge + 1 + HIDDEN_IN_COPIES
    define_names(workbook, sheet, planned, [form], corner, looks.of())


def state_cell(template: Template, first_row: int, place: int) -> str:
    """The cell with the state of the rule at ``place`` (from 0) in the list of a form."""
    column, row = count_column(template) + 1 + STATE, first_row + FIRST_RULE + place
    letters = a1(1, column + 1)[:-1]
    return f"${letters}${row + 1}"


def _spans(widths: Sequence[float]) -> dict[str, tuple[int, int]]:
    """Which of the form's columns each heading of the list takes, to fit best."""
    found = min(_ways(len(widths)), key=lambda ends: _badness(widths, ends))
    starts = (0, *found)
    ends = (*found, len(widths))
    return {
        heading: (start, end - 1) for heading, start, end in zip(_NEEDED, starts, ends, strict=True)
    }


def _ways(columns: int) -> Iterator[tuple[int, ...]]:
    return combinations(range(1, columns), len(_NEEDED) - 1)


def _badness(widths: Sequence[float], inner: tuple[int, ...]) -> float:
    bounds = (0, *inner, len(widths))
    short = 0.0
    for needed, start, end in zip(_NEEDED.values(), bounds, bounds[1:], strict=False):
        width = sum(widths[start:end])
        # A long text wraps; a code or a mark that does not fit is lost.
        short += max(0.0, needed / width - 1) * (1 if needed > 20 else 20)
    return short


def _write_head(sheet: Worksheet, looks: Looks, row: int, last: int, results: str) -> None:
    merge(sheet, row, 0, row, last, looks.heading)
    sheet.write_string(row, 0, BLOCK, looks.heading)
    sheet.set_row(row, 36)
    style = looks.of(align="center", font_size=12)
    merge(sheet, row + 1, 0, row + 1, last, style)
    sheet.write_formula(row + 1, 0, f"={counts(results)}", style, "")
    sheet.set_row(row + 1, 24)


def _publish(sheet: Worksheet, looks: Looks, template: Template, form: Form, results: str) -> None:
    """The numbers in the first row, right of the form."""
    plain = looks.of()
    places = published(template, form, tuple(plan(template).exports))
    failures = f"${a1(1, places[f'自查.{form.prefix}.{FAILURES}'] + 1)}"
    word = f'IF({failures}>0,"{FAILED} "&{failures},"没有 {FAILED}")'
    style = looks.of(bold=True, align="center")
    sheet.write_formula(0, count_column(template), f'="{COUNT}"&{word}', style, COUNT)
    for name, column in places.items():
        what = name.rpartition(".")[2]
        if what == FAILURES:
            formula = f'COUNTIF({results},"{FAILED}")'
        elif what == PASSES:
            formula = f'COUNTIF({results},"{PASSED}")'
        else:
            field = name.removeprefix("自查.")
            counted = plan(template).exports[field]
            formula = f"(LEN({field})>0)*1" if counted else f'IF(ISNUMBER({field}),{field},"")'
        sheet.write_formula(
            0, column, f"={formula}", plain, 0 if what in (FAILURES, PASSES) else ""
        )
