"""The rules of a template as a list, and one rule as a page with fixed headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.codes import CODES, Code
from perfxl.model import Case, Level, Rule, Template
from perfxl.report.width import pad, width, wrap

_FAMILIES = {"F": "文件", "L": "落位", "V": "取值"}
_MARGIN = "  "
_WEIGHT = {
    Level.ERROR: "超出四舍五入的误差，必须改正。",
    Level.WARNING: "缺少说明或不合常理，要么改正，要么说明。",
    Level.NOTE: "可以保留，供核对。",
}
_ON_TRIAL = "试行：目前只作提示。"
Rows = list[tuple[str, str, str, str]]


def listing(templates: Sequence[Template]) -> str:
    """Code, level, name and scope of every rule, by template; perfxl's own codes last."""
    lines: list[str] = []
    for template in templates:
        rows = [(r.code, r.level.chinese, _name(r), scope(r)) for r in template.rules]
        lines += [f"{template.title}（{template.id}）：{len(rows)} 条规则", *_aligned(rows), ""]
    own = [(c.code, Level(c.level).chinese, c.title, _FAMILIES[c.code[0]]) for c in CODES.values()]
    lines += [f"读取文件时的检查：{len(own)} 条", *_aligned(own)]
    return "\n".join(lines) + "\n"


def _name(rule: Rule) -> str:
    return rule.name if rule.status == "启用" else f"{rule.name}（{rule.status}）"


def scope(rule: Rule) -> str:
    """Where the rule runs: 表 基础, or 行 整体.指标."""
    if rule.group is None:
        return f"表 {'、'.join(rule.forms)}"
    return f"行 {'、'.join(f'{form}.{rule.group}' for form in rule.forms)}"


def _aligned(rows: Rows) -> Iterator[str]:
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (pad(cell, most) for cell, most in zip(row, widths, strict=True))
        yield (_MARGIN + "  ".join(cells)).rstrip()


def rule_page(rule: Rule, template: Template, columns: int) -> str:
    """What a rule checks and why, a wrong and a right example, its formulas and its source."""
    cases = [case for case in template.cases if case.code == rule.code]
    why = _WEIGHT[rule.level] + (_ON_TRIAL if rule.status == "试行" else "")
    formulas = (
        ("前提", rule.precondition),
        ("例外", rule.exempt),
        ("成立的条件", rule.formula),
        ("填报", rule.stated),
        ("应为", rule.expected),
        ("容差", rule.tolerance),
    )
    sections = {
        "查什么": [f"{rule.name}：{scope(rule)}，标在 {rule.target}。"],
        "为什么": [f"{rule.level.chinese}：{why}", f"不符时提示：{rule.message}"],
        "错例": list(_examples(cases, "不通过")),
        "正例": list(_examples(cases, "通过")),
        "怎么改": [rule.advice],
        "公式": [f"{label}：{text}" for label, text in formulas if text],
        "依据": [rule.basis],
        "自哪年": [rule.since],
    }
    return _page(f"{rule.code} {_name(rule)}（{template.id}）", sections, columns)


def _examples(cases: Sequence[Case], verdict: str) -> Iterator[str]:
    for case in cases:
        if case.verdict == verdict:
            yield "；".join(f"{name}＝{_typed(value)}" for name, value in case.inputs.items())


def _typed(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "｜".join(text or "（空）" for text in value)


def code_page(code: Code, columns: int) -> str:
    """What one of perfxl's own codes means."""
    level = Level(code.level)
    sections = {
        "查什么": [f"{code.title}（{_FAMILIES[code.code[0]]}）"],
        "提示": [f"{level.chinese}：{code.message}"],
        "怎么改": [code.advice],
        "依据": [code.basis],
    }
    return _page(f"{code.code} {code.title}", sections, columns)


def _page(title: str, sections: dict[str, list[str]], columns: int) -> str:
    lines = [title]
    for heading, paragraphs in sections.items():
        if not paragraphs:
            continue
        lines += ["", heading]
        for paragraph in paragraphs:
            lines += [_MARGIN + line for line in wrap(paragraph, columns - len(_MARGIN))]
    return "\n".join(lines) + "\n"
