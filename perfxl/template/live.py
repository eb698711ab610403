"""Which rules can run in Excel itself, and the formulas that run them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from perfxl.model import Field, Form, Kind, RowGroup, Template
from perfxl.template.agreeing import decimals, holds
from perfxl.template.calls import replace_calls, too_new
from perfxl.template.expand import RuleInstance, expanded, with_shorthands
from perfxl.template.livetext import (
    SAID,
    SUMMING,
    NotLive,
    Translator,
    base_names,
    plain_name,
)
from perfxl.template.names import (
    EXPECTED,
    STATED,
    YEAR,
    field_of,
    group_of,
    names_in,
    places_in,
    replace_names,
    resolve,
)
from perfxl.template.stacks import Stacks

PASSED, FAILED, EMPTY, NOT_APPLICABLE, LATER = "✓", "✗", "未填", "—", "报送后核对"
NOT_FILLED, NOTHING_TO_CHECK, HOLDS, BROKEN = -1, 0, 0.01, 1
"""The states of a rule; BROKEN or more where it does not hold."""


@dataclass(frozen=True)
class LiveRule:
    """A rule that runs in Excel.

    ``state`` is the array formula, without ``=``, that gives BROKEN where the rule does not
    hold or, for a rule on rows, the sum of 1, 2, 4, … for the rows that break it; less than 1
    where it holds; NOT_FILLED or NOTHING_TO_CHECK otherwise. ``values`` are, by place in the
    message, the formulas of values that stand in no cell; those in ``by_row`` give one per row
    of the group.
    """

    instance: RuleInstance
    group: RowGroup | None
    state: str
    values: Mapping[str, str]
    by_row: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """All that a template's workbook needs to check itself.

    ``names`` are defined names with formulas, by the prefix of their form; ``columns`` those
    with a value for each row of a group; ``exports`` the fields of repeatable forms that other
    forms sum up, True for those that are only counted; ``stacks`` the columns that stand below
    one another where their phrases are taken apart.
    """

    rules: Mapping[RuleInstance, LiveRule]
    names: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, RowGroup]
    exports: Mapping[str, bool]
    stacks: Stacks

    def live(self, instance: RuleInstance) -> LiveRule | None:
        return self.rules.get(instance)


@lru_cache(maxsize=16)
def plan(template: Template) -> Plan:
    """Work out, once per template, which of its rules are live, and how."""
    translator = Translator(template)
    rules = {}
    for instance in expanded(template):
        before = [dict(one) for one in translator.collected]
        try:
            rules[instance] = _LiveWriter(template, instance, translator).rule()
        except NotLive:
            (
                translator.names, translator.columns, translator.exports, translator.stacks
            ) = before  # fmt: skip
    names: dict[str, dict[str, str]] = {form.prefix: {} for form in template.forms}
    for name, formula in translator.names.items():
        names[name.partition(".")[0]][name] = formula
    return Plan(rules, names, translator.columns, translator.exports, translator.stacks)


def stands_on_form(template: Template, instance: RuleInstance) -> bool:
    """Whether the form has a cell that the rule is about; without one there is nothing to do."""
    name = resolve(template, instance.target)
    if name is None or name.field == YEAR:
        return name is not None
    field = field_of(template.form(name.prefix), name.field)
    return bool(field and field.area)


class _LiveWriter:
    def __init__(self, template: Template, instance: RuleInstance, translator: Translator):
        self.template, self.instance, self.translator = template, instance, translator
        self.kept = with_shorthands(template, instance)
        self.form = template.form(instance.form)
        self.group = self.form.groups.get(instance.group) if instance.group else None
        if instance.group and (self.group is None or not self.group.key):
            raise NotLive(instance.group)

    def put(self, text: str) -> str:
        return self.translator.translate(text, self.instance.form)

    def rule(self) -> LiveRule:
        if not stands_on_form(self.template, self.instance):
            raise NotLive(self.instance.target)
        condition = self._condition()
        if self.instance.formula:
            wanted = self.put(self.kept.formula)
        else:
            wanted = holds(self.template, self.kept, self._target(), self.put)
        state = self._per_row(condition, wanted) if self.group else self._once(condition, wanted)
        values = self._values()
        by_row = frozenset(place for place, formula in values.items() if self._has_rows(formula))
        return LiveRule(self.instance, self.group, state, values, by_row)

    def _target(self) -> Field:
        name = resolve(self.template, self.instance.target)
        assert name is not None
        field = field_of(self.template.form(name.prefix), name.field)
        if field is None:
            raise NotLive(self.instance.target)
        return field

    def _condition(self) -> str:
        """When there is something to check; empty for always."""
        parts = [f"({self.put(self.kept.precondition)})"] if self.kept.precondition else []
        if self.kept.exempt:
            parts.append(f"NOT({self.put(self.kept.exempt)})")
        return "*".join(parts)

    def _once(self, condition: str, wanted: str) -> str:
        state = f"IF({wanted},{HOLDS},{BROKEN})"
        if condition:
            needed = self._lengths(base_names(self.template, self.instance.precondition))
            blank = f"-({'*'.join(needed)}=0)" if needed else f"{NOTHING_TO_CHECK}"
            state = f"IF({condition},{state},{blank})"
        if not condition or not self._compares_others():
            looked_at = (
                self.instance.formulas if self._compares_others() else [self.instance.target]
            )
            lengths = self._lengths(base_names(self.template, "+".join(looked_at)))
            if lengths:
                state = f"IF({'+'.join(lengths)}=0,{NOT_FILLED},{state})"
        return f"IFERROR({state},{NOT_FILLED})"

    def _compares_others(self) -> bool:
        return bool(self.instance.formula or self.instance.stated)

    def _lengths(self, names: Iterable[str]) -> list[str]:
        """For each name how much was typed: 0 where it is blank."""
        return [
            f"SUM(LEN({name}))" if self._is_column(name) else f"LEN({name})"
            for name in names
            if plain_name(self.template, name, self.instance.form)
        ]

    def _has_rows(self, formula: str) -> bool:
        """Whether a formula gives one value per row: what it only sums up does not count."""
        kept = replace_calls(
            formula, lambda name, given: "" if name in SUMMING else "+".join(given)
        )
        columns = self.translator.columns
        return any(name in columns or self._is_column(name) for name in names_in(kept))

    def _is_column(self, name: str) -> bool:
        known = resolve(self.template, name)
        return bool(known and group_of(self.template.form(known.prefix), known.field))

    def _per_row(self, condition: str, wanted: str) -> str:
        assert self.group is not None
        counts = self.translator.rows(self.form, self.group)
        weights = self.translator.weights(self.form, self.group)
        applies = f"{counts}*{condition}" if condition else counts
        each = f"IF({applies},IFERROR(IF({wanted},{HOLDS},{weights}),{HOLDS}),0)"
        return f"IF(SUM({counts})=0,{NOT_FILLED},SUM(IFERROR({each},0)))"

    def _values(self) -> dict[str, str]:
        """The values in the message that have no cell of their own."""
        target = resolve(self.template, self.instance.target)
        shown = target.whole if target and target.part == "分" else self.instance.target
        stated = self.kept.stated or shown
        special, found = {STATED: stated, EXPECTED: self.kept.expected}, {}
        for place in places_in(self.instance.message):
            text = special.get(place, place)
            try:
                formula = self.put(text)
            except NotLive:
                continue
            plain = plain_name(self.template, text, self.instance.form)
            if not plain or formula not in (text, f"{text}.{SAID}"):
                found[place] = formula
        return found


def computed_formulas(
    template: Template, form: Form, instances: Iterable[RuleInstance]
) -> Mapping[str, str]:
    """The live formula of each computed cell of a form, by field name, without ``=``.

    It comes from the rule that says what the cell should hold. The cell stays empty while
    nothing that it depends on is filled in, and where it cannot be computed.
    """
    found: dict[str, str] = {}
    for instance in instances:
        prefix, _, name = instance.target.partition(".")
        if prefix != form.prefix or name in found or not instance.computes or instance.group:
            continue
        texts = (instance.precondition, instance.expected)
        used = (instance.target, *(name for text in texts for name in names_in(text)))
        if not all(plain_name(template, one, form.prefix) for one in used):
            continue
        if any(map(too_new, texts)):
            continue
        formula = _rounded(instance.expected, field_of(form, name))
        if instance.precondition:
            formula = f'IF({_beforehand(instance)},{formula},"")'
        found[name] = f'IFERROR({formula},"")'
    return found


def _beforehand(instance: RuleInstance) -> str:
    """The precondition with the target blank, as it is while its own formula is worked out."""

    def blank(name: str) -> str:
        return '""' if name == instance.target else name

    return replace_names(instance.precondition, blank)


def _rounded(formula: str, field: Field | None) -> str:
    if field is None or field.kind is Kind.TEXT:
        return f"({formula})"
    return f"ROUND({formula},{decimals(field)})"
