"""What a unit wrote about findings in 校验结果, and whether it explains them.

The template says by its 算式 ``说明成立``, over the name ``单位说明``, what counts as an
explanation; without it anything that was written does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfxl import formula
from perfxl.model import Finding, Level, Record, Template
from perfxl.record import keys

CONDITION, REPLY = "说明成立", "单位说明"
_NO_REASON = "（单位说明“{reply}”没有写明原因）"


def answered(findings: Iterable[Finding], record: Record, template: Template) -> Iterator[Finding]:
    """The findings with the unit's replies; a 核实 finding with a real one is explained."""
    found = tuple(findings)
    for key, finding in zip(keys(found), found, strict=True):
        reply = record.replies.get(key) or record.replies.get(finding.key_by_place)
        if not reply:
            yield finding
        elif finding.level is not Level.WARNING:
            yield replace(finding, explanation=reply)
        elif explains(template, reply):
            yield replace(finding, explanation=reply, explained=True)
        else:
            message = finding.message + _NO_REASON.format(reply=reply)
            yield replace(finding, explanation=reply, message=message)


def explains(template: Template, reply: str) -> bool:
    """Whether the template takes the reply for an explanation."""
    for shorthand in template.shorthands:
        if shorthand.name == CONDITION:
            return formula.evaluate(f"={shorthand.formula}", {REPLY: reply}) is True
    return bool(reply.strip())
