"""Dates and times written out by a date section of a number format."""

from __future__ import annotations

from .calendar import LAST_SERIAL, civil, weekday, weekday_name
from .digits import chinese_digits, chinese_number
from .sections import Piece, Section

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def _minutes(pieces: tuple[Piece, ...], index: int) -> bool:
    """Whether the m at this place means minutes: it follows hours or precedes seconds."""
    timed = [i for i, piece in enumerate(pieces) if piece.kind in ("date", "elapsed")]
    place = timed.index(index)
    before = pieces[timed[place - 1]].text[0] if place else ""
    after = pieces[timed[place + 1]].text[0] if place + 1 < len(timed) else ""
    return len(pieces[index].text) <= 2 and (before == "h" or after == "s")


def _clock(value: float, pieces: tuple[Piece, ...]) -> tuple[int, float]:
    """Whole days and seconds, rounded to the smallest unit the format shows."""
    places = next((len(p.text) - 1 for p in pieces if p.kind == "subsecond"), 0)
    ticks = round(value * 86400 * 10**places)
    days, rest = divmod(ticks, 86400 * 10**places)
    return days, rest / 10**places


def _padded(number: int, width: int, chinese: int) -> str:
    if chinese in (1, 2):
        words = chinese_number(number, chinese)
        return words[1:] if words.startswith("一十") else words
    text = str(number).rjust(min(width, 2), "0")
    return chinese_digits(text, 3) if chinese == 3 else text


def render_date(value: float, section: Section, date1904: bool) -> str | None:
    """The text of a serial number, or None where Excel fills the cell with ``#``."""
    if not 0 <= value <= LAST_SERIAL + 1:
        return None
    pieces = section.pieces
    days, seconds = _clock(value, pieces)
    at = civil(days, date1904)
    if at is None:
        return None
    year, month, day = at
    serial = days + 1462 if date1904 else days
    hour, minute, second = int(seconds // 3600), int(seconds // 60 % 60), int(seconds % 60)
    half_day = any(piece.kind == "ampm" for piece in pieces)
    total = days * 86400 + seconds
    out = []
    for index, (kind, text) in enumerate(pieces):
        if kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            out.append(str(int(total // unit)).rjust(len(text), "0"))
        elif kind == "ampm":
            early, late = text.split("/")
            out.append(early if hour < 12 else late)
        elif kind == "subsecond":
            fraction = f"{seconds % 1:.{len(text) - 1}f}"
            out.append(fraction[1:])
        elif kind == "date":
            letter, width = text[0], len(text)
            if letter in "ye":
                whole = str(year) if width > 2 or letter == "e" else f"{year % 100:02d}"
                out.append(chinese_digits(whole, section.chinese) if section.chinese else whole)
            elif letter == "m" and _minutes(pieces, index):
                out.append(_padded(minute, width, section.chinese))
            elif letter == "m":
                name = _MONTHS[month - 1]
                names = {3: name[:3], 4: name, 5: name[0]}
                out.append(names.get(width) or _padded(month, width, section.chinese))
            elif letter == "d":
                name = _DAYS[weekday(serial)]
                names = {3: name[:3], 4: name}
                out.append(names.get(width) or _padded(day, width, section.chinese))
            elif letter == "a":
                name = weekday_name(serial)
                out.append(name if width == 4 else name[-1])
            elif letter == "h":
                shown = (hour % 12 or 12) if half_day else hour
                out.append(_padded(shown, width, section.chinese))
            elif letter == "s":
                out.append(_padded(second, width, section.chinese))
            else:
                out.append(str(year + 543)[-width:])
        else:
            out.append(text)
    return "".join(out)
