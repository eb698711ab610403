"""Tables that come as text: the cells are those that were typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.errors import LimitExceeded, NotAWorkbook
from perfxl.intake import read
from perfxl.package import limits
from perfxl.plaintext import read_plaintext

TABLE = [
    ["单位", "年初预算数", "备注"],
    ["洪江区总工会", "1,110.71", "一次\n两次"],
    ["", "007", '他说"好"'],
]


def written(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def texts(data: bytes, path: str = "附件3.csv") -> dict[tuple[int, int], object]:
    (grid,) = read_plaintext(path, data).grids
    return {at: cell.value for at, cell in grid.cells.items()}


def held(rows: list[list[str]]) -> dict[tuple[int, int], str]:
    return {(r, c): t for r, row in enumerate(rows, 1) for c, t in enumerate(row, 1) if t}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=repr)
def test_every_encoding_separator_and_line_end_gives_the_same_cells(encoding, separator, end):
    assert texts(written(TABLE, separator, end).encode(encoding)) == held(TABLE)


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";")
    | st.sampled_from(',"\n'),
    max_size=8,
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_is_quoted_as_excel_does_is_read_back(rows):
    assert texts(written(rows).encode("utf-8-sig")) == held(rows)


def test_the_sheet_is_named_after_the_file_and_numbers_stay_text(tmp_path: Path):
    path = tmp_path / "附件3.txt"
    path.write_bytes("年初预算数\t全年预算数\n110.710\t007\n".encode("gb18030"))
    book = read(path)
    assert (book.kind, [grid.sheet for grid in book.grids]) == ("csv", ["附件3"])
    assert [cell.value for cell in book.grids[0].row(2)] == ["110.710", "007"]


def test_text_in_no_encoding_is_no_workbook():
    with pytest.raises(NotAWorkbook, match="编码"):
        texts(b"a,b\n\xff\x00\xfe,2\n")


def test_limits_are_those_of_sheets(monkeypatch):
    monkeypatch.setattr(limits, "CELLS", 5)
    with pytest.raises(LimitExceeded, match="5"):
        texts(b"1,2,3\n4,5,6\n")
    with pytest.raises(LimitExceeded, match=r"16,384 列"):
        texts(b"," * 16_384 + b"\n1,2\n")
    with pytest.raises(LimitExceeded, match="引号"):
        texts(b'a,"' + b"x" * 200_000)
