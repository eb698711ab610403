"""What `perfxl extract` takes out of filled workbooks, and the command."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfxl
from perfxl.extract import extract_one
from perfxl.model import Bound, Cell, Field, Kind
from perfxl.values import parse
from tests import extracting, seed_tables, shapes

SHAPES = (shapes.official, shapes.stacked, shapes.shifted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return extracting.fill(tmp_path_factory.mktemp("extract"))


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, dict]:
    """The JSON of all files, by name."""
    return {Path(one["path"]).stem: one for one in perfxl.extract(sorted(folder.glob("*.xlsx")))}


def _form(one: dict, form: str) -> dict:
    return next(each for each in one["forms"] if each["form"] == form)


def test_the_json_has_the_keys_of_the_contract(found):
    assert list(found["a"]) == ["path", "template", "unit", "year", "forms"]
    assert (found["a"]["template"], found["a"]["year"]) == ("hunan-2024", 2024)
    overall = _form(found["a"], "overall")
    assert set(overall) == {"form", "sheet", "fields", "groups"}
    assert overall["sheet"] == "附件3"
    assert overall["fields"]["全年执行数"] == {"cell": "G4", "raw": "85.53", "value": 85.53}
    row = overall["groups"]["指标"][0]
    assert row["row"] == 12
    assert row["三级指标"] == {"cell": "D12", "raw": "部门整体支出", "value": "部门整体支出"}
    assert row["分值"] == {"cell": "J12", "raw": "10", "value": 10}
    assert row["原因"]["value"] is None


def test_a_ratio_is_a_number_and_a_whole_number_has_no_point(found):
    fields = _form(found["a"], "overall")["fields"]
    assert fields["执行率"] == {"cell": "K4", "raw": "98.05%", "value": 0.9805}
    assert isinstance(fields["执行率分值"]["value"], int)


def test_a_row_under_a_printed_heading_says_which(found):
    projects = _form(found["a"], "basic")["groups"]["项目"]
    assert {row["section"] for row in projects} == {"3、专项资金（一个项目一行）"}


def test_a_doubtful_value_is_null_and_keeps_what_was_typed(found):
    fields = _form(found["e"], "overall")["fields"]
    assert fields["全年执行数"] == {"cell": "G4", "raw": "约八九十万", "value": None}
    assert fields["全年预算数"] == {"cell": "E4", "raw": "#REF!", "value": None}


def test_a_file_that_gives_nothing_says_why_and_stops_no_other(found):
    assert found["c"]["error"]["code"] == "F002" and found["c"]["error"]["message"]
    assert found["d"]["error"]["code"] == "F009"
    assert found["c"]["forms"] == found["d"]["forms"] == []
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert "error" not in found["e"]


def test_all_shapes_of_a_workbook_give_the_same_values(tmp_path: Path):
    def values(number: int) -> list:
        path = tmp_path / f"{number}.xlsx"
        SHAPES[number](seed_tables.seed(), path)
        (one,) = perfxl.extract([path])
        return [
            (
                form["form"],
                {name: cell["value"] for name, cell in form["fields"].items()},
                {
                    name: [
                        {key: cell["value"] for key, cell in row.items() if isinstance(cell, dict)}
                        for row in rows
                    ]
                    for name, rows in form["groups"].items()
                },
            )
            for form in one["forms"]
        ]

    official = values(0)
    assert len(official) == 4 and len(official[1][2]["指标"]) == 11
    for number in (1, 2):
        others = values(number)
        # Phrases keep their own wording: ≥96% in full-width digits is read, not rewritten.
        assert _comparable(others) == _comparable(official)


def _comparable(forms: list) -> object:
    """Texts without blanks, brackets and digits alike: shapes vary them on purpose."""
    text = json.dumps(forms, ensure_ascii=False, sort_keys=True)
    wide = {ord(n) + 0xFEE0: n for n in "0123456789().%"}
    return json.loads("".join(text.translate(wide).split()))


def test_a_fault_of_our_own_is_the_error_of_its_file(monkeypatch, tmp_path):
    def broken(path: str, password: str | None) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setitem(extract_one.__globals__, "read", broken)
    extract = extract_one(str(tmp_path / "a.xlsx"))
    assert extract.error is not None and "ZeroDivisionError" in extract.error[1]


@pytest.mark.parametrize(
    ("typed", "code", "iso"),
    [
        (45356.0, "yyyy/m/d", "2024-03-05"),
        (45356.5, 'm"月"d"日"', "2024-03-05"),
        ("2024年3月5日", "General", "2024-03-05"),
        ("2024.03.05", "General", "2024-03-05"),
        ("２０２４/3/5", "General", "2024-03-05"),
        ("20240305", "General", "2024-03-05"),
        ("2024-03-05", "General", "2024-03-05"),
        ("年底前", "General", "年底前"),
        (None, "General", None),
    ],
)
def test_a_date_is_iso_text(typed, code, iso):
    field = Field("基础", "填报日期", ("填报日期",), kind=Kind.DATE)
    source = Cell(1, 1, typed, number_format=code)
    bound = Bound(field, "表", 1, 1, parse(typed, field, code), "右侧", source=source)
    as_iso = extract_one.__globals__["_iso"]
    assert as_iso(bound, False) == iso


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", ".", "/"]))
def test_every_written_date_comes_back(day, mark):
    field = Field("基础", "填报日期", ("填报日期",), kind=Kind.DATE)
    typed = f"{day.year}{mark}{day.month}{mark}{day.day}"
    bound = Bound(field, "表", 1, 1, parse(typed, field), "右侧", source=Cell(1, 1, typed))
    assert extract_one.__globals__["_iso"](bound, False) == day.isoformat()


@pytest.fixture
def perfxl_cli(capfdbinary, monkeypatch, folder):
    from perfxl import cli

    monkeypatch.chdir(folder)

    def run(*arguments: object) -> tuple[int, bytes, str]:
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return run


def test_without_a_file_json_goes_to_standard_output(perfxl_cli):
    status, out, err = perfxl_cli("extract", "a.xlsx")
    assert status == 0 and err == ""
    assert json.loads(out)["files"][0]["path"] == "a.xlsx"
    status, out, _ = perfxl_cli("extract", "a.xlsx", "-f", "csv", "-q")
    assert status == 0 and out.startswith("\ufeff文件".encode())


def test_the_suffix_decides_the_format(perfxl_cli, tmp_path):
    begins = {
        "汇总.xlsx": b"PK\3\4",
        "汇总.CSV": "\ufeff文件".encode(),
        "汇总.json": b'{"schema": 1',
    }
    for name, begin in begins.items():
        status, out, err = perfxl_cli("extract", "a.xlsx", "c.xlsx", "-o", tmp_path / name)
        assert (status, out) == (0, b"")
        assert "c.xlsx：F002" in err and err.splitlines()[-1].endswith("2 个文件，1 个没有读出")
        assert (tmp_path / name).read_bytes().startswith(begin)
    assert sorted(os.listdir(tmp_path)) == sorted(begins), "no temporary file is left"


def test_a_folder_in_parallel_gives_what_one_process_gives(perfxl_cli, tmp_path):
    for jobs in (1, 2):
        arguments = ("-o", tmp_path / f"{jobs}.xlsx", "-j", jobs, "-q")
        assert perfxl_cli("extract", ".", *arguments) == (0, b"", "")
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def test_the_template_can_be_named(perfxl_cli):
    status, out, _ = perfxl_cli("extract", "a.xlsx", "-t", "hunan-2024")
    assert status == 0 and json.loads(out)["files"][0]["template"] == "hunan-2024"
    status, out, err = perfxl_cli("extract", "a.xlsx", "-t", "none")
    assert (status, out) == (2, b"") and "none" in err


def test_when_nothing_can_be_read_the_status_is_2_and_the_reason_is_there(perfxl_cli):
    status, out, err = perfxl_cli("extract", "c.xlsx", "none.xlsx")
    assert status == 2 and "F002" in err and "F001" in err
    assert [one["error"]["code"] for one in json.loads(out)["files"]] == ["F002", "F001"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.xlsx", "-f", "xlsx"), "-o"),
        (("a.xlsx", "-o", "x.txt"), "x.txt"),
        (("a.xlsx", "-o", "x.xlsx", "-f", "csv"), "后缀"),
        (("a.xlsx", "-o", "a.xlsx"), "原件"),
        (("a.xlsx", "-o", "none/x.xlsx"), "文件夹不存在"),
        ((), "缺少"),
    ],
)
def test_wrong_usage_is_one_sentence_and_changes_nothing(perfxl_cli, folder, arguments, said):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    status, out, err = perfxl_cli("extract", *arguments)
    assert (status, out) == (2, b"")
    assert said in err and len(err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_an_earlier_run_wrote_into_the_folder_is_not_read(perfxl_cli, tmp_path):
    shapes.official(seed_tables.seed(), tmp_path / "a.xlsx")
    target = tmp_path / "汇总.xlsx"
    assert perfxl_cli("extract", tmp_path, "-o", target)[0] == 0
    first = target.read_bytes()
    assert perfxl_cli("extract", tmp_path, "-o", target)[0] == 0
    assert target.read_bytes() == first
