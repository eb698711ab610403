"""The command line: ``perfxl``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from perfxl import __version__
from perfxl.commands.chinese import Group, wrong_usage
from perfxl.commands.streams import open_streams, to_a_reader
from perfxl.errors import PerfxlError
from perfxl.pool import collect_seldom

INTERRUPTED = 130
UNUSABLE = 2
_COMMANDS = {
    "check": ("perfxl.commands.check", "检查填好的工作簿，写出更正稿。"),
    "blank": ("perfxl.commands.blank", "按模板和单位名册生成空白表，发给单位填报。"),
    "extract": ("perfxl.commands.extract", "提取工作簿里的数据，合成一张表。"),
    "rules": ("perfxl.commands.rules", "列出规则，或说明一条规则。"),
    "template": ("perfxl.commands.template", "写模板的人用：列出、查看、生成、导出、查错、试例。"),
}


@click.group(cls=Group, lazy=_COMMANDS)
@click.version_option(__version__, "--version", message="%(prog)s %(version)s", help="显示版本号。")
def cli() -> None:
    """核对预算绩效自评附表：重新计算，逐格指出不符之处，写出更正稿。"""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; nothing is raised.

    0 and 1 are what the command says; 2 is wrong usage or nothing that could be read.
    """
    try:
        status = cli.main(list(arguments), prog_name="perfxl", standalone_mode=False)
        with to_a_reader():
            sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.UsageError as error:
        return _say(wrong_usage(error))
    except PerfxlError as error:
        return _say(str(error))
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has seen enough; Python must not complain at its end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        if os.environ.get("PERFXL_DEBUG"):
            raise
        return _say(f"perfxl 出错（{type(fault).__name__}：{fault}）；这是程序的问题，请告诉维护者")


def _say(message: str) -> int:
    click.echo(" ".join(message.split()), err=True)
    return UNUSABLE


def main() -> None:
    """The console script."""
    open_streams()
    collect_seldom()
    status = run(sys.argv[1:])
    # Python would look once more for rings, in memory that goes with the process anyway.
    gc.freeze()
    sys.exit(status)
