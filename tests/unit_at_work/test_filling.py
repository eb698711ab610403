"""A unit fills a blank in LibreOffice; what the workbook says itself is what check says."""

from __future__ import annotations

import pytest

from perfxl.package import read_book
from perfxl.template import available, shipped
from perfxl.template.live import FAILED, PASSED
from tests.unit_at_work.actions import needs_uno
from tests.unit_at_work.trials import Trial, fillings, tried

IDS = [path.stem for path in available()]
_WRONG = 1


@pytest.fixture(scope="module")
def hunan(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    """The published tables and a sound variant, as they are and with rows inserted."""
    template = shipped("hunan-2024")
    folder = tmp_path_factory.mktemp("units")
    return {one.name: one for one in tried(template, fillings(template, 0), folder)}


def disagreements(trials: list[Trial]) -> list[str]:
    return [f"{trial.name}: {one}" for trial in trials for one in trial.verdicts if not one.agrees]


@needs_uno
def test_the_published_figures_appear_by_themselves(hunan: dict[str, Trial]) -> None:
    seed = hunan["seed"]
    assert seed.computed("基础", "控制率") == "87.50%"
    assert seed.computed("整体", "执行率") == "98.05%"
    assert seed.computed("整体", "执行率得分") == "9.81"
    assert seed.computed("整体", "总分") == "98.71", "88.9 and 9.81; the unit had 9.8 and 98.7"
    assert seed.computed("项目", "执行率", 2) == "95.83%"
    assert seed.computed("项目", "总分", 2) == "99.58"
    assert hunan["clean"].computed("整体", "总分") == "99.65"


@needs_uno
def test_a_copied_sheet_computes_for_itself(hunan: dict[str, Trial]) -> None:
    seed = hunan["seed"]
    first, second = seed.on("项目", 1).sheet, seed.on("项目", 2).sheet
    assert (first, second) == ("附件4", "附件4 (2)")
    assert seed.shown[first, "执行率得分"] in ("", "0"), "0 of 0 spent"
    assert seed.shown[second, "执行率得分"] == "9.58"
    assert {one.sheet for one in seed.verdicts} >= {first, second}


@needs_uno
@pytest.mark.parametrize("name", ["seed", "clean"])
def test_sums_take_in_rows_that_are_inserted(hunan: dict[str, Trial], name: str) -> None:
    plain, grown = hunan[name], hunan[f"{name} with rows"]
    assert len(grown.inserted) >= 4 and all(grown.inserted), "the sheets are protected"
    for cell in ("分值合计", "总分"):
        assert grown.computed("整体", cell) == plain.computed("整体", cell)
        assert grown.computed("项目", cell) == plain.computed("项目", cell)


@needs_uno
@pytest.mark.parametrize("name", ["seed", "clean"])
def test_rows_that_stay_empty_can_be_deleted(hunan: dict[str, Trial], name: str) -> None:
    plain, tidied = hunan[name], hunan[f"{name} tidied"]
    assert len(tidied.deleted) >= 3 and all(tidied.deleted), "the sheets are protected"
    assert tidied.shown == plain.shown
    assert [one[:4] for one in tidied.verdicts] == [one[:4] for one in plain.verdicts]


@needs_uno
def test_a_unit_types_into_open_cells_only(hunan: dict[str, Trial]) -> None:
    assert {trial.name: trial.refused for trial in hunan.values() if trial.refused} == {}


@needs_uno
def test_the_published_tables_have_passed_and_failed_rules(hunan: dict[str, Trial]) -> None:
    said = {one.own for one in hunan["seed"].verdicts}
    assert {PASSED, FAILED} <= said
    assert [str(one) for one in hunan["clean"].verdicts if one.own == FAILED] == []


@needs_uno
@pytest.mark.parametrize("name", ["seed", "clean", "seed with rows"])
def test_the_count_at_the_top_takes_in_the_lists_below_copied_forms(
    hunan: dict[str, Trial], name: str
) -> None:
    grid = read_book(hunan[name].path).grid("自查")
    assert grid is not None
    top = grid.at(2, 1)
    assert top is not None
    crosses = sum(one.own == FAILED for one in hunan[name].verdicts)
    assert str(top.value).startswith(f"不符（✗）{crosses} 条")


@needs_uno
def test_the_workbook_and_check_agree_on_every_rule(hunan: dict[str, Trial]) -> None:
    assert disagreements(list(hunan.values())) == []
    assert all(len(trial.verdicts) >= 100 for trial in hunan.values())


@needs_uno
@pytest.mark.parametrize("id_", IDS)
def test_they_agree_in_every_template(id_: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    template = shipped(id_)
    filled = {
        name: one
        for name, one in fillings(template, _WRONG).items()
        if id_ != "hunan-2024" or name.startswith("mistake")
    }
    trials = list(tried(template, filled, tmp_path_factory.mktemp(id_)))
    assert disagreements(trials) == []
    assert {trial.name: trial.refused for trial in trials if trial.refused} == {}
    assert all(all((*trial.inserted, *trial.deleted)) for trial in trials)


@needs_uno
@pytest.mark.slow
@pytest.mark.parametrize("id_", IDS)
def test_they_agree_on_twenty_fillings_with_a_mistake_each(
    id_: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    template = shipped(id_)
    wrong = {name: one for name, one in fillings(template).items() if name.startswith("mistake")}
    trials = list(tried(template, wrong, tmp_path_factory.mktemp(id_)))
    assert len(trials) == 20
    assert disagreements(trials) == []
    found = sum(any(one.found for one in trial.verdicts) for trial in trials)
    assert found >= 10, "most fillings break a rule that the workbook works out itself"
