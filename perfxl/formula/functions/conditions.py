"""COUNTIF, SUMIF and their family."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from typing import Any

from ...model import ExcelError, Range, Scalar
from ..coerce import Array, Problem, Reference, anything, flat
from .criteria import SameText, criterion
from .registry import ARRAY, REFERENCE, function

_REMEMBERED = 1_000_000
"""How many places one array of criteria may keep."""

Fits = Callable[[Array, Scalar], Set[int]]


def _fits(cells: Array, wanted: Scalar) -> Set[int]:
    """The places of the cells that fit the criterion, counted row by row."""
    test = criterion(wanted)
    return {place for place, cell in enumerate(flat(cells)) if test(cell)}


class _Remembered:
    """`_fits` for a whole array of criteria: each is looked for once, texts in an index."""

    def __init__(self) -> None:
        # By identity, because the same areas come with every criterion; they are kept so
        # that no other array can get their identity.
        self._areas: dict[int, tuple[Array, dict[str, set[int]]]] = {}
        self._found: dict[tuple[int, Scalar, type], Set[int]] = {}
        self._room = _REMEMBERED

    def __call__(self, cells: Array, wanted: Scalar) -> Set[int]:
        key = (id(cells), wanted, type(wanted))
        known = self._found.get(key)
        if known is not None:
            return known
        if id(cells) not in self._areas:
            self._areas[id(cells)] = cells, _index(cells)
        test = criterion(wanted)
        if type(test) is SameText:
            found: Set[int] = self._areas[id(cells)][1].get(test.lower, frozenset())
        else:
            found = _fits(cells, wanted)
            self._room -= len(found)
        if self._room > 0:
            self._found[key] = found
        return found


def _index(cells: Array) -> dict[str, set[int]]:
    places: dict[str, set[int]] = {}
    for place, cell in enumerate(flat(cells)):
        if type(cell) is str:
            places.setdefault(cell.lower(), set()).add(place)
    return places


def _remembering(call: Callable[..., Any]) -> Callable[..., Any]:
    return partial(call, fits=_Remembered())


@function("COUNTIF", params=(ARRAY, anything), over_array=_remembering)
def count_if(cells: Array, wanted: Scalar, *, fits: Fits = _fits) -> int:
    return len(fits(cells, wanted))


def _array(argument: Any) -> Array:
    if isinstance(argument, Reference):
        return argument.array()
    return argument if type(argument) is list else [[argument]]


def _beside(cells: Array, values: Any, area: Any) -> Array:
    """The cells to add up: as many as are tested, from the first of ``values`` on."""
    if isinstance(values, Reference):
        top, left = values.range.top, values.range.left
        height, width = len(cells), len(cells[0])
        if isinstance(area, Reference) and area.range[2:] == values.range[2:]:
            return values.array()
        bottom, right = min(top + height - 1, 1048576), min(left + width - 1, 16384)
        return Reference(values.run, values.sheet, Range(top, left, bottom, right)).array()
    return _array(values)


def _chosen(area: Any, wanted: Scalar, values: Any) -> list[Scalar]:
    cells = _array(area)
    if type(cells[0][0]) is ExcelError and len(cells) == len(cells[0]) == 1:
        raise Problem(cells[0][0])
    picked = cells if values is None else _beside(cells, values, area)
    test = criterion(wanted)
    return [
        value
        for row, others in zip(cells, picked, strict=False)
        for cell, value in zip(row, others, strict=False)
        if test(cell)
    ]


def _numeric(values: list[Scalar]) -> list[float]:
    for value in values:
        if type(value) is ExcelError:
            raise Problem(value)
    return [value for value in values if type(value) in (int, float)]  # type: ignore[misc]


@function("SUMIF", params=(REFERENCE, anything, REFERENCE))
def sum_if(area: Any, wanted: Scalar, values: Any = None) -> Scalar:
    return sum(_numeric(_chosen(area, wanted, values)))


@function("AVERAGEIF", params=(REFERENCE, anything, REFERENCE))
def average_if(area: Any, wanted: Scalar, values: Any = None) -> Scalar:
    found = _numeric(_chosen(area, wanted, values))
    return sum(found) / len(found) if found else ExcelError.DIV0


def _holding(pairs: tuple[Any, ...], shape: tuple[int, int] | None, fits: Fits) -> Set[int]:
    """The places where every criterion holds; the areas must have one shape."""
    if len(pairs) % 2:
        raise Problem(ExcelError.VALUE)
    held: Set[int] | None = None
    for area, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        if shape is None:
            shape = (len(area), len(area[0]))
        elif shape != (len(area), len(area[0])):
            raise Problem(ExcelError.VALUE)
        found = fits(area, wanted)
        held = found if held is None else held & found
    return held or frozenset()


def _picked(values: Array, pairs: tuple[Any, ...], fits: Fits) -> list[float]:
    held = _holding(pairs, (len(values), len(values[0])), fits)
    width = len(values[0])
    return _numeric([values[place // width][place % width] for place in sorted(held)])


@function("COUNTIFS", repeat=(ARRAY, anything), least=2, over_array=_remembering)
def count_ifs(*pairs: Any, fits: Fits = _fits) -> int:
    return len(_holding(pairs, None, fits))


@function("SUMIFS", params=(ARRAY,), repeat=(ARRAY, anything), least=3, over_array=_remembering)
def sum_ifs(values: Array, *pairs: Any, fits: Fits = _fits) -> Scalar:
    return sum(_picked(values, pairs, fits))


@function("AVERAGEIFS", params=(ARRAY,), repeat=(ARRAY, anything), least=3, over_array=_remembering)
def average_ifs(values: Array, *pairs: Any, fits: Fits = _fits) -> Scalar:
    found = _picked(values, pairs, fits)
    return sum(found) / len(found) if found else ExcelError.DIV0


@function("MAXIFS", params=(ARRAY,), repeat=(ARRAY, anything), least=3, over_array=_remembering)
def max_ifs(values: Array, *pairs: Any, fits: Fits = _fits) -> Scalar:
    return max(_picked(values, pairs, fits), default=0)


@function("MINIFS", params=(ARRAY,), repeat=(ARRAY, anything), least=3, over_array=_remembering)
def min_ifs(values: Array, *pairs: Any, fits: Fits = _fits) -> Scalar:
    return min(_picked(values, pairs, fits), default=0)
