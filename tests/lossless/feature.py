"""A feature: a workbook that has it, and the traces by which it is known."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lossless import annexes
from tests.lossless.annexes import Draw
from tests.lossless.parts import Parts

WHOLE = r"(?s)\A.*\Z"
"""The whole of a part, as a trace."""
Trace = tuple[str, str]
"""A pattern of part names, and what is to be found in such parts."""
Cell = tuple[str, str]


@dataclass(frozen=True)
class Feature:
    """``write`` makes the workbook; ``traces`` must all be found in it, the same afterwards.

    ``fixed`` are computed cells that cannot be changed (part of an array); ``rewritten`` are
    cells whose formula must be written in another way; ``unknown`` are cells whose formulas
    LibreOffice cannot compute; ``beyond`` are the readers that misread the workbook itself;
    ``renamed`` are sheets by their old and new names.
    """

    name: str
    write: Callable[[Path], None]
    traces: tuple[Trace, ...]
    suffix: str = ".xlsx"
    needs_soffice: bool = False
    fixed: frozenset[Cell] = frozenset()
    rewritten: frozenset[Cell] = frozenset()
    unknown: frozenset[Cell] = frozenset()
    beyond: frozenset[str] = frozenset()
    renamed: tuple[tuple[str, str], ...] = ()


def found(trace: Trace, parts: Mapping[str, bytes]) -> list[bytes]:
    """What the trace finds, in the order of the parts' names."""
    glob, pattern = trace
    return [
        hit.group()
        for name in sorted(parts)
        if fnmatch.fnmatchcase(name, glob)
        for hit in re.finditer(pattern.encode(), parts[name], re.S)
    ]


FEATURES: dict[str, Feature] = {}


def _enter(name: str, write: Callable[[Path], None], traces: tuple[Trace, ...], **more: object):
    assert name not in FEATURES, name
    FEATURES[name] = Feature(name, write, traces, **more)  # type: ignore[arg-type]


def drawn(name: str, *traces: Trace, **more: object) -> Callable[[Draw], Draw]:
    """A feature that XlsxWriter makes."""

    def enter(draw: Draw) -> Draw:
        _enter(name, lambda path: _bytes(path, annexes.workbook(draw)), traces, **more)
        return draw

    return enter


def added(
    name: str, *traces: Trace, over: Draw | None = None, **more: object
) -> Callable[[Callable[[Parts], None]], Callable[[Parts], None]]:
    """A feature put into the zip by hand; ``over`` draws first."""

    def enter(add: Callable[[Parts], None]) -> Callable[[Parts], None]:
        def write(path: Path) -> None:
            parts = Parts.of(annexes.workbook(over) if over else annexes.plain())
            add(parts)
            parts.write(path)

        _enter(name, write, traces, **more)
        return add

    return enter


def written(
    name: str, *traces: Trace, **more: object
) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """A feature of the zip itself, or one that another program makes."""

    def enter(write: Callable[[Path], None]) -> Callable[[Path], None]:
        _enter(name, write, traces, **more)
        return write

    return enter


def _bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
