"""From a rule that does not hold to the words and the place a person reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from math import log10

from perfxl.agreement import printed_decimals
from perfxl.facts import Fact, FormFacts
from perfxl.model import (
    Bound,
    ExcelError,
    Finding,
    Kind,
    Level,
    Place,
    Scalar,
    Value,
    a1,
)
from perfxl.template import PARTS, YEAR, RuleInstance, fill_places
from perfxl.values import format_as

NOTHING = "（空）"
_STATED, _EXPECTED = "填报", "应为"
_PRINTED = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.POINTS, Kind.COUNT, Kind.AREA})
_MANY = 8


def raw_of(fact: Fact, bound: Bound | None) -> str:
    """What stands in a bound cell, as a person sees it."""
    if bound is None:
        return ""
    if fact.part == "栏年":
        return " ".join(bound.label.split())
    return " ".join(bound.value.raw.split())


def plain(value: Scalar) -> str:
    """A value with no field to say how it is printed: 30, 9.5, 优."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return format(value, ".10g")
    return value.value if isinstance(value, ExcelError) else str(value)


def printed(value: Scalar, bound: Bound | None, part: str) -> str | None:
    """A value as the cell's own field prints it; None where there is nothing to show."""
    if value is None or isinstance(value, ExcelError):
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and bound and not part and bound.field.kind in _PRINTED:
        decimals, scale = printed_decimals(bound.value, bound.field), bound.value.scale
        # A form in 元 is spoken of in 元, although it is checked in the unit of its fields.
        return format_as(float(value) / scale, bound.field, max(0, decimals + round(log10(scale))))
    return plain(value)


class Wording:
    """Words one finding: the instance on its form, at one row (``at``) or none."""

    def __init__(self, facts: FormFacts, instance: RuleInstance, at: int | None):
        self._facts = facts
        self._form = facts.form
        self._instance = instance
        self._at = at
        self._own = f"{instance.form}.{instance.group}." if instance.group else None
        self._target = facts[instance.target]

    @property
    def bound(self) -> Bound | None:
        """The cell to look at."""
        bounds = self._target.bounds
        return bounds[self._at or 0] if bounds else None

    def finding(
        self,
        level: Level,
        stated: Scalar,
        expected: Scalar,
        remark: str = "",
        advice: str | None = None,
    ) -> Finding:
        """The finding at the rule's 位置; ``stated`` only counts for a rule with 填报."""
        instance, bound = self._instance, self.bound
        rule = instance.rule
        part = self._target.part
        own = printed(stated, bound, part) if instance.stated else None
        typed = raw_of(self._target, bound)
        said = own if own is not None else typed
        wanted = printed(expected, bound, part)
        marks = {_STATED: said or NOTHING, _EXPECTED: wanted or NOTHING}
        return Finding(
            code=rule.code,
            level=level,
            message=self._fill(instance.message, marks) + remark,
            advice=self._fill(instance.advice, marks) if advice is None else advice,
            basis=rule.basis,
            form=self._form.form.id,
            sheet=self._form.sheet,
            cell=self._cell(bound, part),
            field=self._field(),
            stated=typed,
            # What is compared with something else than the cell says nothing about what
            # belongs into the cell.
            expected=wanted if self._about_cell else None,
            related=tuple(self._related(bound)),
            fingerprint=self._fingerprint(),
            name=rule.name,
        )

    @property
    def _about_cell(self) -> bool:
        """Whether what is compared is what stands at 位置, not other cells' sum."""
        stated, target = self._instance.stated, self._instance.target
        return not stated or all(
            f"{name}.".startswith(f"{target}.") for name in self._facts.compiled(stated).names
        )

    def _fill(self, text: str, marks: dict[str, str]) -> str:
        return fill_places(text, lambda name: marks.get(name) or self._word(name))

    def _word(self, name: str) -> str:
        fact = self._facts[name]
        if fact.part not in ("", "原文", "栏年") or not any(fact.bounds):
            return plain(self._own_item(fact, name)) or NOTHING
        if name.endswith(f".{YEAR}"):
            return plain(self._own_item(fact, name)) or NOTHING
        return self._own_raw(fact, name) or NOTHING

    def _own_item(self, fact: Fact, name: str) -> Scalar:
        if not isinstance(fact.value, list):
            return fact.value
        if self._own and name.startswith(self._own) and self._at is not None:
            return fact.value[self._at][0]
        return "、".join(plain(row[0]) for row in fact.value)

    def _own_raw(self, fact: Fact, name: str) -> str:
        if not fact.column:
            settled = self._settled(fact)
            return settled or raw_of(fact, fact.bounds[0])
        if self._own and name.startswith(self._own) and self._at is not None:
            return raw_of(fact, fact.bounds[self._at])
        return "、".join(raw_of(fact, bound) for bound in fact.bounds)

    @staticmethod
    def _settled(fact: Fact) -> str | None:
        bound = fact.bounds[0]
        if bound is None or fact.value == bound.value.value:
            return None
        return printed(fact.value if not isinstance(fact.value, list) else None, bound, fact.part)

    def _cell(self, bound: Bound | None, part: str) -> str | None:
        if bound is None:
            return None
        if part == "栏年" and bound.label_at:
            return a1(*bound.label_at)
        return bound.cell

    def _field(self) -> str:
        name = self._instance.target.partition(".")[2]
        head, _, last = name.rpartition(".")
        return head if last in PARTS and head else name

    def _related(self, bound: Bound | None) -> Iterator[Place]:
        seen = {bound.cell if bound else None}
        for name in self._instance.mentioned:
            fact = self._facts[name]
            if fact.blocked or not fact.bounds:
                continue
            own = self._own is not None and name.startswith(self._own)
            if fact.column and not own:
                continue
            other = fact.bounds[self._at or 0] if own else fact.bounds[0]
            if other is None or other.source is None or other.cell in seen:
                continue
            seen.add(other.cell)
            if len(seen) > _MANY:
                return
            yield Place(other.sheet, other.cell)

    def _fingerprint(self) -> str:
        key = ""
        if self._own and self._at is not None:
            group = self._form.form.groups[self._instance.group or ""]
            row = self._form.groups[group.name][self._at]
            named = row.values.get(group.key)
            key = raw_of(self._target, named) if named else ""
        named_form = self._form.fields.get(self._form.form.name_field or "")
        title = named_form.value.raw.strip() if named_form else ""
        parts = (self._instance.rule.code, self._form.form.id, title, self._field(), key)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def blank_value(decimals: int = 9) -> Value:
    """A Value for a number that stands in no cell, so that no digit of it is rounded."""
    return Value(decimals=decimals)
