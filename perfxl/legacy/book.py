"""A workbook of another format as values."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from perfxl.errors import (
    DamagedWorkbook,
    EncryptedWorkbook,
    LimitExceeded,
    PerfxlError,
    UnsafeWorkbook,
)
from perfxl.legacy import keeper
from perfxl.model import Book, Cell, ExcelError, Grid, Range
from perfxl.package import limits
from perfxl.package.archive import read_file

_NAMES = {"xls": ".xls（或 WPS 的 .et）", "xlsb": ".xlsb", "ods": ".ods"}
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再试。"
_REFUSALS = {one.__name__: one for one in (DamagedWorkbook, LimitExceeded, UnsafeWorkbook)}
_ERRORS = {error.value: error for error in ExcelError}


def read_legacy(path: str | os.PathLike[str], kind: str, data: bytes | None = None) -> Book:
    """Read an .xls, .et, .xlsb or .ods workbook, of which ``kind`` is xls, xlsb or ods.

    ``data`` are the file's bytes where they have been read. Values are what was stored;
    dates are serial numbers of the 1900 system; formulas are not read. python-calamine tells
    neither number formats nor error values: of an .xls and an .ods they are read beside it.
    In an .xlsb error cells are blank, and a rate shown as 98.05% comes as the number 0.9805
    with format General, which is the same ratio, but ``raw`` is 0.9805 and it has as many
    decimals as are stored instead of those shown.

    Raises DamagedWorkbook, EncryptedWorkbook or LimitExceeded; a file that brings its worker
    down is one of them.
    """
    content = read_file(path) if data is None else data
    answer = keeper.ask("read", content, kind=kind, sheets=limits.SHEETS, cells=limits.CELLS)
    if answer.word != keeper.DONE:
        raise _failure(answer, _NAMES[kind])
    sheets = json.loads(answer.result.decode("utf-8", "replace"))
    return Book(
        path=os.fspath(path),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kind,
        grids=tuple(map(_grid, sheets)),
    )


def _grid(sheet: dict[str, Any]) -> Grid:
    merges = tuple(Range(*area) for area in sheet["merges"])
    limits.count(
        len(merges), limits.MERGES, f"工作表“{sheet['name']}”的合并单元格", "处", limits.SUSPECT
    )
    cells = {}
    for row, col, value, shown in sheet["cells"]:
        held = _ERRORS[value[0]] if isinstance(value, list) else value
        cells[row, col] = Cell(row, col, held, None, shown or "General")
    return Grid(
        sheet["name"],
        cells,
        merges,
        frozenset(sheet["hidden_rows"]),
        frozenset(sheet["hidden_columns"]),
        sheet["visible"],
    )


def _failure(answer: keeper.Answer, what: str) -> PerfxlError:
    word, found = answer.word, answer.result.decode("utf-8", "replace")
    if word == "locked":
        way = (
            "perfxl 打不开加密的 .ods。请"
            if what == _NAMES["ods"]
            else "读不出内容。请用 --password 给出密码，或者"
        )
        return EncryptedWorkbook(
            f"{what} 工作簿设了打开密码，{way}用 Excel 或 WPS 输入密码打开，"
            "另存为没有密码的 .xlsx 后再试。"
        )
    if word in ("sheets", "cells"):
        most, thing = (
            (limits.SHEETS, "工作表") if word == "sheets" else (limits.CELLS, "有内容的单元格")
        )
        return LimitExceeded(
            f"工作簿的{thing}有 {int(found):,} 个，超过上限 {most:,} 个。{limits.SUSPECT}"
        )
    if word in _REFUSALS:
        return _REFUSALS[word](found)
    if word == keeper.TIMEOUT:
        return LimitExceeded(f"读取 {what} 超过了时限 {keeper.SECONDS} 秒。{_SAVE_AS}")
    if word == keeper.OUT_OF_MEMORY:
        memory = keeper.MEMORY // limits.MB
        return LimitExceeded(f"读取 {what} 需要的内存超过上限 {memory:,} MB。{_SAVE_AS}")
    if word == keeper.DIED:
        return DamagedWorkbook(
            f"读取 {what} 的程序中途退出：文件已损坏，或需要的内存超过上限。{_SAVE_AS}"
        )
    reason = " ".join(found.split())[:120] or "原因不明"
    return DamagedWorkbook(f"{what} 工作簿已损坏，读不出内容（{reason}）。{_SAVE_AS}")
