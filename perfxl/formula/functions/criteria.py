"""What COUNTIF and its family look for: criteria written as values or as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ...model import ExcelError, Scalar
from ..coerce import parse_number
from ..operators import same_number

Test = Callable[[Scalar], bool]

_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.S)
_ERRORS = {error.value: error for error in ExcelError}


class Wildcards:
    """A pattern with ``*``, ``?`` and ``~`` that takes time linear in pattern × text.

    The text between stars is looked for from left to right, so no pattern backtracks.
    """

    def __init__(self, pattern: str):
        pieces = [""]
        index = 0
        while index < len(pattern):
            letter = pattern[index]
            if letter == "~" and pattern[index + 1 : index + 2] in ("*", "?", "~"):
                index += 1
                pieces[-1] += re.escape(pattern[index])
            elif letter == "*":
                pieces.append("")
            else:
                pieces[-1] += "." if letter == "?" else re.escape(letter)
            index += 1
        flags = re.I | re.S
        self._single = re.compile(pieces[0], flags) if len(pieces) == 1 else None
        self._first = re.compile(pieces[0], flags)
        self._inner = [re.compile(piece, flags) for piece in pieces[1:-1] if piece]
        self._last = re.compile(f"(?:{pieces[-1]})\\Z", flags)
        self._open_end = re.compile(pieces[-1], flags)

    def matches(self, text: str) -> bool:
        """Whether the whole text fits."""
        if self._single:
            return self._single.fullmatch(text) is not None
        found = self._first.match(text)
        if not found:
            return False
        end = self._through(text, found.end())
        return end is not None and self._last.search(text, end) is not None

    def find(self, text: str, start: int) -> int:
        """Where the pattern first fits inside the text; -1 where it does not."""
        while True:
            found = self._first.search(text, start)
            if not found:
                return -1
            if self._single:
                return found.start()
            end = self._through(text, found.end())
            if end is None or not self._open_end.search(text, end):
                return -1
            return found.start()

    def _through(self, text: str, end: int) -> int | None:
        for piece in self._inner:
            found = piece.search(text, end)
            if not found:
                return None
            end = found.end()
        return end


@lru_cache(maxsize=1024)
def wildcards(pattern: str) -> Wildcards:
    """The compiled pattern."""
    return Wildcards(pattern)


def has_wildcards(text: str) -> bool:
    return "*" in text or "?" in text or "~" in text


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b and not _close(a, b),
    ">": lambda a, b: a > b and not _close(a, b),
    "<=": lambda a, b: a <= b or _close(a, b),
    ">=": lambda a, b: a >= b or _close(a, b),
}


def _close(a: Any, b: Any) -> bool:
    return type(a) in (int, float) and same_number(a, b)


@lru_cache(maxsize=4096, typed=True)
def criterion(value: Scalar) -> Test:
    """The test a criterion stands for, by Excel's reading of COUNTIF."""
    if value is None:
        value = 0
    if isinstance(value, str):
        sign, operand = _CRITERION.fullmatch(value).groups()  # type: ignore[union-attr]
        return _written(sign or "", operand)
    if isinstance(value, bool):
        return lambda cell: cell is value
    if isinstance(value, ExcelError):
        return lambda cell: cell is value
    return _number_equal(value)


def _number_equal(wanted: float) -> Test:
    def test(cell: Scalar) -> bool:
        if type(cell) in (int, float):
            return same_number(cell, wanted)  # type: ignore[arg-type]
        if type(cell) is str:
            read = parse_number(cell)
            return read is not None and same_number(read, wanted)
        return False

    return test


def _equal(operand: str) -> Test:
    if operand.upper() in ("TRUE", "FALSE"):
        truth = operand.upper() == "TRUE"
        return lambda cell: cell is truth
    if operand.upper() in _ERRORS:
        error = _ERRORS[operand.upper()]
        return lambda cell: cell is error
    number = parse_number(operand)
    if number is not None:
        return _number_equal(number)
    if has_wildcards(operand):
        pattern = wildcards(operand)
        return lambda cell: type(cell) is str and pattern.matches(cell)
    return SameText(operand.lower())


class SameText:
    """The test for one text, which an index of the cells can answer too."""

    __slots__ = ("lower",)

    def __init__(self, lower: str):
        self.lower = lower

    def __call__(self, cell: Scalar) -> bool:
        return type(cell) is str and cell.lower() == self.lower


def _written(sign: str, operand: str) -> Test:
    if not operand:
        return {
            "": lambda cell: cell is None or cell == "",
            "=": lambda cell: cell is None,
            "<>": lambda cell: cell is not None,
        }.get(sign, lambda cell: False)
    if sign in ("", "="):
        return _equal(operand)
    if sign == "<>":
        equal = _equal(operand)
        return lambda cell: not equal(cell)
    compare = _SIGNS[sign]
    number = parse_number(operand)
    if number is not None:
        return lambda cell: type(cell) in (int, float) and compare(cell, number)
    if operand.upper() in ("TRUE", "FALSE"):
        truth = operand.upper() == "TRUE"
        return lambda cell: type(cell) is bool and compare(cell, truth)
    wanted = operand.lower()
    return lambda cell: type(cell) is str and compare(cell.lower(), wanted)
