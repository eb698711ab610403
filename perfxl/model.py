"""The frozen data that flows through perfxl: Grid → Binding → Findings → Report.

Rows and columns are counted from 1, as Excel shows them. Ratios are numbers between 0
and 1 (98.05% is 0.9805); amounts keep the unit of their form (mostly 万元).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple


class ExcelError(Enum):
    """The error values a cell or a formula can have; ``value`` is what Excel shows."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    GETTING_DATA = "#GETTING_DATA"
    SPILL = "#SPILL!"
    CALC = "#CALC!"

    def __str__(self) -> str:
        return self.value


Scalar = float | int | str | bool | ExcelError | None
"""What one cell holds; None is an empty cell, which is not the same as ``""``."""


def column_letters(col: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, col: int) -> str:
    """The address of a cell as Excel prints it: a1(4, 11) is K4."""
    return f"{column_letters(col)}{row}"


def row_col(address: str) -> tuple[int, int]:
    """Row and column of an address: row_col("K4") is (4, 11)."""
    letters = address.rstrip("0123456789")
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return int(address[len(letters) :]), col


class Range(NamedTuple):
    """A rectangle of cells, all four bounds inclusive, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{a1(self.top, self.left)}:{a1(self.bottom, self.right)}"

    def __contains__(self, at: object) -> bool:
        if not isinstance(at, tuple) or len(at) != 2:
            return False
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right


class Cell(NamedTuple):
    """One cell of a sheet that holds a value or a formula.

    ``formula`` is without the leading ``=``; ``style`` is the index of its cell format in
    styles.xml; ``number_format`` is the format code (``0.00%``), ``General`` by default.
    """

    row: int
    col: int
    value: Scalar
    formula: str | None = None
    number_format: str = "General"
    style: int = 0

    @property
    def address(self) -> str:
        return a1(self.row, self.col)


@dataclass(frozen=True)
class Grid:
    """One worksheet as values: only the cells that hold something, and the merges."""

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    visible: bool = True
    part: str = ""

    @cached_property
    def extent(self) -> Range:
        """The used area, from A1 to the last row and column that hold anything."""
        rows = max(self._rows, default=1)
        cols = max((cells[-1].col for cells in self._rows.values()), default=1)
        return Range(1, 1, rows, cols)

    @cached_property
    def _merged(self) -> dict[tuple[int, int], Range]:
        found: dict[tuple[int, int], Range] = {}
        _, _, last_row, last_col = self.extent
        for area in self.merges:
            top, left, bottom, right = area
            columns = range(left, min(right, last_col) + 1)
            for row in range(top, min(bottom, last_row) + 1):
                for col in columns:
                    found[row, col] = area
        return found

    def span(self, row: int, col: int) -> Range:
        """The merged area that covers the cell, or the cell itself."""
        return self._merged.get((row, col)) or tuple.__new__(Range, (row, col, row, col))

    def anchor(self, row: int, col: int) -> tuple[int, int]:
        """The cell that holds the value of a merged area: its top left one."""
        area = self._merged.get((row, col))
        return (area.top, area.left) if area else (row, col)

    def at(self, row: int, col: int) -> Cell | None:
        """The cell there, looking through merges; None when it is empty."""
        return self.cells.get((row, col)) or self.cells.get(self.anchor(row, col))

    def row(self, row: int) -> Iterator[Cell]:
        """The cells of one row that hold something, from left to right."""
        return iter(self._rows.get(row, ()))

    @cached_property
    def _rows(self) -> dict[int, list[Cell]]:
        rows: dict[int, list[Cell]] = {}
        for key in sorted(self.cells):
            rows.setdefault(key[0], []).append(self.cells[key])
        return rows


class DefinedName(NamedTuple):
    """A defined name; ``sheet`` is None for a workbook-wide one."""

    name: str
    refers_to: str
    sheet: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook as values, in the order of its sheets (hidden ones too).

    ``kind`` is xlsx or xlsm here (xls, xlsb, ods, csv from other readers).
    ``properties`` are the custom document properties.
    """

    path: str
    sha256: str
    kind: str
    grids: tuple[Grid, ...]
    names: tuple[DefinedName, ...] = ()
    date1904: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)

    def grid(self, sheet: str) -> Grid | None:
        """The sheet of that name; Excel ignores case in sheet names, so do we."""
        wanted = sheet.casefold()
        return next((g for g in self.grids if g.sheet.casefold() == wanted), None)


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


class Value(NamedTuple):
    """What a person typed into one cell, and what it means.

    ``value`` is what rules calculate with: a number (ratio for a percentage), text, or None
    for blank. ``decimals`` counts the digits shown after the point, of ``value`` itself:
    98.05% has 4. ``number comparator unit year points`` are the parts ``.数 .符 .单位 .年
    .分`` of a phrase such as ``≤110.71 万元`` or ``成本指标（20分）``. ``problem`` is a V2xx
    code when the text cannot be trusted. ``numeric`` says that the cell itself holds a number.
    """

    raw: str = ""
    value: float | int | str | bool | None = None
    decimals: int = 0
    number: float | None = None
    comparator: str = ""
    unit: str = ""
    year: int | None = None
    points: float | None = None
    problem: str | None = None
    numeric: bool = False

    @property
    def half(self) -> float:
        """Half a unit of the last digit shown: ±0.005 for 110.71."""
        return 0.5 * 10.0**-self.decimals


@dataclass(frozen=True)
class Field:
    """One thing a form asks for: a single cell, or one column of a row group.

    ``name`` is without the form's prefix (``全年执行数``, ``基本支出.本年决算数``); for a
    column of a group it is the column's own name (``得分``) and ``group`` names the group.
    ``labels`` are the ways its label is worded, as printed first; ``columns`` are the
    headings over it when a row label alone does not decide (a matrix).
    ``area`` is where the template has it: one (merged) cell, or the column within the group;
    None for a field that the form does not print but some units add (a grade).
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


class Bound(NamedTuple):
    """A value that was found in a returned workbook, and how it was found.

    ``cell`` is what a person must look at (the top left one of a merge); ``how`` is one of
    名称 右侧 下方 同格 交叉 行组; ``label`` is the heading that gave it away, as written (for a
    matrix the column's), and ``label_at`` its row and column.
    ``source`` is the cell itself, None where it is empty.
    """

    field: Field
    sheet: str
    row: int
    col: int
    value: Value
    how: str
    label: str = ""
    label_at: tuple[int, int] | None = None
    confidence: float = 1.0
    source: Cell | None = None

    @property
    def cell(self) -> str:
        return a1(self.row, self.col)


@dataclass(frozen=True)
class GroupRow:
    """One row of a row group; ``section`` is the printed heading it stands under."""

    row: int
    values: Mapping[str, Bound]
    section: str = ""


@dataclass(frozen=True)
class FormBinding:
    """One form as it came back: which cell is which field.

    ``missing`` maps a field's name (``组.列`` for a column) to why it is not bound.
    ``year`` and ``year_cell`` come from the title.
    """

    form: Form
    sheet: str
    region: Range
    fields: Mapping[str, Bound]
    groups: Mapping[str, tuple[GroupRow, ...]]
    missing: Mapping[str, str]
    title: Bound | None = None
    year: int | None = None

    def label(self) -> str:
        """How a person tells this form from its siblings."""
        named = self.fields.get(self.form.name_field or "")
        tail = f" {named.value.raw.strip()}" if named and named.value.raw.strip() else ""
        return f"{self.sheet}{tail}"


@dataclass(frozen=True)
class Binding:
    """All forms found in one workbook; ``findings`` are the locator's own (L1xx, V2xx)."""

    template: Template
    forms: tuple[FormBinding, ...]
    findings: tuple[Finding, ...] = ()

    def of(self, prefix: str) -> tuple[FormBinding, ...]:
        return tuple(form for form in self.forms if form.form.prefix == prefix)


class Place(NamedTuple):
    """A cell of the returned workbook."""

    sheet: str
    cell: str


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, at one cell.

    ``form`` is the form's id, ``field`` the field's name without the form's prefix
    (``指标.得分`` for a column); ``stated`` is what was typed, as typed; ``expected`` is None
    where nothing can be computed. ``fingerprint`` names the same finding after rows moved.
    """

    code: str
    level: Level
    message: str
    advice: str
    basis: str
    form: str | None = None
    sheet: str | None = None
    cell: str | None = None
    field: str | None = None
    stated: str | None = None
    expected: str | None = None
    related: tuple[Place, ...] = ()
    fingerprint: str = ""
    name: str = ""


@dataclass(frozen=True)
class Repair:
    """A computed cell that is put right in the corrected copy.

    ``formula`` (over the returned sheet's own cells, without ``=``) is None where the form's
    cells do not allow one; ``value`` is then written as a constant. ``stated`` is what stood
    there, ``shown`` the right value as the form prints it. ``text`` is set where label and
    value share one cell: the whole new text of that cell.
    """

    sheet: str
    row: int
    col: int
    field: str
    stated: str
    value: float
    shown: str
    formula: str | None
    number_format: str | None = None
    text: str | None = None

    @property
    def cell(self) -> str:
        return a1(self.row, self.col)


class Refreshed(NamedTuple):
    """The new result of the unit's own formula that rests on a repaired cell."""

    sheet: str
    row: int
    col: int
    value: Scalar


class FormFound(NamedTuple):
    """A form and where it was found."""

    form: str
    sheet: str
    range: str


@dataclass(frozen=True)
class Report:
    """What checking one workbook gave.

    ``verdict`` is pass, explain, fail, unknown or unreadable. ``skipped`` maps a rule's code
    (with the form it was to run on) to what blocked it.
    """

    path: str
    sha256: str = ""
    template: str | None = None
    template_version: str | None = None
    unit: str | None = None
    year: int | None = None
    verdict: str = "pass"
    forms: tuple[FormFound, ...] = ()
    findings: tuple[Finding, ...] = ()
    rules_run: int = 0
    skipped: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    refreshed: tuple[Refreshed, ...] = ()
    corrected: str | None = None

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)
