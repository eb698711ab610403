"""Which template a returned workbook was filled in on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.locate.build import indexes
from perfxl.locate.findings import finding
from perfxl.locate.regions import Found, is_poor, regions, share, sheets
from perfxl.model import Book, Finding, Template

_ENOUGH = 0.4
"""The least share of a template's labels with which a workbook follows it."""
_YEAR_WEIGHS = 0.02


class Recognition(NamedTuple):
    """The template that explains most of a workbook.

    ``score`` is 0 to 1; ``missing`` are the titles of its forms that were not found.
    ``finding`` (F009) is set, and ``template`` is only the closest one, when too few of its
    labels were met to go on.
    """

    template: Template | None
    score: float
    missing: tuple[str, ...]
    finding: Finding | None = None

    @property
    def known(self) -> bool:
        return self.finding is None


class _Look(NamedTuple):
    """One template held against a workbook: ``met`` is the share of the labels of its forms
    that the workbook has, ``texts`` are the cells whose texts it explains."""

    template: Template
    found: tuple[Found, ...]
    met: float
    texts: frozenset[tuple[str, int, int]]


def recognise(book: Book, templates: Sequence[Template]) -> Recognition:
    """Choose among templates by what each explains of the workbook.

    Two things count alike: how many of the template's labels the workbook has, and how many
    of the texts that any template explains this one explains; so that neither a short form
    nor a long one is favoured. Between equals the year of the titles decides: the newest
    template that is not younger than the form.
    """
    looks = [_look(book, template) for template in templates]
    every = frozenset[tuple[str, int, int]]().union(*(look.texts for look in looks))
    timely = _timely(looks)
    scored = [
        (_balance(look, len(every)) + _YEAR_WEIGHS * (look.template is timely), look)
        for look in looks
    ]
    score, best = max(scored, key=lambda one: one[0], default=(0.0, None))
    if best is None:
        return _unknown(Recognition(None, 0.0, ()))
    chosen = Recognition(best.template, min(1.0, score), _missing(best))
    if best.found and best.met >= _ENOUGH:
        return chosen
    likeness = best.met if best.found else _likeness(book, best.template)
    return _unknown(chosen._replace(score=likeness))


def _look(book: Book, template: Template) -> _Look:
    found = tuple(one for one in regions(book, indexes(template)) if not is_poor(one))
    printed = sum(one.form.printed for one in found)
    texts = frozenset(
        (one.region.grid.sheet, cell.row, cell.col)
        for one in found
        for cell in one.region.texts
        if one.form.explained(str(cell.value))
    )
    met = sum(one.explained for one in found) / printed if printed else 0.0
    return _Look(template, found, met, texts)


def _balance(look: _Look, explained: int) -> float:
    """The harmonic mean of the two shares: high only where both are."""
    own = len(look.texts) / explained if explained else 0.0
    return 2 * own * look.met / (own + look.met) if own + look.met else 0.0


def _timely(looks: Sequence[_Look]) -> Template | None:
    """The template whose year suits the titles best."""
    years = [one.title.year for look in looks for one in look.found if one.title]
    stated = max((year for year in years if year), default=None)
    if stated is None:
        return None
    past = [look.template for look in looks if look.template.year <= stated]
    if past:
        return max(past, key=lambda template: template.year)
    return min((look.template for look in looks), key=lambda one: one.year, default=None)


def _missing(look: _Look) -> tuple[str, ...]:
    met = {one.form.form.id for one in look.found}
    return tuple(
        index.form.titles[0] for index in indexes(look.template) if index.form.id not in met
    )


def _likeness(book: Book, template: Template) -> float:
    """How much the sheet that is most like a form has of its labels."""
    return max(
        (share(index, sheet)[0] for index in indexes(template) for sheet in sheets(book)),
        default=0.0,
    )


def _unknown(closest: Recognition) -> Recognition:
    """With the finding for a workbook in which no form was recognised."""
    name = closest.template.title if closest.template else "（没有模板）"
    return closest._replace(
        finding=finding(
            "F009",
            template=name,
            share=f"{closest.score:.0%}",
            missing="、".join(f"《{title}》" for title in closest.missing) or "任何一张表",
        )
    )
