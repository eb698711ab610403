"""Which rules can run in Excel itself, and the formulas that run them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from perfxl.model import Field, Form, Kind, RowGroup, Template
from perfxl.template.expand import RuleInstance
from perfxl.template.names import YEAR, field_of, names_in, replace_names, resolve

PASSED, FAILED, EMPTY, NOT_APPLICABLE, LATER = "✓", "✗", "未填", "—", "报送后核对"
BY_DISPLAY = "显示"
DEFAULT_DECIMALS = 2
_STRING_OR_FUNCTION = re.compile(r'"(?:[^"]|"")*"|([A-Za-z][\w.]*)\s*\(')
_NEWER_THAN_2010 = re.compile(
    r"XLOOKUP|XMATCH|LET|LAMBDA|TEXTJOIN|CONCAT|IFS|SWITCH|MAXIFS|MINIFS|FILTER|SORT|SORTBY|UNIQUE"
    r"|SEQUENCE|RANDARRAY|TEXTSPLIT|TEXTBEFORE|TEXTAFTER|[VH]STACK|TOCOL|TOROW|WRAPROWS|WRAPCOLS"
    r"|TAKE|DROP|CHOOSECOLS|CHOOSEROWS|EXPAND|MAP|REDUCE|SCAN|BYROW|BYCOL|MAKEARRAY|VALUETOTEXT"
    r"|ARRAYTOTEXT|REGEX\w+|IFNA|XOR|ISFORMULA|FORMULATEXT|NUMBERVALUE|UNICHAR|UNICODE|DAYS|SHEETS?"
    r"|ARABIC|BASE|DECIMAL"
)


def functions_in(formula: str) -> set[str]:
    """The functions a formula calls, in capitals."""
    found = (match[1] for match in _STRING_OR_FUNCTION.finditer(formula))
    return {name.upper() for name in found if name}


def _is_physical(template: Template, name: str, form: str) -> bool:
    """Whether the name is a defined name that a formula about ``form`` sees in Excel."""
    known = resolve(template, name)
    if known is None or known.part or known.field == YEAR:
        return False
    owner = template.form(known.prefix)
    field = field_of(owner, known.field)
    if field is None or field.area is None:
        return False
    return not owner.repeatable or owner.prefix == form


def _formulas(instance: RuleInstance) -> tuple[str, ...]:
    """What runs in Excel: all but the exemption, which only keeps two rules from one mistake."""
    tolerance = "" if instance.tolerance == BY_DISPLAY else instance.tolerance
    parts = (
        instance.precondition,
        instance.formula,
        instance.stated,
        instance.expected,
        tolerance,
    )
    return tuple(part for part in parts if part)


def _names(instance: RuleInstance) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in _formulas(instance) for name in names_in(part)))


def is_live(template: Template, instance: RuleInstance) -> bool:
    """Whether Excel 2010 can work the rule out from the names the workbook defines."""
    needed = _names(instance)
    if not instance.stated and not instance.formula:
        needed = (*needed, instance.target)
    return all(_is_physical(template, name, instance.form) for name in needed) and not any(
        _NEWER_THAN_2010.fullmatch(function)
        for formula in _formulas(instance)
        for function in functions_in(formula)
    )


def qualified(template: Template, formula: str) -> str:
    """The formula as another sheet writes it: the names of a repeatable form with its sheet."""
    sheets = {form.prefix: form.sheet for form in template.forms if form.repeatable}

    def with_sheet(name: str) -> str:
        sheet = sheets.get(name.partition(".")[0])
        return f"'{sheet}'!{name}" if sheet else name

    return replace_names(formula, with_sheet)


def _target(template: Template, instance: RuleInstance) -> Field:
    prefix, _, name = instance.target.partition(".")
    field = field_of(template.form(prefix), name)
    assert field is not None, "only called for rules that are live"
    return field


def _rounded(formula: str, field: Field) -> str:
    if field.kind is Kind.TEXT:
        return f"({formula})"
    places = DEFAULT_DECIMALS if field.decimals is None else field.decimals
    return f"ROUND({formula},{places})"


def computed_formulas(
    template: Template, form: Form, instances: Iterable[RuleInstance]
) -> Mapping[str, str]:
    """The live formula of each computed cell of a form, by field name, without ``=``.

    It comes from the rule that says what the cell should hold. The cell stays empty while
    nothing that it depends on is filled in, and where it cannot be computed.
    """
    found: dict[str, str] = {}
    for instance in instances:
        prefix, _, name = instance.target.partition(".")
        states = instance.expected and not instance.formula and not instance.stated
        if prefix != form.prefix or name in found or not states or instance.group:
            continue
        if not is_live(template, instance):
            continue
        formula = _rounded(instance.expected, _target(template, instance))
        if instance.precondition:
            formula = f'IF({instance.precondition},{formula},"")'
        found[name] = f'IFERROR({formula},"")'
    return found


def _filled(template: Template, names: Iterable[str]) -> list[str]:
    """For each name the length of what was typed: 0 where it is blank."""
    lengths = []
    for name in names:
        prefix, _, rest = name.partition(".")
        field = field_of(template.form(prefix), rest)
        lengths.append(f"SUMPRODUCT(LEN({name}))" if field and field.group else f"LEN({name})")
    return lengths


def _holds(template: Template, instance: RuleInstance) -> str:
    """A formula that is TRUE where the rule holds."""
    if instance.formula:
        return instance.formula
    field = _target(template, instance)
    stated, expected = instance.stated or instance.target, instance.expected
    if field.kind is Kind.TEXT:
        return f"{stated}=({expected})"
    difference = f"{stated}-({expected})"
    if instance.tolerance not in ("", BY_DISPLAY):
        return f"ABS({difference})<=({instance.tolerance})"
    return f"ROUND(ABS({difference}),6)<={_slack(template, instance, field)}"


def _slack(template: Template, instance: RuleInstance, field: Field) -> str:
    """How far the two may be apart by rounding alone: half a last digit of the stated value.

    Amounts are rounded from 元 one by one, so each of them adds its own half: 94.25 and 16.45
    may make 110.71.
    """
    places = DEFAULT_DECIMALS if field.decimals is None else field.decimals
    half = f"0.{'0' * places}5"
    if field.kind is not Kind.AMOUNT:
        return half
    single, counted = 1, []
    for name in names_in(instance.expected):
        prefix, _, rest = name.partition(".")
        used = field_of(template.form(prefix), rest)
        if used and used.group:
            counted.append(f"COUNT({name})")
        else:
            single += 1
    return f"{half}*({'+'.join([str(single), *counted])})"


def _once(template: Template, instance: RuleInstance) -> str:
    holds = f'IF({_holds(template, instance)},"{PASSED}","{FAILED}")'
    if instance.precondition:
        prerequisites = _filled(template, names_in(instance.precondition))
        blank = f"{'*'.join(prerequisites)}=0" if prerequisites else "FALSE"
        otherwise = f'IF({blank},"{EMPTY}","{NOT_APPLICABLE}")'
        holds = f"IF({instance.precondition},{holds},{otherwise})"
    if instance.formula or instance.stated:
        nothing = "+".join(_filled(template, _names(instance))) or "1"
    else:
        nothing = _filled(template, [instance.target])[0]
    return f'IFERROR(IF({nothing}=0,"{EMPTY}",{holds}),"{EMPTY}")'


def _group_of(template: Template, instance: RuleInstance) -> RowGroup | None:
    """The group whose rows the rule checks, when its rows can be told from blank ones."""
    group = template.form(instance.form).groups.get(instance.group or "")
    return group if group and group.key else None


def _key(instance: RuleInstance, group: RowGroup) -> str:
    return f"{instance.form}.{group.name}.{group.key}"


def _applies(instance: RuleInstance, group: RowGroup) -> tuple[str, str]:
    """For each row, as arrays: whether it counts at all, and whether the rule is about it."""
    key = _key(instance, group)
    counts = f"(LEN({key})>0)"
    if group.sections:
        # Excel's own escape: a quote in a string is written twice.
        headings = ",".join('"' + text.replace('"', '""') + '"' for text in group.sections)
        counts += f"*ISNA(MATCH({key},{{{headings}}},0))"
    condition = f"({instance.precondition})" if instance.precondition else "1"
    return f"{counts}*1", f"{counts}*{condition}"


def _broken(template: Template, instance: RuleInstance, group: RowGroup) -> str:
    """For each row, as an array: 1 or more where the rule does not hold."""
    holds = _holds(template, instance)
    return f"IFERROR({_applies(instance, group)[1]}*(({holds})*1=0),0)"


def _per_row(template: Template, instance: RuleInstance, group: RowGroup) -> str:
    counts, applies = _applies(instance, group)
    return (
        f'IF(SUM({counts})=0,"{EMPTY}",IF(SUM(IFERROR({applies},0))=0,"{NOT_APPLICABLE}",'
        f'IF(SUM({_broken(template, instance, group)})=0,"{PASSED}","{FAILED}")))'
    )


def first_broken_row(template: Template, instance: RuleInstance) -> str | None:
    """The array formula for the first row of the group, from 1, at which the rule fails.

    None for a rule that is not about rows.
    """
    group = _group_of(template, instance)
    if group is None:
        return None
    key = _key(instance, group)
    broken = _broken(template, instance, group)
    return qualified(template, f"MIN(IF({broken}>0,ROW({key})-MIN(ROW({key}))+1))")


def row_reference(template: Template, instance: RuleInstance, row: str) -> str | None:
    """The number of the sheet's row that is ``row``-th in the group, as a formula."""
    group = _group_of(template, instance)
    return qualified(template, f"ROW(INDEX({_key(instance, group)},{row}))") if group else None


def verdict_formula(template: Template, instance: RuleInstance) -> str | None:
    """The array formula, without ``=``, that says ✓, ✗, 未填 or — on the sheet 自查.

    None for a rule that Excel cannot run: its result is known only after sending.
    """
    if not is_live(template, instance):
        return None
    if instance.group is None:
        return qualified(template, _once(template, instance))
    group = _group_of(template, instance)
    return qualified(template, _per_row(template, instance, group)) if group else None
