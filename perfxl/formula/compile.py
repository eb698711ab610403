"""A parsed formula turned into closures, once; running it touches no text any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model import ExcelError, Range
from . import fallback
from .calls import check_count, over_values
from .coerce import Problem, Reference
from .functions import FUNCTIONS, REFUSED, Special
from .functions.registry import ARGUMENT, ARRAY, REFERENCE
from .nodes import (
    Area,
    ArrayLiteral,
    Call,
    Chain,
    Implicit,
    Joined,
    Literal,
    Missing,
    Name,
    Node,
    Outside,
    Percent,
    Signed,
)
from .operators import negate, percent, to_number
from .references import (
    as_argument,
    joined,
    own_cell,
    plain_value,
    safely,
    through,
)
from .run import Closure, Run
from .shelf import Shelf
from .spreading import LIFTED, lifted_unary

_negate = lifted_unary(negate)
_to_number = lifted_unary(to_number)
_percent = lifted_unary(percent)


class Compiler:
    """Builds the closures of one formula and notes what it uses.

    A node can be built in three ways: ``value`` (a scalar or an array), ``argument`` (the
    same, but even one cell is an array) and ``reference`` (a Reference where it is cells).
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self.shelf = shelf
        self.names: dict[str, None] = {}
        self.references: dict[tuple[str | None, Range], None] = {}
        self.functions: dict[str, None] = {}
        self.refusal: str | None = None
        self.scopes: list[dict[str, int]] = []
        self.variables = 0

    def refuse(self, reason: str) -> None:
        self.refusal = self.refusal or reason

    def value(self, node: Node) -> Closure:
        closure = _VALUE[type(node)](self, node)
        # What stands inside LET depends on variables that the memo does not know.
        if self.shelf is None or self.scopes or type(node) not in _WORK:
            return closure
        return self.shelf.shared(node, closure)

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
        return lambda run: Reference(run, sheet, area)

    def area_array(self, node: Area) -> Closure:
        sheet, area = node
        self.references[sheet, area] = None

        def cells(run: Run) -> Any:
            try:
                return run.read(sheet, area)
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

    def variable(self, node: Name) -> int | None:
        """Where the run keeps the LET variable of that name, None when there is none."""
        key = node.name.casefold()
        return next((scope[key] for scope in reversed(self.scopes) if key in scope), None)

    def name_reference(self, node: Name) -> Closure:
        index = self.variable(node)
        if index is not None:
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
        if self.variable(node) is not None:
            return through(self.name_reference(node), plain_value)
        name = node.name
        self.names[name] = None

        def value(run: Run) -> Any:
            try:
                found = run.scope.name(name)
            except KeyError:
                return ExcelError.NAME
            return safely(found.value) if type(found) is Reference else found

        return value

    def name_argument(self, node: Name) -> Closure:
        if self.variable(node) is not None:
            return through(self.name_reference(node), as_argument)
        name = node.name
        self.names[name] = None

        def argument(run: Run) -> Any:
            try:
                found = run.scope.name(name)
            except KeyError:
                return ExcelError.NAME
            if type(found) is list or type(found) is ExcelError:
                return found
            return safely(found.array) if type(found) is Reference else [[found]]

        return argument

    def signed(self, node: Signed) -> Closure:
        operand = self.value(node.operand)
        apply = _negate if node.minuses % 2 else _to_number
        return lambda run: apply(operand(run))

    def percent(self, node: Percent) -> Closure:
        operand = self.value(node.operand)
        if node.signs == 1:
            return lambda run: _percent(operand(run))

        def percents(run: Run) -> Any:
            result = operand(run)
            for _ in range(node.signs):
                result = _percent(result)
                run.charge(result)
            return result

        return percents

    def chain(self, node: Chain) -> Closure:
        first = self.value(node.first)
        rest = [(LIFTED[sign], self.value(operand)) for sign, operand in node.rest]
        if len(rest) == 1:
            operate, second = rest[0]
            if isinstance(node.rest[0][1], Literal):
                literal = node.rest[0][1].value

                def with_literal(run: Run) -> Any:
                    result = operate(first(run), literal)
                    if type(result) is list:
                        run.charge(result)
                    return result

                return with_literal

            def paired(run: Run) -> Any:
                result = operate(first(run), second(run))
                if type(result) is list:
                    run.charge(result)
                return result

            return paired

        def chained(run: Run) -> Any:
            result = first(run)
            for operate, operand in rest:
                result = operate(result, operand(run))
                if type(result) is list:
                    run.charge(result)
            return result

        return chained

    def implicit(self, node: Implicit) -> Closure:
        operand = self.reference(node.operand)

        return lambda run: own_cell(operand(run), run)

    def joined_reference(self, node: Joined) -> Closure:
        return joined(node.operator, [self.reference(item) for item in node.items])

    def call_reference(self, node: Call) -> Closure:
        return self.call(node, self.reference)

    def call_value(self, node: Call) -> Closure:
        closure = self.call(node, self.value)
        return through(closure, plain_value) if _may_point(node) else closure

    def call_argument(self, node: Call) -> Closure:
        closure = self.call(node, self.argument)
        return through(closure, as_argument) if _may_point(node) else closure

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
        check_count(entry, node)
        if isinstance(entry, Special):
            return entry.build(self, node.args, build)
        specs = entry.specs(len(node.args))
        builders = {ARGUMENT: self.argument, ARRAY: self.argument, REFERENCE: self.reference}
        closures = [
            builders.get(spec, self.value)(arg)  # type: ignore[arg-type]
            for spec, arg in zip(specs, node.args, strict=True)
        ]
        return over_values(entry, specs, closures)


def _may_point(node: Call) -> bool:
    """Whether the result can be cells instead of their values."""
    entry = FUNCTIONS.get(node.function)
    return isinstance(entry, Special) or bool(entry and REFERENCE in entry.params + entry.repeat)


_WORK = frozenset((Call, Chain, Signed, Percent))
_VALUE: dict[type, Callable[..., Closure]] = {
    Literal: Compiler.literal, ArrayLiteral: Compiler.array_literal, Area: Compiler.area_value,
    Outside: Compiler.outside, Name: Compiler.name_value, Call: Compiler.call_value,
    Missing: Compiler.missing, Signed: Compiler.signed, Percent: Compiler.percent,
    Chain: Compiler.chain, Implicit: Compiler.implicit,
    Joined: lambda self, node: through(self.joined_reference(node), plain_value),
}  # fmt: skip
_ARGUMENT: dict[type, Callable[..., Closure]] = {
    Area: Compiler.area_array, Name: Compiler.name_argument, Call: Compiler.call_argument,
    Joined: lambda self, node: through(self.joined_reference(node), as_argument),
}  # fmt: skip
_REFERENCE: dict[type, Callable[..., Closure]] = {
    Area: Compiler.area_reference, Name: Compiler.name_reference, Call: Compiler.call_reference,
    Joined: Compiler.joined_reference,
}  # fmt: skip
