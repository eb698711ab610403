"""What a form's template says about its labels, worked out once per template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from perfxl.locate.labels import inline, label, title_text
from perfxl.model import Field, Form, Kind, RowGroup

FLOATING = 1_000_000
_LONGEST_TITLE = 60
_KEPT_TEXTS = 20_000


@dataclass
class Slot:
    """A label that the form prints (or, floating, that some units add).

    ``shift`` is its year against the template's: -1 for last year's column. ``below`` says
    that the template has the value under the label. ``heading`` says that fields look for
    their column here, ``names`` are the fields that look for their row or value here.
    """

    row: int
    col: int
    text: str
    keys: dict[str, float] = field(default_factory=dict)
    shift: int | None = None
    below: bool = False
    heading: bool = False
    names: list[str] = field(default_factory=list)
    order: int = 0

    @cached_property
    def floating(self) -> bool:
        return self.row >= FLOATING

    def learn(self, wordings: Iterable[str]) -> None:
        for wording in wordings:
            for key, worth in label(wording).keys:
                self.keys[key] = max(worth, self.keys.get(key, 0.0))


@dataclass
class GroupIndex:
    """A row group's headings; ``inner`` when they are not the lines right above its rows.

    Of the ``twins`` groups of a form that have the same headings this is the one at ``place``.
    """

    group: RowGroup
    slots: dict[str, Slot]
    inner: bool
    header_keys: dict[str, list[tuple[str, float]]]
    until_keys: frozenset[str]
    section_keys: frozenset[str]
    filled_down: frozenset[str]
    place: int = 0
    twins: int = 1
    _known: dict[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The columns by name."""
        return {column.name: column for column in self.group.columns}

    def columns_of(self, text: str) -> tuple[tuple[float, str], ...]:
        """The columns that a text may be the heading of, by name, each with how well it fits."""
        known = self._known.get(text)
        if known is None:
            known = tuple(
                (worth * its, name)
                for key, worth in label(text).keys
                for name, its in self.header_keys.get(key, ())
            )
            keep(self._known, text, known)
        return known


@dataclass
class FormIndex:
    """One form, ready for locating: ``slots`` in reading order, ``by_key`` to find them.

    ``label_of`` and ``heading_of`` give each field its slots; ``headings`` are those of the
    groups with a header of their own, which are looked for as one row.
    """

    form: Form
    slots: list[Slot]
    by_key: dict[str, list[tuple[Slot, float]]]
    label_of: dict[str, Slot]
    heading_of: dict[str, Slot]
    groups: list[GroupIndex]
    titles: tuple[str, ...]
    title_field: Field
    _known: dict[str, tuple[tuple[Slot, float], ...]] = field(default_factory=dict)
    _explained: dict[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def headings(self) -> list[Slot]:
        """The headings of the matrices, without those in the groups' own headers."""
        return [s for s in self.slots if s.heading and s.order not in self.of_groups]

    @cached_property
    def all_headings(self) -> frozenset[int]:
        """The orders of all headings, of matrices and of groups."""
        return self.of_groups.union(slot.order for slot in self.headings)

    @cached_property
    def of_groups(self) -> frozenset[int]:
        """The orders of the headings in the groups' own headers."""
        own = (group for group in self.groups if not group.inner)
        return frozenset(slot.order for group in own for slot in group.slots.values())

    @cached_property
    def totals(self) -> dict[int, list[str]]:
        """The fields under a group's own headings, by the order of their row's label."""
        found: dict[int, list[str]] = {}
        for name, heading in self.heading_of.items():
            if heading.order in self.of_groups:
                found.setdefault(self.label_of[name].order, []).append(name)
        return found

    @cached_property
    def money(self) -> frozenset[str]:
        """The units of its amounts."""
        columns = [column for one in self.groups for column in one.group.columns]
        amounts = (f for f in (*self.form.fields.values(), *columns) if f.kind is Kind.AMOUNT)
        return frozenset(field.unit for field in amounts)

    @cached_property
    def printed(self) -> int:
        """How many labels the form prints."""
        return sum(not slot.floating for slot in self.slots)

    def options(self, text: str) -> tuple[tuple[Slot, float], ...]:
        """The labels a text may be, each with how well it fits (1 literally), last one first.

        Remembered by text: the same labels come back in every workbook.
        """
        known = self._known.get(text)
        if known is None:
            best: dict[int, tuple[Slot, float]] = {}
            for key, worth in label(text).keys:
                for slot, its_worth in self.by_key.get(key, ()):
                    if slot.order not in best or best[slot.order][1] < worth * its_worth:
                        best[slot.order] = (slot, worth * its_worth)
            known = tuple(best[order] for order in sorted(best, reverse=True))
            keep(self._known, text, known)
        return known

    def explained(self, text: str) -> frozenset[int]:
        """The orders of the printed labels that a text may be, or may have before a colon."""
        known = self._explained.get(text)
        if known is None:
            heads = [head for head, _ in inline(text)] if ":" in text or "：" in text else []
            known = frozenset(
                slot.order
                for wording in (text, *heads)
                for slot, _ in self.options(wording)
                if not slot.floating
            )
            keep(self._explained, text, known)
        return known


class Ending(NamedTuple):
    """What a text is to the titles: the form whose title it ends with; or a title's own end."""

    form: FormIndex | None
    of_title: bool


_NO_TITLE = Ending(None, False)


class Indexes(tuple[FormIndex, ...]):
    """The forms of one template."""

    def __init__(self, forms: Iterable[FormIndex]):
        self._known: dict[str, Ending] = {}
        # Most texts end with none of these, which is quicker to see than that they are no title.
        self._last_letters = {t[-1] for form in self for t in form.titles if t} | set(")）")

    def ending(self, text: str) -> Ending:
        """What the text of a cell is to the titles."""
        known = self._known.get(text)
        if known is None:
            own = text.strip()
            title = own[-1:] in self._last_letters and len(own) <= _LONGEST_TITLE
            known = self.title_in(text) if title else _NO_TITLE
            keep(self._known, text, known)
        return known

    def title_in(self, text: str) -> Ending:
        """The form with the longest title that the text ends with."""
        own = title_text(text)
        ends = ((len(t), form) for form in self for t in form.titles if own.endswith(t))
        best = max(ends, key=lambda pair: pair[0], default=None)
        part = len(own) >= 4 and any(t.endswith(own) for form in self for t in form.titles)
        return Ending(best[1] if best else None, part)


def keep(known: dict[str, Any], text: str, found: object) -> None:
    """Remember what was worked out for a text; labels come back in every workbook."""
    if len(known) >= _KEPT_TEXTS:
        known.clear()
    known[text] = found
