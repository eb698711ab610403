"""Logic; IF and its kin work out only the branch they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...errors import FormulaError
from ...model import ExcelError, Scalar
from ..coerce import Problem, Reference, logical, number
from ..operators import equal
from ..spreading import spread
from .registry import ARGUMENT, function, special

Closure = Callable[[Any], Any]


def _plain(value: Any) -> Any:
    return value.value() if type(value) is Reference else value


def _truths(args: tuple[Any, ...]) -> list[bool]:
    """What AND and OR look at: in arrays only logicals and numbers."""
    found = []
    for arg in args:
        if type(arg) is list:
            for row in arg:
                for value in row:
                    if isinstance(value, ExcelError):
                        raise Problem(value)
                    if isinstance(value, (bool, int, float)):
                        found.append(value != 0)
        elif arg is not None:
            found.append(logical(arg))
    if not found:
        raise Problem(ExcelError.VALUE)
    return found


@function("AND", repeat=(ARGUMENT,), least=1)
def and_(*args: Any) -> bool:
    return all(_truths(args))


@function("OR", repeat=(ARGUMENT,), least=1)
def or_(*args: Any) -> bool:
    return any(_truths(args))


@function("XOR", repeat=(ARGUMENT,), least=1)
def xor(*args: Any) -> bool:
    return sum(_truths(args)) % 2 == 1


@function("NOT", params=(logical,))
def not_(value: bool) -> bool:
    return not value


@function("TRUE")
def true() -> bool:
    return True


@function("FALSE")
def false() -> bool:
    return False


def _truth(value: Scalar) -> bool | ExcelError:
    try:
        return logical(value)
    except Problem as problem:
        return problem.error


def _pick(condition: Scalar, yes: Scalar, no: Scalar) -> Scalar:
    truth = _truth(condition)
    return truth if type(truth) is ExcelError else yes if truth else no


@special("IF", 1, 3)
def build_if(compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]) -> Closure:
    condition = compiler.value(args[0])
    yes = build(args[1]) if len(args) > 1 else lambda run: True
    no = build(args[2]) if len(args) > 2 else lambda run: False

    def choose(run: Any) -> Any:
        test = condition(run)
        if type(test) is list:
            run.charge(test)
            return spread(_pick, test, _plain(yes(run)), _plain(no(run)))
        truth = test if type(test) is bool else _truth(test)
        if type(truth) is ExcelError:
            return truth
        return yes(run) if truth else no(run)

    return choose


@special("IFS", 2, None)
def build_ifs(compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]) -> Closure:
    pairs = [
        (compiler.value(test), build(result))
        for test, result in zip(args[::2], args[1::2], strict=False)
    ]
    uneven = len(args) % 2

    def choose(run: Any, start: int = 0) -> Any:
        for index in range(start, len(pairs)):
            condition, result = pairs[index]
            test = condition(run)
            if type(test) is list:
                return spread(_pick, test, _plain(result(run)), _plain(choose(run, index + 1)))
            truth = _truth(test)
            if type(truth) is ExcelError:
                return truth
            if truth:
                return result(run)
        return ExcelError.VALUE if uneven else ExcelError.NA

    return choose


@special("SWITCH", 3, None)
def build_switch(compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]) -> Closure:
    subject = compiler.value(args[0])
    rest = args[1:]
    cases = [
        (compiler.value(rest[index]), build(rest[index + 1]))
        for index in range(0, len(rest) - 1, 2)
    ]
    default = build(rest[-1]) if len(rest) % 2 else lambda run: ExcelError.NA

    def match(run: Any, value: Any, start: int = 0) -> Any:
        for index in range(start, len(cases)):
            wanted, result = cases[index]
            candidate = wanted(run)
            if type(value) is list or type(candidate) is list:
                hits = spread(equal, value, candidate)
                others = _plain(match(run, value, index + 1))
                return spread(_pick, hits, _plain(result(run)), others)
            same = equal(value, candidate)
            if type(same) is ExcelError:
                return same
            if same:
                return result(run)
        return default(run)

    return lambda run: match(run, subject(run))


@special("CHOOSE", 2, None)
def build_choose(compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]) -> Closure:
    index = compiler.value(args[0])
    choices = [build(arg) for arg in args[1:]]

    def nth(place: Scalar, *values: Any) -> Any:
        try:
            at = int(number(place))
        except (Problem, OverflowError) as problem:
            return getattr(problem, "error", ExcelError.NUM)
        return values[at - 1] if 1 <= at <= len(values) else ExcelError.VALUE

    def choose(run: Any) -> Any:
        place = index(run)
        if type(place) is list:
            return spread(nth, place, *[_plain(choice(run)) for choice in choices])
        choice = nth(place, *choices)
        return choice if type(choice) is ExcelError else choice(run)

    return choose


def _instead(
    caught: Callable[[Any], bool],
) -> Callable[[Any, Sequence[Any], Callable[[Any], Closure]], Closure]:
    def build_instead(
        compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]
    ) -> Closure:
        subject, other = build(args[0]), build(args[1])

        def replace(value: Scalar, instead: Scalar) -> Scalar:
            return instead if caught(value) else value

        def run_instead(run: Any) -> Any:
            value = subject(run)
            if type(value) is Reference:
                value = _plain(value)
            if type(value) is list:
                run.charge(value)
                if any(caught(cell) for row in value for cell in row):
                    return spread(replace, value, _plain(other(run)))
                return value
            return other(run) if caught(value) else value

        return run_instead

    return build_instead


special("IFERROR", 2, 2)(_instead(lambda value: type(value) is ExcelError))
special("IFNA", 2, 2)(_instead(lambda value: value is ExcelError.NA))


@special("LET", 3, None)
def build_let(compiler: Any, args: Sequence[Any], build: Callable[[Any], Closure]) -> Closure:
    if len(args) % 2 == 0:
        raise FormulaError("LET 的参数应是若干对“名称, 值”再加一个结果；请补上最后的结果", None)
    variables: dict[str, int] = {}
    compiler.scopes.append(variables)
    steps = []
    for variable, value in zip(args[:-1:2], args[1::2], strict=True):
        name = getattr(variable, "name", None)
        if name is None or "!" in name:
            raise FormulaError(
                "LET 的每对参数里前一个应是名称（以文字或下划线开头，不像单元格地址）；请改正", None
            )
        steps.append((compiler.variables, compiler.reference(value)))
        variables[name.casefold()] = compiler.variables
        compiler.variables += 1
    body = build(args[-1])
    compiler.scopes.pop()

    def let(run: Any) -> Any:
        for index, value in steps:
            run.variables[index] = value(run)
        return body(run)

    return let
