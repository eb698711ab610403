"""The process that opens files of other formats: ``python -m perfxl.legacy.worker``.

It answers one request after the other, from standard input to standard output: a line of
JSON that ends with the size of what follows, then those bytes. Answers are JSON and plain
bytes, never pickles, so that a worker which a file has taken over cannot reach its caller.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

Answer = tuple[str, bytes]
"""What became of a request (a word of ``keeper``), and the result or the reason."""


def main() -> None:
    """Serve until standard input ends."""
    incoming, outgoing = sys.stdin.buffer, _private_output()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while line := incoming.readline():
        request = json.loads(line)
        _limit(request["memory"], request["seconds"])
        word, result = _answer(request, incoming.read(request["size"]))
        outgoing.write(json.dumps({"word": word, "size": len(result)}).encode() + b"\n")
        outgoing.write(result)
        outgoing.flush()


def _private_output() -> BinaryIO:
    """Standard output for answers alone; what a library prints goes nowhere."""
    outgoing = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return outgoing


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        # Should the caller die, nobody is left to end a worker that runs in circles.
        (resource.RLIMIT_CPU, int(time.process_time()) + seconds + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        least = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        # macOS takes no limit on the address space; the caller's clock ends a worker all the same.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (least, most))


def _answer(request: dict[str, str], data: bytes) -> Answer:
    try:
        return _action(request["action"])(request, data)
    except MemoryError:
        return "memory", b""
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # a panic of the Rust reader is no Exception
        return "damaged", str(fault)[:200].encode("utf-8", "replace")


def _action(name: str) -> Callable[[dict[str, str], bytes], Answer]:
    if name == "unlock":
        from perfxl.legacy.unlocking import unlock

        return unlock
    from perfxl.legacy.reading import read

    return read


if __name__ == "__main__":
    main()
