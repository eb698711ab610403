"""What a package offers, and which files are refused in which words."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from perfxl.errors import (
    DamagedWorkbook,
    EncryptedWorkbook,
    NotAWorkbook,
    UnreadableFile,
    UnsafeWorkbook,
)
from perfxl.package import archive, open_package, read_book
from tests.package.conftest import (
    MAIN,
    OFFICE,
    SPREADSHEET,
    TYPES,
    link,
    links,
    minimal,
    workbook_part,
    worksheet,
    zip_bytes,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def types(main: str) -> str:
    return (
        f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
    )


def ole(stream: str) -> bytes:
    """A compound file as far as anyone needs to look to see which stream it has."""
    entry = stream.encode("utf-16-le").ljust(128, b"\0")
    return OLE + b"\0" * 504 + "Root Entry".encode("utf-16-le").ljust(128, b"\0") + entry


def test_a_package_tells_its_parts_types_and_relationships(package_file):
    package = open_package(package_file())

    assert package.kind == "xlsx"
    assert package.parts == tuple(minimal())
    assert package.workbook_part == "xl/workbook.xml"
    assert package.content_type("xl/workbook.xml") == f"{SPREADSHEET}.sheet.main+xml"
    assert package.content_type("xl/sharedStrings.xml") == "application/xml"
    assert package.content_type("no/such.bin") == ""
    first = package.relationships("xl/workbook.xml")[0]
    assert (first.id, first.kind, first.target_part, first.external) == (
        "rId1",
        "worksheet",
        "xl/worksheets/sheet1.xml",
        False,
    )
    assert package.relationships("xl/sharedStrings.xml") == ()
    assert not package.strict
    assert len(package.sha256) == 64


def test_parts_are_found_whatever_their_case_slashes_and_leading_slash(package_file):
    package = open_package(package_file())

    for name in ("XL/SharedStrings.XML", "/xl/sharedStrings.xml", "xl\\sharedStrings.xml"):
        assert package.has(name)
        assert package.read(name) == package.read("xl/sharedStrings.xml")


def test_a_part_that_is_not_there_is_named(package_file):
    with pytest.raises(DamagedWorkbook, match=r"xl/nothing\.xml"):
        open_package(package_file()).read("xl/nothing.xml")


def test_a_workbook_zipped_with_backslashes_and_folder_entries_reads(tmp_path):
    parts = {name.replace("/", "\\"): content for name, content in minimal().items()}
    path = tmp_path / "wps.xlsx"
    path.write_bytes(zip_bytes({"xl\\": "", "xl\\worksheets/": "", **parts}))

    assert open_package(path).parts == tuple(minimal())
    assert read_book(path).grids[0].cells[1, 1].value == "执行率"


@pytest.mark.parametrize(
    "target",
    [
        "/xl/工作/Sheet.xml",
        "工作/sheet.xml",
        "../xl/./工作/sheet.xml",
        "工作\\sheet.xml",
        "%E5%B7%A5%E4%BD%9C/sheet.xml",
    ],
)
def test_relationship_targets_lead_to_the_part_however_they_are_spelt(package_file, target):
    changes = {
        "xl/worksheets/sheet1.xml": None,
        "xl/工作/sheet.xml": worksheet(
            '<sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData>'
        ),
        "xl/_rels/workbook.xml.rels": links(link(1, "worksheet", target)),
    }

    assert read_book(package_file(changes)).grids[0].cells[1, 1].value == 7


def test_the_workbook_is_found_by_relationship_not_by_name(package_file):
    made = minimal()
    changes = {
        "xl/workbook.xml": None,
        "xl/_rels/workbook.xml.rels": None,
        "_rels/.rels": links(link(1, "officeDocument", "/odd/book.xml")),
        "odd/book.xml": made["xl/workbook.xml"],
        "odd/_rels/book.xml.rels": links(
            link(1, "worksheet", "/xl/worksheets/sheet1.xml"),
            link(2, "sharedStrings", "../xl/sharedStrings.xml"),
        ),
    }

    package = open_package(package_file(changes))

    assert package.workbook_part == "odd/book.xml"
    assert read_book(package.path).grids[0].cells[1, 1].value == "执行率"


def test_macros_make_it_xlsm(package_file):
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

    assert open_package(package_file({"[Content_Types].xml": types(kind)})).kind == "xlsm"


def test_external_links_are_told_and_never_followed(package_file):
    external = (
        f'<Relationship Id="rId9" Type="{OFFICE}/hyperlink" TargetMode="External" '
        'Target="file:///etc/passwd"/>'
    )
    package = open_package(package_file({"xl/worksheets/_rels/sheet1.xml.rels": links(external)}))

    (found,) = package.relationships("xl/worksheets/sheet1.xml")
    assert found.external
    assert found.target_part == ""
    assert found.target == "file:///etc/passwd"


def test_chart_sheets_are_passed_over_and_remembered(package_file):
    sheets = (
        '<sheet name="图" sheetId="4" r:id="rId4"/><sheet name="表" sheetId="1" r:id="rId1"/>'
        '<sheet name="底稿" sheetId="7" state="veryHidden" r:id="rId7"/>'
    )
    package = open_package(
        package_file(
            {
                "xl/workbook.xml": workbook_part(sheets),
                "xl/_rels/workbook.xml.rels": links(
                    link(1, "worksheet", "worksheets/sheet1.xml"),
                    link(4, "chartsheet", "chartsheets/sheet1.xml"),
                    link(7, "worksheet", "worksheets/sheet7.xml"),
                ),
            }
        )
    )

    assert [(entry.name, entry.state, entry.sheet_id) for entry in package.sheets] == [
        ("表", "visible", 1),
        ("底稿", "veryHidden", 7),
    ]
    assert [entry.name for entry in package.workbook.others] == ["图"]
    assert package.workbook.order == ("图", "表", "底稿")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ole("Workbook"), "另存为"),
        (ole("Book"), "另存为"),
        (ole("WordDocument"), "Word"),
        (b"%PDF-1.4\n%\xe2\xe3", "PDF"),
        ("<html><table><tr><td>得分</td></tr></table></html>".encode(), "网页"),
        ("\ufeff单位,得分\n教育局,95\n".encode(), "CSV"),
        ("单位,得分\n教育局,95\n".encode("gb18030"), "CSV"),
        ("自评报告\n一、基本情况\n".encode(), "文本"),
        (
            b'<?xml version="1.0"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "2003",
        ),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x00\x01\x02\x03binary", "不是工作簿"),
        (zip_bytes({"mimetype": ODS, "content.xml": "<x/>"}), "OpenDocument"),
        (zip_bytes({"通知.txt": "请各单位"}), "压缩包"),
        (zip_bytes({"word/document.xml": "<x/>"}), "Office"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_real_name(tmp_path, content, words):
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(content)

    with pytest.raises(NotAWorkbook, match=words) as refused:
        open_package(path)
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize(
    ("main", "words"),
    [
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "Word",
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            "演示文稿",
        ),
    ],
)
def test_other_office_packages_are_called_by_their_real_name(package_file, main, words):
    with pytest.raises(NotAWorkbook, match=words):
        open_package(package_file({"[Content_Types].xml": types(main)}))


def test_a_password_is_asked_for_in_words(tmp_path):
    path = tmp_path / "加密.xlsx"
    path.write_bytes(ole("EncryptedPackage"))

    with pytest.raises(EncryptedWorkbook, match="密码"):
        open_package(path)


def test_a_password_of_the_zip_itself_is_told(package_file):
    path = package_file()
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)

    with pytest.raises(EncryptedWorkbook, match="压缩密码"):
        open_package(path)


def test_missing_empty_and_special_files_cannot_be_read(tmp_path):
    empty = tmp_path / "空.xlsx"
    empty.touch()
    lock = tmp_path / "~$自评表.xlsx"
    lock.write_bytes(b"\x05admin".ljust(165))

    for path, words in (
        (tmp_path / "没有.xlsx", "找不到"),
        (tmp_path, "文件夹"),
        (empty, "空文件"),
        (Path(os.devnull), "普通文件"),
        (Path("a\0b.xlsx"), "读不了"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            open_package(path)
    with pytest.raises(NotAWorkbook, match="锁文件"):
        open_package(lock)


def test_a_file_without_permission_cannot_be_read(package_file, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    path = package_file()
    monkeypatch.setattr(archive, "open", refuse, raising=False)

    with pytest.raises(UnreadableFile, match="权限"):
        open_package(path)


def test_a_truncated_download_is_damaged(package_file):
    path = package_file()
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(DamagedWorkbook, match="没有传完整"):
        open_package(path)


def test_bytes_that_changed_on_the_way_are_noticed(package_file):
    path = package_file(method=zipfile.ZIP_STORED)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"<v>98.05</v>", b"<v>89.05</v>"))

    with pytest.raises(DamagedWorkbook, match=r"sheet1\.xml.*校验码"):
        read_book(path)


def test_broken_xml_names_its_part(package_file):
    with pytest.raises(DamagedWorkbook, match=r"xl/worksheets/sheet1\.xml"):
        read_book(package_file({"xl/worksheets/sheet1.xml": worksheet("<sheetData>")}))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_missing_part_is_damage(package_file, part):
    with pytest.raises(DamagedWorkbook, match=part.replace(".", r"\.")):
        read_book(package_file({part: None}))


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_dtd_in_any_part_that_is_parsed_is_unsafe(package_file, part, encoding):
    content = minimal().get(part) or f'<styleSheet xmlns="{MAIN}"/>'
    bomb = f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{content}'.encode(encoding)

    with pytest.raises(UnsafeWorkbook, match="DTD"):
        read_book(package_file({part: bomb}))


def test_an_encoding_that_could_hide_a_dtd_is_refused(package_file):
    hidden = b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE x><x/>".encode("cp037")

    with pytest.raises(DamagedWorkbook, match="cp037"):
        read_book(package_file({"xl/sharedStrings.xml": hidden}))


@pytest.mark.parametrize(
    "name", ["../外.xml", "xl/../../外.xml", "/etc/外.xml", "C:/外.xml", "..\\外.xml"]
)
def test_part_names_that_point_outside_are_unsafe(package_file, name):
    with pytest.raises(UnsafeWorkbook, match="外"):
        open_package(package_file({name: "<x/>"}))


def test_a_slash_before_the_folder_of_the_workbook_is_no_harm(package_file):
    package = open_package(package_file({"/xl/richData/_rels/value.xml.rels": links()}))

    assert "xl/richData/_rels/value.xml.rels" in package.parts
    with pytest.raises(UnsafeWorkbook, match="同名"):
        open_package(package_file({"/xl/workbook.xml": "<x/>"}))


def test_two_parts_of_one_name_are_unsafe(package_file):
    with pytest.raises(UnsafeWorkbook, match="同名"):
        open_package(package_file({"XL/Workbook.xml": "<x/>"}))
