"""The tables that are made of many workbooks: for people, Excel and programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import python_calamine

import perfxl
from perfxl import tidy
from perfxl.extract import Extract, FormItems, Item, candidates
from perfxl.tidy import csv as long_table
from perfxl.tidy.headings import form_headings
from perfxl.tidy.tables import tables
from tests import extracting
from tests.extracting import FORMULA_LIKE, MENTION, rendered


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return extracting.fill(tmp_path_factory.mktemp("extract"))


@pytest.fixture(scope="module")
def sheets(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(rendered(folder, "xlsx")))


def _records(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[dict]:
    """The rows of a tidy sheet under their headings; the headings must all differ."""
    header, *rows = sheet.iter_rows(values_only=True)
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_json_document_is_the_dicts(folder):
    document = json.loads(rendered(folder, "json"))
    assert document == {"schema": 1, "files": perfxl.extract(sorted(folder.glob("*.xlsx")))}


def test_no_file_at_all_is_still_a_document():
    assert json.loads(b"".join(tidy.render("json", [], ()))) == {"schema": 1, "files": []}


def test_the_csv_is_a_long_table_that_excel_can_open(folder):
    data = rendered(folder, "csv")
    assert data.startswith("\ufeff文件,单位,".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == long_table.HEADER
    by_cell = {(Path(r["文件"]).stem, r["工作表"], r["单元格"]): r for r in rows}
    ratio = by_cell["a", "附件3", "K4"]
    assert (ratio["栏目"], ratio["填报原文"], ratio["数值"]) == ("执行率", "98.05%", "0.9805")
    amount = by_cell["a", "附件2", "D6"]
    assert amount["栏目"] == "一、部门基本支出｜2024年预算数"
    assert (amount["数值"], amount["计量单位"], amount["行"]) == ("94.25", "万元", "")
    target = by_cell["a", "附件3", "F12"]
    assert (target["行"], target["栏目"]) == ("12", "指标｜年度指标值")
    assert (target["填报原文"], target["数值"], target["计量单位"]) == (
        "≤110.71 万元", "110.71", "万元",
    )  # fmt: skip
    assert by_cell["a", "附件4-1", "D6"]["项目"] == "工会专项业务费"
    assert by_cell["e", "附件3", "G4"]["数值"] == ""


def test_nothing_in_the_csv_runs_as_a_formula(folder):
    text = rendered(folder, "csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert f"'{FORMULA_LIKE}" in cells and f"'{MENTION}" in cells
    assert "-8.22" in cells, "a negative number stays one"
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]


def test_the_csv_says_which_file_was_not_read(folder):
    rows = list(csv.DictReader(io.StringIO(rendered(folder, "csv").decode("utf-8-sig"))))
    (row,) = (row for row in rows if row["文件"].endswith("c.xlsx"))
    assert row["栏目"].startswith("没有读出：F002")


def test_the_workbook_has_a_contents_and_a_sheet_for_each_form_and_group(sheets):
    assert sheets.sheetnames == [
        "目录", "基础数据表", "整体自评表", "项目自评表", "基础项目", "整体指标", "项目指标",
    ]  # fmt: skip
    contents = {Path(row["文件"]).stem: row for row in _records(sheets["目录"])}
    assert contents["a"]["单位"] == "洪江区总工会" and contents["a"]["问题"] is None
    assert contents["a"]["表"].endswith("项目支出绩效自评表×2")
    assert contents["c"]["问题"].startswith("F002") and contents["c"]["模板"] is None
    assert "附件3!G4" in contents["e"]["问题"]


def test_two_units_make_two_rows_of_numbers_under_the_labels(sheets):
    rows = [row for row in _records(sheets["整体自评表"]) if "e.xlsx" not in row["来源文件"]]
    assert [row["单位"] for row in rows] == ["洪江区总工会", "某县文化馆"]
    assert [row["年初预算数"] for row in rows] == [110.71, 110.7]
    assert rows[0]["执行率"] == 0.9805 and rows[0]["执行率得分"] == 9.8
    basic = _records(sheets["基础数据表"])
    assert basic[0]["一、部门基本支出｜2024年预算数"] == 94.25
    assert [row["单位"] for row in basic[:2]] == ["洪江区总工会", "某县文化馆"]


def test_each_indicator_is_a_row_that_says_where_it_stood(sheets):
    first, *rest = _records(sheets["项目指标"])
    assert first["项目名称"] == "工会专项业务费" and first["年度"] == 2024
    assert (Path(first["来源文件"]).name, first["工作表"], first["单元格行"]) == (
        "a.xlsx", "附件4-1", 13,
    )  # fmt: skip
    assert isinstance(first["分值"], int) and len(rest) > 20
    project = _records(sheets["基础项目"])[0]
    assert project["项目名称"] == "工会专项业务费" and project["2024年预算数"] == 15.3


def _cell(sheet, heading: str, row: int):
    names = [cell.value for cell in sheet[1]]
    return sheet.cell(row, names.index(heading) + 1)


def test_numbers_have_the_format_of_their_field(sheets):
    sheet = sheets["整体自评表"]
    assert _cell(sheet, "执行率", 2).number_format == "0.00%"
    assert _cell(sheet, "年初预算数", 2).number_format == "#,##0.00"
    assert _cell(sheets["基础数据表"], "编制数", 2).number_format == "0"


def test_text_stays_text_and_a_doubt_is_a_marked_empty_cell(sheets):
    reasons = [
        cell
        for row in sheets["整体指标"].iter_rows(min_row=2)
        for cell in row
        if cell.value in (FORMULA_LIKE, MENTION)
    ]
    assert [cell.data_type for cell in reasons] == ["s", "s"]
    assert not any(cell.hyperlink for cell in reasons)
    doubtful = _cell(sheets["整体自评表"], "全年执行数", 4)
    assert doubtful.value is None and "约八九十万" in doubtful.comment.text


def test_every_sheet_can_be_filtered_scrolled_and_printed(sheets):
    for sheet in sheets:
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes[1:] == "2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


def test_another_reader_sees_the_same_numbers(folder, sheets):
    other = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(rendered(folder, "xlsx")))
    assert other.sheet_names == sheets.sheetnames
    header, first = other.get_sheet_by_name("整体自评表").to_python()[:2]
    row = dict(zip(header, first, strict=True))
    assert (row["年初预算数"], row["执行率"], row["单位"]) == (110.71, 0.9805, "洪江区总工会")


def test_the_same_files_give_the_same_bytes(folder):
    for form in tidy.FORMATS:
        assert rendered(folder, form) == rendered(folder, form)


@pytest.mark.parametrize(
    ("years", "heading"),
    [
        ([2024], "一、部门基本支出｜2024年预算数"),
        ([2023, None], "一、部门基本支出｜2023年预算数"),
        ([2023, 2024], "一、部门基本支出｜本年预算数"),
        ([None], "一、部门基本支出｜2024年预算数"),
    ],
)
def test_a_heading_names_the_year_of_its_values_not_of_the_template(years, heading):
    template = candidates("hunan-2024")[0]
    texts = {
        one.field.name: one.text
        for one in form_headings([(template, template.form("基础"))], years)
    }
    assert texts["基本支出.本年预算数"] == heading
    assert len(set(texts.values())) == len(texts)


def test_amounts_in_another_unit_of_money_never_share_a_column():
    template = candidates("hunan-2024")[0]
    overall = template.form("整体")
    in_yuan = {
        name: replace(f, unit="元") if f.unit == "万元" else f for name, f in overall.fields.items()
    }
    other = replace(template, id="other", forms=(replace(overall, fields=in_yuan),))
    extracts = [
        Extract(one.id, one.id, forms=(_overall_of(one.id, number),))
        for one, number in ((template, 1.5), (other, 15000))
    ]
    table = next(t for t in tables(extracts, [template, other]) if t.name == "整体自评表")
    texts = [column.text for column in table.columns]
    first, second = (dict(zip(texts, row, strict=True)) for row in table.rows)
    assert first["全年执行数（万元）"].number == 1.5 and first["全年执行数（元）"] is None
    assert second["全年执行数（元）"].number == 15000 and second["全年执行数（万元）"] is None
    assert "执行率" in texts, "what has the same unit stays one column"


def _overall_of(unit: str, number: float) -> FormItems:
    fields = {"全年执行数": Item("A1", str(number), number, number)}
    return FormItems("overall", "表", unit, 2024, "", fields, {})


def test_text_that_no_workbook_can_hold_is_made_to_fit():
    broken = Item("A1", "\ud800" + "长" * 40_000, "\ud800" + "长" * 40_000)
    form = FormItems("overall", "表", "甲", 2024, "", {"预期目标": broken}, {})
    for name in tidy.FORMATS:
        made = b"".join(
            tidy.render(name, [Extract("a", "hunan-2024", forms=(form,))], candidates(None))
        )
        if name == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(made))["整体自评表"]
            (record,) = _records(sheet)
            assert len(record["预期目标"]) == 32767
        else:
            assert "长" * 40_000 in made.decode()
