"""``perfxl blank``"""

from __future__ import annotations

import click

from perfxl.blank import filenames, make
from perfxl.blank.example import write_example
from perfxl.commands import options
from perfxl.commands.chinese import Command
from perfxl.commands.lookover import look_over
from perfxl.commands.output import with_bar
from perfxl.errors import RosterError


@click.command("blank", cls=Command)
@click.argument("template", metavar="[ID|PATH]", required=False)
@click.option("--units", "roster", metavar="FILE", help="单位名册（.xlsx 或 .csv），一行一个单位。")
@click.option(
    "--projects", metavar="FILE", help="项目表（名册是 .csv 时用；.xlsx 写在第二张工作表）。"
)
@click.option("-o", "--out", metavar="DIR", help="写到这个文件夹（默认是当前文件夹）。")
@click.option("--last-year", metavar="DIR", help="用这个文件夹里上年报回的工作簿填上年的栏目。")
@click.option(
    "--name-pattern",
    metavar="TEXT",
    default=filenames.DEFAULT,
    help=f"文件名的样式（默认 {filenames.DEFAULT}）；还可用 {{序号:03d}}、{{模板}}、名册的列名。",
)
@click.option("--example", is_flag=True, help="写出一份名册样例，照着填。")
@click.option("--overwrite", is_flag=True, help="改写已有的同名文件。")
@options.jobs("写")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度和说明。")
def blank(
    template: str | None,
    roster: str | None,
    projects: str | None,
    out: str | None,
    last_year: str | None,
    name_pattern: str,
    example: bool,
    overwrite: bool,
    jobs: int | None,
    quiet: bool,
) -> int:
    """按模板生成空白表，发给单位填报；给了名册就一个单位一份，预填已知的内容。"""
    if example:
        path = write_example(template, out, overwrite)
        click.echo(f"已写出 {path}；填好后用 --units 交给 perfxl blank", err=True)
        return 0
    if template is None:
        raise click.UsageError("缺少模板编号或模板工作簿，如 perfxl blank hunan-2024")
    if roster == "":
        raise click.UsageError("--units 后面没有写名册")
    for option, given in (("--projects", projects), ("--last-year", last_year)):
        if given and not roster:
            raise click.UsageError(f"{option} 要和 --units 一起用")
    look_over(template)
    where = out or "."
    if roster and where.lower().endswith(".xlsx"):
        raise click.UsageError(f"有名册时 -o 是文件夹，不是文件；请改 {where}")
    if roster:
        chosen = make.Options(projects, last_year, name_pattern, overwrite, jobs)
        try:
            planned = make.plan(template, roster, where, chosen)
        except RosterError as error:
            # One line for each place, where other errors are one line in all.
            click.echo(str(error), err=True)
            return 2
    else:
        planned = make.plain(template, where, overwrite)
    written = list(with_bar(make.run(planned, jobs=jobs), len(planned.blanks), "生成"))
    if not quiet:
        for remark in planned.remarks:
            click.echo(remark, err=True)
        told = f"{len(written)} 个工作簿，在 {where}" if roster else written[0]
        click.echo(f"已写出 {told}", err=True)
    return 0
