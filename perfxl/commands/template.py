"""``perfxl template``: for people who write templates."""

from __future__ import annotations

from pathlib import Path

import click

from perfxl import trials
from perfxl.commands.chinese import Command, Group
from perfxl.commands.output import deliver, tell
from perfxl.errors import TemplateError, UnreadableFile
from perfxl.inputs import refuse_inputs
from perfxl.template import available, find, load


@click.group("template", cls=Group, lazy={})
def template() -> None:
    """写模板的人用：列出、查看、生成、导出、查错、试例。"""


@template.command("list", cls=Command)
def list_templates() -> None:
    """列出随附的模板。"""
    for path in available():
        one = load(path)
        forms = "、".join(form.prefix for form in one.forms)
        facts = f"{one.year} 年度，版本 {one.version}，表：{forms}，规则 {len(one.rules)} 条"
        tell(f"{one.id}  {one.title}（{facts}）\n")


@template.command("show", cls=Command)
@click.argument("name", metavar="ID|PATH")
def show_template(name: str) -> None:
    """查看一个模板：表、栏目、规则。"""
    from perfxl.template.show import show

    tell(show(load(find(name))))


@template.command("build", cls=Command)
@click.argument("text", metavar="TEXT.md")
@click.option("-o", "--out", metavar="FILE.xlsx", help="写到这个文件（默认与文字稿同名）。")
def build_template(text: str, out: str | None) -> None:
    """由文字稿生成模板工作簿。"""
    from perfxl.template.build import build

    target = out or str(Path(text).with_suffix(".xlsx"))
    refuse_inputs(target, [text])
    build(_read(text), target, Path(text).parent)
    click.echo(f"已写出 {target}", err=True)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(f"读不了 {path}：{error.strerror}；请核对路径和文件名") from error
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path} 不是 UTF-8 编码的文字稿；请另存为 UTF-8 后再试") from error


@template.command("dump", cls=Command)
@click.argument("name", metavar="FILE.xlsx")
@click.option("-o", "--out", metavar="TEXT.md", help="写到这个文件（默认显示在屏幕上）。")
def dump_template(name: str, out: str | None) -> None:
    """把模板工作簿导出为文字稿，便于审阅和比较。"""
    from perfxl.template.dump import dump

    source = find(name)
    if out:
        refuse_inputs(out, [source])
    deliver(dump(source), out)


@template.command("lint", cls=Command)
@click.argument("name", metavar="ID|PATH")
def lint_template(name: str) -> int:
    """查出模板的毛病：名称、公式、编码、提示语、试例。"""
    from perfxl.template.lint import lint

    problems = lint(load(find(name)))
    for problem in problems:
        tell(f"{problem.code}  {'!'.join(problem.where)}  {problem.message}\n")
    tell(f"结论：{f'有 {len(problems)} 处要改' if problems else '没有问题'}\n")
    return int(bool(problems))


@template.command("test", cls=Command)
@click.argument("name", metavar="ID|PATH")
@click.argument("code", metavar="[CODE]", required=False)
def test_template(name: str, code: str | None) -> int:
    """运行规则的试例（全部，或一条规则的），核对结果与试例写的是否一致。"""
    outcomes = list(trials.run_cases(load(find(name)), code.upper() if code else None))
    if code and not outcomes:
        raise TemplateError(f"模板里没有规则 {code} 的试例；用 perfxl rules 看全部编码")
    wrong = [outcome for outcome in outcomes if not outcome.holds]
    for outcome in wrong if code is None else outcomes:
        tell(_told(outcome))
    tell(f"结论：试例 {len(outcomes)} 个，{len(wrong)} 个与预期不符\n")
    return int(bool(wrong))


def _told(outcome: trials.Outcome) -> str:
    case = outcome.case
    inputs = "；".join(
        f"{name}={value if isinstance(value, str) else '|'.join(value)}"
        for name, value in case.inputs.items()
    )
    mark = "✓" if outcome.holds else "✗"
    why = f"：{outcome.why}" if outcome.why else ""
    return f"{mark} {case.code}  应{case.verdict}，得{outcome.got}{why}\n    {inputs}\n"
