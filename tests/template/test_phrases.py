"""The workbook takes typed phrases apart by formulas as the engine does by code."""

from __future__ import annotations

import pytest
from xlsxwriter import Workbook

from perfxl.model import Field, Kind
from perfxl.package import read_book
from perfxl.template import phrases
from perfxl.values import parse
from tests.clients import convert, needs_soffice

PHRASES = (
    "≤110.71 万元", "≥96%", "95%", "100％", "32名", "32 名", "１２个", "一次", "1次", "两批",
    "十个", "不低于90%", "不超过5天", "3天以内", "90%以上", "及时", "达到预期", "效果明显",
    "2024年12月31日之前完成", "2023年底前", "2024.12.31", "12月底前", "5日内", "约300人",
    "1,234.50万元", "8000元", "1.2亿元", "500㎡", "500平方米", "≧3", ">=4", "＝100%", "大于7个",
    "1-3次", "5个（含2个）", "", "0", "0.5", "98.50", "成本控制在预算内", "一般",
    "-3", "-3.5%", "≤-5%", "－12.3％", "-5个", "-", "--", "-1-3", "-无", "—",
)  # fmt: skip
_MEASURE = Field("项目", "指标值", ("指标值",), kind=Kind.MEASURE)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What the formulas give for each phrase, by part, worked out by LibreOffice."""
    folder = tmp_path_factory.mktemp("phrases")
    order = list(dict.fromkeys(step for part in phrases.READ for step in phrases.steps(part)))
    last = len(PHRASES)
    with Workbook(folder / "phrases.xlsx") as book:
        sheet = book.add_worksheet("词")
        book.define_name("词.语", f"=词!$A$1:$A${last}")
        for name, words in phrases.WORDS.items():
            book.define_name(name, f"={words}")
        for row, phrase in enumerate(PHRASES):
            sheet.write_string(row, 0, phrase)
        for col, part in enumerate(order, 1):
            letter = chr(ord("A") + col)
            book.define_name(f"词.语.{part}", f"=词!${letter}$1:${letter}${last}")
            formula = f"{{={phrases.formula(part, '词.语')}}}"
            sheet.write_array_formula(0, col, last - 1, col, formula, None, "")
    (folder / "out").mkdir()
    grid = read_book(convert(folder / "phrases.xlsx", "xlsx", folder / "out")).grids[0]
    found: dict[str, dict[str, object]] = {}
    for col, part in enumerate(order, 2):
        cells = [grid.at(row, col) for row in range(1, last + 1)]
        found[part] = {
            phrase: cell.value if cell else None
            for phrase, cell in zip(PHRASES, cells, strict=True)
        }
    return found


@needs_soffice
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_has_the_same_parts_in_the_workbook(
    phrase: str, parts: dict[str, dict[str, object]]
) -> None:
    value = parse(phrase, _MEASURE)
    own = {part: parts[part][phrase] for part in sorted(phrases.READ)}
    number = own.pop("数")
    assert (number or None) == pytest.approx(value.number) or (number, value.number) == (0, 0.0)
    assert {part: text or None for part, text in own.items()} == {
        "单位": value.unit or None if value.number is not None else None,
        "年": value.year,
        "符": value.comparator or None,
    }


def test_every_step_comes_after_those_it_builds_on() -> None:
    for part in phrases.READ:
        seen: set[str] = set()
        for step in phrases.steps(part):
            text = phrases.formula(step, "词.语")
            named = {one for one in "文符体长汉后年是数" if f"词.语.{one}" in text}
            assert named <= seen
            seen.add(step)


def test_formulas_are_short_enough_for_a_name() -> None:
    steps = {step for part in phrases.READ for step in phrases.steps(part)}
    assert all(len(phrases.formula(step, "项目.指标.指标值")) < 8192 for step in steps)
