"""Every shipped template is sound, and its rules do what their cases say."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.model import Role
from perfxl.template import available, expand, load
from perfxl.template.draft import PLAIN
from perfxl.template.layout import resolve
from perfxl.template.lint import lint
from perfxl.template.live import computed_formulas
from perfxl.template.looks import lines_needed
from perfxl.template.names import names_in
from perfxl.template.text import parse
from perfxl.trials import run_cases

_LINE, _INDENT, _KEPT_FREE = 14, 1.5, 2
"""Points of a line; digits that an indent takes; digits that lines_needed keeps free."""
SHIPPED = pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)


@SHIPPED
def test_nothing_is_to_be_put_right(workbook: Path) -> None:
    assert lint(load(workbook)) == []


@SHIPPED
def test_every_computed_cell_has_a_formula_that_does_not_need_itself(workbook: Path) -> None:
    template = load(workbook)
    for form in template.forms:
        formulas = computed_formulas(template, form, expand(template))
        computed = {n for n, f in form.fields.items() if f.role is Role.COMPUTED and f.area}
        assert computed <= set(formulas)
        for name, formula in formulas.items():
            assert f"{form.prefix}.{name}" not in names_in(formula)


@SHIPPED
def test_every_label_and_default_fits_its_cell(workbook: Path) -> None:
    for form in parse(workbook.with_suffix(".md").read_text("utf-8")).forms:
        widths = [float(width) for width in form.facts["列宽"].split()]
        for box in resolve(form).boxes:
            top, left, bottom, right = box.area
            if box.style != PLAIN:
                continue
            width = sum(widths[left - 1 : right]) - _INDENT * box.left + _KEPT_FREE
            height = sum(row.height for row in form.rows[top - 1 : bottom])
            assert lines_needed(box.text, width) * _LINE <= height, box


@SHIPPED
def test_every_case_of_its_rules_holds(workbook: Path) -> None:
    outcomes = list(run_cases(load(workbook)))
    assert outcomes, "no rule without a case"
    assert [one for one in outcomes if not one.holds] == []
