"""Which form is where, and which template a workbook was filled in on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perfxl.locate import locate, recognise
from perfxl.model import Book, Cell, Grid, Template
from perfxl.package import read_book
from tests import seed_tables, shapes
from tests.grids import book, grid
from tests.locate.test_pairs import INDICATORS, ROWS, TITLE

REAL = Path(__file__).parents[3] / "shared" / "cases" / "real"
TRAVEL = "| 差旅费报销单 |\n| 姓名 | 部门 | 金额 |\n| 某某 | 办公室 | 300 |\n"


def test_an_unknown_workbook_is_one_finding(template: Template) -> None:
    binding = locate(book(grid(TRAVEL)), template)
    assert binding.forms == ()
    assert [finding.code for finding in binding.findings] == ["F009"]
    assert template.title in binding.findings[0].message


def test_an_unknown_workbook_names_the_closest_template(template: Template) -> None:
    found = recognise(book(grid(TRAVEL)), [template])
    assert not found.known
    assert found.template is template
    assert len(found.missing) == 3


def test_an_empty_workbook_is_unknown(template: Template) -> None:
    assert not recognise(book(Grid("Sheet1", {})), [template]).known
    assert [one.code for one in locate(book(Grid("Sheet1", {})), template).findings] == ["F009"]


@pytest.mark.parametrize("build", [shapes.official, shapes.stacked, shapes.shifted])
def test_all_shapes_are_recognised(build: object, template: Template, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(seed_tables.seed(), path)  # type: ignore[operator]
    found = recognise(read_book(path), [template])
    assert found.known
    assert found.score > 0.9
    assert found.missing == ()


def test_of_two_years_the_one_in_the_titles_wins(template: Template) -> None:
    last_year = replace(template, id="hunan-2023", year=2023)
    text = grid(TITLE + ROWS + INDICATORS)
    assert recognise(book(text), [last_year, template]).template is template
    older = grid((TITLE + ROWS + INDICATORS).replace("2024", "2023"))
    assert recognise(book(older), [template, last_year]).template is last_year


def test_a_form_without_title_is_known_by_its_labels(template: Template) -> None:
    parts = "|一般公共预算：85.53|其中：基本支出：84.38|\n|预期目标|实际完成情况|\n|好|好|\n"
    binding = locate(book(grid(ROWS + parts + INDICATORS)), template)
    form = binding.of("整体")[0]
    assert form.title is None
    assert form.fields["全年执行数"].value.value == 85.53
    assert form.fields["预期目标"].value.value == "好"


@pytest.mark.parametrize(
    "title",
    [
        "| 附件3 2024年度部门（单位）整体支出绩效自评表 |\n",
        "| 某某局2024年度部门整体支出 |\n| 绩效自评表 |\n",
        "| 部门整体支出绩效自评表 |\n| （2024年度） |\n",
        "| 部门整体支出绩效自评表（2024年度） |\n",
    ],
)
def test_ways_to_write_a_title(title: str, template: Template) -> None:
    form = locate(book(grid(title + ROWS + INDICATORS)), template).of("整体")[0]
    assert form.year == 2024
    assert form.title is not None and form.title.cell == "A1"


def test_the_same_form_twice_is_said_and_only_the_fuller_one_read(template: Template) -> None:
    full = grid(TITLE + ROWS + INDICATORS, "正式")
    draft = grid(TITLE + ROWS.replace("110.71", "") + INDICATORS, "草稿")
    binding = locate(book(draft, full), template)
    assert [form.sheet for form in binding.forms] == ["正式"]
    twice = [finding for finding in binding.findings if finding.code == "L104"]
    assert [finding.sheet for finding in twice] == ["草稿"]


def test_a_title_in_a_list_of_annexes_is_no_form(template: Template) -> None:
    annexes = (
        "| 附件：1、2024年度部门整体支出绩效评价基础数据表 |\n| 2、2024年度项目支出绩效自评表 |\n"
    )
    binding = locate(book(grid(annexes, "目录"), grid(TITLE + ROWS + INDICATORS)), template)
    assert [form.form.prefix for form in binding.forms] == ["整体"]
    assert not any(finding.code == "L105" for finding in binding.findings)


def test_forms_that_are_not_there_are_notes(template: Template) -> None:
    binding = locate(book(grid(TITLE + ROWS + INDICATORS)), template)
    absent = [finding.form for finding in binding.findings if finding.code == "L106"]
    assert absent == ["basic", "project"]


def published(name: str) -> Book:
    """A table that a unit published, transcribed: one sheet per table, everything text."""
    path = REAL / f"{name}.json"
    if not path.exists():
        pytest.skip("the transcribed tables (../shared/cases/real) are not on this machine")
    tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    grids = (
        Grid(
            f"S{number}",
            {
                (r, c): Cell(r, c, text)
                for r, row in enumerate(table["rows"], 1)
                for c, text in enumerate(row, 1)
                if text
            },
        )
        for number, table in enumerate(tables)
    )
    return book(*grids)


def test_the_basic_form_of_2018_with_its_rows_in_another_order(template: Template) -> None:
    form = locate(published("hunan-unknown-basic-2018"), template).of("基础")[0]
    found = {name: form.fields[name].value.value for name in ("编制数", "实有人数", "控制率")}
    assert found == {"编制数": 143, "实有人数": 136, "控制率": 0.951}
    assert form.fields["办公经费.上年决算数"].value.value == 14.44
    assert form.fields["公务用车购置.本年决算数"].value.value == 29.46
    assert form.groups["项目"][0].values["本年决算数"].value.value == 689.16


def test_a_project_form_of_another_city_in_another_unit_of_money(template: Template) -> None:
    binding = locate(published("shanghai-putuo-sports-2022"), template)
    first = binding.of("项目")[0]
    names = ("年初预算数", "全年执行数", "执行率", "执行率得分", "当年财政拨款.全年执行数", "总分")
    assert [first.fields[name].value.value for name in names] == [
        25,
        21.54576,
        0.8619,
        8.62,
        21.54576,
        98.62,
    ]
    assert len(first.groups["指标"]) == 5
    converted = [finding.sheet for finding in binding.findings if finding.code == "V207"]
    assert converted == [form.sheet for form in binding.of("项目")]


@pytest.mark.parametrize("name", ["anhui-xuancheng-fangyi-2024", "sichuan-luhuo-disease-2021"])
def test_a_form_of_another_kind_is_unknown(name: str, template: Template) -> None:
    assert [one.code for one in locate(published(name), template).findings] == ["F009"]
