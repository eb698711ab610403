"""In the worker: the sheets of a workbook, as python-calamine reads them."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from perfxl.errors import PerfxlError
from perfxl.legacy import biff, opendocument
from perfxl.legacy.extras import Extras, Locked
from perfxl.model import ExcelError, Scalar
from perfxl.numberformat import is_date
from perfxl.numberformat.calendar import to_serial

DATE, MOMENT, TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "[h]:mm:ss"


_BESIDE = {"xls": biff.read_extras, "ods": opendocument.read_extras}


def read(request: Mapping[str, Any], data: bytes) -> tuple[str, bytes]:
    """All worksheets as JSON: name, visible, merges, cells as (row, column, value, format).

    An error value is a list with its text. Sheets and cells beyond the limits of the request
    are the answer ``sheets`` or ``cells`` with their number; a refusal of the package layer
    is the name of its class, with its message.
    """
    import python_calamine as calamine

    try:
        extras = _extras(request["kind"], data)
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    except (Locked, calamine.PasswordError):
        return "locked", b""
    except PerfxlError as error:
        return type(error).__name__, str(error).encode()
    if len(extras) != len(book.sheets_metadata):
        extras = [Extras() for _ in book.sheets_metadata]
    tabs = [
        (place, tab)
        for place, tab in enumerate(book.sheets_metadata)
        if tab.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if len(tabs) > request["sheets"]:
        return "sheets", str(len(tabs)).encode()
    sheets, found = [], 0
    for place, tab in tabs:
        sheet = book.get_sheet_by_index(place)
        beside = extras[place]
        cells = _cells(sheet, beside)
        found += len(cells)
        if found > request["cells"]:
            return "cells", str(found).encode()
        sheets.append(
            {
                "name": tab.name,
                "visible": tab.visible == calamine.SheetVisibleEnum.Visible,
                "merges": _merges(sheet) or beside.merges,
                "hidden_rows": sorted(beside.hidden_rows),
                "hidden_columns": sorted(beside.hidden_columns),
                "cells": cells,
            }
        )
    return "done", json.dumps(sheets, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _extras(kind: str, data: bytes) -> list[Extras]:
    """What is read beside python-calamine; nothing of a file that is too broken for it."""
    try:
        return _BESIDE[kind](data) if kind in _BESIDE else []
    except (struct.error, IndexError):
        return []


def _cells(sheet: Any, extras: Extras) -> list[tuple[int, int, Any, str]]:
    values = {at: value for at, value in _values(sheet) if value != ""}
    values.update(extras.values)
    cells: list[tuple[int, int, Any, str]] = []
    for (row, col), value in values.items():
        if value == "":
            continue
        if isinstance(value, ExcelError):
            cells.append((row, col, [value.value], ""))
            continue
        stored, shown = _stored(value)
        given = extras.formats.get((row, col), "")
        if given and bool(shown) == is_date(given):
            shown = given
        cells.append((row, col, stored, shown))
    return cells


def _values(sheet: Any) -> Iterator[tuple[tuple[int, int], Any]]:
    top, left = sheet.start or (0, 0)
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for col, value in enumerate(values, left + 1):
            yield (row, col), value


def _stored(value: Any) -> tuple[Scalar, str]:
    """A value as a cell stores it, and the number format that says what it is."""
    if isinstance(value, datetime):
        return to_serial(value.date()) + _day_part(value.time()), MOMENT
    if isinstance(value, date):
        return to_serial(value), DATE
    if isinstance(value, time):
        return _day_part(value), TIME
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400, TIME
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value), ""
    return value, ""


def _day_part(clock: time) -> float:
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second + clock.microsecond / 1e6
    return seconds / 86400


def _merges(sheet: Any) -> list[tuple[int, int, int, int]]:
    return [
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
