"""The sheet 自查: every rule with ✓ or ✗, live, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Field, Range, Template, a1
from perfxl.template.expand import RuleInstance
from perfxl.template.live import EMPTY, FAILED, LATER, PASSED, first_broken_row, verdict_formula
from perfxl.template.livewords import general_message, message_formula
from perfxl.template.looks import PROTECTION, Looks, lines_needed, set_paper
from perfxl.template.names import field_of, resolve
from perfxl.template.sheets import quoted
from perfxl.template.tables import SELF_CHECK

COLUMNS = ("编码", "级别", "表", "查什么", "结果", "提示语", "去看看")
RESULT = COLUMNS.index("结果")
HELPER = len(COLUMNS)
"""A hidden column: which row of its group a rule fails at first, for the message."""
HEADER_ROW = 3
_WIDTHS = (7, 6, 8, 42, 12, 74, 12)
_LINE = 14.5
_TINTS = ((FAILED, "#F8CBCB", "#9C0006"), (PASSED, "#D9F0DD", "#1E6B2E"), (EMPTY, "#FFF2CC", None))


def _target(template: Template, instance: RuleInstance) -> tuple[str, Field] | None:
    found = resolve(template, instance.target)
    if found is None:
        return None
    form = template.form(found.prefix)
    field = field_of(form, found.field)
    return (form.sheet, field) if field else None


def _title(template: Template, instance: RuleInstance) -> str:
    """The rule's title, with the heading where it runs once per column."""
    if instance.heading is None:
        return instance.rule.name
    form = template.form(instance.form)
    headings = [f.columns[0] for n, f in form.fields.items() if n.endswith(f".{instance.heading}")]
    return f"{instance.rule.name}（{headings[0] if headings else instance.heading}）"


def _write_message(
    sheet: Worksheet, looks: Looks, template: Template, instance: RuleInstance, row: int, live: bool
) -> None:
    column = COLUMNS.index("提示语")
    if not live:
        text = general_message(instance)
        sheet.write_string(row, column, text, looks.listed(font_color="#7F7F7F"))
        return
    failed = f'{a1(row + 1, RESULT + 1)}="{FAILED}"'
    broken = first_broken_row(template, instance)
    if broken:
        helper = f'{{=IF({failed},{broken},"")}}'
        sheet.write_array_formula(row, HELPER, row, HELPER, helper, looks.of(), "")
    message = message_formula(template, instance, a1(row + 1, HELPER + 1))
    formula = f'{{=IF({failed},{message},"")}}'
    sheet.write_array_formula(row, column, row, column, formula, looks.listed(), "")


def _write_row(
    sheet: Worksheet, looks: Looks, template: Template, instance: RuleInstance, row: int
) -> None:
    target = _target(template, instance)
    formula = verdict_formula(template, instance)
    title = _title(template, instance)
    form = template.form(instance.form)
    texts = (instance.rule.code, instance.rule.level.chinese, form.sheet)
    for col, text in enumerate(texts):
        sheet.write_string(row, col, text, looks.listed(align="center"))
    sheet.write_string(row, COLUMNS.index("查什么"), title, looks.listed())
    centred = looks.listed(align="center")
    if formula is None:
        sheet.write_string(row, RESULT, LATER, looks.listed(align="center", font_color="#7F7F7F"))
    else:
        sheet.write_array_formula(row, RESULT, row, RESULT, f"{{={formula}}}", centred, EMPTY)
    _write_message(sheet, looks, template, instance, row, formula is not None)
    if target and target[1].area:
        _write_link(sheet, looks, row, target[0], target[1].area)
    else:
        sheet.write_blank(row, len(COLUMNS) - 1, None, centred)
    lines = max(
        lines_needed(title, _WIDTHS[COLUMNS.index("查什么")]),
        lines_needed(general_message(instance), _WIDTHS[COLUMNS.index("提示语")]),
    )
    sheet.set_row(row, _LINE * lines + 5)


def _write_link(sheet: Worksheet, looks: Looks, row: int, target: str, area: Range) -> None:
    address = a1(area.top, area.left)
    sheet.write_url(
        row,
        len(COLUMNS) - 1,
        f"internal:{quoted(target)}!{address}",
        looks.listed(align="center", font_color="#0563C1", underline=1),
        f"{target}!{address}",
    )


def write_self_check(
    workbook: Workbook, looks: Looks, template: Template, instances: Sequence[RuleInstance]
) -> None:
    """Add the sheet, one row per rule instance, with the count of ✗ at its top.

    The rules that run in Excel come first, those that only perfxl can run come last.
    """
    instances = sorted(instances, key=lambda one: verdict_formula(template, one) is None)
    sheet = workbook.add_worksheet(SELF_CHECK)
    for col, width in enumerate(_WIDTHS):
        sheet.set_column(col, col, width)
    sheet.set_column(HELPER, HELPER, None, None, {"hidden": True})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "", looks.heading)
    sheet.write_string(0, 0, SELF_CHECK, looks.heading)
    sheet.set_row(0, 36)
    first_row, last_row = HEADER_ROW, HEADER_ROW + max(len(instances), 1) - 1
    results = f"{a1(first_row + 1, RESULT + 1)}:{a1(last_row + 1, RESULT + 1)}"
    sheet.merge_range(1, 0, 1, last, "", looks.of(align="center", font_size=12))
    counts = "&".join(
        f'"{word}"&COUNTIF({results},"{mark}")&" 条"'
        for word, mark in (
            ("不符（✗）", FAILED),
            ("；相符（✓）", PASSED),
            ("；未填 ", EMPTY),
            ("；报送后核对 ", LATER),
        )
    )
    sheet.write_formula(1, 0, f"={counts}", looks.of(align="center", font_size=12), "")
    sheet.set_row(1, 24)
    for col, name in enumerate(COLUMNS):
        sheet.write_string(HEADER_ROW - 1, col, name, looks.header)
    sheet.set_row(HEADER_ROW - 1, 22)
    for row, instance in enumerate(instances, HEADER_ROW):
        _write_row(sheet, looks, template, instance, row)
    for mark, tint, colour in _TINTS:
        look = {"bg_color": tint} | ({"font_color": colour, "bold": True} if colour else {})
        sheet.conditional_format(
            first_row,
            RESULT,
            last_row,
            RESULT,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{mark}"',
                "format": workbook.add_format(look),
            },
        )
    sheet.freeze_panes(HEADER_ROW, 0)
    set_paper(sheet, "A4", landscape=True, repeated_rows=HEADER_ROW)
    sheet.print_area(0, 0, last_row, last)
    sheet.hide_gridlines(2)
    sheet.protect("", PROTECTION)
