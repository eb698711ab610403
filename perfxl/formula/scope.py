"""What a formula sees while it runs: names, cells, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from numbers import Number
from typing import Protocol

from ..model import DefinedName, ExcelError, Grid, Range, Scalar
from ..numberformat.calendar import to_serial
from .coerce import Array, Reference
from .tokens import read_area

Here = tuple[str | None, int, int]
"""Sheet, row and column of the cell a formula stands in."""


class Scope(Protocol):
    """What a formula needs from its surroundings.

    ``name`` raises KeyError for a name it does not know; ``cells`` gives the values of a
    range row by row, and raises KeyError for a sheet that is not there; ``used`` is the
    area that holds anything, by which whole columns are clipped.
    """

    here: Here | None

    def name(self, name: str) -> Scalar | Array | Reference: ...

    def cells(self, sheet: str | None, area: Range) -> Array: ...

    def used(self, sheet: str | None) -> Range: ...


def scalar(value: object) -> Scalar:
    """A Python value as a cell holds it: dates become serial numbers.

    Raises TypeError for what no cell can hold.
    """
    if value is None or isinstance(value, (bool, float, ExcelError)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else float(value)
    if isinstance(value, str):
        return _ERRORS.get(value, value)
    if isinstance(value, datetime):
        seconds = (value.hour * 60 + value.minute) * 60 + value.second + value.microsecond / 1e6
        return to_serial(value.date()) + seconds / 86400
    if isinstance(value, date):
        return to_serial(value)
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    if isinstance(value, Number) and not isinstance(value, complex):
        return float(value)  # type: ignore[arg-type]
    raise TypeError(f"单元格不能存放 {type(value).__name__}；请给数字、文本、日期、真假或 None")


_ERRORS = {error.value: error for error in ExcelError}
_ADDRESS = re.compile(r"(?:'?(?P<sheet>[^'!]+)'?!)?(?P<cell>\$?[A-Za-z]{1,3}\$?[0-9]{1,7})")


class DictScope:
    """Cells and names from a mapping: ``{"A1": 85.53, "附件3!B2": 1, "整体.得分": 9}``.

    A list, or a list of lists, for a name is a column, or rows. Addresses without a sheet
    and formulas' references without a sheet belong together.
    """

    def __init__(self, values: Mapping[str, object], here: Here | None = None):
        self.here = here
        self._names: dict[str, Scalar | Array] = {}
        self._cells: dict[tuple[str | None, int, int], Scalar] = {}
        last_row = last_col = 1
        for key, value in values.items():
            match = _ADDRESS.fullmatch(key)
            area = read_area(match["cell"]) if match else None
            if match and area:
                sheet = match["sheet"]
                self._cells[sheet and sheet.casefold(), area.top, area.left] = scalar(value)
                last_row, last_col = max(last_row, area.top), max(last_col, area.left)
            else:
                self._names[key.casefold()] = _scalar_or_array(value)
        self._used = Range(1, 1, last_row, last_col)

    def name(self, name: str) -> Scalar | Array | Reference:
        return self._names[name.casefold()]

    def cells(self, sheet: str | None, area: Range) -> Array:
        get = self._cells.get
        key = sheet and sheet.casefold()
        columns = range(area.left, area.right + 1)
        rows = range(area.top, area.bottom + 1)
        return [[get((key, row, col)) for col in columns] for row in rows]

    def used(self, sheet: str | None) -> Range:
        return self._used


def _scalar_or_array(value: object) -> Scalar | Array:
    if not isinstance(value, (list, tuple)):
        return scalar(value)
    rows = [
        [scalar(cell) for cell in row] if isinstance(row, (list, tuple)) else [scalar(row)]
        for row in value
    ]
    return rows if rows and rows[0] else [[None]]


class GridScope:
    """The sheets of a workbook and its defined names.

    ``here`` says where the formula stands: references without a sheet mean its sheet (the
    first one when ``here`` is None), and the sheet's own names come before the workbook's.
    ``values`` are newer values of single cells, by (sheet, row, column).
    """

    def __init__(
        self,
        grids: Grid | Sequence[Grid],
        names: Iterable[DefinedName] = (),
        here: Here | None = None,
        values: Mapping[tuple[str, int, int], Scalar] | None = None,
    ):
        sheets = (grids,) if isinstance(grids, Grid) else tuple(grids)
        self.here = here
        self._grids = {grid.sheet.casefold(): grid for grid in sheets}
        self._first = sheets[0].sheet if sheets else ""
        self._names = {(n.sheet and n.sheet.casefold(), n.name.casefold()): n for n in names}
        self._newer: dict[str, dict[tuple[int, int], Scalar]] = {}
        for (sheet, row, col), value in (values or {}).items():
            self.put(sheet, row, col, value)
        self._open: set[tuple[str | None, str]] = set()
        self._union: Range | None = None

    def sheet(self, sheet: str | None) -> str:
        """The sheet a reference means."""
        return sheet or (self.here and self.here[0]) or self._first

    def put(self, sheet: str, row: int, col: int, value: Scalar) -> None:
        """Let the cell have this value from now on."""
        self._newer.setdefault(sheet.casefold(), {})[row, col] = value

    def name(self, name: str) -> Scalar | Array | Reference:
        from .formula import compile

        sheet, _, rest = name.rpartition("!")
        own = self.sheet(sheet or None).casefold()
        key: tuple[str | None, str] = (own, rest.casefold())
        if key not in self._names:
            key = (None, rest.casefold())
        defined = self._names[key]
        if key in self._open:
            return ExcelError.NAME
        self._open.add(key)
        try:
            return compile(defined.refers_to).resolve(self)
        finally:
            self._open.discard(key)

    def cells(self, sheet: str | None, area: Range) -> Array:
        key = self.sheet(sheet).casefold()
        stored = self._grids[key].cells
        newer = self._newer.get(key)
        columns = range(area.left, area.right + 1)
        rows = range(area.top, area.bottom + 1)
        if newer:
            return [
                [
                    newer[at] if (at := (row, col)) in newer
                    else cell.value if (cell := stored.get(at)) else None
                    for col in columns
                ]
                for row in rows
            ]  # fmt: skip
        return [
            [cell.value if (cell := stored.get((row, col))) else None for col in columns]
            for row in rows
        ]

    def used(self, sheet: str | None) -> Range:
        """The used area of all sheets together, so that A:A is as tall on each of them."""
        if self._union is None:
            areas = [grid.extent for grid in self._grids.values()]
            newer = [at for cells in self._newer.values() for at in cells]
            self._union = Range(
                1, 1,
                max([area.bottom for area in areas] + [row for row, _ in newer], default=1),
                max([area.right for area in areas] + [col for _, col in newer], default=1),
            )  # fmt: skip
        return self._union
