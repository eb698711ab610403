"""The values of a returned form, and what stood behind a label as a value of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.model import Bound, FormBinding, Kind, Scalar
from perfxl.notation import fold

_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15}))(?:\.(\d{1,9}))?(%|[\u4e00-\u9fff]{0,4})")
_NUMBERS = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.POINTS, Kind.COUNT, Kind.AREA})


def bounds_of(form: FormBinding) -> Iterator[Bound]:
    """All that is bound in a form: its fields, then its rows from top to bottom."""
    yield from form.fields.values()
    for rows in form.groups.values():
        for row in rows:
            yield from row.values.values()


def apart(bound: Bound) -> tuple[Scalar, str]:
    """What stood behind a label, for a cell of its own, with its number format.

    Where the field is a number, so is the cell from now on, with the unit behind it as its
    format; a number that means something else in the field's own unit stays text.
    """
    raw = bound.value.raw
    found = _NUMBER.fullmatch(fold(raw)) if bound.field.kind in _NUMBERS else None
    if found is None:
        return raw.strip() or None, "General"
    whole, decimals, unit = found[1], found[2] or "", found[3]
    shown = "#,##0" if "," in whole else "0"
    shown += f".{'0' * len(decimals)}" if decimals else ""
    number = float(f"{whole.replace(',', '')}.{decimals or '0'}")
    if unit == "%":
        return round(number / 100, len(decimals) + 2), f"{shown}%"
    if unit and bound.value.number != number:
        return raw.strip(), "General"
    if shown == "0":
        # A right value with more digits must show them.
        shown = "General"
    shown += f'"{unit}"' if unit else ""
    return (number if decimals else int(number)), shown
