"""The text face of a template: Markdown that a maintainer reads and reviews."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from perfxl.errors import TemplateError
from perfxl.model import column_letters
from perfxl.template.draft import (
    AT,
    FIELD_KEYS,
    FORM_KEYS,
    FORMULA_KEYS,
    FURTHER_KEYS,
    PRINT_KEYS,
    RULE_KEYS,
    SHORTHAND_KEYS,
    TEMPLATE_KEYS,
    VERDICTS,
    CaseDraft,
    Draft,
    FormDraft,
    Reuse,
    Row,
    RuleDraft,
)

_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
_CODE_AND_NAME = re.compile(r"(\S+)\s+(\S.*)")
_PLAIN_TOLERANCE = re.compile(r"显示|[\d.]+")
_REUSED = re.compile(r"沿用\s+(\S+)")
_ITEM = re.compile(r"-\s*([^：:]+)[：:]\s*(.*)")


class _Section:
    """A heading with the lines under it and the sections under it."""

    def __init__(self, level: int, title: str, number: int):
        self.level, self.title, self.number = level, title, number
        self.lines: list[tuple[int, str]] = []
        self.children: list[_Section] = []

    def child(self, title: str) -> _Section:
        for section in self.children:
            if section.title == title:
                return section
        raise TemplateError(f"第 {self.number} 行“{self.title}”下面没有“{title}”一节，请补上")

    def table(self) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """The header and the rows, each with its line number, of the section's one table."""
        rows = [(number, _split(line)) for number, line in self.lines if line.startswith("|")]
        if len(rows) < 2:
            raise TemplateError(f"第 {self.number} 行“{self.title}”下面没有表格，请补上")
        header = rows[0][1]
        for number, row in rows[2:]:
            if len(row) != len(header):
                raise TemplateError(
                    f"第 {number} 行有 {len(row)} 格，表头有 {len(header)} 格，请补齐或删去多余的 |"
                )
        return header, rows[2:]


def _split(line: str) -> list[str]:
    cells = _UNESCAPED_BAR.split(line.strip())[1:-1]
    return [cell.strip().replace("\\|", "|").replace("<br>", "\n") for cell in cells]


def _outline(text: str) -> _Section:
    root = _Section(0, "", 0)
    path = [root]
    for number, line in enumerate(text.splitlines(), 1):
        marks = len(line) - len(line.lstrip("#"))
        if marks and line[marks : marks + 1] == " ":
            section = _Section(marks, line[marks:].strip(), number)
            while path[-1].level >= marks:
                path.pop()
            path[-1].children.append(section)
            path.append(section)
        elif line.strip():
            path[-1].lines.append((number, line.strip()))
    return root


def _facts(section: _Section, known: Sequence[str]) -> dict[str, str]:
    facts = dict.fromkeys(known, "")
    for number, (key, value) in section.table()[1]:
        if key not in facts:
            raise TemplateError(f"第 {number} 行的“{key}”不认识，可用的有：{'、'.join(known)}")
        facts[key] = value
    return facts


def _records(
    section: _Section, known: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[dict[str, str]]:
    header, rows = section.table()
    added = [name for name in optional if name in header]
    if header != [*known, *added]:
        more = f"，后面可以再加：{'、'.join(optional)}" if optional else ""
        raise TemplateError(
            f"第 {section.number} 行“{section.title}”的表头应为：{'、'.join(known)}{more}"
        )
    for number, row in rows:
        record = dict.fromkeys(optional, "") | dict(zip(header, row, strict=True))
        if "公式" in record:
            record["公式"] = _bare(record["公式"])
        yield record | {AT: f"第 {number} 行"}


def _bare(text: str) -> str:
    """A formula without its backticks."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "`" else text


def _row(number: int, cells: list[str]) -> Row:
    height, _, style = cells[0].partition(" ")
    try:
        return Row(float(height), style.strip(), tuple(cells[1:]))
    except ValueError:
        raise TemplateError(
            f"第 {number} 行的第一格应写行高（如 24 或 36 标题），现在是“{cells[0]}”"
        ) from None


def _form(section: _Section) -> FormDraft:
    return FormDraft(
        prefix=section.title.removeprefix("表").strip(),
        facts=_facts(section, FORM_KEYS + PRINT_KEYS),
        rows=tuple(_row(number, cells) for number, cells in section.child("版面").table()[1]),
        fields=tuple(_records(section.child("栏目"), FIELD_KEYS, FURTHER_KEYS)),
    )


def _rule(section: _Section) -> tuple[RuleDraft, list[CaseDraft]]:
    heading = _CODE_AND_NAME.fullmatch(section.title)
    if not heading:
        raise TemplateError(f"第 {section.number} 行的规则标题应为“编码 标题”，如“C301 执行率”")
    code, name = heading.groups()
    entries = dict.fromkeys(RULE_KEYS, "")
    cases = []
    for number, line in section.lines:
        item = _ITEM.fullmatch(line)
        key, value = item.groups() if item else ("", "")
        if key in VERDICTS:
            cases.append(CaseDraft(code, key, value, f"第 {number} 行"))
        elif key in entries:
            entries[key] = _bare(value)
        else:
            raise TemplateError(
                f"第 {number} 行“{line}”不认识；规则 {code} 的每一行应为“- 键：值”，"
                f"键可用：{'、'.join(RULE_KEYS + VERDICTS)}"
            )
    return RuleDraft(code, name, entries, f"第 {section.number} 行"), cases


def _reused(section: _Section) -> Iterator[Reuse]:
    """The lines that stand under 规则 itself: which rules of other templates apply."""
    for number, line in section.lines:
        item = _ITEM.fullmatch(line)
        template = _REUSED.fullmatch(item[1].strip()) if item else None
        if not item or not template:
            raise TemplateError(f"第 {number} 行“{line}”不认识；应为“- 沿用 模板编号：编码、编码”")
        yield Reuse(template[1], item[2], f"第 {number} 行")


def parse(text: str) -> Draft:
    """Read the Markdown face; TemplateError names the line that cannot be read."""
    root = _outline(text)
    if not root.children:
        raise TemplateError("这份文字没有以“# ”开头的标题，请核对是不是模板的文字稿")
    top = root.children[0]
    parts = {section.title: section for section in top.children}
    rules, cases = [], []
    for section in parts["规则"].children if "规则" in parts else ():
        rule, its_cases = _rule(section)
        rules.append(rule)
        cases.extend(its_cases)
    notes = parts["填报说明"].lines if "填报说明" in parts else []
    return Draft(
        title=top.title,
        facts=_facts(top, TEMPLATE_KEYS),
        instructions=tuple(line.removeprefix("-").strip() for _, line in notes),
        forms=tuple(_form(s) for s in top.children if s.title.startswith("表 ")),
        shorthands=tuple(_records(parts["算式"], SHORTHAND_KEYS)) if "算式" in parts else (),
        rules=tuple(rules),
        cases=tuple(cases),
        reused=tuple(_reused(parts["规则"])) if "规则" in parts else (),
    )


def _cell(text: str) -> str:
    shown = text.replace("|", "\\|").replace("\n", "<br>")
    return f" {shown} " if shown else " "


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "|" + "|".join(_cell(name) for name in header) + "|"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "|" + "|".join(_cell(cell) for cell in row) + "|"
    yield ""


def _pairs(facts: Mapping[str, str], keys: Sequence[str]) -> Iterator[str]:
    return _table(("键", "值"), [(key, facts.get(key, "")) for key in keys])


def _form_lines(form: FormDraft) -> Iterator[str]:
    yield from (f"## 表 {form.prefix}", "")
    yield from _pairs(form.facts, FORM_KEYS + PRINT_KEYS)
    yield from ("### 版面", "")
    letters = [column_letters(i + 1) for i in range(len(form.rows[0].cells) if form.rows else 0)]
    layout = [(f"{row.height:g} {row.style}".strip(), *row.cells) for row in form.rows]
    yield from _table(("行高", *letters), layout)
    yield from ("### 栏目", "")
    used = [key for key in FURTHER_KEYS if any(line[key] for line in form.fields)]
    keys = (*FIELD_KEYS, *used)
    yield from _table(keys, [[line[key] for key in keys] for line in form.fields])


def _rule_lines(rule: RuleDraft, cases: Sequence[CaseDraft]) -> Iterator[str]:
    yield from (f"### {rule.code} {rule.name}", "")
    for key in RULE_KEYS:
        value = rule.entries.get(key, "")
        formula = key in FORMULA_KEYS or (key == "容差" and not _PLAIN_TOLERANCE.fullmatch(value))
        if value:
            yield f"- {key}：`{value}`" if formula else f"- {key}：{value}"
    for case in cases:
        yield f"- {case.verdict}：{case.inputs}"
    yield ""


def write(draft: Draft) -> str:
    """The Markdown face in its canonical form: ``parse`` gives the same draft back."""
    lines = [f"# {draft.title}", "", *_pairs(draft.facts, TEMPLATE_KEYS)]
    if draft.instructions:
        lines += ["## 填报说明", "", *(f"- {note}" for note in draft.instructions), ""]
    for form in draft.forms:
        lines += _form_lines(form)
    if draft.shorthands:
        lines += ["## 算式", ""]
        rows = [(s["名称"], f"`{s['公式']}`", s["说明"]) for s in draft.shorthands]
        lines += _table(SHORTHAND_KEYS, rows)
    if draft.rules or draft.reused:
        lines += ["## 规则", ""]
    if draft.reused:
        lines += [*(f"- 沿用 {one.template}：{one.codes}" for one in draft.reused), ""]
    for rule in draft.rules:
        lines += _rule_lines(rule, [case for case in draft.cases if case.code == rule.code])
    return "\n".join(lines).rstrip("\n") + "\n"
