"""Runs the test cases that a template brings along for its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from perfxl.audit import ON_TRIAL, audit
from perfxl.errors import PerfxlError
from perfxl.model import Case, Level, Rule, Template
from perfxl.recompute import recompute
from perfxl.template.trial import binding_of

PASSES, FAILS, SKIPPED = "通过", "不通过", "跳过"


class Outcome(NamedTuple):
    """One case run: ``got`` is a verdict as in ``case.verdict``, or what went wrong."""

    case: Case
    got: str
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.got == self.case.verdict


def run_cases(template: Template, code: str | None = None) -> Iterator[Outcome]:
    """Run the cases of one rule, or of all that are not 停用, in the order of the template."""
    rules = {rule.code: rule for rule in template.rules}
    for case in template.cases:
        if code is not None and case.code != code:
            continue
        rule = rules.get(case.code)
        if rule is None:
            yield Outcome(case, "出错", f"没有编码为 {case.code} 的规则")
        elif rule.status != "停用":
            yield _run(template, case, rule)


def _run(template: Template, case: Case, rule: Rule) -> Outcome:
    """不通过: the rule finds something at its own level (a mere rounding note passes).

    跳过: it was blocked, or its precondition left it nothing to check.
    """
    try:
        binding = binding_of(template, case)
        computed, final = recompute(binding)
        alone = replace(binding, template=replace(template, rules=(rule,)))
        result = audit(alone, computed, final)
    except PerfxlError as error:
        return Outcome(case, "出错", str(error))
    full = Level.NOTE if rule.status == ON_TRIAL else rule.level
    heavy = [finding for finding in result.findings if finding.level.rank <= full.rank]
    if heavy:
        return Outcome(case, FAILS, heavy[0].message)
    if result.run:
        return Outcome(case, PASSES)
    return Outcome(case, SKIPPED, next(iter(result.skipped.values()), "前提不成立"))
