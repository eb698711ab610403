"""styles.xml: cell formats derived from a cell's own, appended and never renumbered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from perfxl.errors import LimitExceeded
from perfxl.package.elements import Element, local, set_attributes
from perfxl.package.formats import BUILTIN
from perfxl.package.lighttext import LightText
from perfxl.package.limits import FORMATS
from perfxl.package.looks import Look, alignment_xml, border_xml, fill_xml, font_xml
from perfxl.package.markup import Markup
from perfxl.package.xmltext import escape, integer

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_FIRST_CUSTOM = 164
# Of the built-in formats, those that mean the same in every language.
BUILT_IN = {BUILTIN[number]: number for number in (0, 1, 2, 3, 4, 9, 10, 11, 49)}
_NEW = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="{namespace}">'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class Stylesheet:
    """The cell formats of a workbook; None makes a styles part from nothing.

    ``reuse`` takes an item that is there already rather than appending it once more, which is
    worth the search only where we have appended before. ``theme`` gives the colours of the
    workbook's theme.
    """

    def __init__(
        self,
        raw: bytes | None,
        *,
        strict: bool = False,
        reuse: bool = False,
        theme: Callable[[], Sequence[str]] = tuple,
    ):
        given = Markup(raw) if raw is not None else None
        # Into a part that is one empty tag nothing can be put.
        self.created = given is None or given.root.empty
        fresh = _NEW.format(namespace=MAIN_STRICT if strict else MAIN).encode()
        self._markup = given if given and not self.created else Markup(fresh)
        self._text = LightText(self._markup, theme)
        self._prefix = self._markup.prefix
        self._reuse = reuse
        self._owned: dict[str, dict[bytes, int]] = {}
        self._sections = {local(child.tag): child for child in self._markup.children()}
        self._items: dict[str, list[Element]] = {}
        self._formats = self.items("cellXfs")
        self._counts: dict[str, int] = {}
        self._added: dict[str, list[str | bytes]] = {}
        self._seen: dict[object, int] = {}

    @property
    def changed(self) -> bool:
        return self.created or bool(self._added)

    def number_format(self, style: int) -> str:
        """The format code a cell format shows numbers with."""
        given = self._markup.attributes(self._formats[style]) if self._known(style) else {}
        number = integer(given.get(b"numFmtId", "0"))
        return self.custom_formats.get(number) or BUILTIN.get(number, "General")

    def light_text(self, style: int) -> bool:
        """Whether a cell format writes in so light a colour that it needs a dark ground."""
        return self._known(style) and self._text.of(self._formats[style])

    def derive(
        self,
        style: int,
        *,
        fill: str | None = None,
        number_format: str | None = None,
        numeric: bool = False,
    ) -> int:
        """The index of a cell format like ``style`` but for what is given.

        ``numeric`` drops the quote prefix, with which Excel takes the next input for text.
        """
        key = (style, fill, number_format, numeric)
        if key not in self._seen:
            self._seen[key] = self._derive(style, fill, number_format, numeric)
        return self._seen[key]

    def vary(self, style: int, fill: str | None, number_format: int | str | None) -> int:
        """The index of a cell format like ``style`` but for the ``<fill>`` ("" for no fill) and
        the number format (a code, or the number of a built-in one) that are given."""
        changes: dict[str, str | int | None] = {}
        if fill is not None:
            changes["fillId"] = self._add("fills", fill) if fill else 0
        if number_format is not None:
            known = isinstance(number_format, int)
            changes["numFmtId"] = (
                number_format if known else self._number_format_id(str(number_format))
            )
        tag, inner = self._source(style)
        return self._add("cellXfs", set_attributes(tag, **changes) + inner)

    def look(self, look: Look) -> int:
        """The index of a cell format for one of our own cells."""
        if look not in self._seen:
            prefix = self._prefix
            font = font_xml(prefix, look, *self._default_font)
            border = border_xml(prefix, look)
            font_id = self._add("fonts", font) if font else 0
            border_id = self._add("borders", border) if border else 0
            fill_id = self._fill(look.fill) if look.fill else 0
            inner = alignment_xml(prefix, look)
            applied = "".join(
                f' apply{what}="1"'
                for what, used in (
                    ("NumberFormat", look.number_format != "General"), ("Font", font_id),
                    ("Fill", fill_id), ("Border", border_id), ("Alignment", "alignment" in inner),
                    ("Protection", "protection" in inner),
                ) if used
            )  # fmt: skip
            self._seen[look] = self._add(
                "cellXfs",
                f'<{prefix}xf numFmtId="{self._number_format_id(look.number_format)}"'
                f' fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}"'
                + ' xfId="0"' * bool(self.items("cellStyleXfs"))
                + applied
                + (f">{inner}</{prefix}xf>" if inner else "/>"),
            )
        return self._seen[look]

    def sets_fill(self, differential: int) -> bool:
        """Whether that format of a conditional format (dxf) sets a fill of its own."""
        formats = self.items("dxfs")
        if not 0 <= differential < len(formats):
            return False
        wanted, found = self._markup.qualified("fill"), formats[differential]
        return any(child.tag == wanted for child in self._markup.children(found))

    def result(self) -> bytes:
        """styles.xml with everything that was asked for appended."""
        # In the schema's order: sections that are both new may go in at the same offset.
        for name, added in sorted(self._added.items(), key=lambda one: _ORDER.index(one[0])):
            text = b"".join(x if isinstance(x, bytes) else self._markup.encode(x) for x in added)
            section, count = self._sections.get(name), self._counts[name]
            if section:
                self._markup.append(section, text, count=count)
            else:
                tag = self._markup.qualified(name)
                opening = set_attributes(b"<" + tag + b">", count=count)
                at = self._markup.place(name, _ORDER)
                self._markup.insert(at, opening + text + b"</" + tag + b">")
        return self._markup.result()

    @property
    def markup(self) -> Markup:
        return self._markup

    def items(self, name: str) -> list[Element]:
        """The items of a section as the workbook came with them."""
        if name not in self._items:
            section = self._sections.get(name)
            self._items[name] = list(self._markup.children(section)) if section else []
        return self._items[name]

    def _add(self, name: str, item: str | bytes) -> int:
        """The index of an item appended to a section, once for each different text."""
        key = (name, item)
        if key not in self._seen:
            own = self._own(name).get(
                item if isinstance(item, bytes) else self._markup.encode(item)
            )
            if own is not None:
                self._seen[key] = own
                return own
            if name not in self._counts:
                self._counts[name] = len(self.items(name))
                self._fill_up(name)
            index = self._counts[name]
            if index >= FORMATS:
                raise LimitExceeded(
                    f"工作簿的单元格格式已达 {FORMATS} 种的上限，无法再加标记；"
                    "请在 Excel 中清理样式后再试。"
                )
            self._added.setdefault(name, []).append(item)
            self._counts[name] += 1
            self._seen[key] = index
        return self._seen[key]

    def _own(self, name: str) -> dict[bytes, int]:
        """The items that came with the workbook; of equal ones the last, which is ours."""
        if not self._reuse:
            return {}
        if name not in self._owned:
            data = self._markup.data
            self._owned[name] = {
                data[item.start : item.end]: index for index, item in enumerate(self.items(name))
            }
        return self._owned[name]

    def _fill_up(self, name: str) -> None:
        """Index 0 (fills: 0 and 1) is what everything without a format refers to."""
        prefix = self._prefix
        least = {
            "fonts": [f'<{prefix}font><{prefix}sz val="11"/></{prefix}font>'],
            "fills": [
                f'<{prefix}fill><{prefix}patternFill patternType="{kind}"/></{prefix}fill>'
                for kind in ("none", "gray125")
            ],
            "borders": [f"<{prefix}border/>"],
            "cellXfs": [f'<{prefix}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
        }.get(name, [])
        missing = least[self._counts[name] :]
        if missing:
            self._added.setdefault(name, []).extend(missing)
            self._counts[name] += len(missing)

    def _fill(self, rgb: str) -> int:
        return self._add("fills", fill_xml(self._prefix, rgb))

    def _derive(
        self, style: int, fill: str | None, number_format: str | None, numeric: bool
    ) -> int:
        tag, inner = self._source(style)
        changes: dict[str, str | int | None] = {}
        if fill:
            changes |= {"fillId": self._fill(fill), "applyFill": 1}
        if number_format:
            code = self._number_format_id(number_format)
            changes |= {"numFmtId": code, "applyNumberFormat": 1}
        if numeric and b"quotePrefix" in tag:
            changes["quotePrefix"] = None
        if not changes:
            return style
        return self._add("cellXfs", set_attributes(tag, **changes) + inner)

    def _source(self, style: int) -> tuple[bytes, bytes]:
        if self._known(style):
            at = self._formats[style]
            return self._markup.tag(at), self._markup.data[at.inner : at.end]
        plain = f'<{self._prefix}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        return plain.encode(), b""

    def _known(self, style: int) -> bool:
        return 0 <= style < len(self._formats)

    @cached_property
    def custom_formats(self) -> dict[int, str]:
        """The format codes of the workbook's own, by number."""
        found = {}
        for item in self.items("numFmts"):
            given = self._markup.attributes(item)
            found[integer(given.get(b"numFmtId", "0"))] = given.get(b"formatCode", "General")
        return found

    def _number_format_id(self, code: str) -> int:
        if code in BUILT_IN:
            return BUILT_IN[code]
        key = ("number format", code)
        if key not in self._seen:
            taken = self.custom_formats
            same = next((number for number, own in taken.items() if own == code), None)
            if same is None:
                ours = len(self._added.get("numFmts", ()))
                same = max([_FIRST_CUSTOM - 1, *taken]) + 1 + ours
                written = f'<{self._prefix}numFmt numFmtId="{same}" formatCode="{escape(code)}"/>'
                self._add("numFmts", written)
            self._seen[key] = same
        return self._seen[key]

    @cached_property
    def _default_font(self) -> tuple[str, str]:
        """Name and size of the workbook's first font."""
        name, size = "宋体", "11"
        for font in self.items("fonts")[:1]:
            for child in self._markup.children(font):
                given = self._markup.attributes(child).get(b"val", "")
                if local(child.tag) == "name" and given:
                    name = given
                elif local(child.tag) == "sz" and re.fullmatch(r"[0-9.]+", given):
                    size = given
        return name, size
