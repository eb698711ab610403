"""Rules that one template's text takes over from another's: ``- 沿用 hunan-2024：S501—S507、S511``.

The workbook that is built holds them in full, so that an officer sees every rule in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from perfxl.errors import TemplateError
from perfxl.template.draft import CaseDraft, Draft, Reuse, RuleDraft
from perfxl.template.names import SHORTHAND, names_in
from perfxl.template.text import parse

_SPAN = re.compile(r"([A-Z])(\d{3})(?:[—–~-]+(?:[A-Z])?(\d{3}))?")
_SCOPE = re.compile(r"(表|行)\s+(.+)")
Lines = Mapping[str, Mapping[str, str]]


def written_out(text: str, folders: Sequence[Path], within: tuple[str, ...] = ()) -> Draft:
    """The draft of a text face with the rules it reuses written into it.

    The other texts are looked for in ``folders``, by id. A rule that the text writes itself
    stands before one of the same code that it reuses; a reused rule keeps only the forms that
    the text has. Raises TemplateError for a text or a code that is not there, and for texts
    that reuse each other.
    """
    draft = parse(text)
    rules = {rule.code: rule for rule in draft.rules}
    cases = list(draft.cases)
    shorthands = {line["名称"]: line for line in draft.shorthands}
    prefixes = [form.prefix for form in draft.forms]
    for reuse in draft.reused:
        other = written_out(*_found(reuse, folders, within))
        for rule in _picked(reuse, other):
            if rule.code not in rules:
                rules[rule.code] = _narrowed(rule, prefixes, reuse)
                cases += [case for case in other.cases if case.code == rule.code]
        known = {line["名称"]: line for line in other.shorthands}
        for name in _needed(rules.values(), shorthands, known):
            shorthands[name] = known[name]
    ordered = tuple(rules[code] for code in sorted(rules)) if draft.reused else draft.rules
    return replace(
        draft,
        rules=ordered,
        cases=_in_order(ordered, cases),
        shorthands=tuple(shorthands.values()),
        reused=(),
    )


def _found(
    reuse: Reuse, folders: Sequence[Path], within: tuple[str, ...]
) -> tuple[str, Sequence[Path], tuple[str, ...]]:
    if reuse.template in within:
        ring = "→".join((*within, reuse.template))
        raise TemplateError(f"{reuse.at}模板 {ring} 互相沿用，请改掉一处")
    for folder in folders:
        path = folder / f"{Path(reuse.template).name}.md"
        if path.is_file():
            return path.read_text("utf-8"), folders, (*within, reuse.template)
    raise TemplateError(
        f"{reuse.at}沿用的模板 {reuse.template} 没有文字稿（{reuse.template}.md），请放在同一文件夹"
    )


def _picked(reuse: Reuse, other: Draft) -> Iterator[RuleDraft]:
    by_code = {rule.code: rule for rule in other.rules}
    for item in filter(None, re.split(r"[、，,\s]+", reuse.codes)):
        span = _SPAN.fullmatch(item)
        if not span:
            raise TemplateError(f"{reuse.at}沿用的编码“{item}”不认识，应如 S501 或 S501—S507")
        family, first, last = span.groups()
        found = [
            code
            for code in by_code
            if code[0] == family and int(first) <= int(code[1:]) <= int(last or first)
        ]
        if not found:
            raise TemplateError(f"{reuse.at}模板 {reuse.template} 没有编码为 {item} 的规则")
        yield from (by_code[code] for code in found)


def _narrowed(rule: RuleDraft, prefixes: Sequence[str], reuse: Reuse) -> RuleDraft:
    scope = _SCOPE.fullmatch(rule.entries["范围"])
    if not scope:
        return rule
    kept = [place for place in scope[2].split("、") if place.split(".")[0] in prefixes]
    if not kept:
        raise TemplateError(f"{reuse.at}沿用的规则 {rule.code} 只适用于本模板没有的表，请删去")
    return replace(rule, entries={**rule.entries, "范围": f"{scope[1]} {'、'.join(kept)}"})


def _needed(rules: Iterable[RuleDraft], own: Lines, known: Lines) -> list[str]:
    """The shorthands that the rules use, directly or through others, and lack."""
    needed: list[str] = []
    waiting = [text for rule in rules for text in rule.entries.values()]
    while waiting:
        for name in names_in(waiting.pop()):
            short = name.removeprefix(SHORTHAND)
            if short != name and short in known and short not in own and short not in needed:
                needed.append(short)
                waiting.append(known[short]["公式"])
    return [name for name in known if name in needed]


def _in_order(rules: Sequence[RuleDraft], cases: Sequence[CaseDraft]) -> tuple[CaseDraft, ...]:
    place = {rule.code: at for at, rule in enumerate(rules)}
    return tuple(sorted(cases, key=lambda case: place.get(case.code, len(place))))
