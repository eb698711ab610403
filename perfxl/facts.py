"""What the names in rules stand for in one returned workbook.

A name such as ``整体.指标.得分`` is looked up in a Binding: a single value, a column with one
value per row of a group, or a column with one value per form where a repeated form is seen
from another one. Parts (``.数 .符 .单位 .年 .分 .位 .栏年 .原文``) come from the Value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from perfxl import formula
from perfxl.locate import ABSENT, NOT_FOUND
from perfxl.model import (
    Binding,
    Bound,
    ExcelError,
    FormBinding,
    GroupRow,
    Range,
    Scalar,
)
from perfxl.notation import fold, latest_year
from perfxl.routes import Route, prepared
from perfxl.template import SHORTHAND, YEAR, shorthand

Array = list[list[Scalar]]
_UNREAD = frozenset({"原文", "位", "栏年"})
"""Parts that mean something even where the value itself cannot be trusted."""
_NONE: frozenset[int] = frozenset()
_FIRST = frozenset({0})


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


_READERS: dict[str, Callable[[Bound], Scalar]] = {
    "": attrgetter("value.value"),
    "数": attrgetter("value.number"),
    "符": attrgetter("value.comparator"),
    "单位": attrgetter("value.unit"),
    "年": attrgetter("value.year"),
    "分": attrgetter("value.points"),
    "位": lambda bound: bound.value.decimals if isinstance(bound.value.value, (int, float)) else 0,
    "栏年": lambda bound: latest_year(fold(bound.label)),
    "原文": lambda bound: bound.value.raw or None,
}
"""What a name with each part stands for, read from the cell behind it."""


class Facts:
    """The values behind names, for one binding.

    ``stated`` are the facts as the workbook has them: these, unless they were made to put
    values right (`correcting`).
    """

    def __init__(self, binding: Binding, stated: Facts | None = None):
        self.binding = binding
        self.stated = stated or self
        self.prepared = prepared(binding.template)
        self._settled: set[str] = set()
        self._views = {id(form): FormFacts(self, form) for form in binding.forms}

    def correcting(self) -> Facts:
        """The same facts, for values to be settled in."""
        return Facts(self.binding, self)

    def of(self, form: FormBinding) -> FormFacts:
        """The facts as rules on that form see them."""
        return self._views[id(form)]

    def settle(self, form: FormBinding, field: str, value: float) -> None:
        """Let the field have this value from now on, whatever the cell says."""
        self.of(form).settled[field] = value
        self._settled.add(f"{form.form.prefix}.{field}")
        # What was looked up before may rest on the old value.
        roots = self.prepared.roots
        for view in self._views.values():
            view.forget([name for name in view if self.moved(roots[name])])

    def moved(self, roots: frozenset[str]) -> bool:
        """Whether what comes from those fields may differ from what the workbook states."""
        return not self._settled.isdisjoint(roots)


class FormFacts(dict[str, Fact]):
    """What full names stand for in a rule that runs on one form, worked out when asked for."""

    def __init__(self, facts: Facts, form: FormBinding):
        self.form = form
        self.settled: dict[str, float] = {}
        self._facts = facts
        self._routes = facts.prepared.routes
        self._formulas = facts.prepared.formulas
        self._roots = facts.prepared.roots
        self._stated = facts.stated.of(form) if facts.stated is not facts else None
        self._columns: dict[str, tuple[tuple[Bound | None, ...], frozenset[int]]] = {}
        self._unsound: set[str] = set()
        self._scope = RuleScope(self)
        # Until something is settled, what the stated facts give is right here too.
        self._memo: formula.Memo = self._stated._memo if self._stated else {}

    def __missing__(self, name: str) -> Fact:
        stated = self._stated
        same = stated is not None and not self._facts.moved(self._roots[name])
        found = self[name] = stated[name] if stated is not None and same else self._look_up(name)
        if not found.sound:
            self._unsound.add(name)
        return found

    def unsound(self, names: frozenset[str]) -> bool:
        """Whether any of those names has no value that formulas may use."""
        if not self.keys() >= names:
            for name in names:
                self[name]
        return not self._unsound.isdisjoint(names)

    def moved(self, names: frozenset[str]) -> bool:
        """Whether any of those names may have another value than the workbook states."""
        return self._facts.moved(self._roots.of(names))

    def forget(self, names: Iterable[str]) -> None:
        """Look those names up again, and work out again what rests on them."""
        for name in names:
            del self[name]
            self._unsound.discard(name)
        self._scope = RuleScope(self)
        self._memo = {}

    def compiled(self, text: str) -> formula.Formula:
        """A formula of the template; it shares its parts with the template's others."""
        return self._formulas[text]

    def evaluate(self, text: str) -> Scalar | Array:
        """What a formula of the template gives on this form."""
        return self._formulas[text].evaluate(self._scope, self._memo)

    def shifted(self, text: str, name: str, value: Scalar | Array) -> Scalar | Array:
        """What it would give if one name had another value."""
        return self.compiled(text).evaluate(RuleScope(self, {name: value}))

    def _look_up(self, full: str) -> Fact:
        route = self._routes[full]
        if route is None:
            prefix, _, rest = full.partition(".")
            if rest.startswith(SHORTHAND):
                return self._shorthand(prefix, rest.removeprefix(SHORTHAND))
            return Fact(ExcelError.NAME, blocked=f"模板里没有“{full}”")
        prefix = route.form.prefix
        if prefix == self.form.form.prefix:
            return self._column(route) if route.group else self._single(route)
        others = self._facts.binding.of(prefix)
        if not others:
            return Fact(None, blocked=f"没有找到{route.form.titles[0]}")
        if not route.form.repeatable and len(others) > 1:
            return Fact(None, blocked=f"{route.form.titles[0]}不止一张")
        each = [self._facts.of(other)[full] for other in others]
        return _stacked(each) if route.form.repeatable else each[0]

    def _shorthand(self, prefix: str, name: str) -> Fact:
        text = shorthand(self._facts.binding.template, prefix, name)
        inputs = [self[each] for each in self.compiled(text).names]
        blocked = next((fact.blocked for fact in inputs if fact.blocked), None)
        if blocked:
            return Fact(None, blocked=blocked)
        doubtful = frozenset(at for fact in inputs for at in fact.doubtful)
        return Fact(self.evaluate(text), derived=True, doubtful=doubtful)

    def _single(self, route: Route) -> Fact:
        form, name, part = self.form, route.name, route.part
        if name == YEAR:
            return Fact(form.year, (form.dated or form.title,))
        bound = form.fields.get(name)
        if bound is None:
            return _absent(form, route)
        if name in self.settled and not part:
            return Fact(self.settled[name], (bound,))
        doubtful = _FIRST if bound.value.problem and part not in _UNREAD else _NONE
        value = ExcelError.VALUE if doubtful and not part else _READERS[part](bound)
        return Fact(value, (bound,), part, doubtful=doubtful)

    def _column(self, route: Route) -> Fact:
        form, part = self.form, route.part
        rows = form.groups.get(route.group, ())
        if not rows:
            return Fact(None, blocked=f"没有找到“{route.group}”的明细行")
        if route.name in form.missing:
            absent = _absent(form, route)
            return absent if absent.blocked else absent._replace(value=[[None] for _ in rows])
        bounds, doubtful = self._cells(route, rows)
        read = _READERS[part]
        values: Array = [[None if bound is None else read(bound)] for bound in bounds]
        if not part:
            for at in doubtful:
                values[at][0] = ExcelError.VALUE
        return Fact(values, bounds, part, doubtful=_NONE if part in _UNREAD else doubtful)

    def _cells(
        self, route: Route, rows: Sequence[GroupRow]
    ) -> tuple[tuple[Bound | None, ...], frozenset[int]]:
        """The cells of a column and the places of those that could not be read; its parts
        share them."""
        if route.name not in self._columns:
            bounds = tuple(row.values.get(route.column) for row in rows)
            doubtful = frozenset(i for i, b in enumerate(bounds) if b and b.value.problem)
            self._columns[route.name] = bounds, doubtful
        return self._columns[route.name]


def _absent(form: FormBinding, route: Route) -> Fact:
    why = form.missing.get(route.name, NOT_FOUND)
    assert route.field is not None
    if route.field.required or why not in ABSENT:
        return Fact(None, blocked=f"“{route.field.labels[0]}”：{why}")
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


class _Values(dict[str, Scalar | Array]):
    def __init__(self, facts: FormFacts):
        self._facts = facts

    def __missing__(self, name: str) -> Scalar | Array:
        value = self[name] = self._facts[name].value
        return value


class RuleScope:
    """The surroundings in which a rule's formulas run: names only, no cells.

    ``shifted`` replaces the values of single names, to see how far a result moves.
    """

    here: tuple[str | None, int, int] | None = None

    def __init__(self, facts: FormFacts, shifted: Mapping[str, Scalar | Array] | None = None):
        values = _Values(facts)
        values.update(shifted or {})
        self.name: Callable[[str], Scalar | Array] = values.__getitem__

    def cells(self, sheet: str | None, area: Range) -> Array:
        raise KeyError(sheet)

    def used(self, sheet: str | None) -> Range:
        return Range(1, 1, 1, 1)
