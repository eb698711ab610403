"""How the workbook itself compares a stated value with the expected one.

The same as `perfxl.agreement`, as formulas: what is shown decides, and a difference that the
rounding of what is shown explains is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from perfxl.model import Field, Kind, Template
from perfxl.template.calls import replace_calls
from perfxl.template.expand import RuleInstance
from perfxl.template.livetext import base_names
from perfxl.template.names import field_of, replace_names, resolve

BY_DISPLAY = "显示"
DEFAULT_DECIMALS = 2
_TINY = "0.000000001"
_SHORTEST = frozenset({Kind.RATIO, Kind.POINTS})
"""Kinds that may be stated with fewer digits than they have: 9.8 for 9.805."""
_ROUNDED = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.AREA})
"""Kinds of which the last digit shown may be rounded."""
_LINEAR = frozenset({"SUM", "N"})
_STRING = re.compile(r'"(?:[^"]|"")*"')
_INNERMOST = re.compile(r"\([^()]*\)")
_SUMS = re.compile(r"[^*/^<>=&]*")


def decimals(field: Field) -> int:
    return DEFAULT_DECIMALS if field.decimals is None else field.decimals


def _half(field: Field) -> str:
    return f"0.{'0' * decimals(field)}5"


def holds(
    template: Template, instance: RuleInstance, target: Field, put: Callable[[str], str]
) -> str:
    """A formula that is TRUE where the stated value agrees; ``put`` translates a rule's text."""
    stated = put(instance.stated or instance.target)
    expected = put(f"({instance.expected})")
    difference = f"ABS({stated}-{expected})"
    name = resolve(template, instance.target)
    if name and name.part:
        return f"{difference}<={_TINY}"
    numbers = target.kind in (*_ROUNDED, Kind.POINTS, Kind.COUNT)
    if not numbers or _is_text(instance.expected):
        return f"TRIM({stated})=TRIM({expected})"
    if instance.tolerance not in ("", BY_DISPLAY):
        near = f"{difference}<={put(f'({instance.tolerance})')}+{_TINY}"
    else:
        slack = _slack(template, instance, target, put, stated)
        near = f"{difference}<={'+'.join([*slack, _TINY])}"
    if target.kind in _SHORTEST:
        places = "9" if instance.stated else put(f"{instance.target}.位")
        return f"({near})+({stated}=ROUND({expected},{places}))>0"
    return near


def _is_text(formula: str) -> bool:
    """Whether a formula plainly gives text: a string by itself, or texts joined."""
    bare = _STRING.sub("", formula)
    while (inner := _INNERMOST.sub("", bare)) != bare:
        bare = inner
    return _STRING.fullmatch(formula) is not None or "&" in bare


def _slack(
    template: Template,
    instance: RuleInstance,
    target: Field,
    put: Callable[[str], str],
    stated: str,
) -> list[str]:
    """How far the two may be apart by rounding alone: the terms of a sum."""
    own = target.kind in _ROUNDED and not instance.stated
    moves = [f"{_half(target)}*({stated}<>0)"] if own else []
    for formula in filter(None, (instance.expected, instance.stated)):
        moves += _moves(template, formula, put)
    return moves


def _moves(template: Template, formula: str, put: Callable[[str], str]) -> list[str]:
    """How far a formula moves when each rounded value moves by half its last digit."""
    linear = _is_linear(formula)
    found = []
    for name in base_names(template, formula):
        known = resolve(template, name)
        assert known is not None
        form = template.form(known.prefix)
        field = field_of(form, known.field)
        if field is None or field.kind not in _ROUNDED:
            continue
        if linear:
            found.append(f"{_half(field)}*{_rounded_values(name, field, put)}")
        elif not field.group:
            found.append(_moved_by(put(name), _half(field), put(f"({formula})")))
    return found


def _moved_by(name: str, half: str, formula: str) -> str:
    """How far a formula moves at most when the value behind a name moves by ``half``."""
    move = f"{half}*(N({name})<>0)"

    def moved(sign: str) -> str:
        return replace_names(formula, lambda one: f"({one}{sign}{move})" if one == name else one)

    return f"MAX(ABS({moved('+')}-{formula}),ABS({moved('-')}-{formula}))"


def _rounded_values(name: str, field: Field, put: Callable[[str], str]) -> str:
    """How many of the cells behind a name hold a value that may be rounded."""
    # What a sum over them is translated to: for another form, the cells of all its sheets.
    cells = put(f"SUM({name})")[len("SUM(") : -1]
    if cells != name:
        return f"COUNT({cells})"
    return f"(COUNT({cells})-COUNTIF({cells},0))" if field.group else f"(N({cells})<>0)"


def _is_linear(formula: str) -> bool:
    called: set[str] = set()

    def note(function: str, arguments: Sequence[str]) -> str:
        called.add(function)
        return "+".join(arguments)

    return called <= _LINEAR and bool(_SUMS.fullmatch(replace_calls(formula, note)))
