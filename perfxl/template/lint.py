"""Look a template over before it is used: what its author should put right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from perfxl.errors import FormulaError, TemplateError
from perfxl.formula import compile
from perfxl.model import Field, Form, Rule, Template, a1
from perfxl.template.agreeing import BY_DISPLAY
from perfxl.template.expand import RuleInstance, expand_rule
from perfxl.template.lint_help import help_doubts
from perfxl.template.names import EXPECTED, STATED, is_excel_name, names_in, places_in, resolve
from perfxl.template.tables import ABOUT, CASES, FIELDS, RULE_COLUMNS, RULES

FAMILIES = "CXSYN"
STATUSES = ("启用", "试行", "停用")
_CODE = re.compile(rf"[{FAMILIES}]\d{{3}}")
_PLACE, _STRAY = re.compile(r"\{[^{}]*\}"), re.compile("[{}｛｝]")
_COLLAPSING = ("AND", "OR", "XOR")
_FORMULAS = {
    "precondition": "前提",
    "exempt": "例外",
    "formula": "公式",
    "stated": "填报",
    "expected": "应为",
    "tolerance": "容差",
}


class Problem(NamedTuple):
    """One thing to put right; ``where`` is the sheet and the cell of the template workbook."""

    code: str
    where: tuple[str, str]
    message: str


def lint(template: Template) -> list[Problem]:
    """Everything wrong with a template that loads, in the order of its sheets; [] for none."""
    problems = [p for form in template.forms for p in _form(form)]
    codes = Counter(rule.code for rule in template.rules)
    for row, rule in enumerate(template.rules, 2):
        problems += _rule(template, rule, row, codes[rule.code])
    problems += _cases(template)
    return list(dict.fromkeys(problems))


def _form(form: Form) -> Iterator[Problem]:
    columns = [(group.name, column) for group in form.groups.values() for column in group.columns]
    for group, field in [*((None, f) for f in form.fields.values()), *columns]:
        name = f"{group}.{field.name}" if group else field.name
        yield from _field(form, field, f"{form.prefix}.{name}")
    for row_group in form.groups.values():
        place = (form.sheet, a1(row_group.area.top, row_group.area.left))
        if not row_group.key:
            yield Problem(
                "T922",
                place,
                f"行组“{form.prefix}.{row_group.name}”没有主列；"
                "请在 _字段 中把不能为空的一列的必填改为“主列”",
            )
        printed = {str(cell.value) for cell in form.grid.cells.values()}
        for section in row_group.sections:
            if section not in printed:
                yield Problem(
                    "T926",
                    (ABOUT, ""),
                    f"{ABOUT} 登记的分段标题“{section}”不在工作表“{form.sheet}”上，请改成一致",
                )
    for key, named in (("单位栏", form.unit_field), ("名称栏", form.name_field)):
        if named and named not in form.fields:
            yield Problem(
                "T912",
                (ABOUT, ""),
                f"表 {form.prefix} 的{key}“{named}”不在栏目表中，请补上这一栏或改正",
            )


def _field(form: Form, field: Field, name: str) -> Iterator[Problem]:
    place = (form.sheet, a1(field.area.top, field.area.left)) if field.area else (FIELDS, "")
    if not field.labels:
        yield Problem(
            "T923", place, f"“{name}”没有标签，报送的表里就找不到它；请在 _字段 中写上标签"
        )
    if not is_excel_name(name):
        yield Problem(
            "T925",
            place,
            f"“{name}”不能用作 Excel 名称；名称只用汉字、字母、数字，不要像单元格地址",
        )
    elif field.required and field.area is None:
        yield Problem(
            "T921",
            place,
            f"必填栏“{name}”在工作簿里没有名称；名称可能被删除，请在名称管理器中恢复，指向它的单元格",
        )
    for doubt in help_doubts(form, field, name):
        yield Problem(doubt.code, place, doubt.message)


def _at(row: int, key: str) -> tuple[str, str]:
    return RULES, a1(row, RULE_COLUMNS.index(key) + 1)


def _rule(template: Template, rule: Rule, row: int, times: int) -> Iterator[Problem]:
    if not _CODE.fullmatch(rule.code):
        yield Problem(
            "T914",
            _at(row, "编码"),
            f"编码“{rule.code}”应为一个字母加三位数字，字母用 {'、'.join(FAMILIES)}，如 C301",
        )
    if times > 1:
        yield Problem("T913", _at(row, "编码"), f"编码 {rule.code} 用了 {times} 次，请各用各的编码")
    if rule.status not in STATUSES:
        yield Problem(
            "T917",
            _at(row, "状态"),
            f"规则 {rule.code} 的状态“{rule.status}”不认识，可用的有：{'、'.join(STATUSES)}",
        )
    texts = {"提示语": rule.message, "整改建议": rule.advice, "依据": rule.basis}
    for key, text in texts.items():
        if not text.strip():
            yield Problem("T915", _at(row, key), f"规则 {rule.code} 没有写{key}，请补上")
    if not rule.target:
        yield Problem(
            "T920", _at(row, "位置"), f"规则 {rule.code} 没有写位置，不知道标在哪一格；请补上"
        )
    if not rule.formula and not rule.expected:
        yield Problem(
            "T924", _at(row, "公式"), f"规则 {rule.code} 既没有公式也没有应为，请写上其中一个"
        )
    yield from _tested(template, rule, row)
    yield from _instances(template, rule, row)


def _tested(template: Template, rule: Rule, row: int) -> Iterator[Problem]:
    verdicts = {case.verdict for case in template.cases if case.code == rule.code}
    for verdict in ("通过", "不通过"):
        if verdict not in verdicts:
            yield Problem(
                "T916",
                _at(row, "编码"),
                f"规则 {rule.code} 没有“{verdict}”的试例，请在 {CASES} 中补一条",
            )


def _instances(template: Template, rule: Rule, row: int) -> Iterator[Problem]:
    try:
        instances = tuple(expand_rule(template, rule))
    except TemplateError as problem:
        yield Problem(problem.code, _at(row, "范围"), str(problem))
        return
    if not instances:
        yield Problem(
            "T912", _at(row, "公式"), f"规则 {rule.code} 的“各列”没有一列能用，请核对所用的名称"
        )
    for instance in instances:
        group = instance.group
        if group and group not in template.form(instance.form).groups:
            yield Problem(
                "T918",
                _at(row, "范围"),
                f"规则 {rule.code} 的范围“{instance.form}.{group}”没有这个行组，请改正",
            )
        for attribute, key in _FORMULAS.items():
            formula = getattr(instance, attribute)
            if formula and formula != BY_DISPLAY:
                yield from _formula(template, instance, formula, row, key)
        yield from _places(template, instance, row)


def _formula(
    template: Template, instance: RuleInstance, formula: str, row: int, key: str
) -> Iterator[Problem]:
    code, place = instance.rule.code, _at(row, key)
    try:
        compiled = compile(formula)
    except FormulaError as problem:
        yield Problem("T910", place, f"规则 {code} 的{key}写法不对：{problem}")
        return
    for function in compiled.unknown_functions:
        yield Problem("T911", place, f"规则 {code} 的{key}用了不认识的函数 {function}，请换一个")
    for name in dict.fromkeys((*names_in(formula), *compiled.names)):
        if resolve(template, name) is None:
            yield Problem("T912", place, f"规则 {code} 的{key}用了没有的名称“{name}”，请改正")
    for sheet, area in compiled.references:
        shown = f"{sheet}!{area}" if sheet else str(area)
        yield Problem(
            "T912", place, f"规则 {code} 的{key}写了单元格地址 {shown}；行会移动，请改用名称"
        )
    if instance.group:
        for function in _COLLAPSING:
            if function in compiled.functions:
                yield Problem(
                    "T919",
                    place,
                    f"规则 {code} 逐行检查，{key}里的 {function} 会把整列并成一个结果；"
                    "“并且”请用 *，“或者”请用 +",
                )


def _places(template: Template, instance: RuleInstance, row: int) -> Iterator[Problem]:
    code = instance.rule.code
    if instance.target and resolve(template, instance.target) is None:
        yield Problem(
            "T920",
            _at(row, "位置"),
            f"规则 {code} 的位置“{instance.target}”不是任何一栏的名称，请改正",
        )
    for key, text in (("提示语", instance.message), ("整改建议", instance.advice)):
        for name in places_in(text):
            known = name == STATED or (name == EXPECTED and instance.expected)
            if not known and resolve(template, name) is None:
                reason = "规则没有写应为" if name == EXPECTED else "不是任何一栏的名称"
                yield Problem(
                    "T927", _at(row, key), f"规则 {code} 的{key}里的 {{{name}}} {reason}，请改正"
                )
        if _STRAY.search(_PLACE.sub("", text)):
            yield Problem(
                "T927", _at(row, key), f"规则 {code} 的{key}里有不成对的花括号，请补上或删去"
            )


def _cases(template: Template) -> Iterator[Problem]:
    codes = {rule.code for rule in template.rules}
    for row, case in enumerate(template.cases, 2):
        if case.code not in codes:
            yield Problem(
                "T928", (CASES, a1(row, 1)), f"试例的编码 {case.code} 没有对应的规则，请改正或删去"
            )
