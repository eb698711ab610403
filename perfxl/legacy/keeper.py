"""Keeps worker processes: started when first needed, used again while they behave."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
"""What one request may take: seconds by the clock, bytes of address space."""

DONE, DAMAGED, OUT_OF_MEMORY = "done", "damaged", "memory"
TIMEOUT, DIED = "timeout", "died"
_RETIRED = frozenset({DAMAGED, OUT_OF_MEMORY, TIMEOUT, DIED})
_SPOILT = frozenset({OUT_OF_MEMORY, DIED})
_HOME = Path(__file__).parent.parent.parent


class Answer(NamedTuple):
    """What became of a request: ``word`` is done, timeout, died or what the worker says."""

    word: str
    result: bytes = b""


def ask(action: str, data: bytes, **request: Any) -> Answer:
    """Let a worker do something with the bytes of a file.

    A worker that fails is never used again; one that had served before may have been spoilt
    by an earlier file, so when it dies the request goes to a new one too.
    """
    message = {"action": action, "memory": MEMORY, "seconds": int(SECONDS) + 1, **request}
    while True:
        worker = _take()
        fresh = worker.served == 0
        answer = worker.serve(message, data, SECONDS)
        if answer.word not in _RETIRED:
            _idle.append(worker)
            return answer
        worker.end()
        if fresh or answer.word not in _SPOILT:
            return answer


class _Worker:
    def __init__(self) -> None:
        self.owner = os.getpid()
        self.served = 0
        paths = [str(_HOME), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "perfxl.legacy.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def serve(self, request: dict[str, Any], data: bytes, seconds: float) -> Answer:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        # Killing the process ends any wait on its pipes, on every system.
        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(json.dumps({**request, "size": len(data)}).encode(), data)
        except (OSError, EOFError, ValueError, KeyError):
            answer = Answer(TIMEOUT if late.is_set() else DIED)
        finally:
            timer.cancel()
        self.served += 1
        return answer

    def _exchange(self, request: bytes, data: bytes) -> Answer:
        incoming, outgoing = self.process.stdin, self.process.stdout
        assert incoming is not None and outgoing is not None
        incoming.write(request + b"\n" + data)
        incoming.flush()
        head = json.loads(outgoing.readline())
        result = outgoing.read(head["size"])
        if len(result) < head["size"]:
            raise EOFError
        return Answer(head["word"], result)

    def end(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            # What is left in the buffer has nobody to go to.
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()


_idle: list[_Worker] = []


def _take() -> _Worker:
    """An idle worker of this very process, or a new one; one of before a fork is not ours."""
    while _idle:
        worker = _idle.pop()
        if worker.owner == os.getpid() and worker.process.poll() is None:
            return worker
    return _Worker()


@atexit.register
def _end_all() -> None:
    while _idle:
        worker = _idle.pop()
        if worker.owner == os.getpid():
            worker.end()
