"""The files a command reads, and a word on those it passes over."""

from __future__ import annotations

from collections.abc import Sequence

import click

from perfxl.errors import UnreadableFile
from perfxl.inputs import Inputs, find_inputs

_NAMED = 3


def gather(
    paths: Sequence[str], copies: str | None = None, result: str | None = None, quiet: bool = False
) -> list[str]:
    """The files to read, as `find_inputs` has them; what it passed over goes to standard error.

    Raises UnreadableFile where there is none, UsageError where a path or the folder for copies
    is empty, as it is from a script whose variable was not set, and UnwritableTarget as
    `find_inputs` does.
    """
    if "" in paths or copies == "":
        raise click.UsageError("有一个路径是空的；要用当前文件夹，请写一个点（.）")
    found = find_inputs(paths, copies, result)
    for folder in found.closed:
        click.echo(f"打不开文件夹 {folder}，其中的文件没有读取；请检查它的权限", err=True)
    if not found.files:
        own = (
            f"，只有 perfxl 自己写出的 {len(found.own)} 个；要读取请写明文件名" if found.own else ""
        )
        raise UnreadableFile(
            f"{'、'.join(paths)} 里没有工作簿（.xlsx、.xls、.et 等）{own or '，请核对位置'}"
        )
    if not quiet:
        _tell(found)
    return found.files


def _tell(found: Inputs) -> None:
    if found.others:
        click.echo(
            f"没有读取 {_some(found.others)}：不是工作簿；压缩包请先解压，文档请让单位报送工作簿",
            err=True,
        )
    if found.own:
        click.echo(
            f"略过 perfxl 自己写出的 {len(found.own)} 个文件（更正稿、汇总表）；要读取请写明文件名",
            err=True,
        )
    if found.saved:
        click.echo(
            f"其中 {_some(found.saved)}在写出之后又保存过；"
            "如果是单位交回的更正稿，请写明文件名检查",
            err=True,
        )


def _some(paths: Sequence[str]) -> str:
    rest = f" 等 {len(paths)} 个" if len(paths) > _NAMED else ""
    return "、".join(paths[:_NAMED]) + rest
