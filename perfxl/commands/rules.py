"""``perfxl rules``"""

from __future__ import annotations

import click

from perfxl.codes import CODES
from perfxl.commands.chinese import Command
from perfxl.commands.output import look, tell
from perfxl.errors import UnknownTemplate
from perfxl.report.rulepage import code_page, listing, rule_page
from perfxl.template import available, find, load


@click.command("rules", cls=Command)
@click.argument("code", metavar="[CODE]", required=False)
@click.option(
    "-t", "--template", metavar="ID|PATH", help="模板编号或模板工作簿（默认全部随附模板）。"
)
def rules(code: str | None, template: str | None) -> None:
    """列出规则；写上编码（如 C301）则说明这一条：查什么、为什么、错例、正例、依据。"""
    paths = [find(template)] if template else available()
    if code is None:
        tell(listing([load(path) for path in paths]))
        return
    wanted = code.upper()
    if wanted in CODES:
        tell(code_page(CODES[wanted], look().columns))
        return
    for path in paths:
        loaded = load(path)
        for rule in loaded.rules:
            if rule.code == wanted:
                tell(rule_page(rule, loaded, look().columns))
                return
    raise UnknownTemplate(f"没有编码为“{code}”的规则；用 perfxl rules 看全部编码")
