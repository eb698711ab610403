"""``perfxl check``"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from perfxl import batch, report
from perfxl.choice import is_choice
from perfxl.commands import options
from perfxl.commands.chinese import Command
from perfxl.commands.gather import gather
from perfxl.commands.lookover import look_over
from perfxl.commands.output import deliver, look, tell, with_bar
from perfxl.model import Level, Report
from perfxl.report import text

NEVER = "never"


def _codes(ctx: click.Context, param: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for many in given for code in many.split(",") if code)
    for code in codes:
        if not is_choice(code):
            raise click.BadParameter(f"“{code}”不是编码（如 C301）或编码的字母（如 C）", ctx, param)
    return codes


@click.command("check", cls=Command)
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("-o", "--out", metavar="DIR", help="更正稿写到这个文件夹（默认写在原文件旁边）。")
@click.option("--no-write", is_flag=True, help="只报告，不写更正稿。")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(report.FORMATS),
    default="text",
    help="报告的格式（默认 text）。",
)
@click.option("--report", "file", metavar="FILE", help="报告写到这个文件，不显示在屏幕上。")
@options.template
@options.jobs("检查")
@click.option(
    "--fail-on",
    type=click.Choice([*(level.value for level in Level), NEVER]),
    default=Level.ERROR.value,
    help="有这一级或更重的问题时退出码为 1（默认 error）。",
)
@click.option(
    "--select",
    metavar="CODE",
    multiple=True,
    callback=_codes,
    help="只报告这些编码或字母，可写多个。",
)
@click.option(
    "--ignore",
    metavar="CODE",
    multiple=True,
    callback=_codes,
    help="不报告这些编码或字母，可写多个。",
)
@click.option(
    "--password",
    metavar="PASSWORD",
    help="打开加密工作簿的密码（更正稿不再加密）。",
)
@click.option("-q", "--quiet", is_flag=True, help="只显示有强制问题的文件和最后的结论。")
def check(
    paths: tuple[str, ...],
    out: str | None,
    no_write: bool,
    form: str,
    file: str | None,
    template: str | None,
    jobs: int | None,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    password: str | None,
    quiet: bool,
) -> int:
    """检查填好的工作簿（文件，或文件夹及其下级文件夹），报告不符之处，写出更正稿。"""
    look_over(template)
    files = gather(paths, copies=None if no_write else out, result=file, quiet=quiet)
    if out and not no_write:
        batch.prepare(out)
    work = batch.jobs_for(files, not no_write, out)
    run = partial(
        batch.run,
        template=template,
        select=select,
        ignore=ignore,
        workers=jobs,
        password=password,
    )
    reports = list(with_bar(run(work), len(work), "检查"))
    again = batch.as_submissions(work, reports)
    renewed = with_bar(run(list(again.values())), len(again), "合并检查")
    for place, renewed_report in zip(again, renewed, strict=True):
        reports[place] = renewed_report
    if form != "text":
        deliver(report.render(form, reports), file)
    elif file is None:
        tell(text.render(reports, look(quiet)))
    else:
        deliver(text.render(reports, look(quiet, file)), file)
    return _status(reports, fail_on)


def _status(reports: Sequence[Report], fail_on: str) -> int:
    if all(one.verdict == "unreadable" for one in reports):
        return 2
    if fail_on == NEVER:
        return 0
    least = Level(fail_on).rank
    found = (finding for one in reports for finding in one.findings if not finding.explained)
    return int(any(finding.level.rank <= least for finding in found))
