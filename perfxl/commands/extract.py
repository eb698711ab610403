"""``perfxl extract``"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from perfxl import tidy
from perfxl.commands import options
from perfxl.commands.chinese import Command
from perfxl.commands.gather import gather
from perfxl.commands.output import put, with_bar
from perfxl.extract import Extract, candidates, extract_many

_UNREADABLE = 2


@click.command("extract", cls=Command)
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("-o", "--out", metavar="FILE", help="写到这个文件（默认把 JSON 显示在屏幕上）。")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(tidy.FORMATS),
    help="格式（默认按文件名的后缀；没有 -o 时是 json）。",
)
@options.template
@options.jobs("读取")
@click.option("--password", metavar="PASSWORD", help="打开加密工作簿的密码。")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和说明。")
def extract(
    paths: tuple[str, ...],
    out: str | None,
    form: str | None,
    template: str | None,
    jobs: int | None,
    password: str | None,
    quiet: bool,
) -> int:
    """提取填好的工作簿（文件，或文件夹及其下级文件夹）里的数据，合成一张表。"""
    chosen = _format(form, out)
    files = gather(paths, result=out, quiet=quiet)
    templates = candidates(template)
    tally = _Tally()
    results = extract_many(files, template, jobs=jobs, password=password)
    if not quiet:
        results = with_bar(results, len(files), "读取")
    put(tidy.render(chosen, tally.of(results), templates), out)
    if not quiet:
        tally.tell(out)
    return 0 if tally.read else _UNREADABLE


def _format(form: str | None, out: str | None) -> str:
    suffix = Path(out or "").suffix.lower().removeprefix(".")
    if out is None:
        if form in tidy.BINARY:
            raise click.UsageError(f"{form} 不能显示在屏幕上，请用 -o 写明文件名")
        return form or "json"
    if form is None and suffix not in tidy.FORMATS:
        raise click.UsageError(f"看不出 {out} 要写成什么格式，请用 .xlsx、.csv、.json 或 -f 写明")
    if form and suffix in tidy.FORMATS and suffix != form:
        raise click.UsageError(f"-f {form} 和文件名 {out} 的后缀不符，请改其中一个")
    return form or suffix


class _Tally:
    """Counts the files on their way through."""

    def __init__(self) -> None:
        self.read = self.files = 0
        self.failed: list[Extract] = []

    def of(self, extracts: Iterable[Extract]) -> Iterator[Extract]:
        for one in extracts:
            self.files += 1
            # A workbook of another sort was read, if in vain; perfxl check says so too.
            self.read += one.error is None or one.error[0] == "F009"
            if one.error:
                self.failed.append(one)
            yield one

    def tell(self, out: str | None) -> None:
        for one in self.failed:
            assert one.error is not None
            click.echo(f"{one.path}：{one.error[0]} {one.error[1]}", err=True)
        if out:
            click.echo(
                f"已写出 {out}：{self.files} 个文件，{len(self.failed)} 个没有读出", err=True
            )
