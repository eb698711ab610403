"""When a stated value agrees with the expected one (DESIGN, section 5).

Units compute in 元 and print 万元, round to 0, 1 or 2 decimals, or cut digits off; so two
numbers agree when what is shown cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import IntEnum

from perfxl.facts import Array, FormFacts
from perfxl.model import ExcelError, Field, Kind, Scalar, Value

AS_SHOWN = "显示"
_ROUNDED = frozenset({Kind.RATIO, Kind.POINTS})
"""Kinds that may be stated with fewer digits than they have: 9.8 for 9.805, 86% for 0.8604."""
_EPSILON = 1e-9
# A number may have 309 digits before the point and a format 300 after it.
_ANY_DIGITS = Context(prec=1000)


_EXACT = frozenset({Kind.COUNT, Kind.POINTS})


class Agreement(IntEnum):
    """How far a stated value is from the expected one, lightest first."""

    SAME = 0
    ROUNDING = 1
    """Explained by the rounding of what is shown, at the digits the form asks for."""
    DOUBTFUL = 2
    """Explained only if trimmed zeros were in fact digits rounded off."""
    DIFFERENT = 3


def round_half_up(number: float, decimals: int) -> float:
    """Round as Excel does: halves away from zero, on the decimal digits a person sees."""
    exact = Decimal(format(number, ".15g"))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _ANY_DIGITS))


_TYPED = 2
"""How many decimals more than the form asks for a person may give a score or a rate; one with
more was worked out by a formula, and nobody chose them. An amount may have come from 元."""


def printed_decimals(value: Value, field: Field) -> int:
    """How many decimals a right value gets in this cell: those the form asks for, more where
    the unit chose more."""
    asked = field.decimals or 0
    used = value.decimals if isinstance(value.value, (int, float)) else 0
    chosen = field.kind not in _ROUNDED or used <= asked + _TYPED
    return max(used, asked) if chosen else asked


def half_shown(value: Value, field: Field) -> float:
    """Half a unit of the last digit as shown; counts, points and zero are exact as typed."""
    return 0.0 if field.kind in _EXACT or not value.value else value.half


def half_declared(value: Value, field: Field) -> float:
    """The same, taking the digits that the form asks for as given: 90 万元 means 90.00."""
    if field.kind in _EXACT or not value.value:
        return 0.0
    return 0.5 * 10.0 ** -max(value.decimals, field.decimals or 0)


def slack(
    text: str,
    facts: FormFacts,
    half: Callable[[Value, Field], float],
    at: int | None = None,
) -> float:
    """How far the result of a formula may move when each input moves by its half digit.

    ``at`` picks one row where the formula gives a column.
    """
    centre = number_at(facts.evaluate(text), at)
    if centre is None:
        return 0.0
    total = 0.0
    for name in facts.compiled(text).names:
        fact = facts[name]
        if fact.part not in ("", "数"):
            continue
        halves = [half(b.value, b.field) if b else 0.0 for b in fact.bounds]
        if not any(halves):
            continue
        moves = [0.0]
        for sign in (1, -1):
            value = _shift(fact.value, halves, sign)
            moved = number_at(facts.shifted(text, name, value), at)
            if moved is not None:
                moves.append(abs(moved - centre))
        total += max(moves)
    return total


def _shift(value: Scalar | Array, halves: Sequence[float], sign: int) -> Scalar | Array:
    def moved(cell: Scalar, half: float) -> Scalar:
        number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        return cell + sign * half if number else cell  # type: ignore[operator]

    if isinstance(value, list):
        return [[moved(row[0], half)] for row, half in zip(value, halves, strict=True)]
    return moved(value, halves[0])


def item_at(result: Scalar | Array, at: int | None) -> Scalar:
    """One row's value out of a result; a single value stands for every row."""
    if not isinstance(result, list):
        return result
    row = result[0] if at is None or len(result) == 1 else result[at]
    return row[0]


def number_at(result: Scalar | Array, at: int | None) -> float | None:
    """`item_at` as a number; None for text, blank and errors."""
    item = item_at(result, at)
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        return None
    return float(item)


def same_text(stated: Scalar, expected: Scalar) -> bool:
    """Text equality as Excel has it: case aside; an error equals nothing."""
    if isinstance(stated, ExcelError) or isinstance(expected, ExcelError):
        return False
    return str(stated).strip().casefold() == str(expected).strip().casefold()


def compare(
    stated: float,
    expected: float,
    value: Value,
    field: Field,
    tolerance: float | None,
    slacks: Callable[[Callable[[Value, Field], float]], float],
) -> Agreement:
    """How a stated number stands to the expected one.

    ``value`` and ``field`` belong to the stated cell. A ``tolerance`` in the units of the
    field replaces the rounding of what is shown; ``slacks(half)`` gives how far the expected
    value may move, and is only asked when the numbers differ.
    """
    difference = abs(stated - expected)
    if difference <= _EPSILON * max(1.0, abs(expected)):
        return Agreement.SAME
    if field.kind in _ROUNDED and abs(stated - round_half_up(expected, value.decimals)) <= _EPSILON:
        return Agreement.SAME
    if tolerance is not None:
        return Agreement.SAME if difference <= tolerance + _EPSILON else Agreement.DIFFERENT
    for half, agreement in (
        (half_declared, Agreement.ROUNDING),
        (half_shown, Agreement.DOUBTFUL),
    ):
        if difference <= half(value, field) + slacks(half) + _EPSILON:
            return agreement
    return Agreement.DIFFERENT
