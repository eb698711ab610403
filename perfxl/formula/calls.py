"""How a call runs: arguments converted, arrays spread over, errors caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import FormulaError
from ..model import ExcelError
from .coerce import Array, Overload, Problem
from .columns import FAILURES, cell_of, down_column, down_columns, error_of, is_column
from .functions.registry import ARGUMENT, ARRAY, REFERENCE, Function, Spec, Special
from .nodes import Call
from .operators import EXACT, finite
from .run import Closure, Run
from .spreading import MAX_CHARACTERS, spread


def _over_arrays(
    run: Run,
    entry: Function,
    converters: list[Callable[[Any], Any]],
    values: list[Any],
    lifted: list[int],
) -> Array:
    chosen = [values[index] for index in lifted]
    arrays = [value for value in chosen if type(value) is list]
    cells = max(len(array) for array in arrays) * max(len(array[0]) for array in arrays)
    whole = sum(
        len(value) * len(value[0])
        for index, value in enumerate(values)
        if index not in lifted and type(value) is list
    )
    run.spend(cells * (1 + whole // 8))
    call = entry.over_array(entry.call) if entry.over_array else entry.call
    found = down_columns(call, converters, values, lifted)
    if found is not None:
        return found
    invoke = _invoker(call, converters)
    fixed = list(values)
    written = 0

    def apply(*cells: Any) -> Any:
        nonlocal written
        for index, cell in zip(lifted, cells, strict=True):
            fixed[index] = cell
        result = cell_of(invoke(*fixed))
        if type(result) is str:
            written += len(result)
            if written > MAX_CHARACTERS:
                raise Overload
        return result

    return spread(apply, *chosen)


def _invoker(call: Callable[..., Any], converters: list[Callable[[Any], Any]]) -> Closure:
    """The function with its arguments converted, if it has converters.

    Errors come back as values.
    """
    first = converters[0] if len(converters) == 1 else None

    def invoke(*values: Any) -> Any:
        try:
            if first is not None:
                result = call(first(values[0]))
            elif not converters:
                result = call(*values)
            else:
                result = call(
                    *[convert(value) for convert, value in zip(converters, values, strict=True)]
                )
        except FAILURES as failure:
            return error_of(failure)
        if type(result) in (int, float) and not -EXACT < result < EXACT:
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
    # Arguments that come as they are need no conversion.
    as_they_are = all(spec is ARGUMENT for spec in specs)
    invoke = _invoker(entry.call, [] if as_they_are else converters)
    if len(closures) == 1:
        only = closures[0]
        if not lifted:

            def whole(run: Run) -> Any:
                value = only(run)
                if type(value) is list:
                    run.charge(value)
                return invoke(value)

            return whole

        call, convert = entry.call, converters[0]
        if entry.total:

            def total(run: Run) -> Any:
                value = only(run)
                if type(value) is not list:
                    return call(value)
                run.charge(value)
                if len(value[0]) == 1:
                    return [[call(cell)] for (cell,) in value]
                return [[call(cell) for cell in row] for row in value]

            return total

        def unary(run: Run) -> Any:
            value = only(run)
            if type(value) is list:
                run.charge(value)
                if is_column(value):
                    return down_column(call, convert, value)
                return [[cell_of(invoke(cell)) for cell in row] for row in value]
            return invoke(value)

        return unary

    if not lifted:

        def gathered(run: Run) -> Any:
            values = [closure(run) for closure in closures]
            run.spend(sum([len(v) * len(v[0]) for v in values if type(v) is list]))
            return invoke(*values)

        return gathered

    def general(run: Run) -> Any:
        values = [closure(run) for closure in closures]
        for index, value in enumerate(values):
            if type(value) is list:
                if index in liftable:
                    return _over_arrays(run, entry, converters, values, lifted)
                run.charge(value)
        return invoke(*values)

    return general
