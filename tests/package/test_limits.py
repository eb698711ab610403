"""Each safety limit refuses in words that name its number."""

from __future__ import annotations

import random
import zipfile

import pytest

from perfxl.errors import LimitExceeded
from perfxl.package import limits, open_package, read_book
from tests.package.conftest import MAIN, declare, link, links, minimal, workbook_part, worksheet

MB = 1024 * 1024


def test_a_file_over_20_mb(tmp_path):
    path = tmp_path / "大.xlsx"
    with path.open("wb") as stream:
        stream.truncate(20 * MB + 1)

    with pytest.raises(LimitExceeded, match="20 MB"):
        open_package(path)


def test_more_than_2000_parts(package_file):
    with pytest.raises(LimitExceeded, match="2,000"):
        open_package(package_file({f"xl/media/{n}.png": "" for n in range(2000)}))


def test_a_part_over_64_mb(package_file):
    with pytest.raises(LimitExceeded, match="64 MB"):
        open_package(package_file({"xl/media/a.bin": bytes(64 * MB + 1)}))


def test_a_part_that_inflates_more_than_200_to_1_past_10_mb(package_file):
    small = package_file({"xl/media/a.bin": bytes(9 * MB)})
    assert open_package(small).read("xl/media/a.bin") == bytes(9 * MB)

    with pytest.raises(LimitExceeded, match="200:1"):
        open_package(package_file({"xl/media/a.bin": bytes(11 * MB)}))


@pytest.mark.parametrize(("size", "words"), [(11 * MB, "200:1"), (65 * MB, "200:1|64 MB")])
def test_what_the_zip_declares_is_not_trusted(package_file, size, words):
    part = "xl/worksheets/sheet1.xml"
    path = package_file({part: b" " * size})
    path.write_bytes(declare(path.read_bytes(), part, 100))

    with pytest.raises(LimitExceeded, match=words):
        read_book(path)


def test_all_parts_together_over_256_mb(package_file):
    # Enough noise in each part to stay under 200:1.
    noise = random.Random(0).randbytes(400_000)
    big = noise + bytes(55 * MB)

    with pytest.raises(LimitExceeded, match="256 MB"):
        open_package(package_file({f"xl/media/{n}.bin": big for n in range(5)}))


def test_all_parts_together_are_counted_while_they_inflate(package_file, monkeypatch):
    parts = {f"xl/media/{n}.bin": bytes(1000) for n in range(4)}
    path = package_file(parts)
    data = path.read_bytes()
    for part in parts:
        data = declare(data, part, 1)
    path.write_bytes(data)
    package = open_package(path)
    monkeypatch.setattr(limits, "TOTAL_BYTES", package._inflated + 500)

    with pytest.raises(LimitExceeded, match="全部部件"):
        package.read("xl/media/0.bin")


@pytest.mark.slow
def test_more_than_a_million_cells(package_file):
    row = f"<row>{'<c><v>1</v></c>' * 1000}</row>"
    data = worksheet(f"<sheetData>{row * 1000}<row><c><v>1</v></c></row></sheetData>")
    path = package_file({"xl/worksheets/sheet1.xml": data}, zipfile.ZIP_STORED)

    with pytest.raises(LimitExceeded, match="1,000,000"):
        read_book(path)


def test_cells_are_counted_over_all_sheets(package_file, monkeypatch):
    monkeypatch.setattr(limits, "CELLS", 3)
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in (1, 2))
    path = package_file(
        {
            "xl/workbook.xml": workbook_part(sheets),
            "xl/_rels/workbook.xml.rels": links(
                *(link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in (1, 2)),
                link(3, "sharedStrings", "sharedStrings.xml"),
            ),
            "xl/worksheets/sheet2.xml": minimal()["xl/worksheets/sheet1.xml"],
        }
    )

    with pytest.raises(LimitExceeded, match="单元格"):
        read_book(path)


def test_more_markup_than_a_million_cells_need(package_file):
    # The noise keeps the part under 200:1.
    noise = random.Random(0).randbytes(250_000).hex()
    flood = worksheet(f"<!--{noise}--><sheetData><row>{'<c/>' * 8_000_000}</row></sheetData>")

    with pytest.raises(LimitExceeded, match="8,000,000"):
        read_book(package_file({"xl/worksheets/sheet1.xml": flood}))


def test_more_in_one_row_than_memory_should_hold(package_file):
    noise = random.Random(0).randbytes(50_000).hex()
    flood = worksheet(f"<!--{noise}--><sheetData><row>{'<c/>' * 1_100_000}</row></sheetData>")

    with pytest.raises(LimitExceeded, match="1,000,000"):
        read_book(package_file({"xl/worksheets/sheet1.xml": flood}))


def test_more_elements_in_a_small_part_than_any_needs(package_file):
    noise = random.Random(0).randbytes(50_000).hex()
    flood = f'<!--{noise}--><styleSheet xmlns="{MAIN}">{"<a/>" * 2_000_001}</styleSheet>'

    with pytest.raises(LimitExceeded, match="2,000,000"):
        read_book(package_file({"xl/styles.xml": flood}))


def test_a_shared_formula_that_would_expand_to_gigabytes(package_file, monkeypatch):
    monkeypatch.setattr(limits, "EXPANDED", MB)
    first = f'<row><c><f t="shared" si="0">{"A1+" * 2000}1</f></c></row>'
    rest = '<row><c><f t="shared" si="0"/></c></row>' * 400
    sheet = worksheet(f"<sheetData>{first}{rest}</sheetData>")

    with pytest.raises(LimitExceeded, match="共享公式"):
        read_book(package_file({"xl/worksheets/sheet1.xml": sheet}))


def test_brackets_that_never_close_take_no_longer_than_others(sheet):
    first = f'<row><c><f t="shared" si="0">{"[" * 200_000}</f></c></row>'

    assert sheet(f"<sheetData>{first}</sheetData>").cells[1, 1].formula == "[" * 200_000


def test_elements_nested_without_end_do_no_harm(package_file):
    deep = worksheet("<sheetData>" + "<a>" * 300_000 + "</a>" * 300_000 + "</sheetData>")

    assert not read_book(package_file({"xl/worksheets/sheet1.xml": deep})).grids[0].cells


def test_more_than_10000_merges(package_file):
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 10_002))
    sheet = worksheet(f"<sheetData/><mergeCells>{merges}</mergeCells>")

    with pytest.raises(LimitExceeded, match="10,000"):
        read_book(package_file({"xl/worksheets/sheet1.xml": sheet}))


def test_merges_that_cover_more_than_any_reader_could_look_through(package_file):
    sheet = worksheet(
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )

    with pytest.raises(LimitExceeded, match="1,000,000"):
        read_book(package_file({"xl/worksheets/sheet1.xml": sheet}))


def test_a_merge_down_the_whole_sheet_is_no_harm_where_little_is_filled(sheet):
    grid = sheet(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )

    assert grid.anchor(1, 1) == (1, 1)


def test_more_than_255_sheets(package_file):
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 257))

    with pytest.raises(LimitExceeded, match="255"):
        read_book(package_file({"xl/workbook.xml": workbook_part(sheets)}))


def test_more_than_64000_cell_formats(package_file):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 64_001}</cellXfs></styleSheet>'

    with pytest.raises(LimitExceeded, match="64,000"):
        read_book(package_file({"xl/styles.xml": styles}))


def test_more_than_20000_names(package_file):
    names = "".join(f'<definedName name="n{n}">1</definedName>' for n in range(20_001))
    book = workbook_part(more=f"<definedNames>{names}</definedNames>")

    with pytest.raises(LimitExceeded, match="20,000"):
        read_book(package_file({"xl/workbook.xml": book}))
