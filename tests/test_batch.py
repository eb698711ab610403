"""Many workbooks at once: places for the copies, and files that bring a process down."""

from __future__ import annotations

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl import batch
from perfxl.batch import Job, check_and_correct, jobs_for
from perfxl.choice import chosen
from perfxl.model import Level, Repair
from perfxl.pool import in_parallel
from tests.report.reports import finding, report

NAMES = st.sampled_from(["a.xlsx", "A.xlsx", "a-2.xlsx", "a.xlsm", "a.checked.xlsx", "a"])
FOLDERS = st.sampled_from(["x", "y", "x/out"])


@given(st.lists(st.tuples(FOLDERS, NAMES), unique=True), st.sampled_from([None, "x", "x/out"]))
def test_no_copy_takes_the_place_of_another_or_of_an_input(files, folder):
    paths = [f"{where}/{name}" for where, name in files]
    targets = [job.target.casefold() for job in jobs_for(paths, folder=folder)]
    assert len(set(targets)) == len(targets)
    assert set(targets).isdisjoint(path.casefold() for path in paths)


def test_a_copy_is_named_after_its_input_and_keeps_its_macros():
    targets = [Path(job.target).name for job in jobs_for(["in/甲.xlsx", "in/乙.XLSM"], folder="o")]
    assert targets == ["甲.checked.xlsx", "乙.checked.xlsm"]


def test_without_writing_there_are_no_places():
    assert jobs_for(["a.xlsx"], write=False) == [Job("a.xlsx", None)]


def double_or_die(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number * 2


def test_an_item_that_kills_its_process_takes_no_other_along():
    results = list(in_parallel(double_or_die, range(8), jobs=2, lost=lambda number: -number))
    assert results == [0, 2, 4, -3, 8, 10, 12, 14]


def test_no_process_takes_so_much_at_once_that_an_interrupt_has_to_wait(monkeypatch):
    taken = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers: int, initializer: object) -> None:
            super().__init__(workers)

        def map(self, work, items, chunksize):
            taken.append(chunksize)
            return super().map(work, items)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    for many in (2, 10, 1_000, 10_000):
        assert list(in_parallel(abs, range(many), jobs=2)) == list(range(many))
    assert taken == [1, 1, 20, 20]


@pytest.mark.parametrize("cores", [4, 128])
def test_no_more_processes_are_asked_for_than_windows_can_wait_for(monkeypatch, cores):
    asked = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers: int, initializer: object) -> None:
            asked.append(workers)
            super().__init__(1)

        def map(self, work, items, chunksize):
            return super().map(work, items)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert len(list(in_parallel(abs, range(100)))) == 100
    assert asked == [min(cores, 61)]


def test_without_a_substitute_a_dead_process_is_an_error():
    with pytest.raises(BrokenProcessPool):
        list(in_parallel(double_or_die, range(8), jobs=2))


def threshold(_: int) -> int:
    return gc.get_threshold()[0]


def test_only_processes_of_our_own_look_for_rings_of_dead_objects_seldom():
    own, here = (list(in_parallel(threshold, range(2), jobs=jobs)) for jobs in (2, 1))
    assert min(own) > 10_000 and here == [gc.get_threshold()[0]] * 2 and max(here) < min(own)


def test_a_fault_of_our_own_is_a_finding_of_its_file(monkeypatch):
    def broken(*given: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(batch, "check", broken)
    found = check_and_correct(Job("a.xlsx"))
    assert found.verdict == "unreadable"
    assert "ZeroDivisionError" in found.findings[0].message


def test_what_is_said_about_the_file_itself_is_never_left_out():
    given_up = report(finding("F009", form=None, sheet=None, cell=None), verdict="unknown")
    for choice in ({"select": ["C"]}, {"ignore": ["F"]}, {"ignore": ["F009"]}):
        assert chosen(given_up, **choice) == given_up


def test_a_cell_that_no_chosen_finding_speaks_of_is_not_put_right():
    repair = Repair("附件3", 4, 11, "执行率", "89.05%", 0.9805, "98.05%", None)
    found = report(finding("S501"), finding("S513", Level.WARNING, "K19"), repairs=(repair,))
    assert chosen(found, select=["S501"]).repairs == (repair,)
    left = chosen(found, ignore=["S501"])
    assert left.repairs == () and left.verdict == "explain"
