"""How a call runs: arguments converted, arrays spread over, errors caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import FormulaError
from ..model import ExcelError, Range
from .coerce import Array, Overload, Problem, Reference
from .functions.registry import ARGUMENT, ARRAY, REFERENCE, Function, Spec, Special
from .nodes import Call
from .operators import MAX_CHARACTERS, finite, spread
from .run import Closure, Run

_EXACT = 2.0**53


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


def _cell(result: Any) -> Any:
    """What one cell of an array can hold of a result."""
    result = plain_value(result)
    return result[0][0] if type(result) is list else result


def _over_arrays(
    run: Run, invoke: Callable[..., Any], values: list[Any], lifted: list[int]
) -> Array:
    fixed = list(values)
    chosen = [values[index] for index in lifted]
    arrays = [value for value in chosen if type(value) is list]
    cells = max(len(array) for array in arrays) * max(len(array[0]) for array in arrays)
    whole = sum(
        len(value) * len(value[0])
        for index, value in enumerate(values)
        if index not in lifted and type(value) is list
    )
    run.spend(cells * (1 + whole // 8))
    written = 0

    def apply(*cells: Any) -> Any:
        nonlocal written
        for index, cell in zip(lifted, cells, strict=True):
            fixed[index] = cell
        result = _cell(invoke(*fixed))
        if type(result) is str:
            written += len(result)
            if written > MAX_CHARACTERS:
                raise Overload
        return result

    return spread(apply, *chosen)


def _invoker(call: Callable[..., Any], converters: list[Callable[[Any], Any]]) -> Closure:
    """The function with its arguments converted; errors come back as values."""
    first = converters[0] if len(converters) == 1 else None

    def invoke(*values: Any) -> Any:
        try:
            if first is not None:
                result = call(first(values[0]))
            else:
                result = call(
                    *[convert(value) for convert, value in zip(converters, values, strict=True)]
                )
        except Problem as problem:
            return problem.error
        except OverflowError:
            return ExcelError.NUM
        except ZeroDivisionError:
            return ExcelError.DIV0
        except KeyError:
            return ExcelError.REF
        if type(result) in (int, float) and not -_EXACT < result < _EXACT:
            return finite(result)
        return result

    return invoke


def _to_array(value: Any) -> Array:
    if type(value) is list:
        return value
    if type(value) is ExcelError:
        raise Problem(value)
    return [[value]]


_READ: dict[object, Callable[[Any], Any]] = {
    ARGUMENT: lambda value: value, ARRAY: _to_array, REFERENCE: lambda value: value,
}  # fmt: skip


def check_count(entry: Function | Special, node: Call) -> None:
    """Raise FormulaError when a call has too many or too few arguments."""
    count = len(node.args)
    if count >= entry.least and (entry.most is None or count <= entry.most):
        return
    wanted = (
        f"至少 {entry.least}" if entry.most is None
        else f"{entry.least}" if entry.least == entry.most
        else f"{entry.least} 至 {entry.most}"
    )  # fmt: skip
    raise FormulaError(
        f"第 {node.position + 1} 个字符处的函数 {entry.name} 有 {count} 个参数，"
        f"应有{'' if wanted.startswith('至') else ' '}{wanted} 个；请增减参数",
        node.position,
    )


def over_values(entry: Function, specs: tuple[Spec, ...], closures: list[Closure]) -> Closure:
    """The call of a function whose arguments are all worked out before it runs."""
    converters = [spec if callable(spec) else _READ[spec] for spec in specs]
    lifted = [index for index, spec in enumerate(specs) if callable(spec)]
    liftable = frozenset(lifted)
    invoke = _invoker(entry.call, converters)
    if len(closures) == 1:
        only = closures[0]
        if not lifted:

            def whole(run: Run) -> Any:
                value = only(run)
                if type(value) is list:
                    run.charge(value)
                return invoke(value)

            return whole

        def unary(run: Run) -> Any:
            value = only(run)
            if type(value) is list:
                run.charge(value)
                return [[_cell(invoke(cell)) for cell in row] for row in value]
            return invoke(value)

        return unary

    def general(run: Run) -> Any:
        values = [closure(run) for closure in closures]
        for index, value in enumerate(values):
            if type(value) is list:
                if index in liftable:
                    return _over_arrays(run, invoke, values, lifted)
                run.charge(value)
        return invoke(*values)

    return general


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
