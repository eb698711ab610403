"""What a template says: forms, fields, row groups, rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from perfxl.model.cells import Grid, Range


class Kind(Enum):
    """What a field holds; it decides how the text in the cell is read."""

    AMOUNT = "金额"
    RATIO = "比率"
    POINTS = "分值"
    COUNT = "人数"
    AREA = "面积"
    TEXT = "文本"
    DATE = "日期"
    YEAR = "年度"
    MEASURE = "指标值"

    # Enum hashes by name, in Python; members are singletons, so the object's own will do.
    __hash__ = object.__hash__


class Role(Enum):
    """Who fills a field: the unit, a formula, or the bureau before sending."""

    INPUT = "输入"
    COMPUTED = "计算"
    PREFILLED = "预填"


class Level(Enum):
    """How much a finding weighs; ``value`` is the JSON word."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def chinese(self) -> str:
        return {"error": "强制", "warning": "核实", "note": "提示"}[self.value]

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return ("error", "warning", "note").index(self.value)


@dataclass(frozen=True)
class Field:
    """One thing a form asks for: a single cell, or one column of a row group.

    ``name`` is without the form's prefix (``全年执行数``, ``基本支出.本年决算数``); for a
    column of a group it is the column's own name (``得分``) and ``group`` names the group.
    ``labels`` are the ways its label is worded, as printed first; ``columns`` are the
    headings over it when a row label alone does not decide (a matrix).
    ``area`` is where the template has it: one (merged) cell, or the column within the group;
    None for a field that the form does not print but some units add (a grade).
    ``prompt`` is what a person reads while typing, ``options`` the values to choose from
    (a last ``…`` lets others be typed too); ``least`` and ``most`` bound a number (infinite
    for no bound) and the length of a text. Empty or None: as the kind has it.
    ``in_roster`` is set where a bureau knows the value before it sends the form;
    ``carried_from`` is the full name of the field of last year's workbook that it comes from.
    """

    form: str
    name: str
    labels: tuple[str, ...]
    columns: tuple[str, ...] = ()
    group: str | None = None
    kind: Kind = Kind.TEXT
    unit: str = ""
    decimals: int | None = None
    required: bool = False
    role: Role = Role.INPUT
    area: Range | None = None
    prompt: str = ""
    options: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    in_roster: bool = False
    carried_from: str = ""


@dataclass(frozen=True)
class RowGroup:
    """Rows that repeat under one header: the indicators, the projects.

    ``key`` is the column without which a row does not count (三级指标, 项目名称).
    ``sections`` are the headings the form prints between its rows (``1、业务经费``).
    ``until`` are the labels that come after it (总分). ``area`` is its place in the template.
    """

    name: str
    columns: tuple[Field, ...]
    key: str
    area: Range
    sections: tuple[str, ...] = ()
    until: tuple[str, ...] = ()

    def column(self, name: str) -> Field:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Form:
    """One of the tables of a notice.

    ``id`` is basic, overall or project; ``prefix`` (基础 整体 项目) begins its names;
    ``sheet`` is its sheet in the template; ``titles`` are the ways its title is worded,
    without year. A ``repeatable`` form may occur many times in one workbook.
    ``unit_field`` and ``name_field`` name the fields with the unit and what tells one
    repeated form from another.
    """

    id: str
    prefix: str
    sheet: str
    titles: tuple[str, ...]
    repeatable: bool
    fields: Mapping[str, Field]
    groups: Mapping[str, RowGroup]
    grid: Grid
    unit_field: str | None = None
    name_field: str | None = None


@dataclass(frozen=True)
class Rule:
    """One row of ``_规则``; formulas are Excel formulas as text, without ``=``.

    ``forms`` are the prefixes the rule runs on, one after the other; ``group`` is set for a
    rule that runs once per row of that group (its formulas then give one value per row).
    ``precondition`` says when there is something to check (or, for a computed field, to
    compute); ``exempt`` when another rule speaks about the same mistake.
    ``formula`` TRUE means the rule holds; when it is empty, ``stated`` (by default the value at
    ``target``) must equal ``expected`` within ``tolerance``: ``显示``, the rounding of what is
    shown, or a formula. ``name`` is the rule's short title.
    """

    code: str
    name: str
    status: str
    level: Level
    forms: tuple[str, ...]
    group: str | None
    precondition: str
    exempt: str
    formula: str
    target: str
    stated: str
    expected: str
    tolerance: str
    message: str
    advice: str
    basis: str
    since: str


@dataclass(frozen=True)
class Shorthand:
    """One row of ``_算式``: a formula that several rules share, used as ``算式.名称``."""

    name: str
    formula: str
    explanation: str


@dataclass(frozen=True)
class Case:
    """One row of ``_试例``: ``verdict`` is 通过, 不通过 or 跳过.

    ``inputs`` maps full names to what is typed, a tuple with one text per row for a column.
    """

    code: str
    verdict: str
    inputs: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Template:
    """A template workbook, loaded; equal only to itself, so that work on it can be kept."""

    id: str
    title: str
    year: int
    version: str
    source: str
    forms: tuple[Form, ...]
    rules: tuple[Rule, ...]
    cases: tuple[Case, ...]
    shorthands: tuple[Shorthand, ...] = ()
    instructions: tuple[str, ...] = ()

    def form(self, prefix: str) -> Form:
        """The form with that prefix (基础); KeyError where there is none."""
        for form in self.forms:
            if form.prefix == prefix:
                return form
        raise KeyError(prefix)
