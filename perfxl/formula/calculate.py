"""New values for the formula cells of a workbook whose cells changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..errors import FormulaError
from ..model import DefinedName, Grid, Range, Scalar, a1
from ..named import named_area
from .coerce import Overload
from .formula import compile
from .run import BUDGET
from .scope import GridScope
from .tokens import areas

Place = tuple[str, int, int]
"""Sheet as it is spelled in the workbook, row, column."""

_BLOCK = 32
_WIDE = 64
_TOTAL = 10 * BUDGET
"""Cells of work for one recomputation of a workbook."""
_PLANS = 64
"""Plans kept by one calculator, for the next values in the same cells."""
_BLIND = re.compile(r"\b(?:INDIRECT|OFFSET)\s*[(（]", re.I)


class Recomputed(NamedTuple):
    """``values`` are the new values; ``blocked`` says in Chinese why a cell has none."""

    values: dict[Place, Scalar]
    blocked: dict[Place, str]


class _Plan(NamedTuple):
    """The formulas as they now stand; those to compute, with what each needs; their order."""

    current: dict[Place, str]
    needs: dict[Place, set[Place]]
    order: tuple[Place, ...]


class Calculator:
    """Recomputes what depends on changed cells, formulas of the workbook being untrusted.

    A formula that is refused, does not parse, stands in a circle, or depends on such a
    cell is reported as blocked; its old value is never passed off as new.
    """

    def __init__(self, grids: Sequence[Grid], names: Iterable[DefinedName] = ()):
        self._grids = tuple(grids)
        self._left = _TOTAL
        self._names = tuple(names)
        self._sheets = {grid.sheet.casefold(): grid.sheet for grid in self._grids}
        self._formulas: dict[Place, str] = {
            (grid.sheet, row, col): cell.formula
            for grid in self._grids
            for (row, col), cell in grid.cells.items()
            if cell.formula
        }
        self._plans: dict[frozenset[Place], _Plan] = {}
        self._named = {
            ((name.sheet or "").casefold(), name.name.casefold()): name for name in self._names
        }

    def recompute(
        self, values: Mapping[Place, Scalar], formulas: Mapping[Place, str] | None = None
    ) -> Recomputed:
        """Values of all formula cells that depend on the changed ones, directly or not.

        ``values`` are cells that now hold a constant (a formula there is gone);
        ``formulas`` are cells that now hold this formula, and are computed as well.
        """
        current, needs, order = self._plan(frozenset(values), formulas or {})
        scope = GridScope(self._grids, self._names, values=values)
        result = Recomputed({}, {})
        self._left = _TOTAL
        for at in order:
            self._compute(at, current[at], needs[at], scope, result)
        for at in needs:
            if at not in result.values and at not in result.blocked:
                place = f"{at[0]}!{a1(at[1], at[2])}"
                result.blocked[at] = f"{place} 处在循环引用里或依赖循环，不予计算"
        return result

    def _plan(self, changed: frozenset[Place], formulas: Mapping[Place, str]) -> _Plan:
        """What to compute and in which order, which the values themselves do not decide."""
        if not formulas and changed in self._plans:
            return self._plans[changed]
        current = {at: text for at, text in self._formulas.items() if at not in changed}
        current.update(formulas)
        sources = {at: self._sources(at, text) for at, text in current.items()}
        blind = [at for at, text in current.items() if _BLIND.search(text)] if current else []
        needs = _affected(
            sorted({*changed, *formulas}), sources, dict.fromkeys([*formulas, *blind])
        )
        found = _Plan(current, needs, tuple(_in_order(needs)))
        if not formulas:
            if len(self._plans) == _PLANS:
                self._plans.clear()
            self._plans[changed] = found
        return found

    def _compute(
        self, at: Place, text: str, needs: set[Place], scope: GridScope, result: Recomputed
    ) -> None:
        behind = next((place for place in needs if place not in result.values), None)
        if behind is not None:
            result.blocked[at] = f"依赖的单元格 {behind[0]}!{a1(behind[1], behind[2])} 无法计算"
            return
        try:
            formula = compile(text)
        except FormulaError as error:
            result.blocked[at] = f"公式无法解析：{error}"
            return
        reason = formula.refusal or self._refused_name(at[0], formula.names, set())
        if reason is not None:
            result.blocked[at] = reason
            return
        scope.here = at
        allowed = min(BUDGET, self._left)
        try:
            value, unused = formula.attempt(scope, allowed)
        except Overload:
            self._left -= allowed
            result.blocked[at] = "计算量超过上限，不予计算"
            return
        self._left -= allowed - unused
        if isinstance(value, list):
            if len(value) > 1 or len(value[0]) > 1:
                result.blocked[at] = "公式的结果是多个单元格，不予计算"
                return
            value = value[0][0]
        value = 0 if value is None else value
        result.values[at] = value
        scope.put(*at, value)

    def _defined(self, sheet: str, name: str) -> DefinedName | None:
        qualifier, _, rest = name.rpartition("!")
        own = (qualifier or sheet).casefold()
        key = rest.casefold()
        return self._named.get((own, key)) or self._named.get(("", key))

    def _sources(self, at: Place, text: str) -> list[tuple[str, Range]]:
        """The cells a formula reads, through names too."""
        found: list[tuple[str, Range]] = []
        waiting = [text]
        seen: set[str] = set()
        while waiting:
            used, names = areas(waiting.pop())
            for sheet, area in used:
                known = self._sheets.get((sheet or at[0]).casefold())
                if known is not None:
                    found.append((known, area))
            for name in names:
                defined = self._defined(at[0], name)
                if defined is not None and defined.refers_to not in seen:
                    seen.add(defined.refers_to)
                    # Written with INDEX, it names cells around those that it stands for.
                    grown = named_area(defined.refers_to)
                    if grown is None:
                        waiting.append(defined.refers_to)
                    elif grown[0].casefold() in self._sheets:
                        found.append((self._sheets[grown[0].casefold()], grown[1]))
        return found

    def _refused_name(self, sheet: str, names: Iterable[str], seen: set[str]) -> str | None:
        """Why a name the formula uses must not be worked out; None when it may."""
        for name in names:
            defined = self._defined(sheet, name)
            if defined is None or defined.refers_to in seen:
                continue
            seen.add(defined.refers_to)
            try:
                formula = compile(defined.refers_to)
            except FormulaError as error:
                return f"名称“{name}”的公式无法解析：{error}"
            reason = formula.refusal or self._refused_name(sheet, formula.names, seen)
            if reason is not None:
                return f"名称“{name}”{reason}"
        return None


class _Readers:
    """Finds the formulas that read a cell, without looking at every range."""

    def __init__(self, sources: Mapping[Place, list[tuple[str, Range]]]):
        self._single: dict[Place, list[Place]] = defaultdict(list)
        self._blocks: dict[tuple[str, int], list[tuple[Range, Place]]] = defaultdict(list)
        self._wide: dict[str, list[tuple[Range, Place]]] = defaultdict(list)
        for at, used in sources.items():
            for sheet, area in used:
                first, last = area.top // _BLOCK, area.bottom // _BLOCK
                if area.top == area.bottom and area.left == area.right:
                    self._single[sheet, area.top, area.left].append(at)
                elif last - first > _WIDE:
                    self._wide[sheet].append((area, at))
                else:
                    for block in range(first, last + 1):
                        self._blocks[sheet, block].append((area, at))

    def of(self, place: Place) -> Iterator[Place]:
        sheet, row, col = place
        yield from self._single.get(place, ())
        for area, at in self._blocks.get((sheet, row // _BLOCK), ()):
            if (row, col) in area:
                yield at
        for area, at in self._wide.get(sheet, ()):
            if (row, col) in area:
                yield at


def _affected(
    changed: Iterable[Place],
    sources: Mapping[Place, list[tuple[str, Range]]],
    dirty: Iterable[Place],
) -> dict[Place, set[Place]]:
    """The formula cells to compute, each with those among them that it reads."""
    readers = _Readers(sources)
    needs: dict[Place, set[Place]] = {at: set() for at in dirty}
    waiting = [*changed, *needs]
    seen: set[Place] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for reader in readers.of(place):
            needed = needs.setdefault(reader, set())
            if place in sources:
                needed.add(place)
            waiting.append(reader)
    return needs


def _in_order(needs: Mapping[Place, set[Place]]) -> Iterator[Place]:
    """Each cell after all it needs; cells in a circle never come."""
    left = {at: len(needed) for at, needed in needs.items()}
    readers: dict[Place, list[Place]] = defaultdict(list)
    for at, needed in needs.items():
        for place in needed:
            readers[place].append(at)
    ready = [at for at, count in left.items() if not count]
    while ready:
        at = ready.pop()
        yield at
        for reader in readers[at]:
            left[reader] -= 1
            if not left[reader]:
                ready.append(reader)
