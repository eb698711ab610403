"""Several workbooks of one unit that belong together: a submission sent as separate files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from perfxl.model import Report
from perfxl.notation import tidy

_READ = frozenset({"pass", "explain", "fail"})
_MOST = 64
"""More files than this in one folder are a bureau's pile, not one unit's submission."""


def companions(reports: Sequence[Report], repeatable: frozenset[str]) -> Iterator[tuple[int, ...]]:
    """The places in ``reports`` of files that make up one submission, two or more each.

    The unit's name and the year decide, within one folder and one template. A file that names
    no unit (基础数据表 mostly has no place for it) joins where its folder knows only one.
    ``repeatable`` are the ids of forms of which a submission may hold many; files that both
    hold one of the others are no submission, but two versions of the same.
    """
    folders: dict[tuple[str, str, int], list[int]] = {}
    for place, report in enumerate(reports):
        if report.verdict in _READ and report.template and report.year:
            key = (str(Path(report.path).parent), report.template, report.year)
            folders.setdefault(key, []).append(place)
    for places in folders.values():
        yield from _by_unit(reports, places, repeatable)


def _by_unit(
    reports: Sequence[Report], places: Sequence[int], repeatable: frozenset[str]
) -> Iterator[tuple[int, ...]]:
    units: dict[str, list[int]] = {}
    for place in places:
        units.setdefault(tidy(reports[place].unit or ""), []).append(place)
    nameless = units.pop("", [])
    if len(units) == 1:
        next(iter(units.values())).extend(nameless)
    for together in units.values():
        forms = Counter(form.form for place in together for form in reports[place].forms)
        once = all(number == 1 for form, number in forms.items() if form not in repeatable)
        if 1 < len(together) <= _MOST and once:
            yield tuple(sorted(together))
