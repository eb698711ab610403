from __future__ import annotations

import re

from perfxl.model import FormFound, Level, Repair
from perfxl.report.text import Look, render
from perfxl.report.width import width
from tests.report.reports import finding, report, unreadable

COLUMN = "编码"


def test_one_finding_reads_as_a_person_would_write_it():
    assert render([report(finding())]).splitlines() == [
        "in/a.xlsx · 某某单位 · 2024 年度 · hunan-2024 · 需改正（强制 1）",
        "",
        "部门整体支出绩效自评表（附件3）",
        "  级别  编码  位置  栏目    填报 → 应为",
        "  强制  S501  K4    执行率  89.05% → 98.05%",
        "        执行率填报 89.05%，应为 98.05%。",
        "        怎么改：改正。",
        "        依据：表内说明",
        "",
        "结论：需改正（强制 1，核实 0，提示 0；1 个文件）",
    ]


def test_the_last_line_counts_over_everything():
    reports = [report(finding(), finding("C302", Level.WARNING, "B5")), unreadable()]
    last = render(reports).splitlines()[-1]
    assert last == "结论：需改正（强制 2，核实 1，提示 0；2 个文件，1 个不能读取）"


def test_a_clean_file_is_still_reported():
    lines = render([report(verdict="pass")]).splitlines()
    assert lines[0].endswith("· 通过")
    assert lines[-1] == "结论：通过（强制 0，核实 0，提示 0；1 个文件）"


def test_columns_line_up_by_display_width():
    rows = [finding(cell="K4", field="执行率"), finding("C301", cell="AB104", field="a")]
    lines = render([report(*rows)]).splitlines()
    starts = [width(line[: line.index("89.05% →")]) for line in lines if line.startswith("  强制")]
    assert len(set(starts)) == 1


def test_the_heaviest_come_first():
    rows = [finding("C524", Level.NOTE), finding("C302", Level.WARNING), finding("C301")]
    shown = re.findall(r"^  .. +(C\d+)", render([report(*rows)]), re.MULTILINE)
    assert shown == ["C301", "C302", "C524"]


def test_the_same_code_again_is_one_line_with_its_cells():
    again = [finding("S513", Level.WARNING, cell, stated=s, expected=None) for cell, s in
             (("K19", "4.8"), ("K21", "4.6"), ("K22", "9.5"))]  # fmt: skip
    text = render([report(*again, verdict="explain")])
    assert text.count("S513") == 1
    assert "另有 2 处：K21 4.6；K22 9.5" in text


def test_two_projects_in_one_sheet_stay_apart():
    forms = (FormFound("project", "表", "A1:I20"), FormFound("project", "表", "A30:I50"))
    rows = [finding(form="project", sheet="表", cell=cell) for cell in ("B5", "B35")]
    text = render([report(*rows, forms=forms)])
    assert "（表 A1:I20）" in text and "（表 A30:I50）" in text


def test_what_was_not_checked_says_why():
    skipped = {"C301@附件2": "没有找到编制数", "C302@附件2": "没有找到编制数"}
    text = render([report(skipped=skipped, verdict="pass")])
    assert "没有进行的检查 2 项（进行了 61 项）：没有找到编制数（C301、C302）" in text


def test_the_copy_is_named_with_what_was_done_in_it():
    repair = Repair("附件3", 4, 11, "执行率", "89.05%", 0.9805, "98.05%", None)
    rows = [finding(), finding("S513", Level.WARNING, "K19")]
    text = render([report(*rows, repairs=(repair,), corrected="out/a.checked.xlsx")])
    assert "更正稿：out/a.checked.xlsx（改正 1 格，标注 2 格）" in text


def test_no_line_but_the_head_is_wider_than_the_terminal():
    told = finding(message="全年执行数与基础数据表不符，" * 20, stated="很长的文字" * 30)
    text = render([report(told)], Look(columns=60))
    assert max(width(line) for line in text.splitlines()[1:]) <= 60


def test_quiet_leaves_files_with_errors_and_the_verdict():
    fine = report(finding("C302", Level.WARNING), path="fine.xlsx", verdict="explain")
    lines = render([report(finding()), fine, unreadable()], Look(quiet=True)).splitlines()
    assert [line.split(" · ")[0] for line in lines[:-1]] == ["in/a.xlsx", "in/b.xlsx"]
    assert lines[-1].startswith("结论：")


def test_colour_is_only_added_never_text():
    reports = [report(finding()), unreadable()]
    coloured = render(reports, Look(color=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(reports)


def test_text_from_a_workbook_cannot_steer_the_terminal():
    text = render([report(finding(stated="\x1b[2J9", message="\x07"), unit="\x1b]0;x")])
    assert "\x1b" not in text and "\x07" not in text
