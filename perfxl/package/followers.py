"""Shared formulas whose first cell is about to be overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple

from perfxl.model import Range
from perfxl.package.cells import cell_element, cells_of, formula_of, parse_range
from perfxl.package.elements import Element
from perfxl.package.markup import Markup
from perfxl.package.shared import SharedFormula
from perfxl.package.xmltext import content, escape


class Master(NamedTuple):
    """The cell that holds the text of a shared formula, for itself and the cells in ``area``."""

    group: str
    row: int
    col: int
    area: Range
    text: str


def master(markup: Markup, row: int, col: int, formula: Element) -> Master | None:
    """What others will miss when this formula goes; None where nothing hangs on it."""
    given = markup.attributes(formula)
    area = parse_range(given.get(b"ref", ""))
    text = content(markup.data[formula.inner : formula.close])
    if given.get(b"t") != "shared" or area is None or not text:
        return None
    return Master(given.get(b"si", ""), row, col, area, text)


def release(
    markup: Markup,
    rows: Iterable[tuple[int, Element]],
    masters: list[Master],
    changed: Set[tuple[int, int]],
) -> None:
    """Gives each follower that stays a formula of its own, moved to where it stands.

    ``rows`` are row numbers and elements; ``changed`` the cells that get other content anyway.
    """
    for number, row in rows:
        for cell in cells_of(markup, row):
            at = (number, cell.col)
            formula = formula_of(markup, cell_element(markup, cell, row))
            if formula is None or at in changed:
                continue
            given = markup.attributes(formula)
            if given.get(b"t") != "shared" or b"ref" in given:
                continue
            for one in masters:
                if one.group == given.get(b"si", "") and at in one.area:
                    text = SharedFormula(one.text, one.row, one.col).at(*at)
                    own = f"<{markup.prefix}f>{escape(text)}</{markup.prefix}f>"
                    markup.replace(formula.start, formula.end, own)
