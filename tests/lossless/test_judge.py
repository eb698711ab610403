"""The judge of the corrected copies: it must notice what is lost, or it proves nothing."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.check import check
from perfxl.correct import correct
from perfxl.model import Report
from tests.lossless import annexes
from tests.lossless.annexes import LEDGER, OVERALL
from tests.lossless.feature import WHOLE, Feature
from tests.lossless.parts import BOOK, TYPES, Parts
from tests.lossless.trial import faults

STYLES = "xl/styles.xml"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Report]:
    folder = tmp_path_factory.mktemp("judged")
    source = folder / "returned.xlsx"
    source.write_bytes(annexes.workbook(_draw))
    report = check(source)
    return source, correct(report, folder / "copy.xlsx"), report


def _draw(book, sheets) -> None:  # type: ignore[no-untyped-def]
    sheets["附件3"].write_comment("B3", "财务股：单位全称。")
    sheets["附件3"].write_url("A27", "https://www.mof.gov.cn/", None, "财政部")


PLAIN = Feature("plain", Path.touch, (("xl/theme/theme1.xml", WHOLE),))
HARM: dict[str, tuple[str, str, str, str]] = {
    "another byte in a part that is no mark's business": (
        "xl/theme/theme1.xml", "Calibri", "Arial", "theme1.xml differs"),
    "a value": (LEDGER, "<v>12.5</v>", "<v>12.6</v>", "perfxl reads other values"),
    "a merge": (OVERALL, "<mergeCell [^>]*/>", "", "sheet2.xml: "),
    "a column's width": (OVERALL, 'width="12.7109375"', 'width="9"', "sheet2.xml: "),
    "a cell's format": (OVERALL, '<c r="K19" s="[^"]*"', '<c r="K19"', "the looks of"),
    "a link": (OVERALL, '<hyperlink ref="A27"[^>]*/>', "", "a hyperlink"),
    "a note": ("xl/comments*.xml", '<comment ref="B3".*?</comment>', "", "the note at B3 is gone"),
    "a note's words": ("xl/comments*.xml", "财务股", "财务处", "the note at B3 differs"),
    "the box of a note": (
        "xl/drawings/vmlDrawing*.vml", "<x:Row>2</x:Row>", "<x:Row>1</x:Row>", "a shape is gone"),
    "our own note": ("xl/comments*.xml", '<comment ref="K4".*?</comment>', "", "no note on 附件3"),
    "a cell format of old": (STYLES, "(<cellXfs[^>]*>)<xf [^>]*/>", r"\1", "lost or moved"),
    "a font": (STYLES, '<name val="宋体"/>', '<name val="黑体"/>', "the looks of"),
    "a sheet's name": (BOOK, 'name="台账"', 'name="台帐"', "lost or moved"),
    "a content type": (TYPES, '<Override PartName="/xl/theme[^>]*/>', "", "lost or moved"),
    "the order of a sheet's children": (
        OVERALL, "(<pageMargins[^>]*>)(<pageSetup[^>]*>)", r"\2\1", "out of order"),
    "the right value": (OVERALL, "<v>0.9805</v>", "<v>0.98</v>", "holds"),
    "a result that follows it": (LEDGER, "<v>98.05[^<]*</v>", "<v>98</v>", "not the result"),
}  # fmt: skip


def test_a_copy_as_it_is_has_no_faults(corrected: tuple[Path, Path, Report]) -> None:
    source, copy, report = corrected
    assert list(faults(PLAIN, source, copy, report)) == []


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_noticed(harm: str, corrected: tuple[Path, Path, Report], tmp_path: Path) -> None:
    source, copy, report = corrected
    glob, pattern, to, said = HARM[harm]
    parts = Parts.of(copy)
    part = next(name for name in parts if name == glob or fnmatch.fnmatchcase(name, glob))
    parts.sub(part, pattern, to)
    harmed = tmp_path / "harmed.xlsx"
    parts.write(harmed)
    assert any(said in fault for fault in faults(PLAIN, source, harmed, report))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda parts: parts.pop("xl/theme/theme1.xml"), "theme1.xml is gone"),
        (lambda parts: parts.pop("xl/theme/theme1.xml"), "lost the feature"),
        (lambda parts: parts.update({"a.qq": b""}), "a.qq has no content type"),
    ],
)
def test_a_part_too_few_or_too_many_is_noticed(
    harm: Callable[[Parts], object],
    said: str,
    corrected: tuple[Path, Path, Report],
    tmp_path: Path,
) -> None:
    source, copy, report = corrected
    parts = Parts.of(copy)
    harm(parts)
    harmed = tmp_path / "harmed.xlsx"
    parts.write(harmed)
    assert any(said in fault for fault in faults(PLAIN, source, harmed, report))
