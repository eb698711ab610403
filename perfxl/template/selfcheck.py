"""The sheet 自查: every rule with ✓ or ✗, live, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Form, Template, column_letters
from perfxl.template.formpart import BLOCK
from perfxl.template.live import (
    BROKEN,
    EMPTY,
    FAILED,
    HOLDS,
    LATER,
    NOT_APPLICABLE,
    NOT_FILLED,
    NOTHING_TO_CHECK,
    PASSED,
    Plan,
    plan,
)
from perfxl.template.livetext import MOST_ROWS
from perfxl.template.looks import PROTECTION, Looks, lines_needed, merge, set_paper
from perfxl.template.phrases import WORDS
from perfxl.template.selfcolumns import columns_needed, define_names
from perfxl.template.selflist import (
    BITS,
    CODE,
    FORM,
    HIDDEN_COLUMNS,
    LEVEL,
    MESSAGE,
    PLACE,
    RESULT,
    RESULTS,
    STATE,
    TITLE,
    RuleList,
    listed,
)
from perfxl.template.selfplaces import FAILURES, PASSES, tallies
from perfxl.template.tables import SELF_CHECK

HEADER_ROW = 3
_TOTALS_ROW = 1
"""From 0, right of the counts; in the first row is what forms publish, and nothing else here."""
STATES = "自查.状态"
"""The name of the states of all rules listed on 自查, from the first on."""
_WIDTHS = {CODE: 7, LEVEL: 6, FORM: 10, TITLE: 40, RESULT: 12, MESSAGE: 74, PLACE: 14}


def counts(results: str, failures: str = "", passes: str = "") -> str:
    """The words that count the results in a range, as a formula, others added."""
    parts = (
        ("不符（✗）", FAILED, failures),
        ("；相符（✓）", PASSED, passes),
        ("；未填 ", EMPTY, ""),
        ("；报送后核对 ", LATER, ""),
    )
    return "&".join(
        f'"{words}"&COUNTIF({results},"{mark}"){more}&" 条"' for words, mark, more in parts
    )


def write_self_check(workbook: Workbook, looks: Looks, template: Template) -> None:
    """Add the sheet: one line per rule of the forms that occur once, the live ones first; one
    for each form that may be copied, whose own rules are listed below it; the counts on top.
    """
    sheet = workbook.add_worksheet(SELF_CHECK)
    spans = {heading: (col, col) for col, heading in enumerate(_WIDTHS)}
    widths = list(_WIDTHS.values())
    for col, width in enumerate(widths):
        sheet.set_column(col, col, width)
    last = len(widths) - 1
    planned = plan(template)
    single = [form for form in template.forms if not form.repeatable]
    totals = [
        total
        for form in template.forms
        if form.repeatable
        for total in tallies(template, form, tuple(planned.exports)).items()
    ]
    hidden = max(HIDDEN_COLUMNS + columns_needed(planned, single), len(totals))
    sheet.set_column(last + 1, last + hidden, None, None, {"hidden": True})
    lines = RuleList(sheet, looks, template, spans, widths, last + 1, copied=False)
    repeated = [form for form in template.forms if form.repeatable]
    rules = listed(template, None)
    first_row = HEADER_ROW
    first_rule = first_row + len(repeated)
    last_row = max(first_rule + len(rules) - 1, first_row)
    _write_head(sheet, looks, repeated, _area(lines, RESULT, first_rule, last_row), last)
    lines.headings(HEADER_ROW - 1)
    for row, form in enumerate(repeated, first_row):
        _write_summary(lines, looks, form, row)
    for row, instance in enumerate(rules, first_rule):
        lines.write(row, instance)
    lines.tint(workbook, first_row, last_row)
    corner = HEADER_ROW, last + 1 + HIDDEN_COLUMNS
    define_names(workbook, sheet, planned, single, corner, looks.of())
    for col, (name, formula) in enumerate(totals, last + 1):
        sheet.write_formula(_TOTALS_ROW, col, f"={formula}", looks.of(), 0)
        workbook.define_name(name, f"='{SELF_CHECK}'!${column_letters(col + 1)}${_TOTALS_ROW + 1}")
    _define_names(workbook, planned, _states(lines, first_rule, last_row))
    sheet.freeze_panes(HEADER_ROW, 0)
    set_paper(sheet, "A4", landscape=True, repeated_rows=HEADER_ROW)
    sheet.print_area(0, 0, last_row, last)
    sheet.hide_gridlines(2)
    sheet.protect("", PROTECTION)


def _write_head(
    sheet: Worksheet,
    looks: Looks,
    repeated: Sequence[Form],
    results: str,
    last: int,
) -> None:
    merge(sheet, 0, 0, 0, last, looks.heading)
    sheet.write_string(0, 0, SELF_CHECK, looks.heading)
    sheet.set_row(0, 36)
    style = looks.of(align="center", font_size=12)
    merge(sheet, 1, 0, 1, last, style)
    more = ["".join(f"+SUM(自查.{form.prefix}.{what})" for form in repeated)
            for what in (FAILURES, PASSES)]  # fmt: skip
    sheet.write_formula(1, 0, f"={counts(results, *more)}", style, "")
    sheet.set_row(1, 24)


def _write_summary(lines: RuleList, looks: Looks, form: Form, row: int) -> None:
    """What the lists below all sheets of a form that may be copied say together."""
    centred, plain = looks.listed(align="center"), looks.listed()
    failures, passes = (f"SUM(自查.{form.prefix}.{what})" for what in (FAILURES, PASSES))
    lines.text(row, CODE, "", centred)
    lines.text(row, LEVEL, "", centred)
    lines.text(row, FORM, form.sheet, centred)
    title = f"各张“{form.sheet}”，见每张表下方的“{BLOCK}”"
    lines.text(row, TITLE, title, plain)
    result = f'IF({failures}>0,"{FAILED} "&{failures},IF({passes}>0,"{PASSED}","{EMPTY}"))'
    lines.formula(row, RESULT, result, centred, EMPTY)
    words = f'"各张表共 "&{failures}&" 条不符：逐张翻到表下方的“{BLOCK}”，标 ✗ 的先改正或说明。"'
    lines.formula(row, MESSAGE, f'IF({failures}>0,{words},"")', plain)
    lines.text(row, PLACE, "", centred)
    needed = lines_needed(title, lines.width(TITLE))
    lines.sheet.set_row(row, 14.5 * max(needed, 1) + 5)


def _area(lines: RuleList, heading: str, first: int, last: int) -> str:
    return f"{lines.cell(first, heading)}:{lines.cell(max(first, last), heading)}"


def _states(lines: RuleList, first: int, last: int) -> str:
    column = lines.helper(0, STATE).rstrip("0123456789")
    return f"'{SELF_CHECK}'!{column}${first + 1}:{column}${max(first, last) + 1}"


def _define_names(workbook: Workbook, planned: Plan, states: str) -> None:
    formulas = [text for named in planned.names.values() for text in named.values()]
    for name, words in WORDS.items():
        if any(name in text for text in formulas):
            workbook.define_name(name, f"={words}")
    workbook.define_name(STATES, f"={states}")
    powers = ";".join(str(2**place) for place in range(MOST_ROWS + 1))
    workbook.define_name(BITS, f"={{{powers}}}")
    shown = {NOT_FILLED: EMPTY, NOTHING_TO_CHECK: NOT_APPLICABLE, HOLDS: PASSED, BROKEN: FAILED}
    pairs = ";".join(f'{state},"{mark}"' for state, mark in shown.items())
    workbook.define_name(RESULTS, f"={{{pairs}}}")
