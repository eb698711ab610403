"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

template = click.option(
    "-t", "--template", metavar="ID|PATH", help="模板编号或模板工作簿（默认按内容识别）。"
)


def jobs(doing: str) -> Callable[[Any], Any]:
    """How many files are worked on at once; ``doing`` is the verb of its help."""
    return click.option(
        "-j",
        "--jobs",
        metavar="N",
        type=click.IntRange(min=1),
        help=f"同时{doing}几个文件（默认用全部核心）。",
    )
