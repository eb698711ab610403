"""The workbooks that go out: what is in them, and what is not."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.errors import TargetExists, UnwritableTarget
from perfxl.model import Role
from perfxl.package import open_package, read_book
from perfxl.template import available, find, load
from tests.blank import thousand

UNITS = [
    {
        "单位": "甲县教育局",
        "编制数": 8,
        "公用经费 2023年决算数": 12.5,
        "公务接待 2023年决算数": 1.25,
        "项目": [
            {"项目名称": "农村学校食堂改造", "年初预算数": 10},
            {"项目名称": "=1+1", "年初预算数": 20.5},
            {"项目名称": "教师培训"},
        ],
    },
    {"单位": "乙县水务局", "编制数": None},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return perfxl.make_blanks("hunan-2024", UNITS, tmp_path_factory.mktemp("下发"), jobs=1)


def test_each_unit_has_its_file_in_the_order_of_the_roster(made: list[Path]):
    assert [path.name for path in made] == [
        "甲县教育局-2024年度绩效自评.xlsx",
        "乙县水务局-2024年度绩效自评.xlsx",
    ]


def test_what_the_roster_knows_is_filled_in_and_nothing_else(made: list[Path]):
    book = openpyxl.load_workbook(made[0])
    assert book["附件3"]["B3"].value == "甲县教育局"
    assert book["附件2"]["B4"].value == 8
    assert book["附件2"]["D4"].value is None
    assert [book[name]["D6"].value for name in ("附件4", "附件4-2", "附件4-3")] == [10, 20.5, None]
    assert openpyxl.load_workbook(made[1])["附件4"]["C3"].value is None


def test_text_of_the_roster_never_becomes_a_formula(made: list[Path]):
    cell = openpyxl.load_workbook(made[0])["附件4-2"]["C3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_hidden_sheets_stay_at_the_bureau(made: list[Path]):
    raw = b"".join(
        open_package(path).read(part) for path in made for part in open_package(path).parts
    )
    assert all(not sheet.startswith("_") for sheet in openpyxl.load_workbook(made[0]).sheetnames)
    assert "整改建议".encode() not in raw and "_规则".encode() not in raw


def test_project_sheets_stand_behind_each_other_with_names_of_their_own(made: list[Path]):
    book = openpyxl.load_workbook(made[0])
    first = book.sheetnames.index("附件4")
    assert book.sheetnames[first : first + 3] == ["附件4", "附件4-2", "附件4-3"]
    assert book.sheetnames[first + 3 :] == openpyxl.load_workbook(made[1]).sheetnames[first + 1 :]
    model = load(find("hunan-2024")).form("项目")
    wanted = {f"项目.{name}" for name, field in model.fields.items() if field.area}
    for sheet in (book["附件4"], book["附件4-2"], book["附件4-3"]):
        assert wanted <= set(sheet.defined_names)
        for name in sheet.defined_names.values():
            assert f"'{sheet.title}'!" in name.attr_text
        assert sheet.print_title_rows and sheet.print_area.startswith(f"'{sheet.title}'!")
        assert sheet.row_dimensions[3].height == book["附件4"].row_dimensions[3].height
        assert sheet.protection.sheet == book["附件4"].protection.sheet
        assert len(sheet.merged_cells.ranges) == len(book["附件4"].merged_cells.ranges)
        assert len(sheet.data_validations.dataValidation) > 0


def test_who_reads_row_by_row_gets_rows_as_wide_as_the_form(made: list[Path]):
    book = openpyxl.load_workbook(made[0], read_only=True)
    widths = {name: max(map(len, book[name].iter_rows())) for name in book.sheetnames}
    book.close()
    assert 5 < widths["附件4"] <= max(widths.values()) < 60


def test_a_stored_result_is_never_older_than_what_is_filled_in(made: list[Path]):
    sheet = openpyxl.load_workbook(made[0], data_only=True)["附件2"]
    assert sheet["B11"].value == 1.25  # 三公经费, the sum of its parts
    assert not sheet["D11"].value
    package = open_package(made[0])
    assert b'fullCalcOnLoad="1"' in package.read(package.workbook_part)


def test_the_workbook_says_what_it_is(made: list[Path]):
    properties = openpyxl.load_workbook(made[0]).properties
    assert properties.subject == "甲县教育局"
    assert read_book(made[0]).properties["perfxl模板"] == "hunan-2024"


def test_the_same_roster_gives_the_same_bytes(made: list[Path], tmp_path: Path):
    again = perfxl.make_blanks("hunan-2024", UNITS, tmp_path, jobs=2)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]


def test_a_blank_is_recognised_and_has_nothing_wrong_yet(made: list[Path]):
    report = perfxl.check(made[1])
    assert report.template is not None and report.unit == "乙县水务局"
    assert not [finding.code for finding in report.findings if finding.code[0] in "FSY"]


@pytest.mark.parametrize("workbook", available(), ids=lambda path: path.stem)
def test_every_shipped_template_makes_blanks(workbook: Path, tmp_path: Path):
    template = load(workbook)
    each = any(form.repeatable for form in template.forms)
    unit = {"单位": "甲局", **({"项目": [{"项目名称": n} for n in ("一", "二")]} if each else {})}
    (path,) = perfxl.make_blanks(workbook, [unit], tmp_path)
    book = openpyxl.load_workbook(path)
    for form in template.forms:
        sheets = [s for s in book if s.title == form.sheet or s.title.startswith(f"{form.sheet}-")]
        assert len(sheets) == (2 if form.repeatable else 1)
        for sheet, name in zip(sheets, ("一", "二"), strict=False):
            for field, text in ((form.unit_field, "甲局"), (form.name_field, name)):
                area = form.fields[field].area if field else None
                assert area is None or sheet.cell(area.top, area.left).value == text
    assert path.stat().st_size < thousand.LARGEST
    found = {form.form for form in perfxl.check(path).forms}
    assert found == {form.id for form in template.forms}


def test_an_officers_own_sheet_and_wording_go_out_too(tmp_path: Path):
    book = openpyxl.load_workbook(find("hunan-2024"))
    book.create_sheet("联系方式")["A1"] = "有问题请致电 13800000000"
    book["附件3"]["A2"] = "2024年度甲县部门整体支出绩效自评表"
    book.save(tmp_path / "本县.xlsx")
    (path,) = perfxl.make_blanks(tmp_path / "本县.xlsx", [{"单位": "甲局"}], tmp_path)
    made = openpyxl.load_workbook(path)
    assert made["联系方式"]["A1"].value == "有问题请致电 13800000000"
    assert made["附件3"]["A2"].value == "2024年度甲县部门整体支出绩效自评表"
    assert not [name for name in made.sheetnames if name.startswith("_")]


def test_nothing_is_replaced_unless_asked(tmp_path: Path):
    perfxl.make_blanks("hunan-2024", [{"单位": "甲局"}], tmp_path)
    with pytest.raises(TargetExists, match="甲局-2024年度绩效自评"):
        perfxl.make_blanks("hunan-2024", [{"单位": "甲局"}, {"单位": "乙局"}], tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    perfxl.make_blanks("hunan-2024", [{"单位": "甲局"}], tmp_path, overwrite=True)


def test_a_workbook_that_is_read_is_never_written(tmp_path: Path):
    template = tmp_path / "甲局.xlsx"
    template.write_bytes(find("hunan-2024").read_bytes())
    before = template.read_bytes()
    with pytest.raises(UnwritableTarget, match="读取用的文件"):
        perfxl.make_blanks(
            template, [{"单位": "甲局"}], tmp_path, name_pattern="{单位}", overwrite=True
        )
    assert template.read_bytes() == before


def test_no_computed_cell_is_ever_prefilled(made: list[Path]):
    template, book = load(find("hunan-2024")), openpyxl.load_workbook(made[0])
    for form in template.forms:
        for field in form.fields.values():
            if field.role is Role.COMPUTED and field.area:
                value = book[form.sheet].cell(*field.area[:2]).value
                assert str(getattr(value, "text", value)).startswith("=")
