"""Rules over a binding give findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import compress
from typing import NamedTuple

from perfxl.agreement import Agreement, compare, item_at, same_text, slack
from perfxl.facts import Array, Facts, FormFacts
from perfxl.model import (
    Binding,
    ExcelError,
    Field,
    Finding,
    FormBinding,
    Level,
    Scalar,
    Template,
    Value,
)
from perfxl.recompute import Computed, Outcome, but_for, tolerance_of
from perfxl.template import RuleInstance, expanded, folded
from perfxl.wording import Wording, blank_value

Rows = list[int | None]

ON_TRIAL = "试行"
_WITHIN_ROUNDING = "（差额在四舍五入的范围内）"
_MAY_STAY = "可以不改；如要一致，请按应为数填列。"
_FOLLOWS = "（与表上所填数相符，但所依据的数有误）"
_EPSILON = 1e-9


@dataclass
class Audit:
    """What the rules found: ``run`` counts rule and form pairs, ``skipped`` says per
    ``code@form`` what kept a rule from running."""

    findings: list[Finding] = field(default_factory=list)
    run: int = 0
    skipped: dict[str, str] = field(default_factory=dict)


def audit(
    binding: Binding,
    computed: Mapping[tuple[int, str], Computed],
    final: Facts,
    forms: int | None = None,
) -> Audit:
    """Run every rule of the binding's template on every form it is for, or on the first
    ``forms`` of the binding only.

    A rule whose inputs are missing or cannot be read is skipped and says what blocks it; a
    precondition that is not met means that there is nothing to check. Rules on trial (试行)
    find notes only.
    """
    result = Audit()
    seen: set[tuple[str, str | None, str | None]] = set()
    views: dict[str, list[_View]] = {}
    for place, form in enumerate(binding.forms[:forms]):
        view = _View(place, form, final.stated.of(form), final.of(form), final, {})
        views.setdefault(form.form.prefix, []).append(view)
    for question in _questions(binding.template):
        for view in views.get(question.instance.form, ()):
            cell = computed.get((view.place, question.field)) if question.computes else None
            if cell and cell.instance.rule is not question.instance.rule:
                # Another rule says how the cell is computed; this one compares it with more.
                cell = None
            trial = Trial(question, view.seen_by(question), view.final, cell)
            if trial.pointless:
                continue
            if trial.blocked:
                code = question.instance.rule.code
                result.skipped[f"{code}@{view.form.label()}"] = trial.blocked
                continue
            if not (rows := trial.rows()):
                continue
            result.run += 1
            for finding in trial.findings(rows):
                # A heading that several rows share is one place and one mistake.
                key = (finding.code, finding.sheet, finding.cell)
                if key not in seen:
                    seen.add(key)
                    result.findings.append(finding)
    return result


class _View(NamedTuple):
    """One form, by its place in the binding, and what its names stand for: as stated, put
    right, and put right but for one field."""

    place: int
    form: FormBinding
    facts: FormFacts
    final: FormFacts
    all: Facts
    but_for: dict[str, FormFacts]

    def seen_by(self, question: Question) -> FormFacts:
        """The facts put right, so that one mistake is not reported again by its consequences;
        the cell that is wrong as stated, for a rule about it."""
        if not self.final.moved(question.names):
            return self.facts
        if not (question.about_target and question.field in self.final.settled):
            return self.final
        if question.field not in self.but_for:
            self.but_for[question.field] = but_for(self.all, self.form, question.field)
        return self.but_for[question.field]


class Question(NamedTuple):
    """A rule instance, and what follows from it for every workbook.

    ``own`` begins the names of the rows of its group; ``field`` is its 位置 without the form's
    prefix, which it ``computes`` where it has 应为 and nothing else to compare with;
    ``about_target`` says that its formulas look at the cell at 位置 itself.
    """

    instance: RuleInstance
    names: frozenset[str]
    own: str | None
    field: str
    computes: bool
    about_target: bool


@lru_cache(maxsize=32)
def _questions(template: Template) -> tuple[Question, ...]:
    return tuple(
        Question(
            one,
            frozenset(one.names),
            f"{one.form}.{one.group}." if one.group else None,
            one.target.partition(".")[2],
            bool(one.expected) and not one.formula and not one.stated,
            any(f"{name}.".startswith(f"{one.target}.") for name in in_full.names),
        )
        for one, in_full in zip(folded(template), expanded(template), strict=True)
    )


class Trial:
    """One rule instance run on one form.

    ``final`` are the facts with computed cells put right; ``cell`` is the computed cell at
    the rule's 位置, if it is one.
    """

    def __init__(
        self, question: Question, facts: FormFacts, final: FormFacts, cell: Computed | None
    ):
        self.question = question
        self.instance = question.instance
        self.facts = facts
        self.final = final
        self.target = target = facts[question.instance.target]
        self.computed = cell
        self._doubtful: frozenset[int] = frozenset()
        # Nothing to mark: an optional field that this form does not have.
        self.pointless = not target.blocked and not any(target.bounds)
        self.blocked = target.blocked or self._block()

    def _block(self) -> str | None:
        facts, own = self.facts, self.question.own
        if not facts.unsound(self.question.names):
            return None
        for name in self.instance.names:
            fact = facts[name]
            if fact.sound:
                continue
            if fact.blocked:
                return fact.blocked
            if own and (name.startswith(own) or fact.derived):
                self._doubtful |= fact.doubtful
            elif name != self.instance.target:
                bound = None if fact.derived else fact.bounds[min(fact.doubtful)]
                return f"“{name}”填的是“{bound.value.raw if bound else ''}”，不能读取"
        return None

    def rows(self) -> Rows:
        """The rows where there is something to check; [None] for a rule on a whole form."""
        instance = self.instance
        rows: Rows = [None]
        if instance.group:
            rows = [at for at in range(len(self.target.bounds)) if at not in self._doubtful]
        if instance.precondition:
            rows = list(compress(rows, _truths(self._evaluate(instance.precondition), rows)))
        if instance.exempt and rows:
            exempt = _truths(self._evaluate(instance.exempt), rows)
            rows = [at for at, excused in zip(rows, exempt, strict=True) if not excused]
        return rows

    def findings(self, rows: Rows) -> Iterator[Finding]:
        """A finding for each of those rows where the rule does not hold."""
        if self.computed:
            yield from self._of_computed(self.computed)
        elif self.instance.formula:
            holds = _truths(self._evaluate(self.instance.formula), rows)
            for at, held in zip(rows, holds, strict=True):
                if held is False:
                    yield self._find(Agreement.DIFFERENT, at)
        else:
            for at in rows:
                agreement = self._agreement(at)
                if agreement is not Agreement.SAME:
                    yield self._find(agreement, at)

    def _of_computed(self, computed: Computed) -> Iterator[Finding]:
        outcome = computed.outcome
        wording = Wording(self.final, self.instance, None)
        if outcome is Outcome.FOLLOWS:
            yield wording.finding(Level.NOTE, None, computed.exact, _FOLLOWS)
        elif outcome is Outcome.ROUNDING:
            yield self._find(Agreement.ROUNDING, None)
        elif outcome is Outcome.DOUBTFUL:
            yield self._find(Agreement.DOUBTFUL, None)
        elif outcome is Outcome.WRONG and not computed.bound.value.problem:
            yield wording.finding(self._level(Agreement.DIFFERENT), None, computed.exact)

    def _agreement(self, at: int | None) -> Agreement:
        expected, stated = self._item(self._expected, at), self._item(self._stated, at)
        if stated is None or expected is None:
            return Agreement.SAME
        if isinstance(stated, ExcelError) or isinstance(expected, ExcelError):
            return Agreement.SAME
        if _is_number(stated) and _is_number(expected):
            return self._distance(float(stated), float(expected), at)
        return Agreement.SAME if same_text(stated, expected) else Agreement.DIFFERENT

    def _distance(self, stated: float, expected: float, at: int | None) -> Agreement:
        bound = self.target.bounds[at or 0]
        assert bound is not None
        if self.target.part:
            near = abs(stated - expected) <= _EPSILON * max(1.0, abs(expected))
            return Agreement.SAME if near else Agreement.DIFFERENT
        formulas = [self.instance.expected, *filter(None, [self.instance.stated])]

        def slacks(half: Callable[[Value, Field], float]) -> float:
            return sum(slack(text, self.facts, half, at) for text in formulas)

        value = blank_value() if self.instance.stated else bound.value
        tolerance = tolerance_of(self.instance, self.facts, at)
        return compare(stated, expected, value, bound.field, tolerance, slacks)

    def _find(self, agreement: Agreement, at: int | None) -> Finding:
        wording = Wording(self.facts, self.instance, at)
        rounding = agreement is Agreement.ROUNDING
        return wording.finding(
            self._level(agreement),
            self._item(self._stated, at),
            self._item(self._expected, at),
            _WITHIN_ROUNDING if rounding else "",
            _MAY_STAY if rounding else None,
        )

    def _level(self, agreement: Agreement) -> Level:
        level = self.instance.rule.level
        if self.instance.rule.status == ON_TRIAL or agreement is Agreement.ROUNDING:
            return Level.NOTE
        if agreement is Agreement.DOUBTFUL and level is Level.ERROR:
            return Level.WARNING
        return level

    @cached_property
    def _expected(self) -> Scalar | Array:
        return self._evaluate(self.instance.expected)

    @cached_property
    def _stated(self) -> Scalar | Array:
        stated = self.instance.stated
        return self._evaluate(stated) if stated else self.target.value

    @staticmethod
    def _item(result: Scalar | Array, at: int | None) -> Scalar:
        return item_at(result, at) if not isinstance(result, list) or result else None

    def _evaluate(self, text: str) -> Scalar | Array:
        return self.facts.evaluate(text) if text else None


def _truths(result: Scalar | Array, rows: Rows) -> list[bool | None]:
    """The truth of a result at each row; a single value stands for all."""
    if not isinstance(result, list):
        return [_truth(result)] * len(rows)
    if len(result) == 1:
        return [_truth(result[0][0])] * len(rows)
    items = [result[at or 0][0] for at in rows]
    return [item if type(item) is bool else _truth(item) for item in items]


def _is_number(value: Scalar) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _truth(value: Scalar) -> bool | None:
    """None where a formula has no truth to give: text, blank, an error."""
    return bool(value) if isinstance(value, (bool, int, float)) else None
