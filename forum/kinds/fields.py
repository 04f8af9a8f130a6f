"""The typed fields of a kind of topic: read from a form, shown on pages, narrowed to a range in lists."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from msgspec import Struct

from forum.i18n import DAY_PATTERNS, MOMENT_PATTERNS, current_locale, format_number
from forum.i18n import gettext as _
from forum.markdown import BadText, clean_line, clean_text
from forum.text import MAX_ID, text_fault

Words = Callable[[], str]
Value = str | int | None
MAX_LINE, MAX_TEXT = 200, 5000
WHOLE = re.compile(r"-?\d{1,12}")
SPACES = re.compile(r"\s")


class Field(Struct, frozen=True):
    """One typed field, which is a column of its kind's table by the same name.

    Args:
        type: "line", "text" (several lines), "number", "day" (2026-12-31), "moment" (2026-12-31T14:00, in the
            site's zone), "choice", "link", or "hidden" (a number that the form carries along).
        required: without it nothing is published; the others are counted by the gauge.
        least, most: of a number.
        unit: the words of a number, such as «4 months».
        choices: value → words.
        in_row: shown in lists of topics.
        ranged: lists may be narrowed to a range of it.
        up_to: the field that holds its upper end, where only a range of it is known.
        among: the choices of a choice by which lists may be narrowed.
        warning: shown apart, as what nobody should miss.
    """

    name: str
    label: Words
    type: str = "line"
    hint: Words | None = None
    required: bool = False
    least: int = 0
    most: int = MAX_ID
    unit: Callable[[int], str] | None = None
    choices: Mapping[str, Words] | None = None
    in_row: bool = False
    ranged: bool = False
    warning: bool = False
    up_to: str = ""

    @property
    def asked(self) -> bool:
        """Whether the form shows it."""
        return self.type != "hidden"

    def read(self, typed: str) -> Value:
        """The value of what was typed; None for nothing.

        Raises:
            Fault: a sentence for the field.
        """
        text = typed.strip()
        if not text:
            if self.required:
                raise Fault(_("This is needed: a few words will do."))
            return None
        value: Value = getattr(self, f"_read_{READERS[self.type]}")(text)
        return value

    def _read_text(self, text: str) -> str:
        limit = MAX_TEXT if self.type == "text" else MAX_LINE
        try:
            return clean_text(text, limit) if self.type == "text" else clean_line(text, limit)
        except BadText as fault:
            raise Fault(text_fault(fault.reason, limit)) from fault

    def _read_number(self, text: str) -> int:
        plain = SPACES.sub("", text).removesuffix("€")
        if not WHOLE.fullmatch(plain):
            raise Fault(_("A whole number is expected here."))
        number = int(plain)
        if number < self.least:
            raise Fault(
                _("At least %(n)s is expected here.") % {"n": format_number(self.least, current_locale())}
            )
        if number > self.most:
            raise Fault(
                _("At the most %(n)s is expected here.") % {"n": format_number(self.most, current_locale())}
            )
        return number

    def _read_day(self, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise Fault(_("A day is expected here, such as 2027-01-31.")) from None

    def _read_moment(self, text: str) -> str:
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
        except ValueError:
            raise Fault(_("A day and an hour are expected here, such as 2027-01-31 14:00.")) from None

    def _read_choice(self, text: str) -> str:
        if text not in (self.choices or {}):
            raise Fault(_("Choose one of the list."))
        return text

    def _read_link(self, text: str) -> str:
        line = self._read_text(text)
        parts = urlsplit(line)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Fault(_("A whole address is expected here: it begins with https://"))
        return line

    def show(self, value: Value) -> str:
        """The value in words, in the current language."""
        locale = current_locale()
        if isinstance(value, int):
            return self.unit(value) if self.unit else format_number(value, locale)
        text = value or ""
        if self.type == "choice":
            return (self.choices or {})[text]() if text in (self.choices or {}) else text
        if self.type == "day" and text:
            return format_date(date.fromisoformat(text), DAY_PATTERNS[locale], locale=locale)
        if self.type == "moment" and text:
            return format_datetime(datetime.fromisoformat(text), MOMENT_PATTERNS[locale], locale=locale)
        return text


# A line and a text differ by their length only.
READERS = {
    "line": "text",
    "text": "text",
    "number": "number",
    "hidden": "number",
    "day": "day",
    "moment": "moment",
    "choice": "choice",
    "link": "link",
}


class Fault(ValueError):
    """What is wrong with what was typed, as a sentence."""


def typed_as(value: Any) -> str:
    """A value as a form shows it again."""
    return "" if value is None else str(value)
