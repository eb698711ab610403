"""What a template says, as texts: the shape that the Markdown face and the workbook share.

Nothing is interpreted here. Markdown is parsed into a Draft and written from one; a workbook
is built from a Draft and dumped into one; ``assemble`` turns a Draft into a Template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfxl.errors import TemplateError

TEMPLATE_KEYS = ("编号", "年度", "版本", "来源")
FORM_KEYS = ("类别", "工作表", "标题", "重复", "单位栏", "名称栏")
PRINT_KEYS = ("纸张", "列宽", "打印标题")
FIELD_KEYS = ("名称", "标签", "别名", "列标题", "类型", "单位", "小数", "必填", "角色")
FURTHER_KEYS = ("提示", "选项", "最小", "最大", "名册", "上年取自")
"""Columns that the table of fields may have besides: help while typing, where the defaults of
the kind do not say it all; 名册 (是) where a bureau knows the value before it sends the form;
上年取自, the field of last year's workbook that the value comes from."""
AT = "处"
"""Beside the keys of a row: where it stands, for messages (``_字段 第 12 行``)."""
SHORTHAND_KEYS = ("名称", "公式", "说明")
RULE_KEYS = (
    "状态",
    "级别",
    "范围",
    "前提",
    "例外",
    "公式",
    "位置",
    "填报",
    "应为",
    "容差",
    "提示语",
    "整改建议",
    "依据",
    "自",
)
KEY_COLUMN = "主列"
ANSWERS = {"必填": ("是", "否", "", KEY_COLUMN), "名册": ("是", "否", "")}
"""What some columns of the table of fields may say."""
FORMULA_KEYS = ("前提", "例外", "公式", "填报", "应为")
VERDICTS = ("通过", "不通过", "跳过")
PLAIN, TITLE, NOTE = "", "标题", "附注"


@dataclass(frozen=True)
class Row:
    """One printed row: height in points, style (标题, 附注 or none), one text per column."""

    height: float
    style: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class FormDraft:
    """One form: ``facts`` by FORM_KEYS and PRINT_KEYS; ``fields`` by FIELD_KEYS, FURTHER_KEYS, AT.

    ``sections`` maps a row group to the headings printed between its rows; it is empty in a
    draft that was parsed from text, where the layout itself says so.
    """

    prefix: str
    facts: Mapping[str, str]
    rows: tuple[Row, ...]
    fields: tuple[Mapping[str, str], ...]
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleDraft:
    """One rule: ``entries`` by RULE_KEYS, formulas without backticks.

    ``at`` says where it stands, for messages (``_规则 第 12 行``).
    """

    code: str
    name: str
    entries: Mapping[str, str]
    at: str = field(default="", compare=False)


@dataclass(frozen=True)
class CaseDraft:
    """One test case as written: ``inputs`` is ``名=值；名=值|值``."""

    code: str
    verdict: str
    inputs: str
    at: str = field(default="", compare=False)


@dataclass(frozen=True)
class Reuse:
    """Rules of another template's text: its id, and the codes as written (``S501—S507``)."""

    template: str
    codes: str
    at: str = field(default="", compare=False)


@dataclass(frozen=True)
class Draft:
    """A whole template as texts."""

    title: str
    facts: Mapping[str, str]
    instructions: tuple[str, ...]
    forms: tuple[FormDraft, ...]
    shorthands: tuple[Mapping[str, str], ...]
    rules: tuple[RuleDraft, ...]
    cases: tuple[CaseDraft, ...]
    reused: tuple[Reuse, ...] = ()


def listed(text: str) -> tuple[str, ...]:
    """The items of a cell that holds several, parted by ``；``, as it may come out narrow."""
    return tuple(item.strip() for item in text.replace(";", "；").split("；") if item.strip())


def refuse_unclear(lines: Iterable[Mapping[str, str]]) -> None:
    """Raise TemplateError where two lines of one table of fields have the same name, or a line
    says something else than a column can hold."""
    first: dict[str, str] = {}
    for line in lines:
        name = line["名称"]
        if name in first:
            raise TemplateError(f"{line[AT]}的名称“{name}”与{first[name]}重复，请改成不同的名称")
        first[name] = line[AT]
        for key, known in ANSWERS.items():
            if line[key] not in known:
                shown = "、".join(filter(None, known))
                raise TemplateError(
                    f"{line[AT]}“{name}”的{key}“{line[key]}”不认识，可用的有：{shown}"
                )
