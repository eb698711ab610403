"""A template workbook whose rules were changed in Excel, made anew before blanks come from it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from perfxl.model import Template
from perfxl.package import read_book
from perfxl.template.stamp import STAMP, stamp


class Master(NamedTuple):
    """The workbook that blanks are made from; ``folder`` holds it where it was made anew, and
    must be kept for as long; ``remark`` says so."""

    workbook: Path
    folder: TemporaryDirectory[str] | None = None
    remark: str = ""


def up_to_date(workbook: Path, template: Template) -> Master:
    """The workbook itself, or one made anew from it where its 自查 was made from other rules.

    A workbook that does not say what its 自查 was made from is taken as it is. Raises
    TemplateError for rules that nothing can be made from.
    """
    made_from = read_book(workbook).properties.get(STAMP)
    if made_from is None or made_from == stamp(template):
        return Master(workbook)
    # Few templates are changed in Excel, and openpyxl takes long to import.
    from perfxl.template.build import build
    from perfxl.template.dump import dump

    folder = TemporaryDirectory(prefix="perfxl-")
    renewed = Path(folder.name) / workbook.name
    build(dump(workbook), renewed)
    return Master(
        renewed,
        folder,
        f"{workbook.name} 的规则或栏目改过，空白表的自查、提示和公式已按现在的重新生成，"
        "表样的字体和颜色用标准样式",
    )
