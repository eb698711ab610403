"""Where the runtime's functions are registered, and how their arguments are declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

ARGUMENT = "argument"
"""A parameter that takes a direct scalar as it is, and cells always as an array."""

ARRAY = "array"
"""A parameter that takes an array; a direct scalar becomes 1 × 1."""

REFERENCE = "reference"
"""A parameter that takes a Reference where cells are given, else a scalar or an array."""

Spec = str | Callable[[Any], Any]
"""How a parameter is read: one of the words above, or a converter of scalars.

A function is applied value by value over arrays given for its converter parameters.
"""


class Function(NamedTuple):
    """A function of the runtime; ``most`` is None where any number of arguments may come.

    ``over_array`` makes from ``call`` the one to use throughout an array, where it can
    remember from cell to cell. ``total`` says that one scalar always gives one scalar, with
    nothing raised and nothing out of range.
    """

    name: str
    call: Callable[..., Any]
    params: tuple[Spec, ...]
    repeat: tuple[Spec, ...]
    least: int
    most: int | None
    over_array: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    total: bool = False

    def specs(self, count: int) -> tuple[Spec, ...]:
        """The parameters for that many arguments."""
        specs = self.params
        while self.repeat and len(specs) < count:
            specs += self.repeat
        return specs[:count]


class Special(NamedTuple):
    """A function that decides itself which of its arguments are worked out (IF, LET)."""

    name: str
    build: Callable[..., Any]
    least: int
    most: int | None


FUNCTIONS: dict[str, Function | Special] = {}

_VARIADIC = 0x04


def function(
    *names: str,
    params: tuple[Spec, ...] = (),
    repeat: tuple[Spec, ...] = (),
    least: int = -1,
    over_array: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
    total: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function under its names.

    How many arguments it takes follows from the Python signature; ``least`` overrides it
    for functions that take any number.
    """

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        code = call.__code__
        most = None if code.co_flags & _VARIADIC else code.co_argcount
        fewest = code.co_argcount - len(call.__defaults__ or ()) if least < 0 else least
        for name in names:
            FUNCTIONS[name] = Function(name, call, params, repeat, fewest, most, over_array, total)
        return call

    return register


def special(
    name: str, least: int, most: int | None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a builder ``(compiler, args, build) -> closure`` for a lazy function."""

    def register(build: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Special(name, build, least, most)
        return build

    return register
