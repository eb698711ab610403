"""What the names in rules stand for in one returned workbook.

A name such as ``整体.指标.得分`` is looked up in a Binding: a single value, a column with one
value per row of a group, or a column with one value per form where a repeated form is seen
from another one. Parts (``.数 .符 .单位 .年 .分 .位 .栏年 .原文``) come from the Value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from perfxl import formula
from perfxl.locate import ABSENT, NOT_FOUND
from perfxl.model import (
    Binding,
    Bound,
    ExcelError,
    Field,
    FormBinding,
    Kind,
    Range,
    Scalar,
    Value,
)
from perfxl.notation import fold, latest_year
from perfxl.template import SHORTHAND, YEAR, field_of, resolve, shorthand

Array = list[list[Scalar]]
_EXACT = frozenset({Kind.COUNT, Kind.POINTS})
_UNREAD = frozenset({"原文", "位", "栏年"})
"""Parts that mean something even where the value itself cannot be trusted."""


class Fact(NamedTuple):
    """One name's value: ``bounds`` are the cells behind it, one per row of a column.

    ``blocked`` says in words why the name has no value here; ``doubtful`` holds the places
    in ``bounds`` whose text could not be read.
    """

    value: Scalar | Array
    bounds: tuple[Bound | None, ...] = ()
    part: str = ""
    blocked: str | None = None
    doubtful: frozenset[int] = frozenset()
    derived: bool = False
    """Worked out by a shorthand from other names."""

    @property
    def column(self) -> bool:
        return isinstance(self.value, list)

    @property
    def sound(self) -> bool:
        """Whether formulas may use the value as it is."""
        return self.blocked is None and not self.doubtful


def part_of(bound: Bound, part: str) -> Scalar:
    """The value of a bound cell that a name with that part stands for."""
    value = bound.value
    if part == "":
        return ExcelError.VALUE if value.problem else value.value
    if part == "数":
        return value.number
    if part == "符":
        return value.comparator
    if part == "单位":
        return value.unit
    if part == "年":
        return value.year
    if part == "分":
        return value.points
    if part == "位":
        return value.decimals if isinstance(value.value, (int, float)) else 0
    if part == "栏年":
        return latest_year(fold(bound.label))
    return value.raw or None


def half_shown(value: Value, field: Field) -> float:
    """Half a unit of the last digit as shown; counts, points and zero are exact as typed."""
    return 0.0 if field.kind in _EXACT or not value.value else value.half


def half_declared(value: Value, field: Field) -> float:
    """The same, taking the digits that the form asks for as given: 90 万元 means 90.00."""
    if field.kind in _EXACT or not value.value:
        return 0.0
    return 0.5 * 10.0 ** -max(value.decimals, field.decimals or 0)


class Facts:
    """The values behind names, for one binding."""

    def __init__(self, binding: Binding):
        self.binding = binding
        self._views = {id(form): FormFacts(self, form) for form in binding.forms}

    def of(self, form: FormBinding) -> FormFacts:
        """The facts as rules on that form see them."""
        return self._views[id(form)]

    def settle(self, form: FormBinding, field: str, value: float) -> None:
        """Let the field have this value from now on, whatever the cell says."""
        self.of(form).settled[field] = value
        # What was looked up before may rest on the old value.
        for view in self._views.values():
            for name in [name for name in view if field in name or SHORTHAND in name]:
                del view[name]


class FormFacts(dict[str, Fact]):
    """What full names stand for in a rule that runs on one form, worked out when asked for."""

    def __init__(self, facts: Facts, form: FormBinding):
        self.form = form
        self.settled: dict[str, float] = {}
        self._facts = facts
        self._template = facts.binding.template

    def __missing__(self, name: str) -> Fact:
        found = self[name] = self._look_up(name)
        return found

    def _look_up(self, full: str) -> Fact:
        prefix, _, rest = full.partition(".")
        if rest.startswith(SHORTHAND):
            return self._shorthand(prefix, rest.removeprefix(SHORTHAND))
        name = resolve(self._template, full)
        if name is None:
            return Fact(ExcelError.NAME, blocked=f"模板里没有“{full}”")
        if name.prefix == self.form.form.prefix:
            return self._own(name.field, name.part)
        others = self._facts.binding.of(name.prefix)
        definition = self._template.form(name.prefix)
        if not others:
            return Fact(None, blocked=f"没有找到{definition.titles[0]}")
        if not definition.repeatable and len(others) > 1:
            return Fact(None, blocked=f"{definition.titles[0]}不止一张")
        each = [self._facts.of(other)._own(name.field, name.part) for other in others]
        return _stacked(each) if definition.repeatable else each[0]

    def _shorthand(self, prefix: str, name: str) -> Fact:
        compiled = formula.compile(shorthand(self._template, prefix, name))
        inputs = [self[each] for each in compiled.names]
        blocked = next((fact.blocked for fact in inputs if fact.blocked), None)
        if blocked:
            return Fact(None, blocked=blocked)
        doubtful = frozenset(at for fact in inputs for at in fact.doubtful)
        return Fact(compiled.evaluate(RuleScope(self)), derived=True, doubtful=doubtful)

    def _own(self, name: str, part: str) -> Fact:
        form = self.form
        if name == YEAR:
            return Fact(form.year, (form.title,))
        group, _, column = name.partition(".")
        if group in form.form.groups and name not in form.form.fields:
            return self._column(group, column, part)
        bound = form.fields.get(name)
        field = field_of(form.form, name)
        assert field is not None
        if bound is None:
            return _absent(form, name, field)
        if name in self.settled and not part:
            return Fact(self.settled[name], (bound,))
        doubtful = bool(bound.value.problem) and part not in _UNREAD
        return Fact(
            part_of(bound, part), (bound,), part, doubtful=frozenset({0} if doubtful else ())
        )

    def _column(self, group: str, column: str, part: str) -> Fact:
        form = self.form
        rows = form.groups.get(group, ())
        name = f"{group}.{column}"
        field = field_of(form.form, name)
        assert field is not None
        if not rows:
            return Fact(None, blocked=f"没有找到“{group}”的明细行")
        if name in form.missing:
            absent = _absent(form, name, field)
            return absent if absent.blocked else absent._replace(value=[[None] for _ in rows])
        bounds = tuple(row.values.get(column) for row in rows)
        values: Array = [[part_of(bound, part) if bound else None] for bound in bounds]
        doubtful = (
            frozenset()
            if part in _UNREAD
            else frozenset(i for i, bound in enumerate(bounds) if bound and bound.value.problem)
        )
        return Fact(values, bounds, part, doubtful=doubtful)


def _absent(form: FormBinding, name: str, field: Field) -> Fact:
    why = form.missing.get(name, NOT_FOUND)
    if field.required or why not in ABSENT:
        return Fact(None, blocked=f"“{field.labels[0]}”：{why}")
    return Fact(None)


def _stacked(facts: list[Fact]) -> Fact:
    blocked = next((fact.blocked for fact in facts if fact.blocked), None)
    if blocked:
        return Fact(None, blocked=blocked)
    values: Array = []
    bounds: list[Bound | None] = []
    doubtful = set()
    for fact in facts:
        rows = fact.value if isinstance(fact.value, list) else [[fact.value]]
        cells = fact.bounds or (None,) * len(rows)
        doubtful |= {len(bounds) + i for i in fact.doubtful}
        values += rows
        bounds += cells
    return Fact(values, tuple(bounds), facts[0].part, doubtful=frozenset(doubtful))


class RuleScope:
    """The surroundings in which a rule's formulas run: names only, no cells.

    ``shifted`` replaces the values of single names, to see how far a result moves.
    """

    here: tuple[str | None, int, int] | None = None

    def __init__(self, facts: FormFacts, shifted: Mapping[str, Scalar | Array] | None = None):
        self._facts = facts
        self._shifted = shifted

    def name(self, name: str) -> Scalar | Array:
        if self._shifted and name in self._shifted:
            return self._shifted[name]
        return self._facts[name].value

    def cells(self, sheet: str | None, area: Range) -> Array:
        raise KeyError(sheet)

    def used(self, sheet: str | None) -> Range:
        return Range(1, 1, 1, 1)
