"""Look over what a field says to help while typing: its prompt, its options, its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.model import Field, Form, Kind, Role
from perfxl.notation import MONEY
from perfxl.template.prompts import LONGEST_TEXT, OPEN, is_open, limits

_BOUNDED = (Kind.AMOUNT, Kind.COUNT, Kind.AREA, Kind.RATIO, Kind.POINTS, Kind.YEAR)
_CHOSEN = (Kind.TEXT, Kind.MEASURE)


class Doubt(NamedTuple):
    """One thing to put right about a field."""

    code: str
    message: str


def help_doubts(form: Form, field: Field, name: str) -> Iterator[Doubt]:
    """What is wrong with the help for a field; ``name`` is its full name."""
    if field.kind is Kind.AMOUNT and field.unit not in MONEY:
        yield Doubt(
            "T932",
            f"“{name}”是金额，单位“{field.unit}”不认识，可用的有：{'、'.join(MONEY)}；请改正",
        )
    if field.role is Role.COMPUTED and (field.prompt or field.options):
        yield Doubt("T931", f"“{name}”由公式计算，不用写提示和选项；请删去")
    if len(field.prompt) > LONGEST_TEXT:
        yield Doubt(
            "T931",
            f"“{name}”的提示有 {len(field.prompt)} 字，Excel 最多显示 {LONGEST_TEXT} 字；请缩短",
        )
    yield from _options(form, field, name)
    yield from _bounds(field, name)


def _options(form: Form, field: Field, name: str) -> Iterator[Doubt]:
    if not field.options:
        return
    choices = [option for option in field.options if option != OPEN]
    if field.kind not in _CHOSEN:
        yield Doubt("T929", f"“{name}”是{field.kind.value}，不能有选项；请删去选项或改成文本")
    if len(choices) < 2 or len(set(choices)) < len(choices):
        yield Doubt("T929", f"“{name}”的选项至少两个，而且各不相同；请改正")
    for option in field.options[:-1] if is_open(field) else field.options:
        if "," in option or '"' in option or OPEN in option:
            yield Doubt(
                "T929",
                f"“{name}”的选项“{option}”里不能有半角逗号、引号和“{OPEN}”；"
                f"选项之间用“；”隔开，“{OPEN}”单独放在最后，表示也可以另写",
            )
    if len(",".join(choices)) > LONGEST_TEXT:
        yield Doubt("T929", f"“{name}”的选项加起来超过 {LONGEST_TEXT} 字；请减少或缩短")
    if is_open(field) or field.area is None:
        return
    for row in range(field.area.top, field.area.bottom + 1):
        cell = form.grid.cells.get((row, field.area.left))
        default = "" if cell is None or cell.value is None else str(cell.value)
        group = form.groups.get(field.group or "")
        if default and default not in choices and default not in (group.sections if group else ()):
            yield Doubt("T929", f"“{name}”在版面上的“{default}”不在选项里；请改成一致")


def _bounds(field: Field, name: str) -> Iterator[Doubt]:
    if field.least is None and field.most is None:
        return
    if field.kind is Kind.TEXT and field.least is None:
        if not (field.most or 0) > 0:
            yield Doubt("T930", f"“{name}”是文本，最大是字数，应大于 0；请改正")
    elif field.kind not in _BOUNDED:
        yield Doubt("T930", f"“{name}”是{field.kind.value}，不能写最小、最大；请删去")
    else:
        least, most = limits(field)
        if least > most:
            yield Doubt("T930", f"“{name}”的最小 {least:g} 大于最大 {most:g}；请改正")
