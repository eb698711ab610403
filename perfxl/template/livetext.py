"""Turn a rule's formulas into ones that Excel 2010 works out over the names of the workbook.

What a rule writes as a name is not always cells in Excel: a part of a phrase, a category whose
merged cell stands rows above, a shorthand. Each of these becomes a defined name with a formula
of its own, so that the rule's text can stay as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfxl.model import Field, Form, Kind, RowGroup, Template, column_letters, quoted
from perfxl.template import phrases
from perfxl.template.calls import replace_calls, too_new
from perfxl.template.expand import shorthand
from perfxl.template.names import (
    SHORTHAND,
    YEAR,
    Name,
    field_of,
    group_of,
    is_category,
    literal,
    names_in,
    replace_names,
    resolve,
)
from perfxl.template.stacks import STACK

ROWS, WEIGHTS, FILLED, SAID = "行", "序", "全", "言"
"""Beside the columns of a group: whether each row counts, its bit in a sum, for a category its
text in every row, for other texts what they say."""
MOST_ROWS = 45
_YEAR = re.compile(r"(?:19|20)\d\d年")
TALLIES = ("SUM", "COUNT", "MAX", "MIN")
"""What 自查 works out of a field over all sheets of a repeatable form."""
SUMMING = frozenset({"SUM", "COUNT", "COUNTA", "MAX", "MIN", "SUMPRODUCT", "COUNTIF", "ROWS"})
"""Functions that make one value of many."""
_FIXED = {Kind.AMOUNT, Kind.RATIO, Kind.AREA, Kind.COUNT}


class NotLive(Exception):
    """The formula needs something that the workbook cannot work out by itself."""


def plain_name(template: Template, name: str, form: str) -> bool:
    """Whether it is a defined name of cells that a formula about ``form`` sees in Excel."""
    known = resolve(template, name)
    if known is None or known.part or known.field == YEAR:
        return False
    owner = template.form(known.prefix)
    field = field_of(owner, known.field)
    return bool(field and field.area) and (not owner.repeatable or owner.prefix == form)


class Translator:
    """Translates the formulas of one template.

    What the translations need is collected as `live.Plan` has it: names by full name, in an
    order in which each rests on earlier ones only.
    """

    def __init__(self, template: Template):
        self.template = template
        self.names: dict[str, str] = {}
        self.columns: dict[str, RowGroup] = {}
        self.exports: dict[str, bool] = {}
        self.stacks: dict[str, tuple[str, ...]] = {}

    @property
    def collected(self) -> tuple[dict, dict, dict, dict]:
        return self.names, self.columns, self.exports, self.stacks

    def translate(self, formula: str, form: str) -> str:
        """The formula as it runs on a sheet that sees the names of ``form``; raises NotLive."""
        text = replace_calls(formula, lambda function, given: self._call(function, given, form))
        if too_new(text):
            raise NotLive(text)
        return replace_names(text, lambda name: self._name(name, form))

    def rows(self, form: Form, group: RowGroup) -> str:
        """The name of the array that says which rows of a group count."""
        start = f"{form.prefix}.{group.name}"
        key = self._cells(form, f"{start}.{group.key}")
        own = [one.name for one in group.columns if not is_category(group, one.name)]
        says = "+".join(f"LEN({self._cells(form, f'{start}.{one}')})" for one in own)
        counts = f"({says}>0)"
        if group.sections:
            printed = ",".join(map(literal, group.sections))
            counts += f"*ISNA(MATCH({key},{{{printed}}},0))"
        return self._define(f"{start}.{ROWS}", f"{counts}*1", group)

    def weights(self, form: Form, group: RowGroup) -> str:
        """The name of the array with 1, 2, 4, … for the rows of a group."""
        key = self._cells(form, f"{form.prefix}.{group.name}.{group.key}")
        place = f"ROW({key})-ROW(INDEX({key},1))"
        weight = f"2^IF({place}<{MOST_ROWS},{place},{MOST_ROWS})"
        return self._define(f"{form.prefix}.{group.name}.{WEIGHTS}", weight, group)

    def _cells(self, form: Form, name: str) -> str:
        """A name as the formula of another name writes it: with the sheet it belongs to."""
        return f"{quoted(form.sheet)}!{name}" if form.repeatable else name

    def _define(self, name: str, formula: str, group: RowGroup | None = None) -> str:
        self.names.setdefault(name, formula)
        if group:
            self.columns[name] = group
        return name

    def _call(self, function: str, given: Sequence[str], form: str) -> str:
        if function == "XMATCH" and len(given) == 2:
            return f"MATCH({given[0]},{given[1]},0)"
        if function in ("SUMIFS", "COUNTIFS"):
            return self._conditional(function, list(given))
        if function in SUMMING and len(given) == 1:
            exported = self._exported(function, given[0].strip(), form)
            if exported:
                return exported
        if function == "COUNTA" and len(given) == 1:
            found = resolve(self.template, given[0].strip())
            owner = self.template.form(found.prefix) if found else None
            group = group_of(owner, found.field) if owner and found else None
            if owner and group and group.sections:
                return f"SUM({self.rows(owner, group)}*(LEN({given[0]})>0))"
        return f"{function}({','.join(given)})"

    def _conditional(self, function: str, given: list[str]) -> str:
        """SUMIFS row by row: arrays may stand where Excel itself wants cells."""
        summed = given.pop(0) if function == "SUMIFS" else None
        pairs = list(zip(given[::2], given[1::2], strict=True))
        found = [resolve(self.template, one.strip()) for pair in pairs for one in pair]
        names = [one for one in found if one]
        groups = {
            group.name
            for one in names
            if (group := group_of(self.template.form(one.prefix), one.field))
        }
        if len(names) < len(found) or len(groups) != 1:
            start = [summed] if summed else []
            return f"{function}({','.join([*start, *given])})"
        equal = "*".join(f"({wanted}=TRANSPOSE({column}))" for column, wanted in pairs)
        values = f"IF(ISNUMBER({summed}),{summed},0)" if summed else f"ROW({names[0].whole})^0"
        return f"MMULT({equal}*1,{values})"

    def _exported(self, function: str, argument: str, form: str) -> str | None:
        """A sum over all sheets of a repeatable form, through a fixed cell on each."""
        found = resolve(self.template, argument)
        if found is None or found.part or found.prefix == form:
            return None
        owner = self.template.form(found.prefix)
        field = owner.fields.get(found.field)
        if not owner.repeatable or field is None or field.area is None:
            return None
        counted = function == "COUNTA"
        if self.exports.setdefault(argument, counted) != counted:
            raise NotLive(argument)
        if counted or function == "SUM":
            return f"SUM({exported_name(argument)})"
        if function not in TALLIES:
            raise NotLive(argument)
        return f"SUM({exported_name(argument, function)})"

    def _name(self, name: str, current: str) -> str:
        if name.startswith("自查."):
            return name
        prefix, _, rest = name.partition(".")
        if rest.startswith(SHORTHAND):
            form = self.template.form(prefix)
            text = shorthand(self.template, prefix, rest.removeprefix(SHORTHAND))
            translated = self._in_name(form, self.translate(text, prefix))
            return self._define(name, translated, self._group_in(form, text))
        known = resolve(self.template, name)
        if known is None:
            return self._known_array(name)
        form = self.template.form(known.prefix)
        if form.repeatable and known.prefix != current:
            raise NotLive(name)
        if known.field == YEAR:
            return self._define(name, phrases.year_in(title_cell(form), rows=False))
        field = field_of(form, known.field)
        if field is None or field.area is None:
            raise NotLive(name)
        if known.part:
            return self._part(form, known, field)
        return self._said(form, known, field)

    def _group_in(self, form: Form, text: str) -> RowGroup | None:
        """The group whose rows a shorthand is about, by the columns in it."""
        known = [resolve(self.template, name) for name in names_in(text)]
        direct = (group_of(form, one.field) for one in known if one and one.prefix == form.prefix)
        folded = (self.columns.get(name) for name in names_in(text))
        return next(filter(None, (*direct, *folded)), None)

    def _known_array(self, name: str) -> str:
        if name not in self.names:
            raise NotLive(name)
        return name

    def _in_name(self, form: Form, text: str) -> str:
        """A translated text as the formula of a name writes it."""
        return (
            replace_names(text, lambda name: self._cells(form, name)) if form.repeatable else text
        )

    def _filled(self, form: Form, name: Name) -> str:
        group = group_of(form, name.field)
        if group is None or not is_category(group, name.field.partition(".")[2]):
            return name.whole
        cells = self._cells(form, name.whole)
        above = f'IFERROR(LOOKUP(ROW({cells}),ROW({cells})/(LEN({cells})>0),{cells}),"")'
        return self._define(f"{name.whole}.{FILLED}", above, group)

    def _said(self, form: Form, name: Name, field: Field) -> str:
        """A column's text without words that say that there is nothing: 无, /, ——."""
        group = group_of(form, name.field)
        category = group and is_category(group, name.field.partition(".")[2])
        if group is None or category or field.kind not in (Kind.TEXT, Kind.MEASURE):
            return self._filled(form, name)
        text = phrases.without_nothing(self._cells(form, name.whole))
        return self._define(f"{name.whole}.{SAID}", text, group)

    def _phrase_part(self, form: Form, group: RowGroup, name: Name) -> str:
        stack = f"{form.prefix}.{group.name}.{STACK}"
        self.stacks[stack] = tuple(dict.fromkeys((*self.stacks.get(stack, ()), name.whole)))
        self._define(stack, f'{self._cells(form, name.whole)}&""', group)
        stacked = self._cells(form, stack)
        for step in phrases.steps(name.part):
            self._define(f"{stack}.{step}", phrases.formula(step, stacked), group)
        return self._define(f"{name.whole}.{name.part}", f"{stacked}.{name.part}", group)

    def _part(self, form: Form, name: Name, field: Field) -> str:
        whole = self._filled(form, name)
        cells, full = self._cells(form, whole), f"{name.whole}.{name.part}"
        group = group_of(form, name.field)
        if name.part in phrases.READ:
            if field.kind is Kind.MEASURE and group:
                return self._phrase_part(form, group, name)
            if name.part == "年" and field.kind in (Kind.TEXT, Kind.DATE):
                return self._define(full, phrases.year_in(f'{cells}&""'), group)
            if name.part == "数" and field.kind in (*_FIXED, Kind.POINTS):
                return self._define(full, f'IF(ISNUMBER({cells}),{cells},"")', group)
        if name.part == "分":
            return self._define(full, phrases.points(cells), group)
        if name.part == "原文" and field.kind in (Kind.TEXT, Kind.MEASURE):
            return f'({whole}&"")'
        if name.part == "位":
            return self._define(full, _decimals(cells, field), group)
        if name.part == "栏年":
            return self._define(full, phrases.year_in(label_cell(form, field), rows=False))
        raise NotLive(full)


def title_cell(form: Form) -> str:
    """The reference of the cell that prints a form's title with its year; or raises NotLive."""
    for cell in form.grid.cells.values():
        text = str(cell.value)
        if _YEAR.search(text) and any(title in text for title in form.titles):
            return _address(form, cell.row, cell.col)
    raise NotLive(form.prefix)


def label_cell(form: Form, field: Field) -> str:
    """The same for the label of a field that prints a year."""
    wanted = [text for text in (*field.columns, *field.labels) if _YEAR.search(text)]
    for cell in form.grid.cells.values():
        if str(cell.value) in wanted:
            return _address(form, cell.row, cell.col)
    raise NotLive(field.name)


def exported_name(field: str, function: str = "SUM") -> str:
    """The name of what a function gives of a field over all sheets of a repeatable form."""
    return f"自查.{field}" if function == "SUM" else f"自查.{field}.{function}"


def _decimals(cells: str, field: Field) -> str:
    """How many decimals are shown: those of the cell's format, or those that were typed."""
    if field.kind in _FIXED:
        return f"{field.decimals or 0}*ISNUMBER({cells})"
    if field.kind is Kind.POINTS:
        return (
            f'IF(ISNUMBER({cells}),IFERROR(LEN(ROUND({cells},9))-FIND(".",ROUND({cells},9)),0),0)'
        )
    return f"0*LEN({cells})"


def _address(form: Form, row: int, col: int) -> str:
    return f"{quoted(form.sheet)}!${column_letters(col)}${row}"


def base_names(template: Template, formula: str) -> tuple[str, ...]:
    """The names of cells that a formula rests on, each once, parts taken off."""
    found = (resolve(template, name) for name in names_in(formula))
    return tuple(dict.fromkeys(one.whole for one in found if one and one.field != YEAR))
