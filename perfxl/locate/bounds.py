"""One cell of a region as the value of one field."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.locate.money import Units
from perfxl.locate.names import Names
from perfxl.locate.notices import Notices
from perfxl.locate.pairs import INSIDE
from perfxl.locate.region import Region, is_filled
from perfxl.model import Bound, Cell, Field, Value
from perfxl.values import Reading, read

_BY_NAME = "名称"
_OTHER_UNIT = "V207"
_NOTHING = Reading(Value())
# A named tuple's own constructor takes twice as long, and a workbook has hundreds of these.
_new = tuple.__new__


class Sign(NamedTuple):
    """What gave a cell away: the text of the label or heading, its place, how sure it is."""

    text: str
    at: tuple[int, int]
    sure: float

    @classmethod
    def of(cls, cell: Cell, sure: float) -> Sign:
        return cls(str(cell.value).strip(), (cell.row, cell.col), round(sure, 2))


class Bounds:
    """Makes the Bounds of one form; what is odd about a value goes to its notices."""

    def __init__(self, region: Region, names: Names, notices: Notices, units: Units):
        self.region, self.names, self.notices, self.units = region, names, notices, units
        self.sheet = region.grid.sheet
        self._other_unit, self._told = units.differ, False

    def bound(
        self,
        field: Field,
        name: str,
        row: int,
        col: int,
        cell: Cell | None,
        how: str,
        sign: Sign,
        tail: str | None = None,
    ) -> Bound:
        """The value of a field in a place; ``cell`` is None where that is empty.

        ``tail`` is what stands behind the label's colon, when the value shares its cell.
        """
        if cell is None and how != INSIDE:
            shown = self.region.grid.cells.get((row, col))
            cell = None if shown is None or is_filled(shown) else shown
        if tail is not None:
            value, remark = read(tail, field)
        elif cell is not None:
            value, remark = read(cell.value, field, cell.number_format)
        else:
            value, remark = _NOTHING
        text, at, sure = sign
        if self._other_unit:
            value = self.units.converted(value, field, (row, col), at)
            if value.scale != 1 and value.number is not None and not self._told:
                self._told, remark = True, remark or _OTHER_UNIT
        if self.names.known and tail is None and self.names.points_to(name, self.region, row, col):
            how, sure = _BY_NAME, 1.0
        bound = _new(Bound, (field, self.sheet, row, col, value, how, text, at, sure, cell))
        # Most cells hold a number as a number, about which there is nothing to say.
        if cell is not None and not (value.numeric and value.problem is None and remark is None):
            self.notices.value(bound, name, remark, inline=tail is not None)
        return bound
