"""What a returned workbook holds, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from perfxl.model.cells import Cell, Range, a1
from perfxl.model.findings import Finding, FormFound
from perfxl.model.forms import Field, Form, Template


class Value(NamedTuple):
    """What a person typed into one cell, and what it means.

    ``value`` is what rules calculate with: a number (ratio for a percentage), text, or None
    for blank. ``decimals`` counts the digits shown after the point, of ``value`` itself:
    98.05% has 4. ``number comparator unit year points`` are the parts ``.数 .符 .单位 .年
    .分`` of a phrase such as ``≤110.71 万元`` or ``成本指标（20分）``. ``problem`` is a V2xx
    code when the text cannot be trusted. ``numeric`` says that the cell itself holds a number.
    ``scale`` is what the number was multiplied by where the form prints another unit of money
    than its field (0.0001 for 元 in a field in 万元).
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
    scale: float = 1.0

    @property
    def half(self) -> float:
        """Half a unit of the last digit shown: ±0.005 for 110.71."""
        return 0.5 * 10.0**-self.decimals


class Bound(NamedTuple):
    """A value that was found in a returned workbook, and how it was found.

    ``cell`` is what a person must look at (the top left one of a merge); ``how`` is one of
    名称 右侧 下方 同格 交叉 次序 行组; ``label`` is the heading that gave it away, as written (for
    a matrix the column's), and ``label_at`` its row and column.
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
    ``year`` comes from the title, or from the line below it that is ``dated`` and nothing else.
    """

    form: Form
    sheet: str
    region: Range
    fields: Mapping[str, Bound]
    groups: Mapping[str, tuple[GroupRow, ...]]
    missing: Mapping[str, str]
    title: Bound | None = None
    year: int | None = None
    dated: Bound | None = None

    @property
    def found(self) -> FormFound:
        """What a report says of it."""
        return FormFound(self.form.id, self.sheet, str(self.region), self.form.titles[0])

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
