"""A template of one's own, looked over before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from perfxl.errors import TemplateError
from perfxl.template import RULES, available, find, load

if TYPE_CHECKING:
    from perfxl.template.lint import Problem

_STOPPING = frozenset({"T901", "T902", "T910"})
"""What no rule can run with: formulas that cannot be read, scopes that are not there."""
_FOR_AUTHORS = frozenset({"T915", "T916", "T928"})
"""What harms no result: texts and trials that are missing."""
_UNUSED = "停用"
_SHOWN = 5


def look_over(template: str | None) -> None:
    """Say on standard error what is wrong with the rules of a template that is not shipped.

    A rule with a mistake in it is skipped, or finds nothing, without a word of its own. Raises
    TemplateError for mistakes with which nothing can be checked, UnknownTemplate, and as ``load``
    does.
    """
    if template is None or (path := find(template)) in available():
        return
    from perfxl.template.lint import lint

    model = load(path)
    unused = {row for row, rule in enumerate(model.rules, 2) if rule.status == _UNUSED}
    problems = [
        one
        for one in lint(model)
        if one.code not in _FOR_AUTHORS and not (one.where[0] == RULES and _row(one) in unused)
    ]
    stopping = [one for one in problems if one.code in _STOPPING]
    lines = [f"{'!'.join(filter(None, one.where))}：{one.message}" for one in stopping or problems]
    advice = f"用 perfxl template lint {template} 看全部，改正后再用"
    if stopping:
        raise TemplateError(f"模板 {template} 不能用。{_several(lines, '。')}。{advice}")
    if lines:
        said = f"模板 {template} 有 {len(lines)} 处要改，有关的规则查不了或查不准：\n  "
        click.echo(f"{said}{_several(lines, chr(10) + '  ')}\n  {advice}", err=True)


def _row(problem: Problem) -> int:
    return int("".join(filter(str.isdigit, problem.where[1])) or 0)


def _several(lines: Sequence[str], between: str) -> str:
    more = [f"……另有 {len(lines) - _SHOWN} 处"] if len(lines) > _SHOWN else []
    return between.join([*lines[:_SHOWN], *more])
