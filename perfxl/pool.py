"""Work spread over the cores of this machine, or over any executor."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")


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
    workers = min(jobs or os.cpu_count() or 1, len(items))
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

    pool = ProcessPoolExecutor(workers, initializer=_leave_interrupts_to_the_parent)
    try:
        yield from pool.map(work, items, chunksize=max(1, len(items) // (workers * 8)))
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
