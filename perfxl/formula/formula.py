"""Compiled formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from ..errors import FormulaError
from ..model import ExcelError, Range, Scalar
from . import fallback
from .coerce import Array, Overload, Problem, Reference
from .compile import Compiler
from .functions import FUNCTIONS, REFUSED
from .nodes import Node
from .parse import Parser
from .run import BUDGET, Closure, Run
from .scope import DictScope, Scope
from .shelf import Memo, Shelf
from .tokens import tokenize


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula that parsed, ready to run any number of times.

    ``text`` is without the leading ``=``. ``names`` are the defined names in order of use,
    LET variables left out; ``references`` the cells as (sheet or None, range);
    ``functions`` upper case, without ``_xlfn.``. ``refusal`` says in Chinese why the
    formula must not run when it comes from a returned workbook (None when it may).
    """

    text: str
    names: tuple[str, ...]
    references: tuple[tuple[str | None, Range], ...]
    functions: tuple[str, ...]
    refusal: str | None
    _tree: Node = field(repr=False)
    _run: Closure = field(repr=False)
    _variables: int = field(repr=False)

    @cached_property
    def unknown_functions(self) -> tuple[str, ...]:
        """The functions nobody here can run; they give #NAME?."""
        return tuple(
            name
            for name in self.functions
            if name not in FUNCTIONS and (name in REFUSED or not fallback.known(name))
        )

    def evaluate(self, scope: Scope, memo: Memo | None = None) -> Scalar | Array:
        """The result as Excel works it out: a scalar, or rows of scalars.

        An empty cell as the result stays None. Never raises for what a formula does:
        everything that goes wrong is an ExcelError. ``memo`` keeps what it shares with other
        formulas of its shelf; it must not outlive a change of the scope's values.
        """
        try:
            return self._run(Run(scope, self._variables, BUDGET, memo))
        except Problem as problem:
            return problem.error
        except (Overload, RecursionError, MemoryError):
            return ExcelError.NUM

    def attempt(self, scope: Scope, budget: int) -> tuple[Scalar | Array, int]:
        """Like ``evaluate``, and how many cells of work are left of ``budget``.

        Raises Overload where none are.
        """
        run = Run(scope, self._variables, budget)
        return self._result(self._run, run), run.left

    def resolve(self, scope: Scope) -> Scalar | Array | Reference:
        """Like ``evaluate``, but a formula that only points at cells gives a Reference.

        Raises Overload where the work passes the limit.
        """
        return self._result(self._reference, Run(scope, self._variables))

    @cached_property
    def _reference(self) -> Closure:
        return Compiler().reference(self._tree)

    def _result(self, closure: Closure, run: Run) -> Any:
        try:
            return closure(run)
        except Problem as problem:
            return problem.error
        except (RecursionError, MemoryError):
            return ExcelError.NUM

    def with_names(self, mapping: Mapping[str, str]) -> str:
        """The formula's text with names replaced, all the rest byte for byte as written."""
        wanted = {key.casefold(): text for key, text in mapping.items()}
        used = {name.casefold() for name in self.names}
        out = []
        at = 0
        for token in tokenize(self.text):
            if token.kind not in ("name", "area"):
                continue
            key = token.text if token.sheet is None else f"{token.sheet}!{token.text}"
            key = key.casefold()
            if key in used and key in wanted:
                out += [self.text[at : token.start], wanted[key]]
                at = token.end
        return "".join(out) + self.text[at:]


@lru_cache(maxsize=8192)
def compile(text: str, shelf: Shelf | None = None) -> Formula:
    """Parse a formula, with or without its leading ``=``.

    Raises FormulaError, whose position counts characters in ``text`` as given, for what
    Excel would not take: bad syntax, wrong number of arguments, over 8,192 characters or 64
    levels. Formulas that are given one ``shelf`` can share a memo when they run.
    """
    body = text.lstrip()
    if body.startswith(("=", "＝")):
        body = body[1:]
    shift = len(text) - len(body)
    compiler = Compiler(shelf)
    try:
        # Blanks in place of what was cut off keep positions those of the text as given.
        tree = Parser(" " * shift + body).parse()
        run = compiler.value(tree)
    except RecursionError:
        raise FormulaError("公式嵌套太深；请拆成几个公式", shift) from None
    return Formula(
        body, tuple(compiler.names), tuple(compiler.references), tuple(compiler.functions),
        compiler.refusal, tree, run, compiler.variables,
    )  # fmt: skip


def evaluate(formula: str, cells: Mapping[str, object]) -> object:
    """One formula over the given cells, with Excel's result as a Python value.

    ``cells`` maps addresses (``A1``, ``附件3!B2``) or names to numbers, texts, booleans,
    dates or None. A result is a number, text, bool, an error's text (``#DIV/0!``), or a list
    of lists; pointing at an empty cell gives 0 as in Excel. Raises FormulaError when the
    formula does not parse.
    """
    result = compile(formula).evaluate(DictScope(cells))
    if isinstance(result, list):
        rows = [[_shown(cell) for cell in row] for row in result]
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    return _shown(result)


def _shown(value: Scalar) -> object:
    if value is None:
        return 0
    return value.value if isinstance(value, ExcelError) else value
