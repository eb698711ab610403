"""Which template a returned workbook was filled in on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.locate.build import indexes
from perfxl.locate.findings import finding
from perfxl.locate.regions import Found, is_poor, regions, share, sheets
from perfxl.model import Book, Finding, Template

_ENOUGH = 0.4
_FORMS_WEIGH = 0.2
_YEAR_WEIGHS = 0.02


class Recognition(NamedTuple):
    """The template that explains most of a workbook.

    ``score`` is 0 to 1; ``missing`` are the titles of its forms that were not found.
    ``finding`` (F009) is set, and ``template`` is only the closest one, when the score is
    too low to go on.
    """

    template: Template | None
    score: float
    missing: tuple[str, ...]
    finding: Finding | None = None

    @property
    def known(self) -> bool:
        return self.finding is None


def recognise(book: Book, templates: Sequence[Template]) -> Recognition:
    """Choose among templates by how many of their titles and labels the workbook has.

    Where two say the same, the one whose year the titles name wins.
    """
    scored = [_score(book, template) for template in templates]
    best = max(scored, key=lambda one: one.score, default=Recognition(None, 0.0, ()))
    if best.template is not None and best.score >= _ENOUGH:
        return best
    return best._replace(finding=unknown(best))


def _score(book: Book, template: Template) -> Recognition:
    forms = indexes(template)
    found = [one for one in regions(book, forms) if not is_poor(one)]
    met = {one.form.form.id for one in found}
    missing = tuple(i.form.titles[0] for i in forms if i.form.id not in met)
    if not found:
        return Recognition(template, _likeness(book, template) / 2, missing)
    fit = sum(one.share for one in found) / len(found)
    whole = len(met) / len(forms)
    score = fit * (1 - _FORMS_WEIGH + _FORMS_WEIGH * whole)
    bonus = _YEAR_WEIGHS if _names_year(found, template.year) else 0.0
    return Recognition(template, min(1.0, score * (1 - _YEAR_WEIGHS) + bonus), missing)


def _likeness(book: Book, template: Template) -> float:
    """How much the sheet that is most like a form has of its labels."""
    return max(
        (share(index, sheet)[0] for index in indexes(template) for sheet in sheets(book)),
        default=0.0,
    )


def _names_year(found: Sequence[Found], year: int) -> bool:
    return any(one.title is not None and one.title.year == year for one in found)


def unknown(closest: Recognition) -> Finding:
    """The finding for a workbook in which no form was recognised."""
    name = closest.template.title if closest.template else "（没有模板）"
    return finding(
        "F009",
        template=name,
        share=f"{closest.score:.0%}",
        missing="、".join(f"《{title}》" for title in closest.missing) or "任何一张表",
    )
