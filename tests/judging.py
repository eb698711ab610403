"""Runs the shipped rules over values that a test types in."""

from __future__ import annotations

from perfxl.audit import Audit, audit
from perfxl.facts import Facts
from perfxl.model import Binding, Case, Finding
from perfxl.recompute import Computed, recompute
from perfxl.template import shipped
from perfxl.template.trial import binding_of

TEMPLATE = "hunan-2024"


def bound(typed: dict[str, str | tuple[str, ...]]) -> Binding:
    """A binding in which the named fields hold what is typed and all others are blank."""
    return binding_of(shipped(TEMPLATE), Case("S511", "通过", typed))


def computed(typed: dict[str, str | tuple[str, ...]]) -> dict[str, Computed]:
    """The computed cells by ``form prefix.field``."""
    binding = bound(typed)
    cells, _ = recompute(binding)
    return {
        f"{binding.forms[place].form.prefix}.{name}": cell for (place, name), cell in cells.items()
    }


def audited(typed: dict[str, str | tuple[str, ...]]) -> Audit:
    return audit_of(bound(typed))


def audit_of(binding: Binding) -> Audit:
    cells, final = recompute(binding)
    assert isinstance(final, Facts)
    return audit(binding, cells, final)


def found(code: str, typed: dict[str, str | tuple[str, ...]]) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in audited(typed).findings if finding.code == code]
