"""A sound filling of the general form and of the transfer form passes their own 自查."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.template import find
from perfxl.template.live import FAILED
from tests.clients import needs_soffice
from tests.template.test_live import Typed, recalculated, shown, verdicts

_POINTS = (10, 10, 10, 10, 10, 10, 10, 5, 5, 10)


def _indicators(first: int, points: tuple[int, ...] = ()) -> dict[str, object]:
    typed: dict[str, object] = {}
    for row in range(first, first + len(_POINTS)):
        typed |= {f"D{row}": f"指标名{row}", f"E{row}": "10个", f"F{row}": "10个"}
    for row, number in enumerate(points, first):
        typed |= {f"G{row}": number, f"H{row}": number}
    return typed


_GENERAL: Typed = {
    "整体表": {
        "B3": "某某县某某局", "D5": 100, "E5": 100, "F5": 95, "D7": 95, "G7": 60, "G8": 35,
        "B12": "目标", "F12": "完成", **_indicators(14, _POINTS),
    },
    "项目表": {
        "C3": "甲", "C4": "某某县某某局", "F4": "某某县某某局", "D6": 35, "E6": 35, "F6": 35,
        "D7": 35, "E7": 35, "F7": 35, "B11": "目标", "F11": "完成", **_indicators(13, _POINTS),
    },
}  # fmt: skip
_TRANSFER: Typed = {
    "自评表": {
        "C3": "甲", "C4": "某部", "C5": "某某县某某局", "F5": "某某县某某局",
        "E7": 100, "F7": 80, "E8": 60, "F8": 50, "E9": 40, "F9": 30, "E10": 40, "F10": 30,
        **{f"D{row}": "按规定办理" for row in range(15, 22)}, "F19": "年底下达",
        "B23": "目标", "E23": "完成", **_indicators(25),
    },
}  # fmt: skip


@needs_soffice
@pytest.mark.parametrize(
    ("template", "typed", "sheet", "cells", "values"),
    [
        ("mof-2020", _GENERAL, "整体表", "H5 I5 D6 G6 G24 H24", [0.95, 9.5, 95, 95, 100, 99.5]),
        ("transfer-2022", _TRANSFER, "自评表", "G7 G8 G9", [0.8, 0.8333, 0.75]),
    ],
)
def test_a_sound_form_computes_and_passes(
    template: str, typed: Typed, sheet: str, cells: str, values: list[float], tmp_path: Path
) -> None:
    book = recalculated(find(template), typed, tmp_path)
    assert shown(book, sheet, cells) == values
    assert [place for place, verdict in verdicts(book).items() if verdict == FAILED] == []
