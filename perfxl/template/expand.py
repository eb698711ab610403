"""From a rule as written to the concrete rules that run: one per form and per heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from perfxl.errors import TemplateError
from perfxl.model import Form, Rule, Template
from perfxl.template.names import (
    EACH_HEADING,
    SELF,
    SHORTHAND,
    names_in,
    places_in,
    replace_names,
    replace_places,
    resolve,
)

_HEADING = re.compile(rf"(?<=\.){EACH_HEADING}(?=\.|$)")


@dataclass(frozen=True)
class RuleInstance:
    """A rule on one form, with full names only.

    ``form`` is the prefix; ``heading`` is set where the rule runs once per column of a
    matrix. The texts are those of the rule, with names replaced and shorthands written out;
    an instance of ``folded`` keeps those of 前提, 例外 and 公式 as ``整体.算式.未达标``.
    """

    rule: Rule
    form: str
    group: str | None
    heading: str | None
    precondition: str
    exempt: str
    formula: str
    target: str
    stated: str
    expected: str
    tolerance: str
    message: str
    advice: str

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas that are not empty, in the order in which they are looked at."""
        tolerance = "" if self.tolerance == "显示" else self.tolerance
        parts = (
            self.precondition, self.exempt, self.formula, self.stated, self.expected, tolerance
        )  # fmt: skip
        return tuple(formula for formula in parts if formula)

    @property
    def computes(self) -> bool:
        """Whether it says what its own cell should hold, rather than how cells agree."""
        return bool(self.expected and not self.formula and not self.stated)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The full names its formulas use, each once."""
        return tuple(dict.fromkeys(n for formula in self.formulas for n in names_in(formula)))

    @cached_property
    def mentioned(self) -> tuple[str, ...]:
        """``names``, and those in the message."""
        return tuple(dict.fromkeys((*self.names, *names_in(self.message))))


def headings(form: Form) -> tuple[str, ...]:
    """The columns of a form's matrices: the last parts of its two-part names."""
    crossings = [name.rpartition(".")[2] for name in form.fields if "." in name]
    return tuple(dict.fromkeys(crossings))


class _Writer:
    """Writes the texts of a template's rules out for one form and one heading."""

    def __init__(self, template: Template):
        self.shorthands = {short.name: short.formula for short in template.shorthands}

    def formula(self, text: str, prefix: str, heading: str | None) -> str:
        unfolded = self._unfold(text, ())
        return replace_names(unfolded, lambda name: self.name(name, prefix, heading))

    def folded(self, text: str, prefix: str, heading: str | None) -> str:
        """`formula`, with shorthands kept as names; they have none of their own per heading."""
        if heading:
            return self.formula(text, prefix, heading)
        return replace_names(text, lambda name: self._kept(name, prefix))

    def _kept(self, name: str, prefix: str) -> str:
        if name.startswith(SHORTHAND):
            return f"{prefix}.{name}"
        return self.name(name, prefix, None)

    def message(self, text: str, prefix: str, heading: str | None) -> str:
        return replace_places(text, lambda name: self.name(name, prefix, heading))

    @staticmethod
    def name(name: str, prefix: str, heading: str | None) -> str:
        full = f"{prefix}.{name.removeprefix(SELF)}" if name.startswith(SELF) else name
        return _HEADING.sub(heading, full) if heading else full

    def _unfold(self, text: str, within: Sequence[str]) -> str:
        def swap(name: str) -> str:
            if not name.startswith(SHORTHAND):
                return name
            short = name.removeprefix(SHORTHAND)
            if short in within:
                ring = "→".join((*within, short))
                raise TemplateError(f"_算式 里有几条互相引用成了一圈：{ring}，请改掉其中一条")
            if short not in self.shorthands:
                raise TemplateError(f"没有名为“{short}”的算式，请在 _算式 中补上或改正名称")
            return f"({self._unfold(self.shorthands[short], (*within, short))})"

        return replace_names(text, swap)


def _instance(writer: _Writer, rule: Rule, prefix: str, heading: str | None) -> RuleInstance:
    return RuleInstance(
        rule=rule,
        form=prefix,
        group=rule.group,
        heading=heading,
        precondition=writer.formula(rule.precondition, prefix, heading),
        exempt=writer.formula(rule.exempt, prefix, heading),
        formula=writer.formula(rule.formula, prefix, heading),
        stated=writer.formula(rule.stated, prefix, heading),
        target=writer.name(rule.target, prefix, heading),
        expected=writer.formula(rule.expected, prefix, heading),
        tolerance=writer.formula(rule.tolerance, prefix, heading),
        message=writer.message(rule.message, prefix, heading),
        advice=writer.message(rule.advice, prefix, heading),
    )


def _mentions_each(instance: RuleInstance) -> bool:
    texts = (*instance.names, instance.target, *places_in(instance.message))
    return any(_HEADING.search(text) for text in texts)


def expand_rule(template: Template, rule: Rule) -> Iterator[RuleInstance]:
    """The instances of one rule.

    Raises TemplateError for a shorthand that does not exist or refers to itself, and for a
    form that does not exist.
    """
    writer = _Writer(template)
    for prefix in rule.forms:
        try:
            form = template.form(prefix)
        except KeyError:
            known = "、".join(one.prefix for one in template.forms)
            raise TemplateError(
                f"规则 {rule.code} 的范围里没有“{prefix}”这张表，可用的有：{known}"
            ) from None
        once = _instance(writer, rule, prefix, None)
        if not _mentions_each(once):
            yield once
            continue
        turning = [name for name in (*once.names, once.target) if _HEADING.search(name)]
        for heading in headings(form):
            if all(resolve(template, _HEADING.sub(heading, name)) for name in turning):
                yield _instance(writer, rule, prefix, heading)


@lru_cache(maxsize=32)
def expanded(template: Template) -> tuple[RuleInstance, ...]:
    """`expand`, worked out once per template."""
    return expand(template)


@lru_cache(maxsize=32)
def folded(template: Template) -> tuple[RuleInstance, ...]:
    """`expanded`, with the shorthands of conditions left as names: what several rules share
    is then worked out once per form."""
    writer = _Writer(template)
    return tuple(_folded(writer, instance) for instance in expanded(template))


def _folded(writer: _Writer, instance: RuleInstance) -> RuleInstance:
    rule, form, heading = instance.rule, instance.form, instance.heading
    if not any(SHORTHAND in text for text in (rule.precondition, rule.exempt, rule.formula)):
        return instance
    return replace(
        instance,
        precondition=writer.folded(rule.precondition, form, heading),
        exempt=writer.folded(rule.exempt, form, heading),
        formula=writer.folded(rule.formula, form, heading),
    )


def with_shorthands(template: Template, instance: RuleInstance) -> RuleInstance:
    """The instance with the shorthands in all its formulas left as names, where it has none of
    its own per heading."""
    writer, rule = _Writer(template), instance.rule

    def kept(text: str) -> str:
        return writer.folded(text, instance.form, instance.heading)

    return replace(
        instance,
        precondition=kept(rule.precondition),
        exempt=kept(rule.exempt),
        formula=kept(rule.formula),
        stated=kept(rule.stated),
        expected=kept(rule.expected),
        tolerance=kept(rule.tolerance),
    )


@lru_cache(maxsize=1024)
def shorthand(template: Template, prefix: str, name: str) -> str:
    """The formula behind ``<prefix>.算式.<name>``, its own shorthands kept as names."""
    writer = _Writer(template)
    return writer.folded(writer.shorthands[name], prefix, None)


def expand(template: Template) -> tuple[RuleInstance, ...]:
    """All rules of a template that are not 停用, written out, in the order of ``_规则``."""
    return tuple(
        instance
        for rule in template.rules
        if rule.status != "停用"
        for instance in expand_rule(template, rule)
    )
