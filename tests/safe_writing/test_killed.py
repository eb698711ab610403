"""Killed at any moment of writing, a process leaves every file as it was or as it should be."""

from __future__ import annotations

import os
import random
import resource
import select
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfxl import writing
from perfxl.package import read_book
from tests.safe_writing.ground import OLD, Ground
from tests.safe_writing.told import files
from tests.test_writing import in_a_child


@pytest.fixture(params=[None, OLD], ids=["no copy yet", "a copy to replace"])
def ground(request: pytest.FixtureRequest, tmp_path: Path, filled: Path) -> Ground:
    return Ground(tmp_path, filled, request.param)


def test_the_copy_that_the_kill_tests_look_for_is_whole(ground: Ground):
    ground.write()
    assert ground.state() == "new"
    assert read_book(ground.target).grids[-1].sheet == "校验结果"


KILLS = 50
PATIENCE = 10 * KILLS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("way", ["correct", "write"])
def test_killed_at_random_moments_of_writing_nothing_is_lost_or_half_written(
    tmp_path: Path, filled: Path, record_property: Callable[[str, object], None], way: str
):
    """50 processes that correct, or do nothing but write, are each killed at some moment of
    their first three rounds. A machine may be so busy that each is killed too late, or too
    soon: then more follow."""
    dice = random.Random(20241231)
    grounds = []
    for name, old in (("无", None), ("有", OLD)):
        (tmp_path / name).mkdir()
        grounds.append(Ground(tmp_path / name, filled, old))
    works = [ground.write if way == "correct" else ground.trickle for ground in grounds]
    once = min(_one_round(works[0]) for _ in range(5))
    states: dict[str, int] = {}
    torn = kills = 0
    while kills < KILLS or (kills < PATIENCE and not ({"new"} < set(states) and torn)):
        ground = grounds[kills % 2]
        ground.reset()
        _kill_while(works[kills % 2], dice.uniform(0, 3 * once))
        state = ground.state()
        states[state] = states.get(state, 0) + 1
        torn += ground.leftover()
        kills += 1
    for ground in grounds:
        ground.recovers()
    assert sum(states.values()) == kills >= KILLS
    assert {"new"} < set(states), "some copies were done, some were not"
    assert torn, "not one was killed in the middle of a file"
    record_property("kills", {**states, "in the middle of a file": torn})


def _kill_while(work: Callable[[], object], after: float) -> None:
    """Kill a process that does the work over and over, so long after it began."""
    with _at_work(work) as rounds:
        rounds()
        time.sleep(after)


def _one_round(work: Callable[[], object]) -> float:
    """How long a process takes to do the work once, in seconds, without its start and end."""
    with _at_work(work) as rounds:
        rounds()
        begun = time.perf_counter()
        rounds()
        return time.perf_counter() - begun


@contextmanager
def _at_work(work: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """A process that does the work over and over until the block is left, and then is killed.
    What it gives waits until the next round begins."""
    begun, tell = os.pipe()
    child = os.fork()
    if not child:
        try:
            while True:
                os.write(tell, b".")
                work()
        finally:
            os._exit(1)

    def next_round() -> None:
        assert select.select([begun], [], [], 20)[0]
        os.read(begun, 1)

    try:
        yield next_round
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(begun)
        os.close(tell)


STEPS = ("open", "lstat", "fstat", "stat", "write", "fsync", "replace", "close", "unlink")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_call_of_the_system_nothing_is_lost_or_half_written(
    ground: Ground, when: str
):
    """The process ends before, or after, its first call, its second, and so on."""

    def write_until(last: int) -> None:
        calls = 0

        def counted(true: Callable[..., object]) -> Callable[..., object]:
            def call(*given: object, **named: object) -> object:
                nonlocal calls
                calls += 1
                if calls == last and when == "before":
                    os._exit(9)
                try:
                    return true(*given, **named)
                finally:
                    if calls == last:
                        os._exit(9)

            return call

        for step in STEPS:
            setattr(os, step, counted(getattr(os, step)))
        assert writing.fcntl is not None
        writing.fcntl.flock = counted(writing.fcntl.flock)
        ground.write()

    reached, states = 0, []
    while True:
        ground.reset()
        status = in_a_child(lambda last=reached + 1: write_until(last))
        states.append(ground.state())
        if status == 0:
            break
        assert status == 9
        reached += 1
        ground.recovers()
    assert reached >= 10
    first = "absent" if ground.old is None else "old"
    turn = states.index("new")
    assert states == [first] * turn + ["new"] * (len(states) - turn) and turn > 5


def test_killed_at_each_part_of_the_file_nothing_is_lost_or_half_written(ground: Ground):
    """The system kills the process as soon as its file has so many bytes."""

    def write_at_most(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        ground.write()

    whole = len(ground.new)
    for size in (0, 1, 100, *range(1000, whole, whole // 12), whole - 1):
        ground.reset()
        assert in_a_child(lambda size=size: write_at_most(size)) == -signal.SIGXFSZ
        assert ground.state() == ("absent" if ground.old is None else "old")
        assert ground.leftover()
        ground.recovers()
    ground.reset()
    assert in_a_child(lambda: write_at_most(whole)) == 0
    assert ground.state() == "new"


def test_a_worker_that_dies_while_writing_harms_no_other_file(here, filled, perfxl):
    for name in "abcd":
        shutil.copy(filled, here / f"{name}.xlsx")
    true_replace = os.replace
    here_pid = os.getpid()

    def replace(source: str, target: str) -> None:
        if Path(target).name == "b.checked.xlsx" and os.getpid() != here_pid:
            os._exit(9)
        true_replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        status, out, _ = perfxl("check", ".", "-j", 2, "-f", "json")
    found = files(out)
    assert status == 1 and found["b.xlsx"]["verdict"] == "unreadable"
    assert found["b.xlsx"]["findings"][0]["code"] == "F000"
    assert all(found[f"{name}.xlsx"]["corrected"] for name in "acd")
    assert [path.suffix for path in here.iterdir() if path.name.startswith(".")] == [".tmp"]
    perfxl("check", ".", "-q")
    assert not [path for path in here.iterdir() if path.name.startswith(".")]
