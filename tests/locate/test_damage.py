"""Whatever was deleted, moved or typed over: an answer, never a crash, never two in one cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.locate import locate, recognise
from perfxl.model import Book, Cell, ExcelError, Grid, Range, Template
from perfxl.package import read_book
from tests import seed_tables, shapes

TYPED = st.one_of(
    st.none(),
    st.integers(-10, 3000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(list(ExcelError)),
    st.sampled_from(
        ["得分", "总分", "项目支出", "执行率：", "其中：", "2024年决算数", "：", "（）", "注："]
    ),
    st.text(max_size=8),
)
AT = st.tuples(st.integers(1, 32), st.integers(1, 13))


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("damage") / "seed.xlsx"
    shapes.official(seed_tables.seed(), path)
    return read_book(path)


@settings(max_examples=60, deadline=None)
@given(
    typed=st.dictionaries(AT, TYPED, max_size=12),
    gone=st.sets(st.integers(1, 32), max_size=6),
    unmerged=st.booleans(),
)
def test_a_damaged_form_is_still_answered(
    official: Book,
    template: Template,
    typed: dict[tuple[int, int], object],
    gone: set[int],
    unmerged: bool,
) -> None:
    def damaged(grid: Grid) -> Grid:
        cells = {at: cell for at, cell in grid.cells.items() if at[0] not in gone}
        cells |= {at: Cell(*at, value) for at, value in typed.items()}  # type: ignore[arg-type]
        return replace(grid, cells=cells, merges=() if unmerged else grid.merges)

    binding = locate(replace(official, grids=tuple(map(damaged, official.grids))), template)
    for form in binding.forms:
        places = Counter((b.row, b.col) for b in form.fields.values() if b.how != "同格")
        assert not [place for place, times in places.items() if times > 1]
        assert not form.fields.keys() & form.missing.keys()
        assert form.fields.keys() | form.missing.keys() >= form.form.fields.keys()
    said = Counter((f.code, f.sheet, f.cell, f.message) for f in binding.findings)
    assert all(times == 1 for times in said.values())


@settings(max_examples=60, deadline=None)
@given(
    cells=st.dictionaries(AT, TYPED, max_size=30),
    merges=st.lists(st.tuples(AT, AT), max_size=3),
)
def test_any_sheet_is_answered(
    template: Template,
    cells: dict[tuple[int, int], object],
    merges: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    areas = tuple(
        Range(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in merges
    )
    grid = Grid("Sheet1", {at: Cell(*at, v) for at, v in cells.items()}, areas)  # type: ignore[arg-type]
    book = Book("a.xlsx", "", "xlsx", (grid,))
    assert 0 <= recognise(book, [template]).score <= 1
    assert locate(book, template).findings
