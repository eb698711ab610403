"""What the names in rules stand for in one returned workbook.

A name such as ``整体.指标.得分`` is looked up in a Binding: a single value, a column with one
value per row of a group, or a column with one value per form where a repeated form is seen
from another one. Parts (``.数 .符 .单位 .年 .分 .位 .栏年 .原文``) come from the Value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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
from perfxl import formula
from perfxl.template import SHORTHAND, YEAR, field_of, resolve, shorthand

Array = list[list[Scalar]]
_EXACT = frozenset({Kind.COUNT, Kind.POINTS})
_UNREAD = frozenset({"原文", "位", "栏年"})
"""Parts that mean something even where the value itself cannot be trusted."""
AMBIGUOUS = "不能确定"


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
    """The values behind names, for one binding.

    ``settled`` overrides the values of computed cells, by (form's place in the binding,
    field name).
    """

    def __init__(self, binding: Binding, settled: Mapping[tuple[int, str], float] | None = None):
        self.binding = binding
        self.settled: dict[tuple[int, str], float] = dict(settled or {})
        self._found: dict[tuple[int, str], Fact] = {}
        self._places = {id(form): place for place, form in enumerate(binding.forms)}

    def place(self, form: FormBinding) -> int:
        """The form's place in the binding."""
        return self._places[id(form)]

    def settle(self, form: FormBinding, field: str, value: float) -> None:
        """Let the field have this value from now on."""
        place = self.place(form)
        self.settled[place, field] = value
        # What was looked up before may rest on the old value.
        self._found = {key: fact for key, fact in self._found.items() if field not in key[1]}

    def fact(self, name: str, form: FormBinding) -> Fact:
        """What a full name stands for in a rule that runs on ``form``."""
        key = (self.place(form), name)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(name, form)
        return found

    def _look_up(self, full: str, form: FormBinding) -> Fact:
        prefix, _, rest = full.partition(".")
        if rest.startswith(SHORTHAND):
            return self._shorthand(prefix, rest.removeprefix(SHORTHAND), form)
        name = resolve(self.binding.template, full)
        if name is None:
            return Fact(ExcelError.NAME, blocked=f"模板里没有“{full}”")
        if name.prefix == form.form.prefix:
            return self._within(form, name.field, name.part)
        others = self.binding.of(name.prefix)
        definition = self.binding.template.form(name.prefix)
        if not others:
            return Fact(None, blocked=f"没有找到{definition.titles[0]}")
        if definition.repeatable:
            each = [self._within(other, name.field, name.part) for other in others]
            return _stacked(each)
        if len(others) > 1:
            return Fact(None, blocked=f"{definition.titles[0]}不止一张")
        return self._within(others[0], name.field, name.part)

    def _shorthand(self, prefix: str, name: str, form: FormBinding) -> Fact:
        compiled = formula.compile(shorthand(self.binding.template, prefix, name))
        inputs = [self.fact(each, form) for each in compiled.names]
        blocked = next((fact.blocked for fact in inputs if fact.blocked), None)
        doubtful = frozenset(at for fact in inputs for at in fact.doubtful)
        if blocked:
            return Fact(None, blocked=blocked)
        value = compiled.evaluate(RuleScope(self, form))
        return Fact(value, derived=True, doubtful=doubtful)

    def _within(self, form: FormBinding, name: str, part: str) -> Fact:
        if name == YEAR:
            return Fact(form.year, (form.title,))
        group, _, column = name.partition(".")
        if group in form.form.groups and name not in form.form.fields:
            return self._column(form, group, column, part)
        bound = form.fields.get(name)
        field = field_of(form.form, name)
        assert field is not None
        if bound is None:
            return _absent(form, name, field)
        settled = self.settled.get((self.place(form), name))
        if settled is not None and not part:
            return Fact(settled, (bound,))
        doubtful = bool(bound.value.problem) and part not in _UNREAD
        return Fact(
            part_of(bound, part), (bound,), part, doubtful=frozenset({0} if doubtful else ())
        )

    def _column(self, form: FormBinding, group: str, column: str, part: str) -> Fact:
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
    why = form.missing.get(name, "")
    if field.required or AMBIGUOUS in why:
        return Fact(None, blocked=why or f"没有找到“{field.labels[0]}”")
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

    def __init__(
        self, facts: Facts, form: FormBinding, shifted: Mapping[str, Scalar | Array] | None = None
    ):
        self._facts = facts
        self._form = form
        self._shifted = shifted

    def name(self, name: str) -> Scalar | Array:
        if self._shifted and name in self._shifted:
            return self._shifted[name]
        return self._facts.fact(name, self._form).value

    def cells(self, sheet: str | None, area: Range) -> Array:
        raise KeyError(sheet)

    def used(self, sheet: str | None) -> Range:
        return Range(1, 1, 1, 1)
