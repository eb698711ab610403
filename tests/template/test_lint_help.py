"""What a field says to help while typing is looked over too."""

from __future__ import annotations

import pytest

from perfxl.template.lint import lint
from tests.template.samples import Made, helped


@pytest.mark.parametrize(
    ("field", "entries"),
    [
        ("指标.名称", {"提示": "写名称。", "选项": "高；低；…"}),
        ("指标.得分", {"最小": "-5", "最大": "不限"}),
        ("单位名称", {"最大": "200"}),
    ],
)
def test_sound_help_has_no_problems(template: Made, field: str, entries: dict[str, str]) -> None:
    assert lint(template(helped(field, **entries))) == []


@pytest.mark.parametrize(
    ("field", "entries", "code", "says"),
    [
        ("指标.名称", {"选项": "高"}, "T929", "“整体.指标.名称”的选项至少两个"),
        ("指标.名称", {"选项": "高；低；高"}, "T929", "各不相同"),
        ("指标.名称", {"选项": "高,低；中"}, "T929", "“高,低”里不能有半角逗号"),
        ("指标.名称", {"选项": "…；高；低"}, "T929", "单独放在最后"),
        ("指标.名称", {"选项": "；".join("甲" * 60 + i for i in "12345")}, "T929", "超过 255"),
        ("指标.目标", {"选项": "优；良"}, "T929", "在版面上的“≥90%”不在选项里"),
        ("指标.得分", {"选项": "10；5"}, "T929", "“整体.指标.得分”是分值，不能有选项"),
        ("指标.得分", {"最小": "9", "最大": "1"}, "T930", "最小 9 大于最大 1"),
        ("指标.目标", {"最大": "9"}, "T930", "是指标值，不能写最小、最大"),
        ("单位名称", {"最小": "1"}, "T930", "是文本，不能写最小、最大"),
        ("单位名称", {"最大": "0"}, "T930", "最大是字数，应大于 0"),
        ("总分", {"提示": "不用填。"}, "T931", "“整体.总分”由公式计算"),
        ("单位名称", {"提示": "字" * 256}, "T931", "提示有 256 字"),
    ],
)  # fmt: skip
def test_help_that_cannot_work_is_named_at_its_cell(
    template: Made, field: str, entries: dict[str, str], code: str, says: str
) -> None:
    problems = lint(template(helped(field, **entries)))
    assert [p for p in problems if p.code == code and p.where[0] == "附件1" and says in p.message]
