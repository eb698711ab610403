"""How the workbook itself compares what is stated with what is expected."""

from __future__ import annotations

import pytest

from perfxl.template import RuleInstance, expanded, field_of, resolve, shipped
from perfxl.template.agreeing import holds


def comparison(template: str, code: str) -> str:
    made = shipped(template)
    instance: RuleInstance = next(one for one in expanded(made) if one.rule.code == code)
    name = resolve(made, instance.target)
    assert name is not None
    field = field_of(made.form(name.prefix), name.field)
    assert field is not None
    return holds(made, instance, field, lambda text: text)


@pytest.mark.parametrize("template", ["sichuan-linkage-2022", "yunnan-2022"])
def test_texts_about_a_number_are_compared_as_texts(template: str) -> None:
    said = comparison(template, "S555")
    assert said.startswith("TRIM(") and "ABS(" not in said


@pytest.mark.parametrize(("template", "code"), [("hunan-2024", "C301"), ("sichuan-2023", "S516")])
def test_numbers_are_compared_by_their_distance(template: str, code: str) -> None:
    assert "ABS(" in comparison(template, code)
