"""What the locator noticed about one form: labels missing or in doubt, values ill written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl import values
from perfxl.locate.align import Alignment
from perfxl.locate.findings import finding
from perfxl.locate.index import FormIndex, Slot
from perfxl.model import Bound, Cell, Field, Finding, Kind, Role, Value

NOT_FOUND = "没有找到栏目名称"
NO_COLUMN = "没有找到这一列的标题"
NO_HEADER = "没有找到明细的表头"
IN_DOUBT = "栏目位置不能确定"
ABSENT = frozenset({NOT_FOUND, NO_COLUMN, NO_HEADER})
"""Reasons that say the form simply does not have the field; others leave a doubt."""
_COMPUTED_AS_TEXT = "V208"
_NUMBERS = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.POINTS, Kind.COUNT, Kind.AREA})


class Notices:
    """Collects one form's findings: one per cell, one per form where many cells share it."""

    def __init__(self, index: FormIndex, sheet: str):
        self.index, self.form, self.sheet = index, index.form, sheet
        self.findings: list[Finding] = []
        self._typed: list[Bound] = []
        self._seen: set[tuple[str, str]] = set()

    def value(self, bound: Bound, name: str, remark: str | None, inline: bool) -> None:
        """Note how a value is written: unreadable, odd, or a number typed as text."""
        value = bound.value
        code = value.problem or remark
        if code is None:
            number = bound.field.kind in _NUMBERS and value.value is not None
            if not (number and not inline and isinstance(bound.source and bound.source.value, str)):
                return
            if bound.field.role is not Role.COMPUTED:
                self._typed.append(bound)
                return
            # The corrected copy turns it into a number, so that it needs a line of its own.
            code = _COMPUTED_AS_TEXT
        if (code, bound.cell) in self._seen:
            return
        self._seen.add((code, bound.cell))
        self.findings.append(
            finding(
                code,
                form=self.form.id,
                sheet=self.sheet,
                cell=bound.cell,
                field=name,
                stated=value.raw.strip(),
                value="" if value.number is None else _shown(value, bound.field),
                unit=bound.field.unit,
            )
        )

    def labels(self, missing: Mapping[str, str], alignment: Alignment) -> None:
        """Note the required labels that were not found, the groups without a header, doubts."""
        columns: dict[str, Field] = {}
        explained: set[int] = set()
        for group in self.index.groups:
            columns.update({f"{group.group.name}.{c.name}": c for c in group.group.columns})
            if missing.get(f"{group.group.name}.{group.group.key}") == NO_HEADER:
                self._group(group.group.name, group.group.columns)
                explained.update(slot.order for slot in group.slots.values())
        fields = {**self.form.fields, **columns}
        headings = self.index.heading_of
        absent = [
            fields[name]
            for name, why in missing.items()
            if why in (NOT_FOUND, NO_COLUMN)
            and fields[name].required
            and not (name in headings and headings[name].order in explained)
        ]
        if absent:
            shown = dict.fromkeys(
                f"{f.labels[0]}（{f.columns[0]}）" if f.columns else f.labels[0] for f in absent
            )
            self._whole_form("L101", fields="、".join(shown))
        for order, options in alignment.doubtful.items():
            self.in_doubt(self.index.slots[order], [match.cell for match in options])

    def misread(self, slot: Slot, heading: Cell) -> None:
        """Note a heading that was taken by its place."""
        self._whole_form(
            "L107",
            cell=heading.address,
            label="".join(slot.text.split()),
            stated="".join(str(heading.value).split()),
        )

    def in_doubt(self, slot: Slot, places: Sequence[Cell]) -> None:
        """Note a label, or its value, that may be any of some cells."""
        cells = [cell.address for cell in places]
        self._whole_form(
            "L102",
            cell=cells[0],
            field=slot.names[0] if slot.names else slot.text,
            cells="、".join(cells),
            label=slot.text,
        )

    def numbers_as_text(self) -> None:
        """One note for all numbers of the form that were typed as text."""
        if self._typed:
            first = self._typed[0]
            self._whole_form(
                "V205", cell=first.cell, count=len(self._typed), stated=first.value.raw.strip()
            )

    def _group(self, name: str, columns: tuple[Field, ...]) -> None:
        headings = "、".join(column.labels[0] for column in columns)
        self._whole_form("L103", field=name, group=name, columns=headings)

    def _whole_form(self, code: str, **places: object) -> None:
        self.findings.append(
            finding(
                code,
                form=self.form.id,
                sheet=self.sheet,
                form_title=self.form.titles[0],
                **places,  # type: ignore[arg-type]
            )
        )


def _shown(value: Value, field: Field) -> str:
    """A number as the field prints it, without the zeros that a conversion brings along."""
    shown = values.format_as(value.number or 0.0, field, value.decimals)
    moved = value.scale != 1 and "." in shown
    return shown.rstrip("0").rstrip(".") if moved else shown
