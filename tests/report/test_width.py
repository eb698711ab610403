from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfxl.report.width import clip, one_line, pad, width, wrap

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
CHINESE = st.text(alphabet="执行率（万元），。：98.05% budget", max_size=80)


def test_a_chinese_character_takes_two_columns():
    assert width("执行率") == 6
    assert width("K4") == 2
    assert width("98.05％") == 7


def test_a_combining_mark_takes_none():
    assert width("e\u0301") == 1


def test_padding_counts_columns_not_characters():
    assert pad("执行率", 8) == "执行率  "
    assert pad("执行率得分", 4) == "执行率得分"


@given(TEXTS, st.integers(2, 40))
def test_a_clipped_text_fits(text: str, columns: int):
    assert width(clip(text, columns)) <= columns


@given(CHINESE, st.integers(12, 40))
def test_wrapping_loses_nothing_but_spaces_at_breaks(text: str, columns: int):
    assert "".join(wrap(text, columns)).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="执行率万元 ab1.", max_size=80), st.integers(4, 40))
def test_no_line_is_wider_than_asked(text: str, columns: int):
    assert all(width(line) <= columns for line in wrap(text, columns))


def test_a_number_is_not_broken():
    assert wrap("全年执行数 110.71 万元", 14) == ["全年执行数", "110.71 万元"]


def test_no_line_begins_with_a_closing_mark():
    assert wrap("执行率，得分", 6) == ["执行", "率，得", "分"]


def test_what_a_workbook_must_not_send_to_a_terminal_is_taken_out():
    assert one_line("某单位\x1b[31m\r\n\u202e分局\u2028") == "某单位 [31m 分局"
