"""The whole workbook: every form on every sheet."""

from __future__ import annotations

from perfxl.locate.bind import FormBinder
from perfxl.locate.build import indexes
from perfxl.locate.findings import finding, kept
from perfxl.locate.names import Names
from perfxl.locate.recognise import recognise
from perfxl.locate.regions import Found, is_poor, regions
from perfxl.model import Binding, Book, Finding, FormBinding, Template


def locate(book: Book, template: Template) -> Binding:
    """Find the template's forms in a workbook, and each field's cell in them.

    A field is found by its labels, never by its address; what stays in doubt is left out and
    said in ``findings`` (L1xx), as are values that cannot be read as meant (V2xx). A workbook
    without any form gives one finding (F009).
    """
    forms = indexes(template)
    names = {index.form.prefix: Names(book, index.form.prefix) for index in forms}
    bindings: list[FormBinding] = []
    findings: list[Finding] = []
    noticed: dict[int, list[Finding]] = {}
    for found in regions(book, forms):
        if is_poor(found):
            findings.append(_poor(found))
            continue
        binder = FormBinder(found, template.year, names[found.form.form.prefix])
        binding = binder.bind()
        bindings.append(binding)
        noticed[id(binding)] = binder.notices.findings
    if not bindings:
        closest = recognise(book, (template,))
        return Binding(
            template, (), tuple(findings) or ((closest.finding,) if closest.finding else ())
        )
    single = _one_of_each(bindings, findings)
    findings += [note for binding in single for note in noticed[id(binding)]]
    for index in forms:
        if not any(one.form is index.form for one in single):
            findings.append(finding("L106", form=index.form.id, form_title=index.form.titles[0]))
    return Binding(template, tuple(single), tuple(findings))


def _poor(found: Found) -> Finding:
    return finding(
        "L105",
        form=found.form.form.id,
        sheet=found.region.grid.sheet,
        cell=found.title.cell.address if found.title else None,
        form_title=found.form.form.titles[0],
        total=found.of,
        found=found.explained,
    )


def _one_of_each(bindings: list[FormBinding], findings: list[Finding]) -> list[FormBinding]:
    """All forms, but of a form that occurs once only the one that is filled in most."""
    dropped: list[FormBinding] = []
    for form in {id(one.form): one.form for one in bindings}.values():
        same = [one for one in bindings if one.form is form]
        if form.repeatable or len(same) == 1:
            continue
        best, *others = kept(same)
        dropped += others
        findings += [
            finding(
                "L104",
                form=form.id,
                sheet=other.sheet,
                cell=other.title.cell if other.title else None,
                form_title=form.titles[0],
                kept=best.sheet,
            )
            for other in others
        ]
    return [one for one in bindings if not any(one is other for other in dropped)]
