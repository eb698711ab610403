"""The values of a returned form, and what stood behind a label as a value of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.model import Bound, FormBinding, Scalar
from perfxl.notation import fold

_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15}))(?:\.(\d{1,9}))?(%?)")


def bounds_of(form: FormBinding) -> Iterator[Bound]:
    """All that is bound in a form: its fields, then its rows from top to bottom."""
    yield from form.fields.values()
    for rows in form.groups.values():
        for row in rows:
            yield from row.values.values()


def apart(raw: str) -> tuple[Scalar, str]:
    """What stood behind a label, for a cell of its own, with its number format.

    A plain number is one from now on; anything else stays text.
    """
    found = _NUMBER.fullmatch(fold(raw))
    if found is None:
        return raw.strip() or None, "General"
    whole, decimals, percent = found[1], found[2] or "", found[3]
    shown = "#,##0" if "," in whole else "0"
    shown += f".{'0' * len(decimals)}" if decimals else ""
    number = f"{whole.replace(',', '')}.{decimals or '0'}"
    if percent:
        return round(float(number) / 100, len(decimals) + 2), f"{shown}%"
    return (float(number) if decimals else int(float(number))), shown
