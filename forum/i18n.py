"""Languages: catalogues read from .po files at start, dates and numbers by locale."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal

from forum.config import LOCALES

LOCALE_NAMES = {"fr": "Français", "en": "English"}
MOMENT_PATTERNS = {"fr": "d MMMM yyyy 'à' H\u00a0'h'\u00a0mm", "en": "d MMMM yyyy 'at' H:mm"}
DAY_PATTERNS = {"fr": "d MMMM yyyy", "en": "d MMMM yyyy"}

_locale: ContextVar[str] = ContextVar("locale", default="fr")


@cache
def translations(locale: str) -> GNUTranslations:
    """The catalogue of a locale (one of `LOCALES`)."""
    source = Path(__file__).parent / "locale" / locale / "LC_MESSAGES" / "relais.po"
    return GNUTranslations(BytesIO(compiled(source)))


def compiled(source: Path) -> bytes:
    """A `.po` file as `gettext` reads it (`.mo`): compiled anew when it has changed (some 60 ms)."""
    return _kept(source) or _compile(source)


def _kept(source: Path) -> bytes | None:
    """What is beside the source, if it was made from it as it is: they bear one time then."""
    kept = source.with_suffix(".mo")
    try:
        return kept.read_bytes() if kept.stat().st_mtime_ns == source.stat().st_mtime_ns else None
    except FileNotFoundError:
        return None


def _compile(source: Path) -> bytes:
    """Compile it, and keep it where and when Python would keep a compiled module."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    moment = source.stat().st_mtime_ns
    with source.open("rb") as file:
        catalogue = read_po(file)
    made = BytesIO()
    write_mo(made, catalogue)
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # a folder where nobody writes
            _keep(source.with_suffix(".mo"), made.getvalue(), moment)
    return made.getvalue()


def _keep(path: Path, content: bytes, moment: int) -> None:
    """Whole or not at all: other processes read it meanwhile."""
    draft = path.with_suffix(f".{os.getpid()}.mo")
    draft.write_bytes(content)
    os.utime(draft, ns=(moment, moment))
    draft.replace(path)


def current_locale() -> str:
    """The locale of the request, job or delivery under way."""
    return _locale.get()


def use_locale(locale: str) -> None:
    """Speak this language from here to the end of the current task."""
    _locale.set(locale)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak this language within the block."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def gettext(message: str) -> str:
    """The message in the current language."""
    return translations(_locale.get()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for a number of things, in the current language."""
    return translations(_locale.get()).ngettext(singular, plural, n)


def negotiate(preferred: str | None, accept_language: str, default: str) -> str:
    """The member's or the browser's own choice, else the first wish that we speak, else the default."""
    if preferred in LOCALES:
        return str(preferred)
    for wish in accept_language.split(","):
        language = wish.split(";")[0].strip().split("-")[0].lower()
        if language in LOCALES:
            return language
    return default


def format_moment(at: datetime, locale: str, zone: ZoneInfo) -> str:
    """«24 novembre 2026 à 10 h 02», in the site's time zone."""
    return format_datetime(at.astimezone(zone), MOMENT_PATTERNS[locale], locale=locale)


def format_day(at: datetime, locale: str, zone: ZoneInfo) -> str:
    """«24 novembre 2026», in the site's time zone."""
    return format_datetime(at.astimezone(zone), DAY_PATTERNS[locale], locale=locale)


def format_wait(seconds: int) -> str:
    """«40 secondes», «15 minutes», in the current language: whoever waits so long has waited long enough."""
    minutes = -(-seconds // 60)
    wait = timedelta(minutes=minutes) if seconds > 90 else timedelta(seconds=seconds)
    return format_timedelta(wait, threshold=1.5, locale=_locale.get())


def format_number(number: int, locale: str) -> str:
    """«1 284»."""
    return format_decimal(number, locale=locale)


def format_megabytes(size: int, locale: str) -> str:
    """A number of bytes as «1,3», of which one says MB."""
    return format_decimal(max(0.1, round(size / 1_000_000, 1)), locale=locale)
