"""Data validation for the inputs of a form: what a cell takes, with a prompt and a refusal."""

from __future__ import annotations

import datetime
import math
from typing import Any

from xlsxwriter.worksheet import Worksheet

from perfxl.model import Field, Form, Kind, Range, Role, a1
from perfxl.template.prompts import LONGEST_TEXT, OPEN, heading, is_open, limits, prompt, refusal

_NATIVE = {
    Kind.COUNT: "whole",
    Kind.YEAR: "whole",
    Kind.AMOUNT: "decimal",
    Kind.AREA: "decimal",
    Kind.POINTS: "decimal",
    Kind.RATIO: "decimal",
    Kind.TEXT: "length",
}
_WITH_PLACES = (Kind.AMOUNT, Kind.AREA, Kind.POINTS)


def validate_inputs(sheet: Worksheet, form: Form, year: int) -> None:
    """Add the validation of every field that is typed in.

    A column of a row group is covered to one row below its last, so that the validation grows
    with a row that is inserted there; unless that cell has one of its own, for Excel takes a
    file with two for a cell as damaged.
    """
    taken = set()
    for field in form.fields.values():
        if field.area and field.role is not Role.COMPUTED:
            first = field.area.top, field.area.left
            taken.add(first)
            _add(sheet, field, Range(*first, *first), year)
    for group in form.groups.values():
        for column in group.columns:
            if column.area:
                top, bottom, left = group.area.top, group.area.bottom, column.area.left
                below = bottom if (bottom + 1, left) in taken else bottom + 1
                _add(sheet, column, Range(top, left, below, left), year)


def _add(sheet: Worksheet, field: Field, area: Range, year: int) -> None:
    options = validation(field, a1(area.top, area.left), year)
    if options is not None:
        top, left, bottom, right = (bound - 1 for bound in area)
        sheet.data_validation(top, left, bottom, right, options)


def validation(field: Field, first: str, year: int) -> dict[str, Any] | None:
    """The validation of a field as XlsxWriter takes it; None where there is nothing to say.

    ``first`` is the address of the first cell that it is for.
    """
    if field.role is Role.COMPUTED:
        return None
    words = prompt(field, year)
    taken = _taken(field, first, year)
    if taken is None and not words:
        return None
    options: dict[str, Any] = dict(taken or {"validate": "any"})
    if words:
        options |= {"input_title": heading(field), "input_message": words}
    if taken is not None:
        title, text = refusal(field, year)
        options |= {"error_type": "stop", "error_title": title, "error_message": text}
    return options


def _taken(field: Field, first: str, year: int) -> dict[str, Any] | None:
    """What the cell takes; None for anything."""
    if field.options:
        choices = [option for option in field.options if option != OPEN]
        if len(",".join(choices)) > LONGEST_TEXT:
            # Excel takes no longer list; lint says so to the template's author.
            return None
        strict = {} if not is_open(field) else {"show_error": False}
        return {"validate": "list", "source": choices} | strict
    if field.kind is Kind.DATE:
        days = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return _between("date", *days)
    least, most = limits(field)
    bounded = math.isfinite(least) or math.isfinite(most)
    if field.kind in _WITH_PLACES and field.decimals is not None:
        return {"validate": "custom", "value": f"={_condition(field, first)}"}
    if field.kind not in _NATIVE or not bounded:
        return None
    return _bounded(_NATIVE[field.kind], least, most)


def _condition(field: Field, first: str) -> str:
    """Whether the number stays as it is when it is brought within its bounds and rounded."""
    least, most = limits(field)
    bounded = first
    if math.isfinite(least):
        bounded = f"MAX({least:.15g},{bounded})"
    if math.isfinite(most):
        bounded = f"MIN({most:.15g},{bounded})"
    # A sum such as 0.1+0.2 is 0.3 but for its last bits.
    same = f"ABS(ROUND({bounded},{field.decimals})-{first})<0.0000001"
    return f"IF(ISNUMBER({first}),{same},FALSE)"


def _bounded(kind: str, least: float, most: float) -> dict[str, Any]:
    if math.isfinite(least) and math.isfinite(most):
        return _between(kind, least, most)
    if math.isfinite(least):
        return {"validate": kind, "criteria": ">=", "value": least}
    return {"validate": kind, "criteria": "<=", "value": most}


def _between(kind: str, least: object, most: object) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
