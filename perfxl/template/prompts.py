"""What a person reads while typing into a form, and when something else was typed.

These sentences are about kinds of fields, whatever the form; what is particular to one field
stands in the template (提示, 选项, 最小, 最大 of ``_字段``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from perfxl.model import Field, Kind, Role

LONGEST_TITLE, LONGEST_TEXT = 32, 255
"""What Excel takes for the title and the text of a prompt or a message."""
OPEN = "…"
"""As the last of the options: others may be typed too."""
_UNLIMITED = (-math.inf, math.inf)
_LIMITS = {
    Kind.AMOUNT: (0, math.inf),
    Kind.COUNT: (0, math.inf),
    Kind.AREA: (0, math.inf),
    Kind.RATIO: (0, math.inf),
    Kind.POINTS: (0, 100),
    Kind.YEAR: (2000, 2099),
}
_PLACES = {1: "一位", 2: "两位", 3: "三位", 4: "四位"}
_HEADS = {
    Kind.COUNT: "请填整数",
    Kind.YEAR: "请填年度",
    Kind.DATE: "请填日期",
    Kind.TEXT: "写得太长",
}
_ROWS = "一行写一项；行不够可以插入，不用的行整行删除。"
_REQUIRED = "必须填写，不要留空。"
_PREFILLED = "财政部门预填；空着的由单位填写。"


class Refusal(NamedTuple):
    """What is said when a cell does not take what was typed."""

    title: str
    text: str


def limits(field: Field) -> tuple[float, float]:
    """The least and the most a number may be, infinite for no limit; of a text its length."""
    least, most = _LIMITS.get(field.kind, _UNLIMITED)
    return (
        least if field.least is None else field.least,
        most if field.most is None else field.most,
    )


def is_open(field: Field) -> bool:
    """Whether other values than the options may be typed."""
    return bool(field.options) and field.options[-1] == OPEN


def heading(field: Field) -> str:
    """The field as a person knows it: its label, and the heading over it in a matrix."""
    words = [*field.labels[:1], *field.columns[:1]]
    shown = " ".join(word.replace("\n", "").rstrip("：:") for word in words)
    return shown[:LONGEST_TITLE]


def prompt(field: Field, year: int) -> str:
    """What to type, shown beside the cell; "" where there is nothing to say."""
    if field.role is Role.COMPUTED:
        return ""
    if field.options:
        words = _choose(field)
    elif field.kind in (Kind.TEXT, Kind.MEASURE):
        words = "" if field.prompt else _of_text(field)
    else:
        words = f"填{_number(field, year)}。"
        if field.kind in (Kind.AMOUNT, Kind.AREA, Kind.COUNT):
            words = f"填{_number(field, year)}；没有的填 0。"
    if field.kind is Kind.TEXT and not field.options and math.isfinite(limits(field)[1]):
        words += f"不超过 {limits(field)[1]:g} 字。"
    return (field.prompt + words)[:LONGEST_TEXT]


def refusal(field: Field, year: int) -> Refusal:
    """The message for something that the cell does not take."""
    label = heading(field)
    if field.options:
        return Refusal("请从列表中选", f"“{label}”{_choose(field)}"[:LONGEST_TEXT])
    title = _HEADS.get(field.kind, "请填数字")
    if field.kind is Kind.TEXT:
        return Refusal(title, f"“{label}”最多写 {limits(field)[1]:g} 字，请删减。")
    words = f"“{label}”只能填{_number(field, year)}{_bounds(field)}；不写单位和其他文字。"
    return Refusal(title, words[:LONGEST_TEXT])


def _choose(field: Field) -> str:
    listed = "、".join(option for option in field.options if option != OPEN)
    return f"从列表中选（{listed}），也可以另写。" if is_open(field) else f"从列表中选：{listed}。"


def _of_text(field: Field) -> str:
    if field.kind is Kind.MEASURE:
        return "写数和单位，如 95%、120人、3.5万元；定性的写文字。"
    if field.group:
        return _ROWS if field.required else ""
    if field.role is Role.PREFILLED:
        return _PREFILLED
    return _REQUIRED if field.required else ""


def _number(field: Field, year: int) -> str:
    """The kind of number and how it is written: ``数字，单位万元，最多两位小数``."""
    if field.kind is Kind.DATE:
        return f" {year} 年内的日期，如 {year}-6-30"
    if field.kind is Kind.YEAR:
        return f"四位数的年度，如 {year}"
    if field.kind is Kind.RATIO:
        return "百分数，如 98.05%"
    unit = f"，单位{field.unit}" if field.unit and field.kind is not Kind.POINTS else ""
    if field.kind is Kind.COUNT or field.decimals == 0:
        return f"整数{unit}"
    places = f"，最多{_PLACES[field.decimals]}小数" if field.decimals in _PLACES else ""
    if field.kind is Kind.POINTS and all(map(math.isfinite, limits(field))):
        least, most = limits(field)
        return f" {least:g} 到 {most:g} 的数字{places}"
    return f"数字{unit}{places}"


def _bounds(field: Field) -> str:
    least, most = limits(field)
    if field.kind in (Kind.POINTS, Kind.YEAR, Kind.DATE):
        return ""
    low = f"，不小于 {least:g}" if math.isfinite(least) else ""
    return low + (f"，不大于 {most:g}" if math.isfinite(most) else "")
