"""The three tables as printed boxes: where each text and number of the notice's form stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from tests.seed_tables import Indicator, Number, OverallTable, ProjectTable, Tables

FOOTER = "填表人：张三　　填报日期：2025.4.30　　联系电话：13800000000　　单位负责人签字："
_KIND_OF_MONEY = ("amount", "amount", "amount", "points", "ratio", "points")
_HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
_REASON = "偏差原因分析及改进措施"


class Box(NamedTuple):
    """One printed cell: its top left corner, its size, what it holds and how it looks."""

    row: int
    col: int
    rows: int
    cols: int
    value: Number
    style: str


Sheet = list[Box]


def basic(tables: Tables) -> Sheet:
    """附件2, seven columns wide."""
    table, year = tables.basic, tables.year
    boxes = [
        Box(1, 1, 1, 7, "附件2", "note"),
        Box(2, 1, 1, 7, f"{year}年度部门（单位）整体支出绩效评价基础数据表", "title"),
        Box(3, 1, 2, 1, "财政供养人员情况（人）", "head"),
        *_thirds(3, ("编制数", f"{year}年实际在职人数", "控制率"), ("head",) * 3),
        *_thirds(4, (table.posts, table.staff, table.control), ("count", "count", "ratio")),
        Box(5, 1, 1, 1, "经费控制情况（万元）", "head"),
        *_thirds(5, (f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数"), ("head",) * 3),
    ]
    row = 6
    lines: list[tuple[str, tuple[Number, ...]]] = list(table.money.items())
    for section, projects in table.projects.items():
        lines.append((section, (None, None, None)))
        lines += list(projects) or [(".....", (None, None, None))]
    lines += list(table.after.items())
    for name, money in lines:
        boxes.append(Box(row, 1, 1, 1, name, "left"))
        boxes += _thirds(row, money, ("amount",) * 3)
        row += 1
    boxes.append(Box(row, 1, 2, 1, f"楼堂馆所控制情况（{year}年完工项目）", "head"))
    heads = ("批复规模（m²）", "实际规模（m²）", "规模控制率")
    heads += ("预算投资（万元）", "实际投资（万元）", "投资概算控制率")
    styles = ("amount", "amount", "ratio") * 2
    boxes += [Box(row, col, 1, 1, head, "head") for col, head in enumerate(heads, 2)]
    boxes += [
        Box(row + 1, col, 1, 1, value, style)
        for col, (value, style) in enumerate(zip(table.buildings, styles, strict=True), 2)
    ]
    boxes.append(Box(row + 2, 1, 1, 1, "厉行节约保障措施", "head"))
    boxes.append(Box(row + 2, 2, 1, 6, table.savings, "text"))
    boxes.append(Box(row + 3, 1, 1, 7, FOOTER, "note"))
    return boxes


def _thirds(row: int, values: tuple[Number, ...], styles: tuple[str, ...]) -> Iterator[Box]:
    for place, (value, style) in enumerate(zip(values, styles, strict=True)):
        yield Box(row, 2 + 2 * place, 1, 2, value, style)


def _money_beside(table: OverallTable) -> Sheet:
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    boxes = []
    for place, (head, value) in enumerate(zip(heads, table.money, strict=True)):
        boxes.append(Box(4, 2 + 2 * place, 1, 1, head, "head"))
        boxes.append(Box(4, 3 + 2 * place, 1, 1, value, _KIND_OF_MONEY[place]))
    return boxes


def _money_below(table: OverallTable) -> Sheet:
    """The layout of most other years: a header row, and a row 年度资金总额 under it."""
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    boxes = [Box(4, 2, 1, 1, None, "head"), Box(5, 2, 1, 1, "年度资金总额", "head")]
    starts = ((3, 2), (5, 2), (7, 2), (9, 2), (11, 1), (12, 2))
    for (col, cols), head, value, style in zip(
        starts, heads, table.money, _KIND_OF_MONEY, strict=True
    ):
        boxes.append(Box(4, col, 1, cols, head, "head"))
        boxes.append(Box(5, col, 1, cols, value, style))
    return boxes


def overall(tables: Tables, header_row: bool = False) -> Sheet:
    """附件3, thirteen columns wide; 按支出性质分 holds its values behind the colon."""
    table = tables.overall
    boxes = [
        Box(1, 1, 1, 13, "附件3", "note"),
        Box(2, 1, 1, 13, f"{tables.year}年度部门（单位）整体支出绩效自评表", "title"),
        Box(3, 1, 1, 1, "预算单位名称", "head"),
        Box(3, 2, 1, 12, tables.unit, "text"),
        *(_money_below(table) if header_row else _money_beside(table)),
    ]
    row = first = 6 if header_row else 5
    for name, value in table.income.items():
        boxes.append(Box(row, 2, 1, 3, name, "left"))
        boxes.append(Box(row, 5, 1, 2, value, "amount"))
        row += 1
    spending = list(table.spending.items())
    for place in range(len(table.income)):
        name, value = spending[place] if place < len(spending) else ("", None)
        shown = name if value is None else f"{name}{value:g}"
        boxes.append(Box(first + place, 7, 1, 7, shown or None, "left"))
    boxes.append(Box(4, 1, row - 4, 1, "年度预算申请（万元）", "head"))
    boxes.append(Box(row, 1, 2, 1, "年度总体目标", "head"))
    boxes += [
        Box(row, 2, 1, 5, "预期目标", "head"),
        Box(row, 7, 1, 7, "实际完成情况", "head"),
        Box(row + 1, 2, 1, 5, table.goal, "text"),
        Box(row + 1, 7, 1, 7, table.done, "text"),
    ]
    columns = ((2, 1), (3, 1), (4, 2), (6, 2), (8, 2), (10, 1), (11, 1), (12, 2))
    boxes += _indicators(row + 2, columns, table.indicators, table.totals)
    return boxes


def project(tables: Tables, table: ProjectTable) -> Sheet:
    """附件4, nine columns wide."""
    boxes = [
        Box(1, 1, 1, 9, "附件4", "note"),
        Box(2, 1, 1, 9, f"{tables.year}年度项目支出绩效自评表", "title"),
        Box(3, 1, 1, 2, "项目支出名称", "head"),
        Box(3, 3, 1, 7, table.name, "text"),
        Box(4, 1, 1, 2, "主管部门", "head"),
        Box(4, 3, 1, 2, tables.unit, "text"),
        Box(4, 5, 1, 1, "实施单位", "head"),
        Box(4, 6, 1, 4, tables.unit, "text"),
        Box(5, 1, 2 + len(table.sources), 1, "项目资金（万元）", "head"),
        Box(5, 2, 1, 2, None, "head"),
    ]
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    boxes += [Box(5, col, 1, 1, head, "head") for col, head in enumerate(heads, 4)]
    boxes.append(Box(6, 2, 1, 2, "年度资金总额", "left"))
    boxes += [
        Box(6, col, 1, 1, value, style)
        for col, (value, style) in enumerate(zip(table.money, _KIND_OF_MONEY, strict=True), 4)
    ]
    row = 7
    for name, money in table.sources.items():
        boxes.append(Box(row, 2, 1, 2, name, "left"))
        boxes += [Box(row, col, 1, 1, value, "amount") for col, value in enumerate(money, 4)]
        boxes += [Box(row, col, 1, 1, "—", "head") for col in (7, 8, 9)]
        row += 1
    boxes += [
        Box(row, 1, 2, 1, "年度总体目标", "head"),
        Box(row, 2, 1, 4, "预期目标", "head"),
        Box(row, 6, 1, 4, "实际完成情况", "head"),
        Box(row + 1, 2, 1, 4, table.goal, "text"),
        Box(row + 1, 6, 1, 4, table.done, "text"),
    ]
    columns = tuple((col, 1) for col in range(2, 10))
    boxes += _indicators(row + 2, columns, table.indicators, table.totals)
    return boxes


def _indicators(
    top: int,
    columns: tuple[tuple[int, int], ...],
    indicators: tuple[Indicator, ...],
    totals: tuple[Number, Number],
) -> Sheet:
    heads = (*_HEADS, _REASON)
    last_col = columns[-1][0] + columns[-1][1] - 1
    bottom = top + len(indicators)
    boxes = [Box(top, 1, len(indicators) + 1, 1, "绩效指标", "head")]
    boxes += [
        Box(top, col, 1, cols, head, "head")
        for (col, cols), head in zip(columns, heads, strict=True)
    ]
    boxes += _categories(top + 1, columns[0], indicators, lambda one: one.first)
    boxes += _categories(top + 1, columns[1], indicators, lambda one: one.first + one.second)
    styles = ("text", "head", "head", "points", "points", "text")
    for row, one in enumerate(indicators, top + 1):
        values = (one.third, one.target, one.actual, one.points, one.score, one.reason)
        for (col, cols), value, style in zip(columns[2:], values, styles, strict=True):
            boxes.append(Box(row, col, 1, cols, value, style))
    points, score = columns[5][0], columns[6][0]
    boxes += [
        Box(bottom + 1, 1, 1, points - 1, "总分", "head"),
        Box(bottom + 1, points, 1, 1, totals[0], "points"),
        Box(bottom + 1, score, 1, 1, totals[1], "points"),
        Box(bottom + 1, columns[7][0], 1, columns[7][1], None, "text"),
        Box(bottom + 2, 1, 1, last_col, FOOTER, "note"),
    ]
    return boxes


def _categories(
    row: int,
    column: tuple[int, int],
    indicators: tuple[Indicator, ...],
    what: Callable[[Indicator], str],
) -> Iterator[Box]:
    """One box for each run of indicators of the same category."""
    for _, run in groupby(indicators, what):
        same = list(run)
        shown = same[0].first if what(same[0]) == same[0].first else same[0].second
        yield Box(row, column[0], len(same), column[1], shown, "head")
        row += len(same)
