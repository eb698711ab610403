"""Whether the forms of a returned workbook were filled in at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from perfxl.locate.findings import finding
from perfxl.model import Bound, Finding, FormBinding, Role, Scalar


def unfilled(forms: Sequence[FormBinding]) -> Iterator[Finding]:
    """L109 where no form of the workbook was begun, else L108 for each that was not."""
    blank = [form for form in forms if not _begun(form)]
    if blank and len(blank) == len(forms):
        titles = "、".join(dict.fromkeys(f"《{form.form.titles[0]}》" for form in blank))
        yield finding("L109", titles=titles)
        return
    for form in blank:
        at = {"cell": form.title.cell} if form.title else {}
        yield finding(
            "L108", form=form.form.id, sheet=form.sheet, form_title=form.form.titles[0], **at
        )


def _begun(form: FormBinding) -> bool:
    """Whether the unit typed anything that the form does not print and nobody prefills."""
    printed = {_plain(cell.value) for cell in form.form.grid.cells.values()}
    rows = chain.from_iterable(form.groups.values())
    bounds = chain(form.fields.values(), chain.from_iterable(row.values.values() for row in rows))
    return any(_typed(bound, printed) for bound in bounds)


def _typed(bound: Bound, printed: Collection[Scalar]) -> bool:
    field, value = bound.field, bound.value
    if field.role is not Role.INPUT or field.in_roster or field.carried_from:
        return False
    return bool(value.problem) or (value.value is not None and _plain(value.value) not in printed)


def _plain(value: Scalar) -> Scalar:
    return "".join(value.split()) if isinstance(value, str) else value
