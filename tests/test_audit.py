"""What rules find, and what they keep quiet about."""

from dataclasses import replace

import pytest

from perfxl.model import Case, Level
from perfxl.template import available, shipped
from perfxl.template.trial import binding_of
from tests.judging import TEMPLATE, audit_of, audited, bound, found

MONEY = {"整体.全年预算数": "87.23", "整体.全年执行数": "85.53", "整体.执行率分值": "10"}


def test_a_finding_names_the_place_the_values_and_what_to_do():
    (finding,) = found("S501", {**MONEY, "整体.执行率": "89.05%"})
    assert (finding.form, finding.field, finding.level) == ("overall", "执行率", Level.ERROR)
    assert (finding.stated, finding.expected) == ("89.05%", "98.05%")
    assert "85.53 ÷ 全年预算数 87.23 应为 98.05%" in finding.message
    assert finding.advice.startswith("改为 98.05%")
    assert {place.cell for place in finding.related} >= {"E4", "G4"}


def test_a_heading_merged_over_several_rows_is_found_once():
    typed = {
        "项目.指标.一级指标": ("产出指标（40分）",) * 3,
        "项目.指标.分值": ("10", "10", "10"),
    }
    (form,) = bound(typed).of("项目")
    first, *rest = form.groups["指标"]
    merged = {"一级指标": first.values["一级指标"]}
    rows = (first, *(replace(row, values={**row.values, **merged}) for row in rest))
    binding = replace(bound(typed), forms=(replace(form, groups={"指标": rows}),))
    headings = [f for f in audit_of(binding).findings if f.code == "S509"]
    assert [(f.stated, f.expected) for f in headings] == [("产出指标（40分）", "30")]


def test_two_wrong_headings_that_cancel_out_are_both_found_though_the_sum_is_right():
    typed = {
        "整体.执行率分值": "10",
        "整体.指标.一级指标": ("成本指标（20分）", "产出指标（40分）", "效益指标（20分）"),
        "整体.指标.分值": ("20", "30", "40"),
    }
    assert len(found("S509", typed)) == 2
    assert not found("S507", typed)


def test_a_difference_by_rounding_is_a_note_that_may_stay():
    (finding,) = found(
        "X401",
        {
            "整体.年初预算数": "110.71",
            "基础.基本支出.本年预算数": "94.25",
            "基础.项目支出.本年预算数": "16.45",
        },
    )
    assert finding.level is Level.NOTE
    assert "可以不改" in finding.advice


def test_a_whole_number_that_may_have_been_rounded_is_to_be_checked():
    (finding,) = found(
        "X402",
        {
            "整体.全年执行数": "86",
            "基础.基本支出.本年决算数": "84.38",
            "基础.项目支出.本年决算数": "1.15",
        },
    )
    assert finding.level is Level.WARNING


def test_what_cannot_be_read_blocks_its_rules_and_makes_no_second_mistake():
    result = audited({**MONEY, "整体.全年执行数": "7,00.0,77", "整体.执行率": "98.05%"})
    assert not [f for f in result.findings if f.code in ("S501", "S504", "X402", "C334")]
    blocked = {key: why for key, why in result.skipped.items() if key.startswith("S501@附件3")}
    assert list(blocked.values()) == ["“整体.全年执行数”填的是“7,00.0,77”，不能读取"]


def test_one_row_that_cannot_be_read_leaves_the_other_rows_checked():
    findings = found(
        "S512", {"整体.指标.分值": ("10", "5", "5"), "整体.指标.得分": ("x", "6", "5")}
    )
    assert [f.stated for f in findings] == ["6"]


def test_a_form_that_is_not_there_blocks_the_rules_between_forms():
    binding = bound({"整体.年初预算数": "110.71"})
    alone = replace(binding, forms=binding.of("整体"))
    result = audit_of(alone)
    assert "没有找到部门（单位）整体支出绩效评价基础数据表" in result.skipped.values()
    assert not [f for f in result.findings if f.code.startswith("X40")]


def test_projects_are_matched_by_name_whatever_their_order():
    typed = {
        "基础.项目.名称": ("甲", "乙"),
        "基础.项目.本年预算数": ("15.3", "1.25"),
        "项目.项目支出名称": ("乙", "甲"),
        "项目.年初预算数": ("1.15", "15.3"),
    }
    (finding,) = found("X407", typed)
    assert (finding.stated, finding.expected) == ("1.25", "1.15")
    assert "乙" in finding.message


def test_a_zero_budget_asks_for_an_explanation_and_is_no_error():
    result = audited({"项目.全年预算数": "0", "项目.全年执行数": "0", "项目.执行率": "0"})
    about = [f for f in result.findings if f.form == "project"]
    assert {f.code for f in about} >= {"S503"}
    assert not [f for f in about if f.level is Level.ERROR]


def test_a_rule_on_trial_only_gives_notes():
    binding = bound({**MONEY, "整体.执行率": "89.05%"})
    template = shipped(TEMPLATE)
    rules = tuple(
        replace(rule, status="试行") if rule.code == "S501" else rule for rule in template.rules
    )
    on_trial = replace(binding, template=replace(template, rules=rules))
    (finding,) = [f for f in audit_of(on_trial).findings if f.code == "S501"]
    assert finding.level is Level.NOTE


@pytest.mark.parametrize(
    ("target", "actual", "missed"),
    [
        ("≥96%", "95%", True),
        ("≥96%", "96%", False),
        ("≤15.3万元", "16万元", True),
        ("≤15.3万元", "153000元", False),
        ("≥0%", "0%", False),
        ("32 名", "30名", True),
        ("一次", "一次", False),
        ("效果明显", "效果一般", False),
        ("2024年12月31日之前完成", "2024年10月", False),
    ],
)
def test_a_missed_target_needs_a_reason(target, actual, missed):
    typed = {"整体.指标.指标值": (target,), "整体.指标.完成值": (actual,)}
    assert bool(found("S514", typed)) is missed
    assert not found("S514", {**typed, "整体.指标.原因": ("天气原因，下年提前",)})


def test_the_fingerprint_outlives_moved_rows_and_tells_rows_apart():
    typed = {
        "整体.指标.三级指标": ("甲", "乙"),
        "整体.指标.分值": ("5", "5"),
        "整体.指标.得分": ("4", "4"),
    }
    turned = {name: rows[::-1] for name, rows in typed.items()}
    first, second = found("S513", typed), found("S513", turned)
    assert {f.fingerprint for f in first} == {f.fingerprint for f in second}
    assert first[0].fingerprint != first[1].fingerprint
    assert first[0].fingerprint == second[1].fingerprint


def test_a_rule_about_another_cell_sees_the_value_put_right():
    typed = {
        "整体.执行率得分": "9.81",
        "整体.指标.得分": ("60", "22.82"),
        "整体.总分": "82.63",
        "整体.等级": "优",
    }
    assert [f.expected for f in found("S511", typed)] == ["92.63"]
    assert not found("X415", typed)
    (finding,) = found("X415", {**typed, "整体.等级": "良"})
    assert "总分 92.63 对应“优”" in finding.message


def test_a_total_that_its_own_rows_make_up_is_still_held_against_the_other_form():
    typed = {
        "基础.项目支出.本年决算数": "17.45",
        "基础.项目.名称": ("甲", "乙"),
        "基础.项目.本年决算数": ("16.3", "1.15"),
        "项目.项目支出名称": ("甲", "乙"),
        "项目.全年执行数": ("15.3", "1.15"),
    }
    assert not found("C306", typed)
    (finding,) = found("X405", typed)
    assert (finding.stated, finding.expected) == ("17.45", "16.45")


def test_what_a_sum_should_be_is_not_said_of_one_of_its_cells():
    typed = {"项目.执行率分值": "10", "项目.指标.分值": ("30", "30", "20", "5")}
    case = Case("S507", "不通过", typed)
    findings = audit_of(binding_of(shipped("chongqing-2022"), case)).findings
    (finding,) = (one for one in findings if one.code == "S507")
    assert (finding.field, finding.stated, finding.expected) == ("执行率分值", "10", None)
    assert "之和为 95，应为 100" in finding.message


@pytest.mark.parametrize(
    ("unit", "stated", "expected"), [("万元", "46", "50"), ("元", "460000", "500000")]
)
@pytest.mark.parametrize(
    ("template", "budget"), [("yunnan-2022", "500000"), ("sichuan-2023", "50")]
)
def test_a_cost_is_expected_in_the_unit_it_is_stated_in(template, budget, unit, stated, expected):
    typed = {
        "项目.年初预算数": budget,
        "项目.全年执行数": budget,
        "项目.指标.二级指标": ("成本指标",),
        "项目.指标.度量单位": (unit,),
        "项目.指标.指标值": (stated,),
        "项目.指标.完成值": (stated,),
    }
    case = Case("C344", "不通过", typed)
    findings = audit_of(binding_of(shipped(template), case)).findings
    costs = {one.code: one for one in findings if one.code in ("C344", "C345")}
    assert {code: one.expected for code, one in costs.items()} == {
        "C344": expected,
        "C345": expected,
    }
    assert all(f"按度量单位是 {expected}" in one.advice for one in costs.values())


@pytest.mark.parametrize("template", [path.stem for path in available()])
def test_no_form_with_scores_passes_without_its_money(template):
    made = shipped(template)
    for form in made.forms:
        if not {"全年预算数", "全年执行数"} <= set(form.fields):
            continue
        scored = (
            "得分" if any(one.name == "得分" for one in form.groups["指标"].columns) else "完成值"
        )
        typed = {f"{form.prefix}.指标.三级指标": ("甲",), f"{form.prefix}.指标.{scored}": ("10",)}
        case = Case(made.rules[0].code, "不通过", typed)
        findings = audit_of(binding_of(made, case)).findings
        fields = {
            one.field for one in findings if one.form == form.id and one.name.endswith("未填")
        }
        assert "全年执行数" in fields


def test_a_value_that_follows_a_wrong_one_is_not_said_to_be_put_right():
    (finding,) = found("S505", {**MONEY, "整体.执行率": "88.05%", "整体.执行率得分": "8.81"})
    assert finding.level is Level.NOTE
    # It may have to wait until the unit has put a fact right.
    assert finding.message.endswith("应为 9.81。（与表上所填数相符，但所依据的数有误）")


def test_a_form_in_another_unit_is_told_once_not_figure_by_figure():
    in_yuan = {
        "基础.基本支出.本年预算数": "942500",
        "基础.基本支出.本年决算数": "843800",
        "基础.项目支出.本年预算数": "164500",
        "基础.项目支出.本年决算数": "11500",
        "基础.项目.名称": ("甲",),
        "基础.项目.本年预算数": ("164500",),
        "基础.项目.本年决算数": ("11500",),
        "整体.年初预算数": "110.70",
        "整体.全年预算数": "87.23",
        "整体.全年执行数": "85.53",
        "整体.基本支出": "84.38",
        "整体.项目支出": "1.15",
        "项目.项目支出名称": ("甲",),
        "项目.年初预算数": ("16.45",),
        "项目.全年执行数": ("1.15",),
    }
    overall = [one for one in audited(in_yuan).findings if one.form == "overall"]
    assert [one.code for one in overall if one.code.startswith("X4")] == ["X417"]
