"""What the rules of a template rest on: where their names lead, and their formulas compiled."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from perfxl import formula
from perfxl.model import Field, Form, Template
from perfxl.template import SHORTHAND, field_of, resolve, shorthand


class Route(NamedTuple):
    """Where a template keeps what a full name means; ``group`` is "" but for a column."""

    form: Form
    name: str
    part: str
    field: Field | None
    group: str
    column: str


class Routes(dict[str, Route | None]):
    """The routes of the names that were asked for; None where the template has no such name."""

    def __init__(self, template: Template):
        self._template = template

    def __missing__(self, full: str) -> Route | None:
        found = self[full] = self._find(full)
        return found

    def _find(self, full: str) -> Route | None:
        name = resolve(self._template, full)
        if name is None:
            return None
        form = self._template.form(name.prefix)
        field = field_of(form, name.field)
        group, _, column = name.field.partition(".")
        if group not in form.groups or name.field in form.fields:
            group = column = ""
        return Route(form, name.field, name.part, field, group, column)


class _Formulas(dict[str, formula.Formula]):
    """The formulas of one template, which share their parts."""

    def __init__(self) -> None:
        self._shelf = formula.Shelf()

    def __missing__(self, text: str) -> formula.Formula:
        compiled = self[text] = formula.compile(text, self._shelf)
        return compiled


class _Roots(dict[str, frozenset[str]]):
    """What a full name comes from: a field, or those its shorthand is written in."""

    def __init__(self, template: Template, formulas: _Formulas):
        self._template = template
        self._formulas = formulas
        self._together: dict[frozenset[str], frozenset[str]] = {}

    def __missing__(self, full: str) -> frozenset[str]:
        found = self[full] = self._find(full)
        return found

    def _find(self, full: str) -> frozenset[str]:
        prefix, _, rest = full.partition(".")
        if not rest.startswith(SHORTHAND):
            # A field, or a part of one.
            return frozenset((full, full.rpartition(".")[0]))
        text = shorthand(self._template, prefix, rest.removeprefix(SHORTHAND))
        return self.of(frozenset(self._formulas[text].names))

    def of(self, names: frozenset[str]) -> frozenset[str]:
        """What several names come from."""
        found = self._together.get(names)
        if found is None:
            found = self._together[names] = frozenset[str]().union(*map(self.__getitem__, names))
        return found


class Prepared:
    """What facts need to know of a template, worked out once for all its workbooks."""

    def __init__(self, template: Template):
        self.routes = Routes(template)
        self.formulas = _Formulas()
        self.roots = _Roots(template, self.formulas)


@lru_cache(maxsize=32)
def prepared(template: Template) -> Prepared:
    """The same `Prepared` for all facts of one template."""
    return Prepared(template)
