"""``perfxl blank`` on the command line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perfxl.cli import run
from perfxl.template import available, shipped
from tests.blank.rosters import write_roster


def test_a_roster_gives_a_folder_of_workbooks(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    roster = write_roster(tmp_path / "名册.xlsx", {"单位": [["单位"], ["甲局"], ["乙局"]]})
    out = tmp_path / "下发" / "2024"
    assert run(["blank", "hunan-2024", "--units", str(roster), "-o", str(out)]) == 0
    said = capfd.readouterr()
    assert said.out == "" and f"已写出 2 个工作簿，在 {out}" in said.err
    assert len(list(out.iterdir())) == 2


def test_a_wrong_roster_is_told_line_by_line_and_writes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    roster = write_roster(
        tmp_path / "名册.xlsx", {"单位": [["单位", "编制数"], ["甲局", "多"], ["甲局", 1]]}
    )
    out = tmp_path / "下发"
    assert run(["blank", "hunan-2024", "--units", str(roster), "-o", str(out)]) == 2
    lines = capfd.readouterr().err.splitlines()
    assert "名册有 2 处要改正，没有写出任何文件" in lines[0] and len(lines) == 3
    assert "第 2 行 B 列（编制数）" in lines[1] and "第 3 行 A 列（单位）" in lines[2]
    assert not out.exists()


def test_without_a_roster_there_is_one_plain_blank(tmp_path: Path):
    assert run(["blank", "hunan-2024", "-o", str(tmp_path), "-q"]) == 0
    assert run(["blank", "hunan-2024", "-o", str(tmp_path / "空表.xlsx"), "-q"]) == 0
    book = openpyxl.load_workbook(tmp_path / "hunan-2024-空白表.xlsx")
    assert book["附件3"]["B3"].value is None
    assert (tmp_path / "空表.xlsx").is_file()


def test_what_is_there_is_kept_unless_overwriting_is_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    plain = ["blank", "hunan-2024", "-o", str(tmp_path), "-q"]
    assert [run(plain), run(plain), run([*plain, "--overwrite"])] == [0, 2, 0]
    assert "加 --overwrite 改写" in capfd.readouterr().err


def test_nothing_is_overwritten_where_one_of_the_files_is_open(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    roster = write_roster(tmp_path / "名册.xlsx", {"单位": [["单位"], ["甲局"], ["乙局"]]})
    out = tmp_path / "下发"
    first, second = (out / f"{unit}局-2024年度绩效自评.xlsx" for unit in "甲乙")
    out.mkdir()
    for path in (first, second):
        path.write_bytes(b"old")
    (out / f"~${second.name}").touch()
    asked = ["blank", "hunan-2024", "--units", str(roster), "-o", str(out), "--overwrite"]
    assert run(asked) == 2
    assert first.read_bytes() == second.read_bytes() == b"old"
    assert "正被 Excel" in capfd.readouterr().err


def test_an_empty_name_of_the_roster_is_no_plain_blank(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    assert run(["blank", "hunan-2024", "--units", "", "-o", str(tmp_path)]) == 2
    assert "--units 后面没有写名册" in capfd.readouterr().err and not list(tmp_path.iterdir())


@pytest.mark.parametrize("template", [path.stem for path in available()])
def test_the_example_is_a_roster_that_works(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], template: str
):
    example = tmp_path / "名册.xlsx"
    assert run(["blank", template, "--example", "-o", str(example)]) == 0
    assert run(["blank", template, "--units", str(example), "-o", str(tmp_path / "下发")]) == 0
    assert len(list((tmp_path / "下发").iterdir())) == 2
    assert "工作表“单位”第 2 行等 2 行还有“（样例，请改写）”" in capfd.readouterr().err
    has_last_year = any(field.carried_from for form in shipped(template).forms
                        for field in form.fields.values())  # fmt: skip
    notes = openpyxl.load_workbook(example)["填写说明"]
    assert any("--last-year" in str(cell.value) for cell in notes["A"]) == has_last_year


def test_an_example_that_cannot_be_put_there_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    (tmp_path / "占位").write_text("")
    assert run(["blank", "--example", "-o", str(tmp_path / "占位" / "名册.xlsx")]) == 2
    assert f"不能写入 {tmp_path / '占位'}" in capfd.readouterr().err


def test_an_example_needs_no_template(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    assert run(["blank", "--example", "-o", str(tmp_path)]) == 0
    book = openpyxl.load_workbook(tmp_path / "单位名册.xlsx")
    assert book.sheetnames == ["单位", "项目", "填写说明"]
    assert book["单位"]["A1"].value == "单位"
    assert run(["blank", "--example", "-o", str(tmp_path)]) == 2
    assert "已经有了" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "缺少模板编号"),
        (["没有的模板"], "没有编号为“没有的模板”的模板"),
        (["hunan-2024", "--projects", "a.csv"], "--projects 要和 --units 一起用"),
        (["hunan-2024", "--last-year", "上年"], "--last-year 要和 --units 一起用"),
        (["hunan-2024", "--units", "没有.xlsx"], "找不到文件 没有.xlsx"),
        (["hunan-2024", "--units", "名册.xlsx", "-o", "下发.xlsx"], "-o 是文件夹，不是文件"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    arguments: list[str], told: str, capfd: pytest.CaptureFixture[str]
):
    assert run(["blank", *arguments]) == 2
    said = capfd.readouterr().err
    assert told in said and len(said.splitlines()) == 1
