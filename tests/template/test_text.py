"""The Markdown face is read line by line and written in one canonical form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.errors import TemplateError
from perfxl.template.draft import Row
from perfxl.template.text import parse, write
from tests.template.samples import SHIPPED_TEXT, SMALL, changed


def test_writing_what_was_parsed_gives_the_same_text() -> None:
    assert write(parse(SMALL)) == SMALL


def test_the_shipped_text_is_canonical() -> None:
    text = SHIPPED_TEXT.read_text("utf-8")
    assert write(parse(text)) == text


printable = st.text(st.sampled_from("甲乙1.0|<>{}[]`\n年 ；=（）")).map(str.strip)


@given(st.lists(printable, min_size=4, max_size=4))
def test_any_cell_text_comes_back_from_the_layout_table(cells: list[str]) -> None:
    draft = parse(SMALL)
    form = replace(draft.forms[0], rows=(Row(20, "", tuple(cells)),))
    again = parse(write(replace(draft, forms=(form,)))).forms[0]
    assert again.rows[0].cells == tuple(cells)


def test_a_formula_loses_its_backticks_and_keeps_everything_else() -> None:
    rule = parse(SMALL).rules[0]
    assert rule.entries["公式"] == "本表.三公.各列<=本表.基本支出.各列"
    assert rule.entries["应为"] == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("没有标题", "没有以“# ”开头的标题"),
        (changed("| 24 | 单位名称 |", "| 高 | 单位名称 |"), "第一格应写行高"),
        (changed("| 24 | 单位名称 |", "| 24 | 多 | 单位名称 |"), "第 33 行有 6 格，表头有 5 格"),
        (changed("- 级别：强制", "- 等级：强制"), "“- 等级：强制”不认识"),
        (changed("### C301 三公不超基本", "### C301"), "规则标题应为“编码 标题”"),
        (changed("| 名称 | 标签 |", "| 名称 | 标志 |"), "表头应为：名称、标签"),
        (changed("| 版本 | 1.0 |", "| 版次 | 1.0 |"), "“版次”不认识"),
        (changed("### 版面", "### 样式"), "没有“版面”一节"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        parse(text)
