"""The lines of a self-check, on the sheet 自查 or below a form: one per rule, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model import Form, Template, a1, quoted
from perfxl.template.entering import as_array
from perfxl.template.expand import RuleInstance, expanded
from perfxl.template.live import (
    BROKEN,
    EMPTY,
    FAILED,
    LATER,
    NOT_FILLED,
    PASSED,
    LiveRule,
    plan,
    stands_on_form,
)
from perfxl.template.livewords import general_message, message_parts, place_cell
from perfxl.template.looks import Looks, lines_needed
from perfxl.template.names import literal

CODE, LEVEL, FORM, TITLE, RESULT, MESSAGE, PLACE = (
    "编码", "级别", "表", "查什么", "结果", "提示语", "去看看"
)  # fmt: skip
BITS = "自查.位"
"""The name of 1, 2, 4, …, one below the other."""
RESULTS = "自查.字"
"""The name of what is shown for each state."""
STATE, BROKEN_ROW, ADDRESS, PATTERN, VALUES = range(5)
"""The hidden columns: how the rule stands, at which row of its group it fails first, the cell
to look at, its message with places for values, then those that stand in no cell."""
HIDDEN_COLUMNS = VALUES + 4
HIDDEN_IN_COPIES = VALUES
GREY, LINK = "#7F7F7F", "#0563C1"
_TINTS = ((FAILED, "#F8CBCB", "#9C0006"), (PASSED, "#D9F0DD", "#1E6B2E"), (EMPTY, "#FFF2CC", None))
_LINE = 14.5


def listed(template: Template, form: Form | None) -> list[RuleInstance]:
    """The rules of a repeatable form, or of all others, the live ones first.

    Those about a cell that the form does not have are left out.
    """
    planned = plan(template)
    alone = {one.prefix for one in template.forms if not one.repeatable}
    prefixes = {form.prefix} if form else alone
    rules = [
        instance
        for instance in expanded(template)
        if instance.form in prefixes and stands_on_form(template, instance)
    ]
    return sorted(rules, key=lambda one: planned.live(one) is None)


def title_of(template: Template, instance: RuleInstance) -> str:
    """The rule's title, with the heading where it runs once per column."""
    if instance.heading is None:
        return instance.rule.name
    form = template.form(instance.form)
    headings = [f.columns[0] for n, f in form.fields.items() if n.endswith(f".{instance.heading}")]
    return f"{instance.rule.name}（{headings[0] if headings else instance.heading}）"


class RuleList:
    """Writes lines; ``spans`` are the first and the last column of each heading, from 0.

    ``hidden`` is the first of the hidden columns. ``copied`` says that the list stands on a
    form that may be copied: its links must not name the sheet, and it is kept short, because
    a workbook has it as often as the form.
    """

    def __init__(
        self,
        sheet: Worksheet,
        looks: Looks,
        template: Template,
        spans: Mapping[str, tuple[int, int]],
        widths: Sequence[float],
        hidden: int,
        copied: bool,
    ):
        self.sheet, self.looks, self.template = sheet, looks, template
        self.spans, self.widths, self.hidden, self.copied = spans, widths, hidden, copied
        planned = plan(template).names.values()
        self.names = {name: text for of in planned for name, text in of.items()} | {BITS: ""}

    def width(self, heading: str) -> float:
        first, last = self.spans[heading]
        return sum(self.widths[first : last + 1])

    def cell(self, row: int, heading: str) -> str:
        """The address of a line's cell under a heading."""
        return a1(row + 1, self.spans[heading][0] + 1)

    def helper(self, row: int, column: int) -> str:
        """The address of a line's cell in one of the hidden columns."""
        return f"${a1(row + 1, self.hidden + column + 1)}"

    def text(self, row: int, heading: str, text: str, style: Format) -> None:
        self.sheet.write_string(row, self.spans[heading][0], text, style)

    def formula(self, row: int, heading: str, formula: str, style: Format, value: str = "") -> None:
        self.sheet.write_formula(row, self.spans[heading][0], f"={formula}", style, value)

    def headings(self, row: int) -> None:
        for heading in self.spans:
            self.text(row, heading, heading, self.looks.header)
        self.sheet.set_row(row, 22)

    def write(self, row: int, instance: RuleInstance) -> None:
        """One rule; live where it can be, else with the word that it is checked later."""
        rule = plan(self.template).live(instance)
        centred, plain = self._style(align="center"), self._style()
        self.text(row, CODE, instance.rule.code, centred)
        self.text(row, LEVEL, instance.rule.level.chinese, centred)
        if FORM in self.spans:
            self.text(row, FORM, self.template.form(instance.form).sheet, centred)
        title = title_of(self.template, instance)
        self.text(row, TITLE, title, plain)
        if rule:
            self._live(row, rule)
        else:
            self.text(row, RESULT, LATER, self._style(align="center", font_color=GREY))
            self.text(row, MESSAGE, general_message(instance), self._style(font_color=GREY))
            self.text(row, PLACE, "", centred)
        if self.copied:
            return
        sheet = self.template.form(instance.form).sheet
        lines = max(
            # A column of a few characters is filled to its end.
            lines_needed(sheet, self.width(FORM) + 2) if FORM in self.spans else 1,
            lines_needed(f"{sheet}!A99", self.width(PLACE)),
            lines_needed(title, self.width(TITLE)),
            lines_needed(general_message(instance) + " " * 16, self.width(MESSAGE)),
        )
        self.sheet.set_row(row, _LINE * lines + 5)

    def _style(self, **properties: Any) -> Format:
        # Below a form texts run on to the right: neither frames nor merges nor broken lines.
        return self.looks.of(**properties) if self.copied else self.looks.listed(**properties)

    def _live(self, row: int, rule: LiveRule) -> None:
        state, broken = self.helper(row, STATE), self.helper(row, BROKEN_ROW)
        # An error that a unit pasted somewhere is red there; what rests on it must wait.
        wait = f"IFERROR({rule.state},{NOT_FILLED})" if rule.group else rule.state
        self._hidden(row, STATE, wait, NOT_FILLED)
        if rule.group:
            # As many powers of two divide the sum as there are rows up to the first.
            divide = f"INT({state}/{BITS})*{BITS}=INT({state})"
            first = f"IF({state}<{BROKEN},1,SUMPRODUCT(({divide})*1))"
            self._hidden(row, BROKEN_ROW, first, 1)
        look = f"LOOKUP({state},{RESULTS})"
        self.formula(row, RESULT, look, self._style(align="center"), EMPTY)
        if self.copied:
            self._shortly(row, rule, broken)
        else:
            self._in_full(row, rule)

    def _shortly(self, row: int, rule: LiveRule, broken: str) -> None:
        """The message with the values that have cells of their own, and the link."""
        self._message(row, rule, broken, {})
        cell = place_cell(self.template, rule, broken)
        # A copy of the sheet must lead to its own cells.
        cell = cell.replace(f"{quoted(self.sheet.get_name())}!", "")
        link = self._style(align="center", font_color=LINK, underline=1)
        address = f'CELL("address",{cell})'
        target = f'HYPERLINK("#"&{address},SUBSTITUTE({address},"$",""))'
        self.formula(row, PLACE, target, link)

    def _in_full(self, row: int, rule: LiveRule) -> None:
        """The message with its values, and the link with its address."""
        hidden = [self.helper(row, one) for one in range(HIDDEN_COLUMNS)]
        _, broken, address = hidden[:PATTERN]
        held = {}
        for column, (place, formula) in enumerate(rule.values.items(), VALUES):
            value = f"INDEX({formula},{broken})" if rule.group and place in rule.by_row else formula
            value = f'IFERROR({value},"")'
            if as_array(self.template, value, self.names):
                self._hidden(row, column, value, "")
                value = hidden[column]
            held[place] = value
        cell = place_cell(self.template, rule, broken)
        self._hidden(row, ADDRESS, f"ADDRESS(ROW({cell}),COLUMN({cell}),4)", "")
        self._message(row, rule, broken, held)
        link = self.looks.listed(align="center", font_color=LINK, underline=1)
        sheet = self.template.form(rule.instance.form).sheet
        place, shown = literal(f"#{quoted(sheet)}!"), literal(f"{sheet}!")
        target = f"HYPERLINK({place}&{address},{shown}&{address})"
        self.formula(row, PLACE, target, link)

    def _message(self, row: int, rule: LiveRule, broken: str, held: Mapping[str, str]) -> None:
        text, values = message_parts(self.template, rule, broken, held)
        self.sheet.write_string(row, self.hidden + PATTERN, text, self.looks.of())
        words = self.helper(row, PATTERN)
        for number, value in enumerate(values, 1):
            words = f'SUBSTITUTE({words},"{{{number}}}",{value})'
        state = self.helper(row, STATE)
        self.formula(row, MESSAGE, f'IF({state}<{BROKEN},"",{words})', self._style())

    def _hidden(self, row: int, column: int, formula: str, value: int | str) -> None:
        at, style = self.hidden + column, self.looks.of()
        if as_array(self.template, formula, self.names):
            self.sheet.write_array_formula(row, at, row, at, f"{{={formula}}}", style, value)
        else:
            self.sheet.write_formula(row, at, f"={formula}", style, value)

    def tint(self, workbook: Workbook, first: int, last: int) -> None:
        """Colour the results of those rows."""
        left, right = self.spans[RESULT]
        for mark, tint, colour in _TINTS:
            look = {"bg_color": tint} | ({"font_color": colour, "bold": True} if colour else {})
            self.sheet.conditional_format(
                first, left, last, right,
                {"type": "cell", "criteria": "==", "value": f'"{mark}"',
                 "format": workbook.add_format(look)},
            )  # fmt: skip
