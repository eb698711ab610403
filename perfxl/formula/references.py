"""References: read, combined, and cut down to one cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model import ExcelError, Range
from .coerce import Problem, Reference
from .run import Closure, Run


def plain_value(result: Any) -> Any:
    """A result without its place: a scalar or an array."""
    return result.value() if type(result) is Reference else result


def as_argument(result: Any) -> Any:
    """A result as functions such as SUM take it: cells always as an array."""
    return result.array() if type(result) is Reference else result


def safely(read: Callable[[], Any]) -> Any:
    """The value read, or the error that reading it ends in."""
    try:
        return read()
    except KeyError:
        return ExcelError.REF
    except Problem as problem:
        return problem.error


def through(closure: Closure, read: Callable[[Any], Any]) -> Closure:
    """A closure whose References are read at once."""

    def run_through(run: Run) -> Any:
        result = closure(run)
        return safely(lambda: read(result)) if type(result) is Reference else result

    return run_through


def own_cell(found: Any, run: Run) -> Any:
    """What ``@`` leaves of a result: the value in the formula's own row or column."""
    if type(found) is list:
        return found[0][0]
    if type(found) is not Reference:
        return found
    top, left, bottom, right = found.range
    here = run.scope.here
    if top != bottom:
        top = here[1] if here and top <= here[1] <= bottom else 0
    if left != right:
        left = here[2] if here and left <= here[2] <= right else 0
    if not top or not left:
        return ExcelError.VALUE
    return safely(Reference(run, found.sheet, Range(top, left, top, left)).value)


def united(items: list[Any]) -> Any:
    """The cells of several references, one below the other."""
    cells = []
    for item in items:
        item = as_argument(item)
        cells += [[cell] for row in item for cell in row] if type(item) is list else [[item]]
    return cells


def enclosing(one: Reference, other: Reference) -> Reference | None:
    """The smallest range around two references (``:``)."""
    a, b = one.range, other.range
    area = Range(
        min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)
    )
    return Reference(one.run, one.sheet or other.sheet, area)


def common(one: Reference, other: Reference) -> Reference | None:
    """The cells two references share (a space); None where there are none."""
    a, b = one.range, other.range
    area = Range(
        max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right)
    )
    if area.top > area.bottom or area.left > area.right:
        return None
    return Reference(one.run, one.sheet or other.sheet, area)


def joined(operator: str, items: list[Closure]) -> Closure:
    """References combined by ``:``, space or ``,``."""
    if operator == ",":
        return lambda run: united([item(run) for item in items])
    combine = enclosing if operator == ":" else common

    def join(run: Run) -> Any:
        found = items[0](run)
        for item in items[1:]:
            other = item(run)
            for side in (found, other):
                if type(side) is not Reference:
                    return side if type(side) is ExcelError else ExcelError.VALUE
            if found.sheet and other.sheet and found.sheet.lower() != other.sheet.lower():
                return ExcelError.VALUE
            found = combine(found, other)
            if found is None:
                return ExcelError.NULL
        return found

    return join
