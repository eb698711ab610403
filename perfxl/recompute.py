"""What the computed cells of a returned workbook should hold.

The formulas are those of the template's rules: a rule without 填报 whose 位置 is a computed
field says by its 前提 and 应为 how the field is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from perfxl.agreement import (
    AS_SHOWN,
    Agreement,
    compare,
    number_at,
    printed_decimals,
    round_half_up,
    slack,
)
from perfxl.facts import Facts, FormFacts
from perfxl.model import Binding, Bound, Field, FormBinding, Role, Template
from perfxl.template import RuleInstance, expanded


class Outcome(Enum):
    """How a computed cell stands to its formula."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    FOLLOWS = "follows"
    """It agrees with what stands in the cells it is computed from, but those are wrong."""
    BLANK = "blank"

    @property
    def replaced(self) -> bool:
        """Whether the corrected copy gets a new value in this cell."""
        return self in (Outcome.WRONG, Outcome.FOLLOWS, Outcome.BLANK)


_OUTCOMES = {
    Agreement.SAME: Outcome.AGREES,
    Agreement.ROUNDING: Outcome.ROUNDING,
    Agreement.DOUBTFUL: Outcome.DOUBTFUL,
    Agreement.DIFFERENT: Outcome.WRONG,
}
_KEPT = frozenset({Outcome.AGREES, Outcome.ROUNDING, Outcome.DOUBTFUL})
"""The outcomes that leave a cell as it is, with fewer digits perhaps than it should have."""


@dataclass(frozen=True)
class Computed:
    """One computed cell: ``exact`` is what its formula gives, ``value`` that as printed."""

    instance: RuleInstance
    field: Field
    bound: Bound
    exact: float
    value: float
    decimals: int
    outcome: Outcome


@lru_cache(maxsize=32)
def defining(template: Template) -> Mapping[tuple[str, str], RuleInstance]:
    """The rule instance that computes a field, by (form prefix, field name)."""
    found: dict[tuple[str, str], RuleInstance] = {}
    for instance in expanded(template):
        prefix, _, name = instance.target.partition(".")
        field = template.form(prefix).fields.get(name)
        if field and field.role is Role.COMPUTED and instance.computes:
            found.setdefault((prefix, name), instance)
    return found


def recompute(binding: Binding) -> tuple[dict[tuple[int, str], Computed], Facts]:
    """Work out every computed cell that was found and whose inputs are known.

    Returns them by (form's place in the binding, field name), and the facts with the values
    that the corrected copy will hold.
    """
    return _Recomputation(binding).run()


def but_for(final: Facts, form: FormBinding, field: str) -> FormFacts:
    """The facts that the corrected copy will hold, with that one field as stated."""
    others = final.stated.correcting()
    for one in final.binding.forms:
        for name, value in final.of(one).settled.items():
            if one is not form or name != field:
                others.settle(one, name, value)
    return others.of(form)


class _Recomputation:
    def __init__(self, binding: Binding):
        self.binding = binding
        self.rules = defining(binding.template)
        self.stated = Facts(binding)
        self.final = self.stated.correcting()
        self.done: dict[tuple[int, str], Computed] = {}
        self._begun: set[tuple[int, str]] = set()

    def run(self) -> tuple[dict[tuple[int, str], Computed], Facts]:
        for place, form in enumerate(self.binding.forms):
            for name in form.fields:
                self._settle(place, form, name)
        return self.done, self.final

    def _settle(self, place: int, form: FormBinding, name: str) -> None:
        key = (place, name)
        instance = self.rules.get((form.form.prefix, name))
        if instance is None or key in self._begun or name not in form.fields:
            return
        self._begun.add(key)
        prefix = form.form.prefix + "."
        for other in _inputs(self.final.of(form), instance):
            if other.startswith(prefix):
                self._settle(place, form, other.removeprefix(prefix))
        computed = self._compute(form, name, instance)
        if computed is None:
            return
        self.done[key] = computed
        if computed.outcome.replaced:
            self.final.settle(form, name, computed.value)

    def _compute(self, form: FormBinding, name: str, instance: RuleInstance) -> Computed | None:
        exact = _expected(self.final.of(form), instance)
        if exact is None:
            return None
        bound = form.fields[name]
        decimals = printed_decimals(bound.value, bound.field)
        value = round_half_up(exact, decimals)
        outcome = self._outcome(form, instance, bound, exact)
        return Computed(instance, bound.field, bound, exact, value, decimals, outcome)

    def _is_exact(
        self, form: FormBinding, instance: RuleInstance, bound: Bound, stated: float
    ) -> bool:
        """Whether the cell was worked out from what others should hold to the last digit: a
        score of 9.73 is right beside a rate rounded to 97%."""
        rounded = [
            (self.binding.forms[place], name, one)
            for (place, name), one in self.done.items()
            if one.bound.value.value != one.value
        ]
        if not any(one.outcome in _KEPT for _, _, one in rounded):
            return False
        facts = self.stated.correcting()
        for owner, name, one in rounded:
            facts.settle(owner, name, one.value)
        expected = _expected(facts.of(form), instance)
        if expected is None:
            return False
        return _agreement(facts.of(form), instance, bound, stated, expected) is Agreement.SAME

    def _outcome(
        self, form: FormBinding, instance: RuleInstance, bound: Bound, exact: float
    ) -> Outcome:
        stated = bound.value.value
        if stated is None and not bound.value.problem:
            return Outcome.BLANK
        if isinstance(stated, bool) or not isinstance(stated, (int, float)):
            return Outcome.WRONG
        best = _agreement(self.final.of(form), instance, bound, stated, exact)
        if best is Agreement.SAME or self._is_exact(form, instance, bound, stated):
            return Outcome.AGREES
        as_stated = self.stated.of(form)
        literal = _expected(as_stated, instance)
        if literal is not None and literal != exact:
            agreement = _agreement(as_stated, instance, bound, stated, literal)
            if agreement is Agreement.SAME and best is Agreement.DIFFERENT:
                return Outcome.FOLLOWS
            best = min(best, agreement)
        return _OUTCOMES[best]


def _expected(facts: FormFacts, instance: RuleInstance) -> float | None:
    if facts.unsound(frozenset(_inputs(facts, instance))):
        return None
    if instance.precondition:
        met = facts.evaluate(instance.precondition)
        if not isinstance(met, (bool, int, float)) or not met:
            return None
    return number_at(facts.evaluate(instance.expected), None)


def _agreement(
    facts: FormFacts, instance: RuleInstance, bound: Bound, stated: float, expected: float
) -> Agreement:
    return compare(
        stated,
        expected,
        bound.value,
        bound.field,
        tolerance_of(instance, facts, None),
        lambda half: slack(instance.expected, facts, half),
    )


def tolerance_of(instance: RuleInstance, facts: FormFacts, at: int | None) -> float | None:
    """The rule's own tolerance as a number; None where the rounding as shown decides."""
    if not instance.tolerance or instance.tolerance == AS_SHOWN:
        return None
    return number_at(facts.evaluate(instance.tolerance), at)


def _inputs(facts: FormFacts, instance: RuleInstance) -> tuple[str, ...]:
    """The names of what a computed field is computed from."""
    wanted = facts.compiled(instance.expected).names
    if not instance.precondition:
        return wanted
    return (*facts.compiled(instance.precondition).names, *wanted)
