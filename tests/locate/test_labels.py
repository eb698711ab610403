"""Which texts are the same label."""

from __future__ import annotations

import pytest

from perfxl.locate.labels import inline, is_footer, label, year_alone, year_in


def same(one: str, other: str) -> bool:
    return bool({key for key, _ in label(one).keys} & {key for key, _ in label(other).keys})


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (" 全 年\n执行数 ", "全年执行数"),
        ("全年执行数（B）", "全年执行数"),
        ("执行率（B/A×100%）", "执行率"),
        ("得分(20分*执行率)", "得分"),
        ("批复规模（m²）", "批复规模"),
        ("（一）部门基本支出", "一、部门基本支出"),
        ("其中：一般公共预算：", "一般公共预算"),
        ("2022年决算数", "2024年决算数"),
        ("2024年末实际在职人数", "实际在职人数"),
        ("“三公”经费", "三公经费"),
        ("水费、电费、差旅费", "水费,电费,差旅费"),
    ],
)
def test_the_same_label_in_other_words(written: str, printed: str) -> None:
    assert same(written, printed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("基本支出", "项目支出"),
        ("年初预算数", "全年预算数"),
        ("部门基本支出", "部门基本支出预算调整"),
        ("控制率", "规模控制率"),
        ("2024年预算数", "2024年决算数"),
    ],
)
def test_different_labels_stay_different(one: str, other: str) -> None:
    assert not same(one, other)


def test_the_more_literal_a_key_the_more_it_is_worth() -> None:
    worths = [worth for _, worth in label("一、2024年部门支出（万元）").keys]
    assert worths == sorted(worths, reverse=True)
    assert len(worths) == 4


def test_a_label_remembers_its_year() -> None:
    assert label("2023年决算数").year == 2023
    assert label("决算数").year is None


def test_a_long_text_is_no_label() -> None:
    assert label("高质高效推进各项工作" * 20).keys == ()


def test_a_value_behind_a_colon() -> None:
    assert inline("其中: 基本支出: 84.38")[0] == ("其中: 基本支出", "84.38")
    assert inline("项目支出：") == ()


def test_only_the_colons_of_a_label_part_it_from_a_value() -> None:
    assert inline("支出：" + "1：" * 10**6)[-1][0] == "支出"
    assert inline("说明" * 40 + "：无") == ()


def test_what_follows_on_the_line_is_no_part_of_the_value() -> None:
    assert inline("填报单位：某某局　　填报日期：2025.4.30")[-1] == ("填报单位", "某某局")


def test_footers() -> None:
    assert is_footer("填表人：张三　填报日期：2025.4.30")
    assert is_footer("注：金额单位为万元")
    assert not is_footer("主管部门")


def test_the_year_of_a_title() -> None:
    assert year_in("某某局2024年度项目支出绩效自评表") == 2024
    assert year_alone("（2024 年度）") == 2024
    assert year_alone("2024年度项目支出绩效自评表") is None
