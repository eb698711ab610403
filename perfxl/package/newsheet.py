"""A worksheet of our own, made from scratch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.model import Range, a1, quoted, row_col
from perfxl.package.cells import number
from perfxl.package.looks import Look, argb
from perfxl.package.reference import location
from perfxl.package.stylesheet import MAIN, MAIN_STRICT, Stylesheet
from perfxl.package.xmltext import escape, text_element

_A4 = 9
_PROTECTION = (
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0"'
    ' formatRows="0" autoFilter="0"/>'
)


class NewCell(NamedTuple):
    """A cell: text (never a formula), a number, or nothing but its look.

    ``refers_to`` (sheet, address) makes it a formula for the row of that cell, which follows
    when rows are inserted there.
    """

    value: str | float | None = None
    look: Look | None = None
    refers_to: tuple[str, str] | None = None


@dataclass(frozen=True)
class PrintSetup:
    """How the sheet prints, on A4 and as wide as the page.

    ``area`` is what is printed, by default all; ``title_rows`` (first, last) repeat on every
    page; ``margins`` are left, right, top,
    bottom, header, footer in inches; ``header`` and ``footer`` use Excel's codes (``&P``).
    """

    landscape: bool = True
    fit_width: bool = True
    area: Range | None = None
    title_rows: tuple[int, int] | None = None
    margins: tuple[float, float, float, float, float, float] = (0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
    header: str = ""
    footer: str = ""


@dataclass(frozen=True)
class NewSheet:
    """A sheet to append.

    ``rows`` are cells from A1 on, None for one that is not there; ``widths`` are in
    characters, ``heights`` (by row number) in points; ``links`` map a cell (row, col) to the
    sheet and address it leads to; ``freeze`` counts the rows that stay in sight; the columns
    from ``hidden_from`` on are hidden. A ``locked`` sheet is protected without a password:
    filters, widths and the unlocked cells stay free.
    """

    name: str
    rows: Sequence[Sequence[NewCell | None]]
    widths: Sequence[float | None] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    merges: Sequence[Range] = ()
    links: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    freeze: int = 0
    autofilter: Range | None = None
    printing: PrintSetup = PrintSetup()
    tab_color: str | None = None
    hidden_from: int | None = None
    locked: bool = False

    def names(self, sheet: str) -> list[tuple[str, str, bool]]:
        """The defined names it needs once it is called ``sheet``: name, area, hidden."""
        found = []
        for name, area, hidden in (
            ("_xlnm._FilterDatabase", self.autofilter, True),
            ("_xlnm.Print_Area", self.printing.area, False),
        ):
            if area:
                first, last = _fixed(area.top, area.left), _fixed(area.bottom, area.right)
                found.append((name, f"{quoted(sheet)}!{first}:{last}", hidden))
        if self.printing.title_rows:
            top, bottom = self.printing.title_rows
            found.append(("_xlnm.Print_Titles", f"{quoted(sheet)}!${top}:${bottom}", False))
        return found


def sheet_xml(sheet: NewSheet, styles: Stylesheet, *, strict: bool = False) -> bytes:
    """The worksheet part; its looks are entered in ``styles``."""
    setup = sheet.printing
    color = f'<tabColor rgb="{argb(sheet.tab_color)}"/>' if sheet.tab_color else ""
    fit = '<pageSetUpPr fitToPage="1"/>' if setup.fit_width else ""
    last = Range(1, 1, max(len(sheet.rows), 1), max(map(len, sheet.rows), default=1) or 1)
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            f'<worksheet xmlns="{MAIN_STRICT if strict else MAIN}">',
            f"<sheetPr>{color}{fit}</sheetPr>" if color or fit else "",
            f'<dimension ref="{last}"/>',
            _view(sheet.freeze),
            '<sheetFormatPr defaultRowHeight="15"/>',
            _columns(sheet),
            "<sheetData>",
            *_rows(sheet, styles),
            "</sheetData>",
            _PROTECTION if sheet.locked else "",
            f'<autoFilter ref="{sheet.autofilter}"/>' if sheet.autofilter else "",
            _section("mergeCell", [f'ref="{area}"' for area in sheet.merges]),
            _links(sheet.links),
            _print(setup),
            "</worksheet>",
        )
    ).encode()


def _view(freeze: int) -> str:
    if not freeze:
        return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    below = a1(freeze + 1, 1)
    return (
        '<sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{freeze}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/>'
        "</sheetView></sheetViews>"
    )


def _columns(sheet: NewSheet) -> str:
    listed = "".join(
        f'<col min="{i}" max="{i}" width="{width:g}" customWidth="1"/>'
        for i, width in enumerate(sheet.widths, 1)
        if width is not None
    )
    if sheet.hidden_from:
        last = max(map(len, sheet.rows))
        listed += f'<col min="{sheet.hidden_from}" max="{last}" width="9" hidden="1"/>'
    return f"<cols>{listed}</cols>" if listed else ""


def _rows(sheet: NewSheet, styles: Stylesheet) -> Iterator[str]:
    # Few looks, many cells: the same object needs to be compared but once.
    known: dict[int, str] = {}
    for at, row in enumerate(sheet.rows, 1):
        height = sheet.heights.get(at)
        sized = "" if height is None else f' ht="{height:g}" customHeight="1"'
        yield f'<row r="{at}"{sized}>'
        for col, cell in enumerate(row, 1):
            if cell is not None:
                value, look, refers_to = cell
                if id(look) not in known:
                    style = styles.look(look) if look else 0
                    known[id(look)] = f' s="{style}"' if style else ""
                yield f'<c r="{a1(at, col)}"{known[id(look)]}{_content(value, refers_to)}'
        yield "</row>"


def _content(value: str | float | None, refers_to: tuple[str, str] | None) -> str:
    """The rest of a cell, after its address and format."""
    if refers_to:
        row, _ = row_col(refers_to[1])
        return f"><f>ROW({escape(location(*refers_to))})</f><v>{row}</v></c>"
    if isinstance(value, str):
        return f' t="inlineStr"><is>{text_element("", value)}</is></c>'
    return "/>" if value is None else f"><v>{number(value)}</v></c>"


def _links(links: Mapping[tuple[int, int], tuple[str, str]]) -> str:
    return _section(
        "hyperlink",
        [f'ref="{a1(*at)}" location="{escape(location(*to))}"' for at, to in links.items()],
        counted=False,
    )


def _section(item: str, listed: Sequence[str], *, counted: bool = True) -> str:
    if not listed:
        return ""
    count = f' count="{len(listed)}"' if counted else ""
    body = "".join(f"<{item} {given}/>" for given in listed)
    return f"<{item}s{count}>{body}</{item}s>"


def _print(setup: PrintSetup) -> str:
    sides = ("left", "right", "top", "bottom", "header", "footer")
    margins = " ".join(f'{s}="{m:g}"' for s, m in zip(sides, setup.margins, strict=True))
    turned = "landscape" if setup.landscape else "portrait"
    fit = ' fitToHeight="0"' if setup.fit_width else ""
    text = "".join(
        f"<{name}>{escape(given)}</{name}>"
        for name, given in (("oddHeader", setup.header), ("oddFooter", setup.footer))
        if given
    )
    return f'<pageMargins {margins}/><pageSetup paperSize="{_A4}"{fit} orientation="{turned}"/>' + (
        f"<headerFooter>{text}</headerFooter>" if text else ""
    )


def _fixed(row: int, col: int) -> str:
    address = a1(row, col)
    letters = address.rstrip("0123456789")
    return f"${letters}${row}"
