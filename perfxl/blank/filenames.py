"""The names of the files that go out, safe on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from perfxl.blank.columns import key
from perfxl.blank.units import Unit
from perfxl.errors import RosterError
from perfxl.model import Template

DEFAULT = "{单位}-{年度}年度绩效自评.xlsx"
_SUFFIX = ".xlsx"
_PLACE = re.compile(r"\{([^{}:]*)(?::(0?\d{1,2})d?)?\}")
_FORBIDDEN = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜")
"""What Windows forbids in a file name, by its full-width twin."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.I)
_EDGES = re.compile(r"\A(?:~\$|[. ])+|[. ]+\Z")
"""A point or ~$ in front makes it a file that folders do not show, or a program's own."""
_LONGEST = 255
"""Bytes of UTF-8 that Linux allows; Windows and macOS allow no fewer characters."""


def places(pattern: str) -> tuple[str, ...]:
    """The names in the ``{…}`` of a pattern."""
    return tuple(found[1].strip() for found in _PLACE.finditer(pattern))


class Naming:
    """Names after a pattern such as ``{序号:03d}-{单位}.xlsx``.

    Places are 单位, 年度, 模板, 版本, 序号 (from 1, ``:03d`` for three digits) and the headings
    of the roster. Raises RosterError for a pattern that gives no usable name.
    """

    def __init__(self, pattern: str, template: Template, headings: Sequence[str]):
        self._pattern = pattern if pattern.lower().endswith(_SUFFIX) else pattern + _SUFFIX
        self._own = {"年度": str(template.year), "模板": template.id, "版本": template.version}
        known = ["单位", "序号", *self._own, *headings]
        if re.search(r"[\\/]", pattern):
            raise RosterError(f"文件名样式“{pattern}”里有 / 或 \\；文件夹请用 -o 指定")
        if re.search(r"[{}]", _PLACE.sub("", pattern)):
            raise RosterError(f"文件名样式“{pattern}”的花括号写法不对；应如 {DEFAULT}")
        for name in places(pattern):
            if key(name) not in map(key, known):
                raise RosterError(
                    f"文件名样式里的 {{{name}}} 不认识；可用的有：{'、'.join(dict.fromkeys(known))}"
                )

    def of(self, unit: Unit, number: int) -> str:
        """The file name of a unit. Raises ValueError, in Chinese, where it is too long."""
        given: Mapping[str, str] = {
            **{key(heading): text for heading, text in unit.texts.items()},
            "单位": unit.name,
            **self._own,
        }

        def fill(place: re.Match[str]) -> str:
            if place[1].strip() == "序号":
                return format(number, place[2] or "")
            return given[key(place[1])]

        stem = _PLACE.sub(fill, self._pattern)[: -len(_SUFFIX)]
        return safe(stem) + _SUFFIX


def safe(stem: str) -> str:
    """A file name without its suffix that every system takes.

    Raises ValueError, in Chinese, for an empty or a very long one.
    """
    shown = "".join(
        letter for letter in stem.translate(_FORBIDDEN) if unicodedata.category(letter)[0] != "C"
    )
    name = _EDGES.sub("", " ".join(shown.split()))
    if _DEVICES.fullmatch(name.partition(".")[0]):
        name = f"_{name}"
    if not name:
        raise ValueError("文件名是空的；请改单位名称或 --name-pattern")
    size = len((name + _SUFFIX).encode())
    if size > _LONGEST:
        raise ValueError(
            f"文件名太长（{size} 字节，最多 {_LONGEST}）；请用单位的规范简称，或改短 --name-pattern"
        )
    return name


def same_file(name: str) -> str:
    """The same for two names that some system takes for one file."""
    return unicodedata.normalize("NFKC", name).casefold()
