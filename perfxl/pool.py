"""Work spread over the cores of this machine, or over any executor."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST_PROCESSES = 61
"""Windows can wait for no more of them at a time."""
_MOST_AT_ONCE = 20
"""Items that a process takes in one go: it ends on an interrupt only when it has done them,
and only then does the bar move on."""

_SELDOM = 70_000
"""Objects made and kept before rings are looked for: about ten workbooks' worth."""


def collect_seldom() -> None:
    """Let a process that does nothing but our work look for rings of dead objects seldom.

    A check leaves few, all in one ring that lasts no longer than the workbook; looking for
    them after every 700 objects takes a tenth of its time.
    """
    gc.set_threshold(_SELDOM)


def in_parallel(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    executor: Executor | None = None,
    jobs: int | None = None,
    lost: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """The results of ``work`` in the order of ``items``.

    Without an executor, ``jobs`` processes share the work (all cores by default; one item
    needs none). ``lost`` gives the result for an item whose process died; without it that
    raises BrokenProcessPool.
    """
    if executor is not None:
        yield from executor.map(work, items)
        return
    workers = min(jobs or os.cpu_count() or 1, len(items), _MOST_PROCESSES)
    if workers <= 1:
        yield from map(work, items)
        return
    # Processes are imported where they are needed: one workbook must be checked quickly.
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    try:
        for result in _pooled(work, items, workers):
            done += 1
            yield result
    except BrokenProcessPool:
        if lost is None:
            raise
        # One item broke the pool, and took the others along: each of the rest on its own.
        for item in items[done:]:
            try:
                yield from _pooled(work, [item], 1)
            except BrokenProcessPool:
                yield lost(item)


def _pooled(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_begin_worker)
    try:
        chunk = max(1, min(_MOST_AT_ONCE, len(items) // (workers * 8)))
        yield from pool.map(work, items, chunksize=chunk)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    collect_seldom()
    # Interrupts are for the parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
