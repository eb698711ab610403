"""Where a command's result goes: standard output, or a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from perfxl.commands.streams import legible, to_a_reader
from perfxl.report.text import DEFAULT_COLUMNS, Look
from perfxl.writing import in_words, write_whole

Result = TypeVar("Result")


def look(quiet: bool = False, file: str | None = None) -> Look:
    """How a text report is shown there: as wide as the terminal, and coloured on one alone."""
    if file is not None or not sys.stdout.isatty():
        return Look(quiet=quiet)
    columns = shutil.get_terminal_size((DEFAULT_COLUMNS, 24)).columns
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Look(columns, not plain, quiet)


def deliver(text: str, file: str | None = None) -> None:
    """Write the text as UTF-8, line breaks as they are, for a program or for a file.

    Raises UnwritableTarget where the file cannot be written.
    """
    # A name need not be text: what is no character of it must not stop the report.
    data = text.encode("utf-8", "replace")
    if file is not None:
        write_whole(file, [data])
    elif sys.stdout.isatty():
        click.echo(data.decode(), nl=False, color=True)
    else:
        _send(data)


def tell(text: str) -> None:
    """Write what a person reads to standard output, as the system writes text: what comes next
    in a pipe (``more``, ``findstr``, PowerShell) reads no other on Chinese Windows.

    Raises UnwritableTarget.
    """
    if sys.stdout.isatty():
        deliver(text)
    else:
        _send(text.encode(legible(sys.stdout.encoding), "replace"))


def _send(data: bytes) -> None:
    with in_words("标准输出"), to_a_reader():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def put(chunks: Iterable[bytes], file: str | None = None) -> None:
    """Write what is already encoded: a file appears whole or not at all.

    Raises UnwritableTarget.
    """
    if file is not None:
        write_whole(file, chunks)
        return
    for chunk in chunks:
        deliver(chunk.decode())


def with_bar(results: Iterable[Result], total: int, label: str) -> Iterator[Result]:
    """The same, with a bar on a terminal while many files are at work."""
    if total <= 1 or not sys.stderr.isatty():
        yield from results
        return
    with click.progressbar(results, length=total, label=label, file=sys.stderr) as bar:
        yield from bar
