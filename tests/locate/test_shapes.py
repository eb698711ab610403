"""One unit's tables, built as workbooks that look nothing alike, read as the same values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.locate import locate
from perfxl.model import Binding, Book, FormBinding, Template
from perfxl.package import read_book
from tests import seed_tables, shapes
from tests.grids import with_inserted

BUILDERS = (shapes.official, shapes.stacked, shapes.shifted)


def values(binding: Binding) -> list[dict[str, object]]:
    """Every value by its field's name, one dictionary per form."""
    return [form_values(form) for form in binding.forms]


def form_values(form: FormBinding) -> dict[str, object]:
    found: dict[str, object] = {name: b.value.value for name, b in form.fields.items()}
    for group, rows in form.groups.items():
        for number, row in enumerate(rows):
            found |= {f"{group}[{number}].{name}": b.value.value for name, b in row.values.items()}
    return found


def read(build: Callable[..., None], tables: seed_tables.Tables, folder: Path) -> Book:
    path = folder / f"{build.__name__}.xlsx"
    build(tables, path)
    return read_book(path)


@pytest.fixture(scope="module", params=BUILDERS, ids=lambda build: build.__name__)
def seed_binding(
    request: pytest.FixtureRequest, template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Binding:
    folder = tmp_path_factory.mktemp("seed")
    return locate(read(request.param, seed_tables.seed(), folder), template)


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return read(shapes.official, seed_tables.seed(), tmp_path_factory.mktemp("official"))


def test_all_four_forms_are_found_with_the_year_of_their_titles(seed_binding: Binding) -> None:
    assert [form.form.prefix for form in seed_binding.forms] == ["基础", "整体", "项目", "项目"]
    assert {form.year for form in seed_binding.forms} == {2024}


def test_the_overall_form(seed_binding: Binding) -> None:
    form = seed_binding.of("整体")[0]
    money = ("年初预算数", "全年预算数", "全年执行数", "执行率分值", "执行率", "执行率得分")
    stated = [form.fields[name].value.value for name in money]
    assert stated == [110.71, 87.23, 85.53, 10, 0.9805, 9.8]
    parts = ("收入合计", "一般公共预算", "政府性基金", "支出合计", "基本支出", "项目支出")
    stated = [form.fields[name].value.value for name in parts]
    assert stated == [None, 85.53, None, None, 84.38, 1.15]
    assert form.fields["单位名称"].value.value == "洪江区总工会"
    assert form.fields["分值合计"].value.value == 100
    assert form.fields["总分"].value.value == 98.7
    assert set(form.missing) == {"其他资金", "等级"}


def test_the_indicators(seed_binding: Binding) -> None:
    rows = [form.groups["指标"] for form in seed_binding.forms if "指标" in form.groups]
    assert [len(group) for group in rows] == [11, 11, 9]
    fourth = {name: bound.value.value for name, bound in rows[0][3].values.items()}
    assert fourth == {
        "一级指标": "产出指标（40分）",
        "二级指标": "数量指标",
        "三级指标": "各项工作完成率",
        "指标值": "=100%",
        "完成值": "100%",
        "分值": 15,
        "得分": 15,
        "原因": None,
    }
    assert [row.values["一级指标"].value.points for row in rows[2]] == [20] + [40] * 4 + [
        20
    ] * 3 + [10]
    assert [row.values["二级指标"].value.value for row in rows[2][1:3]] == ["数量指标", "数量指标"]
    reasons = [row.values["原因"].value.value for row in rows[1]]
    assert reasons == ["经费不足，项目未开展"] + [None] * 10


def test_the_basic_form(seed_binding: Binding) -> None:
    form = seed_binding.of("基础")[0]
    people = [form.fields[name].value.value for name in ("编制数", "实有人数", "控制率")]
    assert people == [8, 7, 0.875]
    years = [f"基本支出.{column}" for column in ("上年决算数", "本年预算数", "本年决算数")]
    assert [form.fields[name].value.value for name in years] == [121.14, 94.25, 84.38]
    headings = [form.fields[name].label[-4:] for name in years]
    assert headings == ["年决算数", "年预算数", "年决算数"]
    projects = [
        tuple(bound.value.value for bound in row.values.values()) for row in form.groups["项目"]
    ]
    assert projects == [
        ("工会专项业务费", None, 15.3, 0),
        ("洪江区退休劳模慰问津贴", None, 1.15, 1.15),
    ]
    assert all("专项资金" in row.section.replace(" ", "") for row in form.groups["项目"])


def test_the_projects_are_told_apart(seed_binding: Binding) -> None:
    first, second = seed_binding.of("项目")
    assert first.fields["项目支出名称"].value.value == "工会专项业务费"
    assert [first.fields[n].value.value for n in ("年初预算数", "全年预算数")] == [15.3, 0]
    assert second.fields["当年财政拨款.全年执行数"].value.value == 1.15
    assert second.fields["总分"].value.value == 99.58


@pytest.mark.parametrize("tables", [seed_tables.seed(), seed_tables.clean()], ids=["seed", "clean"])
def test_every_field_has_the_same_value_in_every_shape(
    tables: seed_tables.Tables, template: Template, tmp_path: Path
) -> None:
    first, *others = (values(locate(read(build, tables, tmp_path), template)) for build in BUILDERS)
    assert len(first) == 2 + len(tables.projects)
    for other in others:
        assert other == first


def test_nothing_is_noted_but_numbers_typed_as_text(seed_binding: Binding) -> None:
    codes = [finding.code for finding in seed_binding.findings]
    assert set(codes) <= {"V205", "V208"}
    assert codes.count("V205") in (0, 4)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.integers(1, 31), max_size=6),
    columns=st.lists(st.integers(1, 14), max_size=4),
    names=st.lists(
        st.text("abc表一二", min_size=1, max_size=6), min_size=4, max_size=4, unique=True
    ),
)
def test_inserted_rows_columns_and_renamed_sheets_change_nothing(
    official: Book, template: Template, rows: list[int], columns: list[int], names: list[str]
) -> None:
    moved = replace(
        official,
        grids=tuple(
            replace(with_inserted(grid, rows, columns), sheet=name)
            for grid, name in zip(official.grids, names, strict=True)
        ),
    )
    assert values(locate(moved, template)) == values(locate(official, template))


def test_a_value_is_read_the_second_time_from_the_same_cell(
    official: Book, template: Template
) -> None:
    form = locate(official, template).of("整体")[0]
    bound = form.fields["全年执行数"]
    assert (bound.sheet, bound.cell, bound.how, bound.label) == (
        "附件3",
        "G4",
        "右侧",
        "全年执行数",
    )
    assert bound.source is not None and bound.source.value == 85.53
