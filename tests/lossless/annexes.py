"""The workbook every feature is added to: annex forms with known mistakes, and a ledger.

The published tables, mistakes and all, with a wrong 执行率 (so that a computed cell must be
put right by a live formula), and a sheet of the unit's own whose formulas rest on that cell.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests import shapes
from tests.lossless.parts import BOOK, HEAD, MAIN, SPREADSHEET, Parts
from tests.seed_tables import Tables, seed

BASIC, OVERALL, CANCELLED, RUN, LEDGER = (f"xl/worksheets/sheet{n}.xml" for n in range(1, 6))
"""The parts of 附件2, 附件3, the two 附件4 and 台账."""
WRONG_RATE = 0.8905

Sheets = dict[str, Worksheet]
Draw = Callable[[xlsxwriter.Workbook, Sheets], None]


def tables() -> Tables:
    """The published tables with a wrong 执行率 besides."""
    published = seed()
    money = (110.71, 87.23, 85.53, 10, WRONG_RATE, 9.8)
    return replace(published, overall=replace(published.overall, money=money))


def workbook(draw: Draw | None = None) -> bytes:
    """The workbook, with what ``draw`` adds to it, as XlsxWriter writes it."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"strings_to_formulas": False, "in_memory": True})
    book.set_properties({"created": datetime(2025, 4, 30)})
    sheets = shapes.add_annexes(book, tables())
    ledger = sheets["台账"] = book.add_worksheet("台账")
    ledger.write_row("A1", ["执行率（百分数）", "说明", "上年", "本年"])
    ledger.write_formula("A2", "=附件3!K4*100", None, WRONG_RATE * 100)
    ledger.write_formula("B2", '=A2&"%"', None, "89.05%")
    for row, amounts in enumerate(((12.5, 13), (7, 9.25), (30, 28)), 1):
        ledger.write_row(row, 2, amounts)
    if draw:
        draw(book, sheets)
    book.close()
    parts = Parts.of(made.getvalue())
    _add_calculation_chain(parts)
    packed = io.BytesIO()
    parts.write(packed)  # type: ignore[arg-type]
    return packed.getvalue()


@functools.cache
def plain() -> bytes:
    """The workbook with nothing added."""
    return workbook()


def _add_calculation_chain(parts: Parts) -> None:
    """As Excel writes it; XlsxWriter leaves it out."""
    parts.attach(
        BOOK,
        "calcChain",
        "xl/calcChain.xml",
        f'{HEAD}<calcChain xmlns="{MAIN}"><c r="A2" i="5" l="1"/><c r="B2" i="5"/></calcChain>',
        f"{SPREADSHEET}.calcChain+xml",
    )
