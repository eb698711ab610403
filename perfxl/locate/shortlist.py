"""Which templates are worth loading for a workbook: those that have most of its words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from perfxl.locate.labels import label
from perfxl.locate.regions import form_grids
from perfxl.model import Book
from perfxl.template import Sketch

_MOST = 3
_NEAR = 0.75
"""One that has fewer of the workbook's words than this, for each that the best has, is out."""


def shortlist(book: Book, sketches: Sequence[Sketch]) -> list[Sketch]:
    """The few templates, likeliest first, that ``recognise`` should choose among.

    A cheap look at words alone, so that one more province costs the others nothing.
    """
    if not sketches:
        return []
    met: set[str] = set()
    for grid in form_grids(book):
        for cell in grid.cells.values():
            if isinstance(cell.value, str):
                met.update(key for key, _ in label(cell.value).keys)
    shared = [len(_words(one) & met) for one in sketches]
    least = max(shared) * _NEAR
    fits = sorted(
        ((words, _met(sketches[place], met), place)
        for place, words in enumerate(shared) if words >= least),
        reverse=True,
    )  # fmt: skip
    return [sketches[place] for _, _, place in fits[:_MOST]]


def _met(sketch: Sketch, met: set[str]) -> float:
    """The share of a template's labels that are met, which decides between equals."""
    labels = _keys(sketch)
    return sum(not keys.isdisjoint(met) for keys in labels) / max(1, len(labels))


@lru_cache(maxsize=64)
def _words(sketch: Sketch) -> frozenset[str]:
    return frozenset[str]().union(*_keys(sketch))


@lru_cache(maxsize=64)
def _keys(sketch: Sketch) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(key for wording in wordings for key, _ in label(wording).keys)
        for wordings in sketch.labels
    )
