"""What a unit's words in 校验结果 do to a finding."""

from __future__ import annotations

import pytest

from perfxl.model import Level, Record
from perfxl.record import keys
from perfxl.replies import answered
from perfxl.template import shipped
from tests.report.reports import finding

REASON = "项目因征地推迟，已报县政府同意"


def record(replies: dict[str, str]) -> Record:
    return Record("校验结果", (), frozenset(), replies, True)


@pytest.mark.parametrize(
    ("level", "explained"), [(Level.ERROR, False), (Level.WARNING, True), (Level.NOTE, False)]
)
def test_a_reason_settles_what_asks_for_one_and_nothing_else(level: Level, explained: bool) -> None:
    asked = finding(level=level)
    (told,) = answered([asked], record({asked.key: REASON}), shipped("hunan-2024"))
    assert (told.explanation, told.explained) == (REASON, explained)
    assert told.message == asked.message


def test_words_that_are_no_reason_are_told_so() -> None:
    asked = finding(level=Level.WARNING)
    (told,) = answered([asked], record({asked.key: "情况属实"}), shipped("hunan-2024"))
    assert not told.explained and told.message.endswith("（单位说明“情况属实”没有写明原因）")


def test_a_reply_is_found_by_code_and_cell_where_the_keys_were_lost() -> None:
    asked = finding(level=Level.WARNING)
    (told,) = answered([asked], record({asked.key_by_place: REASON}), shipped("hunan-2024"))
    assert told.explained


def test_of_two_findings_alike_each_has_its_own_reply() -> None:
    asked = [finding(level=Level.WARNING), finding(level=Level.WARNING)]
    first, second = keys(asked)
    assert first != second
    told = answered(asked, record({second: REASON}), shipped("hunan-2024"))
    assert [one.explained for one in told] == [False, True]
