"""The workbook part: sheets appended last, names of their print areas, recalculation."""

from __future__ import annotations

from perfxl.package.elements import Element, namespace_prefix, set_attributes
from perfxl.package.markup import Markup
from perfxl.package.splice import RELATIONSHIPS, RELATIONSHIPS_STRICT
from perfxl.package.xmltext import escape, ordinal

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


class BookPart:
    """The workbook part, opened for splicing."""

    def __init__(self, raw: bytes, *, strict: bool = False):
        self._strict = strict
        self._markup = Markup(raw)
        sheets = self._markup.child("sheets")
        self._sheets: list[Element] = list(self._markup.children(sheets)) if sheets else []
        self._section = sheets
        self._new_sheets: list[str] = []
        self._new_names: list[str] = []
        self._recalculate = False

    def add_sheet(self, name: str, relationship: str) -> int:
        """Enters a sheet after all others; returns its position, counted from 0."""
        markup = self._markup
        ids = [markup.attributes(sheet).get(b"sheetId", "") for sheet in self._sheets]
        used = [number for number in map(ordinal, ids) if number is not None]
        number = max(used, default=0) + 1 + len(self._new_sheets)
        bound = namespace_prefix(markup.data, markup.root, (RELATIONSHIPS, RELATIONSHIPS_STRICT))
        uri = RELATIONSHIPS_STRICT if self._strict else RELATIONSHIPS
        declared = "" if bound else f' xmlns:r="{uri}"'
        self._new_sheets.append(
            f'<{markup.prefix}sheet{declared} name="{escape(name)}" sheetId="{number}"'
            f' {bound or "r"}:id="{relationship}"/>'
        )
        return len(self._sheets) + len(self._new_sheets) - 1

    def add_name(self, name: str, refers_to: str, position: int, *, hidden: bool = False) -> None:
        """A defined name of the sheet at that position."""
        prefix = self._markup.prefix
        concealed = ' hidden="1"' if hidden else ""
        self._new_names.append(
            f'<{prefix}definedName name="{name}" localSheetId="{position}"{concealed}>'
            f"{escape(refers_to)}</{prefix}definedName>"
        )

    def drop_sheet(self, position: int) -> None:
        """Removes the sheet at that position, counted from 0, and the names that are its own."""
        markup, sheet = self._markup, self._sheets[position]
        markup.replace(sheet.start, sheet.end, b"")
        self._renumber_names(position)
        views, last = markup.child("bookViews"), len(self._sheets) - 2
        for view in markup.children(views) if views else ():
            given, changed = markup.attributes(view), {}
            for name in ("firstSheet", "activeTab"):
                number = ordinal(given.get(name.encode(), ""))
                if number is not None and position <= number < len(self._sheets):
                    changed[name] = min(max(number - 1, 0), last)
            if changed:
                markup.replace(view.start, view.inner, set_attributes(markup.tag(view), **changed))

    def _renumber_names(self, position: int) -> None:
        """Names count sheets: those of a removed sheet go, those of later ones move up."""
        markup, section = self._markup, self._markup.child("definedNames")
        names = list(markup.children(section)) if section else []
        kept = 0
        for name in names:
            own = ordinal(markup.attributes(name).get(b"localSheetId", ""))
            number = -1 if own is None else own
            kept += number != position
            if number == position:
                markup.replace(name.start, name.end, b"")
            elif number > position:
                tag = set_attributes(markup.tag(name), localSheetId=number - 1)
                markup.replace(name.start, name.inner, tag)
        if section and names and not kept:
            # Programs that write the section empty put a space before its end.
            tag = markup.tag(section)
            markup.clear(section, tag[:-1] + b"/>" if tag.endswith(b" >") else b"")

    def recalculate(self) -> None:
        """Asks for a full calculation when the workbook is opened next."""
        self._recalculate = True

    def _set_calculation(self) -> None:
        markup = self._markup
        settings = markup.child("calcPr")
        if settings is None:
            at = markup.place("calcPr", _ORDER)
            markup.insert(at, f'<{markup.prefix}calcPr fullCalcOnLoad="1"/>')
            return
        tag = set_attributes(markup.tag(settings), fullCalcOnLoad=1)
        if tag != markup.tag(settings):
            markup.replace(settings.start, settings.inner, tag)

    def result(self) -> bytes:
        """The part with everything entered."""
        markup = self._markup
        if self._new_sheets and self._section is not None:
            markup.append(self._section, "".join(self._new_sheets))
        if self._new_names:
            text = "".join(self._new_names)
            names = markup.child("definedNames")
            if names is not None:
                markup.append(names, text)
            else:
                prefix = markup.prefix
                at = markup.place("definedNames", _ORDER)
                markup.insert(at, f"<{prefix}definedNames>{text}</{prefix}definedNames>")
        if self._recalculate:
            # After the names: both may go in at the same offset, calcPr last.
            self._set_calculation()
        # The part was parsed when the package was opened.
        return markup.result(check=False)
