"""click in Chinese: headings of help pages, and what is wrong with a command line."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

_WORDS = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}


class Command(click.Command):
    """A command whose help page is in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        given = self.collect_usage_pieces(ctx)
        pieces = " ".join(_WORDS.get(piece, piece) for piece in given)
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (one for one in self.get_params(ctx) if isinstance(one, click.Option))
        records = [one.get_help_record(ctx) for one in options]
        with formatter.section("选项"):
            formatter.write_dl([record for record in records if record])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        takes_more, ctx.allow_extra_args = ctx.allow_extra_args, True
        left = super().parse_args(ctx, args)
        if left and not takes_more:
            raise click.UsageError(
                f"多写了 {'、'.join(left)}；路径或名称里有空格的，前后要加引号", ctx
            )
        return left

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这一页。"
        return option


class Group(Command, click.Group):
    """Commands that are imported when they are called: ``lazy`` maps a name to its module.

    The module has the command under the same name; the second item is its line in the list.
    """

    def __init__(self, *args: object, lazy: Mapping[str, tuple[str, str]], **attrs: object):
        super().__init__(*args, **attrs)  # type: ignore[arg-type]
        self.lazy = lazy

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy:
            found = getattr(import_module(self.lazy[cmd_name][0]), cmd_name)
            assert isinstance(found, click.Command)
            return found
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            known = "、".join(self.list_commands(ctx))
            raise click.UsageError(f"没有命令“{args[0]}”，可用的有：{known}", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        lines = [(name, told) for name, (_, told) in self.lazy.items()]
        lines += [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(lines)


def wrong_usage(error: click.UsageError) -> str:
    """One sentence on what is wrong with the command line, and where to read on."""
    path = error.ctx.command_path if error.ctx else "perfxl"
    said = _what(error).rstrip("。")
    stop = "" if said.endswith("？") else "。"
    return f"{said}{stop}用 {path} --help 看用法。"


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_called(error.param)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        if isinstance(error.param.type, click.Choice):
            known = "、".join(map(str, error.param.type.choices))
            return f"{_called(error.param)} 的值不对，可用的有：{known}"
        if isinstance(error.param.type, click.IntRange):
            return f"{_called(error.param)} 的值不对，应是不小于 {error.param.type.min} 的整数"
        return f"{_called(error.param)} 的值不对：{error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面缺少值，或多给了值"
    return error.message


def _called(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return (
        param.opts[-1] if isinstance(param, click.Option) else (param.metavar or param.name or "")
    )
