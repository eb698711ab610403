"""What the corrected copy writes into the computed cells that are wrong.

A live formula over the returned sheet's own cells where those hold numbers, so that it
follows when the unit corrects a fact; otherwise the right value itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from perfxl import formula
from perfxl.agreement import round_half_up
from perfxl.dependence import Doubts
from perfxl.facts import Facts
from perfxl.model import (
    Binding,
    Book,
    Bound,
    Cell,
    Finding,
    FormBinding,
    GroupRow,
    Kind,
    Refreshed,
    Repair,
    Waiting,
)
from perfxl.recompute import Computed, Outcome
from perfxl.values import format_as

INLINE = "同格"


def repairs(
    binding: Binding,
    computed: Mapping[tuple[int, str], Computed],
    findings: Iterable[Finding],
    final: Facts,
) -> tuple[tuple[Repair, ...], tuple[Waiting, ...]]:
    """The computed cells to put right, those that are wrong and that a finding speaks of; and
    those that wait, because a fact they rest on is itself wrong."""
    found = tuple(findings)
    spoken = {(finding.sheet, finding.cell) for finding in found}
    doubts = Doubts(final, computed, found)
    out: list[Repair] = []
    waiting: list[Waiting] = []
    for (place, _), one in computed.items():
        form = binding.forms[place]
        # What was computed in 万元 must not be written into a cell whose form is in 元.
        in_own_unit = one.bound.value.scale == 1
        if not (_to_change(one) and in_own_unit and (form.sheet, one.bound.cell) in spoken):
            continue
        if not _has_room(one.bound):
            continue
        made = _repair(form, one, computed, place)
        held_back = doubts.waiting(place, one) if one.outcome.replaced else None
        if held_back:
            waiting.append(replace(held_back, repair=made))
        else:
            out.append(made)
    return tuple(out), tuple(waiting)


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
    value, decimals = one.value, one.decimals
    inline = bound.how == INLINE
    live = not inline
    if not one.outcome.replaced and isinstance(bound.value.value, (int, float)):
        # Right, but text: the number that was meant, in the digits it was typed with.
        value, decimals = float(bound.value.value), bound.value.decimals
        live = round_half_up(one.exact, decimals) == value
    shown = format_as(value, one.field, decimals)
    text = _Live(form, computed, place).formula(one, decimals) if live else None
    return Repair(
        sheet=form.sheet,
        row=bound.row,
        col=bound.col,
        field=one.field.name,
        stated=bound.value.raw,
        value=value,
        shown=shown,
        formula=text,
        number_format=_number_format(one, decimals),
        text=_reworded(bound, shown) if inline else None,
        source=bound.source or (Cell(bound.row, bound.col, bound.label) if inline else None),
    )


def _to_change(one: Computed) -> bool:
    """Whether the copy gets a new value: the old one is wrong, or right but text."""
    return one.outcome.replaced or (one.outcome is Outcome.AGREES and _is_text(one.bound))


def _has_room(bound: Bound) -> bool:
    """Whether a value may be written there: not behind a bare label, which would be spoilt."""
    if bound.how != INLINE or bound.value.raw.strip():
        return True
    whole = str(bound.source.value) if bound.source else bound.label
    return whole.rstrip().endswith((":", "："))


def _is_text(bound: Bound) -> bool:
    return bound.how != INLINE and isinstance(bound.source and bound.source.value, str)


def _number_format(one: Computed, decimals: int) -> str | None:
    """As many digits as the form prints; None where any number of them will do."""
    if one.field.kind is Kind.RATIO:
        return f"0.{'0' * (decimals - 2)}%" if decimals > 2 else "0%"
    if one.field.kind in (Kind.AMOUNT, Kind.AREA) or _is_text(one.bound):
        return f"0.{'0' * decimals}" if decimals else "0"
    return None


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

    def formula(self, one: Computed, decimals: int) -> str | None:
        compiled = formula.compile(one.instance.expected)
        references: dict[str, str] = {}
        for name in compiled.names:
            prefix, _, field = name.partition(".")
            reference = self._reference(field) if prefix == self.form.form.prefix else None
            if reference is None:
                return None
            references[name] = reference
        return f"ROUND({compiled.with_names(references)},{decimals})"

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
