"""What a template adds to a form, so that it checks itself, is none of the form."""

from __future__ import annotations

import pytest

from perfxl.model import Cell, Grid, Range, Scalar
from perfxl.template import form_part


def _grid(*cells: tuple[int, int, Scalar], merges: tuple[Range, ...] = ()) -> Grid:
    return Grid("附件4", {(row, col): Cell(row, col, value) for row, col, value in cells}, merges)


_FORM = ((1, 1, "附件4"), (2, 1, "项目自评表"), (3, 1, "总分"), (3, 2, 98.7))


def test_the_list_of_rules_below_a_form_is_cut_off() -> None:
    below = ((5, 1, "本表自查"), (6, 1, "不符（✗）1 条"), (7, 1, "总分"), (7, 2, 10))
    whole = _grid(*_FORM, *below, merges=(Range(2, 1, 2, 2), Range(5, 1, 5, 2)))
    assert form_part(whole) == _grid(*_FORM, merges=(Range(2, 1, 2, 2),))


def test_the_count_beside_a_form_and_what_is_hidden_there_is_cut_off() -> None:
    beside = ((1, 8, "本表自查：✗ 2"), (1, 9, 2), (3, 9, 85.53))
    assert form_part(_grid(*_FORM, *beside)) == _grid(*_FORM)


@pytest.mark.parametrize("text", ["本表自查情况", "自查", "见本表自查"])
def test_other_words_do_not_end_a_form(text: str) -> None:
    whole = _grid(*_FORM, (4, 1, text), (5, 1, "说明"))
    assert form_part(whole) is whole
