"""The calls of functions in a formula's text: change them, the inner ones first; judge them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|(?P<call>(?<![\w.])[A-Za-z][\w.]*)\(|[(){},]'
)
_NEWER_THAN_2010 = re.compile(
    r"XLOOKUP|XMATCH|LET|LAMBDA|TEXTJOIN|CONCAT|IFS|SWITCH|MAXIFS|MINIFS|FILTER|SORT|SORTBY|UNIQUE"
    r"|SEQUENCE|RANDARRAY|TEXTSPLIT|TEXTBEFORE|TEXTAFTER|[VH]STACK|TOCOL|TOROW|WRAPROWS|WRAPCOLS"
    r"|TAKE|DROP|CHOOSECOLS|CHOOSEROWS|EXPAND|MAP|REDUCE|SCAN|BYROW|BYCOL|MAKEARRAY|VALUETOTEXT"
    r"|ARRAYTOTEXT|REGEX\w+|IFNA|XOR|ISFORMULA|FORMULATEXT|NUMBERVALUE|UNICHAR|UNICODE|DAYS|SHEETS?"
    r"|ARABIC|BASE|DECIMAL"
)

Change = Callable[[str, Sequence[str]], str]


def replace_calls(formula: str, change: Change) -> str:
    """The formula with each call replaced by ``change(function, arguments)``.

    The function comes in capitals, its arguments as text, calls within them replaced.
    """
    return _Reader(formula, change).read(0)[0]


def too_new(formula: str) -> bool:
    """Whether it calls a function that Excel 2010 does not know."""
    found: list[str] = []

    def note(function: str, arguments: object) -> str:
        found.append(function)
        return ""

    replace_calls(formula, note)
    return any(map(_NEWER_THAN_2010.fullmatch, found))


class _Reader:
    def __init__(self, formula: str, change: Change):
        self.formula, self.change = formula, change

    def read(self, start: int, within: bool = False) -> tuple[str, int, list[str]]:
        """From ``start`` to the end, or ``within`` a call to its closing bracket.

        Returns the whole text, where it ended, and its parts between the outer commas.
        """
        parts, done, depth, at = [""], start, 0, start
        while token := _TOKEN.search(self.formula, at):
            at = token.end()
            if token["call"]:
                parts[-1] += self.formula[done : token.start()]
                _, at, arguments = self.read(at, within=True)
                parts[-1] += self.change(token["call"].upper(), arguments)
                done = at
            elif token[0] in "({":
                depth += 1
            elif token[0] in ")}":
                if within and not depth:
                    parts[-1] += self.formula[done : token.start()]
                    return ",".join(parts), at, parts
                depth -= 1
            elif token[0] == "," and within and not depth:
                parts[-1] += self.formula[done : token.start()]
                parts.append("")
                done = at
        parts[-1] += self.formula[done:]
        return ",".join(parts), len(self.formula), parts
