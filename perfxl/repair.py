"""What the corrected copy writes into the computed cells that are wrong.

A live formula over the returned sheet's own cells where those hold numbers, so that it
follows when the unit corrects a fact; otherwise the right value itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfxl import formula
from perfxl.model import (
    Binding,
    Book,
    Bound,
    Finding,
    FormBinding,
    GroupRow,
    Kind,
    Refreshed,
    Repair,
)
from perfxl.recompute import Computed
from perfxl.values import format_as

_FORMATS = {Kind.RATIO: "0.00%", Kind.AMOUNT: "0.00", Kind.AREA: "0.00"}
INLINE = "同格"


def repairs(
    binding: Binding,
    computed: Mapping[tuple[int, str], Computed],
    findings: Iterable[Finding],
) -> tuple[Repair, ...]:
    """The computed cells to put right: those that are wrong and that a finding speaks of."""
    spoken = {(finding.sheet, finding.cell) for finding in findings}
    out = []
    for (place, _), one in computed.items():
        form = binding.forms[place]
        # What was computed in 万元 must not be written into a cell whose form is in 元.
        in_own_unit = one.bound.value.scale == 1
        if one.outcome.replaced and in_own_unit and (form.sheet, one.bound.cell) in spoken:
            out.append(_repair(form, one, computed, place))
    return tuple(out)


def refreshed(book: Book, repairs: Sequence[Repair]) -> tuple[Refreshed, ...]:
    """New results of the unit's own formulas that rest on the repaired cells.

    What cannot be computed is left out: it keeps its old result until Excel opens the copy,
    which it is told to recompute.
    """
    values = {(r.sheet, r.row, r.col): r.value for r in repairs if r.text is None}
    own_formulas = any(cell.formula for grid in book.grids for cell in grid.cells.values())
    if not values or not own_formulas:
        return ()
    fresh = formula.Calculator(book.grids, book.names).recompute(values)
    return tuple(Refreshed(*at, value) for at, value in fresh.values.items() if at not in values)


def _repair(
    form: FormBinding, one: Computed, computed: Mapping[tuple[int, str], Computed], place: int
) -> Repair:
    bound = one.bound
    shown = format_as(one.value, one.field, one.decimals)
    inline = bound.how == INLINE
    live = None if inline else _Live(form, computed, place).formula(one)
    return Repair(
        sheet=form.sheet,
        row=bound.row,
        col=bound.col,
        field=one.field.name,
        stated=bound.value.raw,
        value=one.value,
        shown=shown,
        formula=live,
        number_format=_FORMATS.get(one.field.kind),
        text=_reworded(bound, shown) if inline else None,
    )


def _reworded(bound: Bound, shown: str) -> str:
    """The label and value of one cell, with the value put right."""
    whole = str(bound.source.value) if bound.source else bound.label
    raw = bound.value.raw.strip()
    if raw and raw in whole:
        head, _, tail = whole.rpartition(raw)
        return f"{head}{shown}{tail}"
    return f"{whole.rstrip()}{shown}"


class _Live:
    """Writes a computed field's formula over the cells of one returned form."""

    def __init__(self, form: FormBinding, computed: Mapping[tuple[int, str], Computed], place: int):
        self.form = form
        self.computed = computed
        self.place = place

    def formula(self, one: Computed) -> str | None:
        compiled = formula.compile(one.instance.expected)
        references: dict[str, str] = {}
        for name in compiled.names:
            prefix, _, field = name.partition(".")
            reference = self._reference(field) if prefix == self.form.form.prefix else None
            if reference is None:
                return None
            references[name] = reference
        return f"ROUND({compiled.with_names(references)},{one.decimals})"

    def _reference(self, field: str) -> str | None:
        group, _, column = field.partition(".")
        if group in self.form.form.groups and field not in self.form.form.fields:
            return self._column(self.form.groups.get(group, ()), column)
        bound = self.form.fields.get(field)
        if bound is None:
            return "0"
        return bound.cell if self._usable(bound, field) else None

    def _usable(self, bound: Bound, field: str = "") -> bool:
        """Whether a formula may point at the cell: it holds a number, will, or is empty."""
        if bound.how == INLINE:
            return False
        one = self.computed.get((self.place, field))
        if one and one.outcome.replaced:
            return True
        return bound.value.numeric or bound.source is None or bound.source.value in (None, "")

    def _column(self, rows: Sequence[GroupRow], column: str) -> str | None:
        bounds = [row.values[column] for row in rows if column in row.values]
        if not bounds or not all(map(self._usable, bounds)):
            return None
        return ",".join(_areas(bounds))


def _areas(bounds: Sequence[Bound]) -> Iterator[str]:
    """The cells of a column as ranges of rows that follow each other: what stands between
    them (a heading with a subtotal) is none of the column."""
    runs: list[list[Bound]] = []
    for bound in bounds:
        before = runs[-1][-1] if runs else None
        if before and (bound.row, bound.col) == (before.row + 1, before.col):
            runs[-1].append(bound)
        else:
            runs.append([bound])
    for run in runs:
        first, last = run[0].cell, run[-1].cell
        yield first if first == last else f"{first}:{last}"
