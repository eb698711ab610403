"""A worksheet part that says the same in fewer words."""

from __future__ import annotations

import re

from perfxl.package.reference import column_number
from perfxl.package.shared import SharedFormula
from perfxl.package.xmltext import content, integer

_EMPTY_RESULT = re.compile(rb"(<c\b[^>]*>)(<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)<v></v>")
_DIMENSION = re.compile(rb"<dimension ref=\"[A-Z0-9:]*\"/>")
_SPANS = re.compile(rb"(<row\b[^>]*?) spans=\"[0-9: ]*\"")
_OWN_FORMULA = re.compile(rb"(<c r=\"([A-Z]{1,3})([0-9]+)\"[^<>]*>)<f>([^<]+)</f>")
_GROUP = re.compile(rb"\bsi=\"([0-9]+)\"")
_UNSHARED = re.compile(r"[!{\[#]|\):|:[A-Z]+\(")
"""What Excel never shares ([MS-XLSB] 2.5.98.98): cells of other sheets, arrays in braces, areas
whose corners are worked out."""
_STRING = re.compile(r'"(?:[^"]|"")*"')
_FEWEST = 6
"""Of fewer formulas the words to share them take more than they save."""
_MIDDLE = 500_000
"""A row from which references up and down reach as far as they do in any sheet."""


def lean(xml: bytes) -> bytes:
    """The part without empty results, dimension and spans, its like formulas shared.

    An empty result says no more than none. ``spans`` and the dimension are only hints, and one
    that counts formatted columns to the last is a bad one: reading row by row, openpyxl gives
    rows of 16,384 cells. Formulas of one column that differ in nothing but their row become
    one shared formula, as Excel stores those that were filled down.
    """
    xml = _DIMENSION.sub(b"", xml, count=1)
    xml = _SPANS.sub(rb"\1", _EMPTY_RESULT.sub(_without_result, xml))
    return _shared(xml)


def _without_result(cell: re.Match[bytes]) -> bytes:
    return cell[1].replace(b' t="str"', b"") + cell[2]


def _shared(xml: bytes) -> bytes:
    alike: dict[tuple[int, str], list[re.Match[bytes]]] = {}
    for cell in _OWN_FORMULA.finditer(xml):
        formula = content(cell[4])
        if not _UNSHARED.search(_STRING.sub("", formula)):
            row, col = integer(cell[3]), column_number(cell[2].decode())
            shape = SharedFormula(formula, row, col).at(_MIDDLE, col)
            alike.setdefault((col, shape), []).append(cell)
    group = max((integer(found) for found in _GROUP.findall(xml)), default=-1)
    tags: dict[int, bytes] = {}
    for cells in alike.values():
        if len(cells) >= _FEWEST:
            group += 1
            letters, top, text = cells[0].group(2, 3, 4)
            area = b"%s%s:%s%s" % (letters, top, letters, cells[-1][3])
            first, *others = (cell.start() for cell in cells)
            tags[first] = b'<f t="shared" ref="%s" si="%d">%s</f>' % (area, group, text)
            tags |= dict.fromkeys(others, b'<f t="shared" si="%d"/>' % group)
    return _OWN_FORMULA.sub(
        lambda cell: cell[1] + tags[cell.start()] if cell.start() in tags else cell[0], xml
    )
