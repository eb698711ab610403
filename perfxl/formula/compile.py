"""A parsed formula turned into closures, once; running it touches no text any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import FormulaError
from ..model import ExcelError, Range
from . import fallback
from .coerce import Array, Problem, Reference, read_cells
from .functions import FUNCTIONS, REFUSED, Function, Special
from .functions.registry import ARGUMENT, ARRAY, REFERENCE
from .operators import LIFTED, finite, lifted_unary, negate, percent, spread, to_number
from .parse import (
    Area, ArrayLiteral, Call, Chain, Implicit, Joined, Literal, Missing, Name, Node, Outside,
    Percent, Signed,
)  # fmt: skip

_EXACT = 2.0**53
_negate = lifted_unary(negate)
_to_number = lifted_unary(to_number)
_percent = lifted_unary(percent)


class Run:
    """One evaluation: the scope it sees and the LET variables it has set."""

    __slots__ = ("scope", "variables")

    def __init__(self, scope: Any, variables: int):
        self.scope = scope
        self.variables: list[Any] = [None] * variables


Closure = Callable[[Run], Any]


def plain_value(result: Any) -> Any:
    """A result without its place: a scalar or an array."""
    return result.value() if type(result) is Reference else result


def as_argument(result: Any) -> Any:
    """A result as functions such as SUM take it: cells always as an array."""
    return result.array() if type(result) is Reference else result


class Compiler:
    """Builds the closures of one formula and notes what it uses.

    A node can be built in three ways: ``value`` (a scalar or an array), ``argument`` (the
    same, but even one cell is an array) and ``reference`` (a Reference where it is cells).
    """

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.references: dict[tuple[str | None, Range], None] = {}
        self.functions: dict[str, None] = {}
        self.refusal: str | None = None
        self.scopes: list[dict[str, int]] = []
        self.variables = 0

    def refuse(self, reason: str) -> None:
        self.refusal = self.refusal or reason

    def value(self, node: Node) -> Closure:
        return _VALUE[type(node)](self, node)

    def argument(self, node: Node) -> Closure:
        build = _ARGUMENT.get(type(node))
        return build(self, node) if build else self.value(node)

    def reference(self, node: Node) -> Closure:
        build = _REFERENCE.get(type(node))
        return build(self, node) if build else self.value(node)

    def literal(self, node: Literal) -> Closure:
        value = node.value
        return lambda run: value

    def missing(self, node: Missing) -> Closure:
        return lambda run: None

    def array_literal(self, node: ArrayLiteral) -> Closure:
        rows = [list(row) for row in node.rows]
        return lambda run: rows

    def outside(self, node: Outside) -> Closure:
        kind = "外部工作簿" if "[" in node.sheet else "多张工作表或宏函数"
        self.refuse(f"引用了{kind}“{node.sheet}”，不予计算")
        return lambda run: ExcelError.REF

    def area_reference(self, node: Area) -> Closure:
        sheet, area = node
        self.references[sheet, area] = None
        return lambda run: Reference(run.scope, sheet, area)

    def area_array(self, node: Area) -> Closure:
        sheet, area = node
        self.references[sheet, area] = None

        def cells(run: Run) -> Any:
            try:
                return read_cells(run.scope, sheet, area)
            except KeyError:
                return ExcelError.REF
            except Problem as problem:
                return problem.error

        return cells

    def area_value(self, node: Area) -> Closure:
        cells = self.area_array(node)
        top, left, bottom, right = node.range
        if top != bottom or left != right:
            return cells

        def cell(run: Run) -> Any:
            found = cells(run)
            return found[0][0] if type(found) is list else found

        return cell

    def name_reference(self, node: Name) -> Closure:
        key = node.name.casefold()
        for scope in reversed(self.scopes):
            if key in scope:
                index = scope[key]
                return lambda run: run.variables[index]
        name = node.name
        self.names[name] = None

        def named(run: Run) -> Any:
            try:
                return run.scope.name(name)
            except KeyError:
                return ExcelError.NAME

        return named

    def name_value(self, node: Name) -> Closure:
        named = self.name_reference(node)

        def value(run: Run) -> Any:
            found = named(run)
            return _safely(found.value) if type(found) is Reference else found

        return value

    def name_argument(self, node: Name) -> Closure:
        variable = any(node.name.casefold() in scope for scope in self.scopes)
        named = self.name_reference(node)

        def argument(run: Run) -> Any:
            found = named(run)
            if type(found) is list:
                return found
            if type(found) is Reference:
                return _safely(found.array)
            return found if variable or type(found) is ExcelError else [[found]]

        return argument

    def signed(self, node: Signed) -> Closure:
        operand = self.value(node.operand)
        apply = _negate if node.minuses % 2 else _to_number
        return lambda run: apply(operand(run))

    def percent(self, node: Percent) -> Closure:
        operand = self.value(node.operand)
        if node.count == 1:
            return lambda run: _percent(operand(run))

        def percents(run: Run) -> Any:
            result = operand(run)
            for _ in range(node.count):
                result = _percent(result)
            return result

        return percents

    def chain(self, node: Chain) -> Closure:
        first = self.value(node.first)
        rest = [(LIFTED[sign], self.value(operand)) for sign, operand in node.rest]
        if len(rest) == 1:
            operate, second = rest[0]
            return lambda run: operate(first(run), second(run))

        def chained(run: Run) -> Any:
            result = first(run)
            for operate, operand in rest:
                result = operate(result, operand(run))
            return result

        return chained

    def implicit(self, node: Implicit) -> Closure:
        operand = self.reference(node.operand)

        def single(run: Run) -> Any:
            found = operand(run)
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
            return _safely(Reference(found.scope, found.sheet, Range(top, left, top, left)).value)

        return single

    def joined_reference(self, node: Joined) -> Closure:
        items = [self.reference(item) for item in node.items]
        if node.operator == ",":
            return lambda run: _united([item(run) for item in items])
        combine = _enclosing if node.operator == ":" else _common

        def join(run: Run) -> Any:
            found = items[0](run)
            for item in items[1:]:
                other = item(run)
                for side in (found, other):
                    if type(side) is not Reference:
                        return side if type(side) is ExcelError else ExcelError.VALUE
                found = combine(found, other)
                if found is None:
                    return ExcelError.NULL
            return found

        return join

    def call_reference(self, node: Call) -> Closure:
        return self.call(node, self.reference)

    def call_value(self, node: Call) -> Closure:
        return _through(self.call(node, self.value), plain_value)

    def call_argument(self, node: Call) -> Closure:
        return _through(self.call(node, self.argument), as_argument)

    def call(self, node: Call, build: Callable[[Node], Closure]) -> Closure:
        name = node.function
        self.functions[name] = None
        entry = FUNCTIONS.get(name)
        if name in REFUSED:
            self.refuse(f"函数 {name} {REFUSED[name]}，不予计算")
        elif entry is None:
            self.refuse(f"函数 {name} 不在允许的函数之内，不予计算")
        if entry is None:
            arguments = [self.argument(arg) for arg in node.args]
            if name in REFUSED:
                return lambda run: ExcelError.NAME
            return lambda run: fallback.call(name, [argument(run) for argument in arguments])
        _check_count(entry, node)
        if isinstance(entry, Special):
            return entry.build(self, node.args, build)
        return self.ordinary(entry, node.args)

    def ordinary(self, entry: Function, args: Sequence[Node]) -> Closure:
        specs = entry.specs(len(args))
        builders = {ARGUMENT: self.argument, ARRAY: self.argument, REFERENCE: self.reference}
        closures = [
            builders.get(spec, self.value)(arg)  # type: ignore[arg-type]
            for spec, arg in zip(specs, args, strict=True)
        ]
        converters = [
            spec if callable(spec) else _READ[spec] for spec in specs
        ]
        lifted = [index for index, spec in enumerate(specs) if callable(spec)]
        invoke = _invoker(entry.call, converters)
        if len(args) == 1:
            only = closures[0]
            if not lifted:
                return lambda run: invoke(only(run))

            def unary(run: Run) -> Any:
                value = only(run)
                if type(value) is list:
                    return [[_cell(invoke(cell)) for cell in row] for row in value]
                return invoke(value)

            return unary

        def general(run: Run) -> Any:
            values = [closure(run) for closure in closures]
            for index in lifted:
                if type(values[index]) is list:
                    return _over_arrays(invoke, values, lifted)
            return invoke(*values)

        return general


def _safely(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except KeyError:
        return ExcelError.REF
    except Problem as problem:
        return problem.error


def _through(closure: Closure, read: Callable[[Any], Any]) -> Closure:
    def run_through(run: Run) -> Any:
        result = closure(run)
        return _safely(lambda: read(result)) if type(result) is Reference else result

    return run_through


def _cell(result: Any) -> Any:
    """What one cell of an array can hold of a result."""
    result = plain_value(result)
    return result[0][0] if type(result) is list else result


def _over_arrays(invoke: Callable[..., Any], values: list[Any], lifted: list[int]) -> Array:
    fixed = list(values)

    def apply(*cells: Any) -> Any:
        for index, cell in zip(lifted, cells, strict=True):
            fixed[index] = cell
        return _cell(invoke(*fixed))

    return spread(apply, *[values[index] for index in lifted])


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
    return [[value]]


_READ: dict[object, Callable[[Any], Any]] = {
    ARGUMENT: lambda value: value, ARRAY: _to_array, REFERENCE: lambda value: value,
}  # fmt: skip


def _united(items: list[Any]) -> Any:
    cells = []
    for item in items:
        item = as_argument(item)
        cells += [[cell] for row in item for cell in row] if type(item) is list else [[item]]
    return cells


def _enclosing(one: Reference, other: Reference) -> Reference | None:
    a, b = one.range, other.range
    area = Range(
        min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)
    )
    return Reference(one.scope, one.sheet, area)


def _common(one: Reference, other: Reference) -> Reference | None:
    a, b = one.range, other.range
    area = Range(
        max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right)
    )
    if area.top > area.bottom or area.left > area.right:
        return None
    return Reference(one.scope, one.sheet, area)


def _check_count(entry: Function | Special, node: Call) -> None:
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


_VALUE: dict[type, Callable[..., Closure]] = {
    Literal: Compiler.literal, ArrayLiteral: Compiler.array_literal, Area: Compiler.area_value,
    Outside: Compiler.outside, Name: Compiler.name_value, Call: Compiler.call_value,
    Missing: Compiler.missing, Signed: Compiler.signed, Percent: Compiler.percent,
    Chain: Compiler.chain, Implicit: Compiler.implicit,
    Joined: lambda self, node: _through(self.joined_reference(node), plain_value),
}  # fmt: skip
_ARGUMENT: dict[type, Callable[..., Closure]] = {
    Area: Compiler.area_array, Name: Compiler.name_argument, Call: Compiler.call_argument,
    Joined: lambda self, node: _through(self.joined_reference(node), as_argument),
}  # fmt: skip
_REFERENCE: dict[type, Callable[..., Closure]] = {
    Area: Compiler.area_reference, Name: Compiler.name_reference, Call: Compiler.call_reference,
    Joined: Compiler.joined_reference,
}  # fmt: skip
