"""Looking values up: MATCH, VLOOKUP, LOOKUP, XLOOKUP."""

from __future__ import annotations

from typing import Any

from ...model import ExcelError, Range, Scalar
from ..coerce import Array, Problem, Reference, logical, number, passed, whole
from ..operators import order
from .criteria import has_wildcards, wildcards
from .registry import ARRAY, REFERENCE, function

_KINDS = {int: 0, float: 0, str: 1, bool: 2}


def _comparable(value: Scalar, wanted: Scalar) -> bool:
    """A lookup only ever compares values of one kind; blanks are passed over."""
    return _KINDS.get(type(value)) == _KINDS[type(wanted)]


def _wanted(value: Scalar) -> Scalar:
    value = passed(value)
    return 0 if value is None else value


def line(cells: Array) -> list[Scalar]:
    """A single row or column as a list; raises Problem with #N/A for anything else."""
    if len(cells) == 1:
        return cells[0]
    if len(cells[0]) == 1:
        return [row[0] for row in cells]
    raise Problem(ExcelError.NA)


def find_exact(wanted: Scalar, values: list[Scalar], wild: bool, backwards: bool = False) -> int:
    """The place of an equal value, from 0; -1 where there is none."""
    if wild and isinstance(wanted, str) and has_wildcards(wanted):
        pattern = wildcards(wanted)

        def fits(value: Scalar) -> bool:
            return isinstance(value, str) and pattern.matches(value)
    else:

        def fits(value: Scalar) -> bool:
            return _comparable(value, wanted) and order(value, wanted) == 0

    places = range(len(values) - 1, -1, -1) if backwards else range(len(values))
    return next((place for place in places if fits(values[place])), -1)


def find_sorted(wanted: Scalar, values: list[Scalar]) -> int:
    """The last place whose value is not above ``wanted``, by Excel's binary search."""
    places = [place for place, value in enumerate(values) if _comparable(value, wanted)]
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if order(values[places[middle]], wanted) <= 0:
            low = middle + 1
        else:
            high = middle
    return places[low - 1] if low else -1


def find_nearest(wanted: Scalar, values: list[Scalar], above: bool, backwards: bool) -> int:
    """The place of an equal value, else of the next larger (or smaller) one."""
    best = -1
    places = range(len(values) - 1, -1, -1) if backwards else range(len(values))
    for place in places:
        value = values[place]
        if not _comparable(value, wanted):
            continue
        side = order(value, wanted)
        if side == 0:
            return place
        if (side > 0) == above and (best < 0 or (order(value, values[best]) < 0) == above):
            best = place
    return best


@function("MATCH", params=(passed, ARRAY, number))
def match(value: Scalar, cells: Array, kind: float = 1) -> Scalar:
    wanted, values = _wanted(value), line(cells)
    if kind == 0:
        place = find_exact(wanted, values, wild=True)
    elif kind > 0:
        place = find_sorted(wanted, values)
    else:
        place = -1
        for index, candidate in enumerate(values):
            if _comparable(candidate, wanted):
                if order(candidate, wanted) < 0:
                    break
                place = index
    return place + 1 if place >= 0 else ExcelError.NA


@function("XMATCH", params=(passed, ARRAY, number, number))
def xmatch(value: Scalar, cells: Array, mode: float = 0, search: float = 1) -> Scalar:
    place = _xfind(_wanted(value), line(cells), int(mode), int(search))
    return place + 1 if place >= 0 else ExcelError.NA


def _xfind(wanted: Scalar, values: list[Scalar], mode: int, search: int) -> int:
    search = search or 1
    if mode not in (-1, 0, 1, 2) or search not in (-2, -1, 1, 2):
        raise Problem(ExcelError.VALUE)
    if mode in (0, 2):
        return find_exact(wanted, values, wild=mode == 2, backwards=search == -1)
    return find_nearest(wanted, values, above=mode == 1, backwards=search == -1)


def _table_place(value: Scalar, keys: list[Scalar], near: bool) -> int:
    wanted = _wanted(value)
    place = find_sorted(wanted, keys) if near else find_exact(wanted, keys, wild=True)
    if place < 0:
        raise Problem(ExcelError.NA)
    return place


@function("VLOOKUP", params=(passed, ARRAY, whole, logical))
def vertical_lookup(value: Scalar, table: Array, column: int, near: bool = True) -> Scalar:
    if column < 1:
        return ExcelError.VALUE
    if column > len(table[0]):
        return ExcelError.REF
    return table[_table_place(value, [row[0] for row in table], near)][column - 1]


@function("HLOOKUP", params=(passed, ARRAY, whole, logical))
def horizontal_lookup(value: Scalar, table: Array, row: int, near: bool = True) -> Scalar:
    if row < 1:
        return ExcelError.VALUE
    if row > len(table):
        return ExcelError.REF
    return table[row - 1][_table_place(value, table[0], near)]


@function("LOOKUP", params=(passed, ARRAY, ARRAY))
def lookup(value: Scalar, keys: Array, results: Array | None = None) -> Scalar:
    if len(keys) >= len(keys[0]):
        names, own = [row[0] for row in keys], [row[-1] for row in keys]
    else:
        names, own = keys[0], keys[-1]
    place = find_sorted(_wanted(value), names)
    values = own if results is None else line(results)
    return values[place] if 0 <= place < len(values) else ExcelError.NA


def _array(value: Any) -> Array:
    if isinstance(value, Reference):
        return value.array()
    return value if type(value) is list else [[value]]


@function("XLOOKUP", params=(passed, ARRAY, REFERENCE, REFERENCE, number, number))
def xlookup(
    value: Scalar, keys: Array, results: Any, missing: Any = ExcelError.NA, mode: float = 0,
    search: float = 1,
) -> Any:  # fmt: skip
    place = _xfind(_wanted(value), line(keys), int(mode), int(search))
    if place < 0:
        return ExcelError.NA if missing is None else missing
    upright = len(keys) > 1 or (len(keys[0]) == 1 and len(_array(results)) == 1)
    if isinstance(results, Reference):
        top, left, bottom, right = results.range
        part = (
            Range(top + place, left, top + place, right) if upright
            else Range(top, left + place, bottom, left + place)
        )  # fmt: skip
        if part.bottom > bottom or part.right > right:
            return ExcelError.VALUE
        return Reference(results.run, results.sheet, part)
    cells = _array(results)
    if place >= (len(cells) if upright else len(cells[0])):
        return ExcelError.VALUE
    found = [cells[place]] if upright else [[row[place]] for row in cells]
    return found[0][0] if len(found) == len(found[0]) == 1 else found
