"""Standard output and standard error: there, and legible whatever the system's encoding."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
"""Chinese Windows writes GBK, which lacks rare characters of names; GB18030 adds them."""
_NEEDED = "预算绩效—“”→✓"
_GONE = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)
"""What writing to a pipe comes to once nobody reads it; Windows says it in two ways."""


def open_streams() -> None:
    """Give both streams an encoding that holds Chinese, and replace one that is missing.

    A program that was started without a console, or with a closed stream, has none.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Open until the process ends, as a stream is.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            wanted = legible(stream.encoding)
            if wanted != codecs.lookup(stream.encoding).name:
                stream.reconfigure(encoding=wanted, errors=stream.errors)


def legible(given: str) -> str:
    """The encoding to write Chinese in where the system asks for that one."""
    found = codecs.lookup(given).name
    found = _WIDER.get(found, found)
    try:
        _NEEDED.encode(found)
    except UnicodeEncodeError:
        return "utf-8"
    return found


@contextmanager
def to_a_reader() -> Iterator[None]:
    """Writing to standard output: BrokenPipeError once nobody reads it any more."""
    try:
        yield
    except OSError as error:
        if error.errno in _GONE:
            raise BrokenPipeError(errno.EPIPE, "") from None
        raise
