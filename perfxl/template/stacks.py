"""Columns of phrases below one another, so that one formula takes those of all apart."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.template.phrases import READ

STACK = "语"
"""Beside the columns of a group: the phrases of several of them, one column after the other."""
Stacks = Mapping[str, tuple[str, ...]]
"""By its name (``项目.指标.语``), the full names of the columns of a stack, in order."""


def blocks(stacks: Stacks, name: str) -> int:
    """How many columns a name goes through: that of a stack, or of a part of its phrases."""
    return len(stacks.get(name) or stacks.get(name.rpartition(".")[0], (name,)))


def within(stacks: Stacks, name: str) -> tuple[str, int] | None:
    """For a part of the phrases of one column (``项目.指标.完成值.数``), the name of that part
    in its stack and how many columns stand above it; None for any other name."""
    column, _, part = name.rpartition(".")
    for stack, columns in stacks.items():
        if column in columns and part in READ:
            return f"{stack}.{part}", columns.index(column)
    return None
