"""Which colour a marked cell gets, and what its note says first."""

from __future__ import annotations

from perfxl.marks import NOTE_HEAD, OUR_NOTE, advice, by_cell, note, tint
from perfxl.model import Level, Place, Waiting
from tests.report.reports import finding


def test_what_the_unit_explained_weighs_no_more_than_a_note() -> None:
    explained = finding(level=Level.WARNING, explained=True)
    open_still = finding("V205", level=Level.WARNING)
    assert (tint(explained), tint(open_still)) == (Level.NOTE, Level.WARNING)
    (cell,) = by_cell([explained, open_still]).values()
    assert cell == [open_still, explained]


def test_a_cell_that_waits_is_told_what_to_put_right_first() -> None:
    waiting = Waiting("附件3", "K4", (("全年执行数", Place("附件3", "G4")),))
    computed, missing = finding(), finding(expected=None, advice="填写原因。")
    assert advice(computed, waiting).startswith(f"先改正{waiting.words}；")
    assert advice(missing, waiting) == missing.advice
    assert advice(computed, None) == computed.advice


def test_our_note_is_found_again_between_words_of_the_unit() -> None:
    ours = note([finding(), finding("V205")], None, row=6)
    (found,) = OUR_NOTE.finditer(f"原批注\n\n{ours}\n另见附件")
    assert found[0] == ours and ours.startswith(NOTE_HEAD)
    assert ours.endswith("（规则 S501、V205）") and "第 6 行" in ours
