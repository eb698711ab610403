"""What a computed cell rests on, and whether that is in doubt itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfxl.facts import Facts
from perfxl.model import Bound, Finding, Level, Place, Waiting, a1
from perfxl.recompute import Computed
from perfxl.template import expanded

Key = tuple[int, str]


class Doubts:
    """Which facts of a workbook are in doubt: those that an error was found at.

    ``final`` are the facts with ``computed`` cells put right.
    """

    def __init__(self, final: Facts, computed: Mapping[Key, Computed], findings: Iterable[Finding]):
        self.final = final
        self._replaced = {
            Place(one.bound.sheet, one.bound.cell): (key[0], one)
            for key, one in computed.items()
            if one.outcome.replaced
        }
        self._errors: dict[Place, list[Finding]] = {}
        for finding in findings:
            if finding.level is Level.ERROR and finding.place:
                self._errors.setdefault(finding.place, []).append(finding)

    def waiting(self, place: int, one: Computed) -> Waiting | None:
        """Why a computed cell of the ``place``-th form must not be put right yet: a fact it
        rests on is wrong, or what it comes to breaks another rule. None where it may be."""
        if not self._errors:
            return None
        at = Place(one.bound.sheet, one.bound.cell)
        facts = list(self._behind(place, one, {at}))
        if not self._contradicted(place, one):
            facts = [
                bound
                for bound in facts
                if (where := Place(bound.sheet, bound.cell)) in self._errors
                and where not in self._replaced
            ]
        return Waiting(*at, tuple(_named(facts))) if facts else None

    def _contradicted(self, place: int, one: Computed) -> bool:
        """Whether a rule that looks at the same parts, not at the cell itself, finds what
        belongs there wrong: parts that come to 102 points where 100 must be given."""
        binding = self.final.binding
        name = f"{binding.forms[place].form.prefix}.{one.field.name}"
        facts = self.final.of(binding.forms[place])
        parts = set(facts.compiled(one.instance.expected).names)
        errors = self._errors.get(Place(one.bound.sheet, one.bound.cell), ())
        codes = {finding.code for finding in errors} - {one.instance.rule.code}
        return bool(codes) and any(
            instance.rule.code in codes
            and instance.target == name
            and name not in instance.names
            and not parts.isdisjoint(facts.compiled(instance.formula or "0").names)
            for instance in expanded(binding.template)
        )

    def _behind(self, place: int, one: Computed, seen: set[Place]) -> Iterator[Bound]:
        """The cells behind a computed value, through computed cells that are put right too."""
        facts = self.final.of(self.final.binding.forms[place])
        for name in facts.compiled(one.instance.expected).names:
            for bound in facts[name].bounds:
                if bound is None:
                    continue
                at = Place(bound.sheet, bound.cell)
                further = self._replaced.get(at)
                if further is None:
                    yield bound
                elif at not in seen:
                    seen.add(at)
                    yield from self._behind(*further, seen)


def _named(facts: Sequence[Bound]) -> Iterator[tuple[str, Place]]:
    """The facts by their labels, those of one column together."""
    together: dict[tuple[str, str, int], list[int]] = {}
    for bound in facts:
        together.setdefault((bound.field.labels[0], bound.sheet, bound.col), []).append(bound.row)
    for (label, sheet, col), rows in together.items():
        first, last = a1(min(rows), col), a1(max(rows), col)
        yield label, Place(sheet, first if first == last else f"{first}:{last}")
