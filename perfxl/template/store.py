"""Where the shipped templates are, and how a template is named on the command line."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from perfxl.errors import UnknownTemplate
from perfxl.model import Template
from perfxl.template.load import load
from perfxl.template.sketch import Sketch, sketch

_PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Where the shipped templates lie: beside the modules in an installed wheel, at the top
    of a checkout."""
    installed = _PACKAGE / "xlsx_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "xlsx_templates"


def available() -> list[Path]:
    """The shipped template workbooks, by name."""
    return sorted(path for path in folder().glob("*.xlsx") if not path.name.startswith("~$"))


def find(id_or_path: str | os.PathLike[str]) -> Path:
    """The workbook of a shipped template's id, or the path of one's own.

    Raises UnknownTemplate, listing the shipped ones, when it is neither.
    """
    given = os.fspath(id_or_path)
    for path in available():
        if path.stem == given:
            return path
    if Path(given).is_file():
        return Path(given)
    known = "、".join(path.stem for path in available()) or "（无）"
    raise UnknownTemplate(
        f"没有编号为“{given}”的模板，也没有这个文件；随附的模板有：{known}，也可以写模板工作簿的路径"
    )


@cache
def shipped(id: str) -> Template:
    """The shipped template of that id, loaded once."""
    return load(find(id))


@cache
def sketches() -> tuple[Sketch, ...]:
    """The sketches of the shipped templates, read once."""
    return tuple(sketch(path) for path in available())
