"""A text face that takes rules over from another one."""

from pathlib import Path

import pytest

from perfxl.errors import TemplateError
from perfxl.template import load
from perfxl.template.build import build
from perfxl.template.lint import lint
from perfxl.template.reuse import written_out
from tests.template.samples import SHIPPED_TEXT

SHIPPED = SHIPPED_TEXT.parent


def own(rules: str, forms: tuple[str, ...] = ("项目",)) -> str:
    """The shipped text under another id, with some of its forms and these rules."""
    text = SHIPPED_TEXT.read_text("utf-8").split("## 算式")[0].replace("hunan-2024", "own-2024")
    head, *sections = text.split("## 表 ")
    kept = [f"## 表 {one}" for one in sections if one.split("\n")[0] in forms]
    return f"{head}{''.join(kept)}## 规则\n\n{rules}\n"


def test_rules_come_with_their_cases_their_shorthands_and_only_the_forms_there_are() -> None:
    draft = written_out(own("- 沿用 hunan-2024：S501、S512—S516"), (SHIPPED,))
    assert [rule.code for rule in draft.rules] == ["S501", "S512", "S513", "S514", "S515", "S516"]
    assert draft.rules[0].entries["范围"] == "表 项目"
    assert {case.code for case in draft.cases} == {rule.code for rule in draft.rules}
    named = {line["名称"] for line in draft.shorthands}
    assert named == {"可比", "越小越好", "未达标", "比例", "有原因", "执行率截尾"}


def test_the_workbook_holds_them_in_full_and_lints_clean(tmp_path: Path) -> None:
    build(own("- 沿用 hunan-2024：S501、S512—S516"), tmp_path / "own.xlsx", SHIPPED)
    template = load(tmp_path / "own.xlsx")
    assert len(template.rules) == 6
    assert not lint(template)


def test_a_rule_of_ones_own_stands_before_the_reused_one() -> None:
    mine = "### S501 自己的规则\n\n- 状态：启用\n- 级别：提示\n- 范围：表 项目\n"
    draft = written_out(own(f"- 沿用 hunan-2024：S501、S503\n\n{mine}"), (SHIPPED,))
    assert [(rule.code, rule.name) for rule in draft.rules] == [
        ("S501", "自己的规则"),
        ("S503", "零预算"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("- 沿用 beijing-1999：S501", "没有文字稿"),
        ("- 沿用 hunan-2024：S999", "没有编码为 S999 的规则"),
        ("- 沿用 hunan-2024：全部", "“全部”不认识"),
        ("- 沿用 hunan-2024：C301", "只适用于本模板没有的表"),
        ("- 参照 hunan-2024：S501", "应为“- 沿用"),
    ],
)
def test_what_cannot_be_reused_is_refused_with_its_line(line: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says) as refused:
        written_out(own(line), (SHIPPED,))
    assert "行" in str(refused.value)


def test_texts_that_reuse_each_other_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.md").write_text(own(f"- 沿用 {other}：S501"), "utf-8")
    with pytest.raises(TemplateError, match="a→b→a"):
        written_out(own("- 沿用 a：S501"), (tmp_path,))
