"""From what a template says, as texts, to the Template that the engine works with."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import TypeVar

from perfxl.errors import TemplateError
from perfxl.model import (
    Case,
    Field,
    Form,
    Grid,
    Kind,
    Level,
    Range,
    Role,
    RowGroup,
    Rule,
    Shorthand,
    Template,
)
from perfxl.template.draft import (
    AT,
    KEY_COLUMN,
    CaseDraft,
    Draft,
    FormDraft,
    RuleDraft,
    listed,
    refuse_unclear,
)

Line = Mapping[str, str]
Choice = TypeVar("Choice", bound=Enum)

BETWEEN_FORMS = "表间"
BLANK = "<空>"
UNBOUNDED = "不限"
LEVELS = {level.chinese: level for level in Level}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NEXT_INPUT = re.compile(r"；(?=[^；=|]+=)")


def group_lines(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The rows of ``_字段`` that are columns of a row group, by group."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        group, dot, column = line["名称"].partition(".")
        if dot and group != "*" and column != "*":
            groups.setdefault(group, []).append(line)
    return groups


def group_columns(lines: Sequence[Line]) -> set[str]:
    """The names of all columns of row groups: ``指标.得分``."""
    return {line["名称"] for columns in group_lines(lines).values() for line in columns}


def _choice(kinds: type[Choice], line: Line, key: str) -> Choice:
    try:
        return kinds(line[key])
    except ValueError:
        known = "、".join(str(kind.value) for kind in kinds)
        raise TemplateError(
            f"{line[AT]}“{line['名称']}”的{key}“{line[key]}”不认识，可用的有：{known}"
        ) from None


def _whole(text: str, at: str, key: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise TemplateError(f"{at}的{key}“{text}”不是整数，请改成整数") from None


def _bound(line: Line, key: str) -> float | None:
    text = line[key]
    if text == UNBOUNDED:
        return -math.inf if key == "最小" else math.inf
    if text and not _NUMBER.fullmatch(text):
        raise TemplateError(
            f"{line[AT]}“{line['名称']}”的{key}“{text}”不认识；请写数字，没有限制的写“{UNBOUNDED}”"
        )
    return float(text) if text else None


def _labels(line: Line) -> tuple[str, ...]:
    return (*listed(line["标签"]), *listed(line["别名"]))


def _field(
    form: str,
    line: Line,
    name: str,
    area: Range | None,
    columns: tuple[str, ...] = (),
    group: str | None = None,
    prompt: str = "",
    carried_from: str = "",
) -> Field:
    return Field(
        form=form,
        name=name,
        labels=_labels(line),
        columns=columns or listed(line["列标题"]),
        group=group,
        kind=_choice(Kind, line, "类型"),
        unit=line["单位"],
        decimals=_whole(line["小数"], line[AT], "小数") if line["小数"] else None,
        required=line["必填"] in ("是", KEY_COLUMN),
        role=_choice(Role, line, "角色"),
        area=area,
        prompt=line["提示"] or prompt,
        options=listed(line["选项"]),
        least=_bound(line, "最小"),
        most=_bound(line, "最大"),
        in_roster=line["名册"] == "是",
        carried_from=line["上年取自"] or carried_from,
    )


def _single_fields(draft: FormDraft, areas: Mapping[str, Range]) -> Iterator[Field]:
    """The fields that stand once: named alone, or a row label by a heading."""
    headings = {
        line["名称"].removeprefix("*."): line
        for line in draft.fields
        if line["名称"].startswith("*.")
    }
    for line in draft.fields:
        name = line["名称"]
        if name.endswith(".*"):
            for heading, above in headings.items():
                crossing = f"{name[:-2]}.{heading}"
                if crossing in areas:
                    yield _field(
                        draft.prefix,
                        line,
                        crossing,
                        areas[crossing],
                        _labels(above),
                        prompt=above["提示"],
                        carried_from=above["上年取自"].replace("*", name[:-2]),
                    )
        elif "." not in name:
            yield _field(draft.prefix, line, name, areas.get(name))


def _until(grid: Grid, area: Range, fields: Sequence[Field]) -> tuple[str, ...]:
    """The label in the first filled row under a group, with the other ways it is worded."""
    below = [at for at, cell in grid.cells.items() if at[0] > area.bottom and cell.value]
    if not below:
        return ()
    label = str(grid.cells[min(below)].value)
    worded = [name for field in fields if label in field.labels for name in field.labels]
    return tuple(dict.fromkeys([label, *worded]))


def _group(
    draft: FormDraft,
    name: str,
    lines: Sequence[Line],
    areas: Mapping[str, Range],
    grid: Grid,
    fields: Sequence[Field],
) -> RowGroup:
    placed = [areas[line["名称"]] for line in lines if line["名称"] in areas]
    if not placed:
        raise TemplateError(
            f"表 {draft.prefix} 的行组“{name}”没有一列能在版面上找到，请核对名称是否被删除"
        )
    area = Range(
        min(a.top for a in placed),
        min(a.left for a in placed),
        max(a.bottom for a in placed),
        max(a.right for a in placed),
    )
    columns = tuple(
        _field(draft.prefix, line, line["名称"].split(".")[1], areas.get(line["名称"]), (), name)
        for line in lines
    )
    keys = [line["名称"].split(".")[1] for line in lines if line["必填"] == KEY_COLUMN]
    return RowGroup(
        name=name,
        columns=columns,
        key=keys[0] if keys else "",
        area=area,
        sections=draft.sections.get(name, ()),
        until=_until(grid, area, fields),
    )


def form(draft: FormDraft, areas: Mapping[str, Range], grid: Grid) -> Form:
    """One form, from its texts, the places of its fields and its sheet."""
    refuse_unclear(draft.fields)
    fields = tuple(_single_fields(draft, areas))
    groups = {
        name: _group(draft, name, lines, areas, grid, fields)
        for name, lines in group_lines(draft.fields).items()
    }
    facts = draft.facts
    return Form(
        id=facts["类别"],
        prefix=draft.prefix,
        sheet=facts["工作表"],
        titles=listed(facts["标题"]),
        repeatable=facts["重复"] == "是",
        fields={field.name: field for field in fields},
        groups=groups,
        grid=grid,
        unit_field=facts["单位栏"] or None,
        name_field=facts["名称栏"] or None,
    )


def _scope(draft: RuleDraft) -> tuple[tuple[str, ...], str | None]:
    """The forms a rule runs on and, for a rule on rows, the group."""
    scope = draft.entries["范围"]
    how, _, where = scope.partition(" ")
    places = [place.strip() for place in where.split("、") if place.strip()]
    if how == BETWEEN_FORMS and not places:
        return (draft.entries["位置"].split(".")[0],), None
    if how == "表" and places:
        return tuple(places), None
    pairs = [place.partition(".")[::2] for place in places]
    if how == "行" and pairs and len({group for _, group in pairs}) == 1 and pairs[0][1]:
        return tuple(prefix for prefix, _ in pairs), pairs[0][1]
    raise TemplateError(
        f"{draft.at}规则 {draft.code} 的范围“{scope}”不认识；"
        "应写“表 整体、项目”“行 整体.指标、项目.指标”或“表间”"
    )


def _rule(draft: RuleDraft) -> Rule:
    entries = draft.entries
    if entries["级别"] not in LEVELS:
        raise TemplateError(
            f"{draft.at}规则 {draft.code} 的级别“{entries['级别']}”不认识，"
            f"可用的有：{'、'.join(LEVELS)}"
        )
    forms, group = _scope(draft)
    return Rule(
        code=draft.code,
        name=draft.name,
        status=entries["状态"],
        level=LEVELS[entries["级别"]],
        forms=forms,
        group=group,
        precondition=entries["前提"],
        exempt=entries["例外"],
        formula=entries["公式"],
        target=entries["位置"],
        stated=entries["填报"],
        expected=entries["应为"],
        tolerance=entries["容差"],
        message=entries["提示语"],
        advice=entries["整改建议"],
        basis=entries["依据"],
        since=entries["自"],
    )


def _case(draft: CaseDraft) -> Case:
    inputs: dict[str, str | tuple[str, ...]] = {}
    for item in _NEXT_INPUT.split(draft.inputs) if draft.inputs else ():
        name, equals, typed = item.partition("=")
        if not equals:
            raise TemplateError(
                f"{draft.at}规则 {draft.code} 的试例“{item}”里没有等号，应写“名=值”"
            )
        texts = tuple("" if text == BLANK else text for text in typed.split("|"))
        inputs[name.strip()] = texts if len(texts) > 1 else texts[0]
    return Case(draft.code, draft.verdict, inputs)


def template(
    draft: Draft, areas: Mapping[str, Mapping[str, Range]], grids: Mapping[str, Grid]
) -> Template:
    """The whole template; ``areas`` and ``grids`` by the prefix of their form.

    Raises TemplateError for a text that is none of those the engine knows.
    """
    return Template(
        id=draft.facts["编号"],
        title=draft.title,
        year=_whole(draft.facts["年度"], "_模板", "年度"),
        version=draft.facts["版本"],
        source=draft.facts["来源"],
        forms=tuple(form(one, areas[one.prefix], grids[one.prefix]) for one in draft.forms),
        rules=tuple(_rule(rule) for rule in draft.rules),
        cases=tuple(_case(case) for case in draft.cases),
        shorthands=tuple(Shorthand(s["名称"], s["公式"], s["说明"]) for s in draft.shorthands),
        instructions=draft.instructions,
    )
