"""A saved copy differs in the parts that were changed and in no byte besides."""

from __future__ import annotations

import functools
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.errors import PerfxlError, UnwritableTarget
from perfxl.package import open_package, read_book, save
from perfxl.package.archive import Package
from tests.clients import convert, needs_soffice
from tests.package.conftest import minimal, zip_bytes

quiet = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    """A workbook with folder entries, dates, extra fields, descriptors and a comment."""
    path = tmp_path_factory.mktemp("save") / "原件.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("附件1", "附件2"):
            page = book.add_worksheet(name)
            page.write(0, 0, "全年执行数")
            page.write_comment(0, 0, "批注")
            page.write_formula(1, 0, "=1+1", None, 2)
    made = path.with_name("改过.xlsx")
    with (
        zipfile.ZipFile(path) as old,
        Streamed(made.open("wb")) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        new.comment = "报送".encode()
        new.writestr(zipfile.ZipInfo("xl/"), b"")
        for member in old.infolist():
            member.date_time = (2024, 3, 15, 9, 30, 0)
            member.extra = b"\xfe\xca\x02\x00ok"
            new.writestr(member, old.read(member), compresslevel=1)
        new.writestr(zipfile.ZipInfo("xl/media/图.bin"), bytes(range(256)))
    return made


class Streamed:
    """A stream that cannot seek, for which zip writers use data descriptors."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def write(self, data):
        return self.stream.write(data)

    def flush(self):
        self.stream.flush()


def raw(path: Path) -> dict[str, bytes]:
    """Each member as stored: its header, its compressed bytes, what the directory says."""
    package = open_package(path)
    return {
        member.name: package.data[member.offset : member.end]
        + member.central[:42]
        + member.central[46:]
        for member in package.directory.members
    }


def test_a_copy_without_changes_is_the_same_file(original, tmp_path):
    copy = tmp_path / "副本.xlsx"

    save(open_package(original), {}, copy)

    assert copy.read_bytes() == original.read_bytes()


@quiet
@given(data=st.data())
def test_parts_that_are_not_changed_stay_as_they_were_byte_for_byte(original, tmp_path, data):
    package = open_package(original)
    chosen = data.draw(st.sets(st.sampled_from(package.parts)))
    changes = {
        part: data.draw(st.sampled_from([package.read(part) + b"\n", b"", None]))
        for part in chosen - {"[Content_Types].xml", "_rels/.rels", package.workbook_part}
    }
    changes |= {f"xl/新{n}.xml": b"<x/>" for n in range(data.draw(st.integers(0, 3)))}
    copy = tmp_path / "副本.xlsx"

    save(package, changes, copy)

    before, after = raw(original), raw(copy)
    kept = [name for name in before if name not in changes]
    assert [name for name in after if name not in changes] == kept
    for name in kept:
        assert after[name] == before[name], name
    written = open_package(copy)
    for name, content in changes.items():
        assert written.has(name) == (content is not None)
        if content is not None:
            assert written.read(name) == content
    with zipfile.ZipFile(copy) as other:
        assert other.testzip() is None
        assert other.comment == "报送".encode()


def test_new_and_changed_parts_open_in_other_programs(original, tmp_path):
    package = open_package(original)
    sheet = package.sheets[0].part
    changed = package.read(sheet).replace(b"<v>2</v>", b"<v>98.05</v>")
    copy = tmp_path / "副本.xlsx"

    save(package, {sheet: changed, "customXml/新.xml": b"<x/>"}, copy)

    assert read_book(copy).grids[0].cells[2, 1].value == 98.05
    assert openpyxl.load_workbook(copy, data_only=True)["附件1"]["A2"].value == 98.05
    calamine = python_calamine.CalamineWorkbook.from_path(str(copy))
    assert calamine.get_sheet_by_name("附件1").to_python()[1][0] == 98.05


@needs_soffice
def test_a_copy_opens_in_libreoffice(original, tmp_path):
    package = open_package(original)
    copy = tmp_path / "copy.xlsx"
    save(package, {package.sheets[0].part: package.read(package.sheets[0].part)}, copy)

    assert "全年执行数" in convert(
        copy, "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path
    ).read_text("utf-8")


def test_new_parts_come_last_and_the_rest_keeps_its_order(original, tmp_path):
    package = open_package(original)
    copy = tmp_path / "副本.xlsx"

    save(package, {"a/first.xml": b"<x/>", package.parts[2]: b"<y/>"}, copy)

    assert open_package(copy).parts == (*package.parts, "a/first.xml")


def test_a_part_is_replaced_whatever_its_case(original, tmp_path):
    copy = tmp_path / "副本.xlsx"

    save(open_package(original), {"/XL/Styles.xml": b"<z/>"}, copy)

    assert open_package(copy).read("xl/styles.xml") == b"<z/>"
    assert len(open_package(copy).parts) == len(open_package(original).parts)


def test_the_same_changes_give_the_same_bytes(original, tmp_path):
    package = open_package(original)
    copies = [tmp_path / f"{n}.xlsx" for n in range(2)]
    for copy in copies:
        save(package, {"xl/新.xml": b"<x/>", "xl/styles.xml": b"<y/>"}, copy)

    assert copies[0].read_bytes() == copies[1].read_bytes()


def test_a_target_that_is_there_is_replaced_whole(original, tmp_path):
    copy = tmp_path / "副本.xlsx"
    copy.write_bytes(b"old" * 100_000)

    save(open_package(original), {}, copy)

    assert copy.read_bytes() == original.read_bytes()
    assert os.listdir(tmp_path) == ["副本.xlsx"]


@pytest.mark.parametrize("way", ["itself", "symlink", "hard link"])
def test_the_input_is_never_written(package_file, tmp_path, way):
    path = package_file()
    before = path.read_bytes()
    target = path if way == "itself" else tmp_path / "别名.xlsx"
    if way == "symlink":
        target.symlink_to(path)
    elif way == "hard link":
        target.hardlink_to(path)

    with pytest.raises(UnwritableTarget, match="原件"):
        save(open_package(path), {"xl/workbook.xml": b""}, target)
    assert path.read_bytes() == before


def test_targets_that_cannot_be_written_are_told_in_words(package_file, tmp_path):
    package = open_package(package_file())
    before = sorted(os.listdir(tmp_path))

    for target, words in (
        (tmp_path, "目标是文件夹"),
        (tmp_path / "没有" / "a.xlsx", "文件夹不存在"),
        (Path(package.path) / "a.xlsx", "不是文件夹"),
        (tmp_path / ("长" * 200 + ".xlsx"), "太长"),
        (tmp_path / "a\0b.xlsx", "不能写入"),
    ):
        with pytest.raises(UnwritableTarget, match=words):
            save(package, {}, target)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("step", "error", "words"),
    [
        ("fsync", OSError(28, "No space left on device"), "空间不足"),
        ("replace", PermissionError(13, "Permission denied"), "权限"),
        ("replace", OSError(30, "Read-only file system"), "只读"),
    ],
)
def test_a_write_that_fails_leaves_nothing_behind(
    package_file, tmp_path, monkeypatch, step, error, words
):
    def fail(*_):
        raise error

    package = open_package(package_file())
    target = tmp_path / "副本.xlsx"
    target.write_bytes(b"old")
    before = sorted(os.listdir(tmp_path))
    monkeypatch.setattr(os, step, fail)

    with pytest.raises(UnwritableTarget, match=words):
        save(package, {}, target)
    assert sorted(os.listdir(tmp_path)) == before
    assert target.read_bytes() == b"old"


@functools.cache
def small(method: int) -> bytes:
    return zip_bytes(minimal(), method)


@settings(quiet, max_examples=400)
@given(
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
    ),
    length=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_changed_bytes_never_get_past_a_typed_refusal(tmp_path, method, changes, length):
    data = bytearray(small(method))
    for place, byte in changes:
        data[int(place * len(data))] = byte
    path = tmp_path / "坏.xlsx"
    path.write_bytes(data[: max(1, int(len(data) * length))])

    try:
        package: Package = open_package(path)
        save(package, {"xl/styles.xml": b"<x/>"}, tmp_path / "副本.xlsx")
        read_book(path)
    except PerfxlError as refusal:
        assert str(refusal).endswith("。")


XML_BYTES = st.sampled_from(
    [b"<", b">", b"/", b'"', b"&", b"&#0;", b"\xff", b"\0", b"-", b"1", b"9" * 30, b"A1", b"<c>",
     b"</c>", b"", b"r", b"\xe4\xbd"]
)  # fmt: skip


@settings(quiet, max_examples=300)
@given(
    part=st.sampled_from(sorted(minimal())),
    edits=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 12), XML_BYTES),
        min_size=1,
        max_size=3,
    ),
)
def test_changed_xml_never_gets_past_a_typed_refusal(tmp_path, part, edits):
    parts = minimal()
    content = str(parts[part]).encode()
    for place, length, piece in edits:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    path = tmp_path / "坏.xlsx"
    path.write_bytes(zip_bytes({**parts, part: content}))

    try:
        read_book(path)
    except PerfxlError as refusal:
        assert str(refusal).endswith("。")
