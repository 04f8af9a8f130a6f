"""Tags as typed, as shown, as addressed: « Marchés publics » is at /tag/marchés-publics."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

import regex

from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.markdown import BadText, clean_line
from forum.text import text_fault

MAX_TAGS = 5
MAX_NAME = 40
MAX_KEY = 255
SEPARATOR = re.compile(r"[,;\r\n]+")
BETWEEN_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}+]+")
LATIN_ACCENT = re.compile("[\u0300-\u036f]")


def tag_slug(name: str) -> str:
    """A tag in addresses and for programs: lower case, hyphens between the words; "" without a letter.

    >>> tag_slug("Marchés publics")
    'marchés-publics'
    """
    return BETWEEN_WORDS.sub("-", name.lower()).strip("-")


def tag_key(name: str) -> str:
    """What two spellings of one tag have in common: neither case, nor accents, nor hyphens count.

    >>> tag_key("Marchés publics") == tag_key("marches-publics")
    True
    """
    spelled = tag_slug(name).casefold().replace("œ", "oe").replace("æ", "ae")
    return LATIN_ACCENT.sub("", unicodedata.normalize("NFD", spelled))[:MAX_KEY]


def split_tags(typed: str) -> list[str]:
    """The tags of a form's field, where commas part them."""
    return SEPARATOR.split(typed)


def read_names(typed: Iterable[str], most: int = MAX_TAGS) -> list[str]:
    """The names among what was typed, each tag once.

    Raises:
        Invalid: too many, too long, without a letter; the sentence stands at `tags`.
    """
    names = {tag_key(name): name for name in map(_read_name, typed) if name}
    if len(names) > most:
        message = ngettext("%(n)d tag at the most.", "%(n)d tags at the most.", most)
        raise Invalid(fields={"tags": message % {"n": most}})
    return list(names.values())


def _read_name(typed: str) -> str:
    """One tag; "" where nothing stands between two commas."""
    bare = typed.strip().removeprefix("#")
    if not bare.strip():
        return ""
    try:
        name = clean_line(bare, MAX_NAME)
    except BadText as fault:
        raise Invalid(fields={"tags": text_fault(fault.reason, MAX_NAME)}) from fault
    if not tag_slug(name):
        raise Invalid(fields={"tags": _("A tag needs letters or figures.")})
    return name


def kept_names(names: Iterable[str]) -> list[str]:
    """The tags that a topic had elsewhere, whatever their number; without those that cannot be tags here."""
    kept: dict[str, str] = {}
    for name in names:
        with suppress(BadText):
            line = clean_line(name[:MAX_NAME], MAX_NAME)
            if tag_slug(line):
                kept.setdefault(tag_key(line), line)
    return list(kept.values())


def join_names(names: Iterable[str]) -> str:
    """The names as a topic's own row holds them, where its card finds them without another read."""
    return "\n".join(names)


def part_names(joined: str) -> tuple[str, ...]:
    """The names of a topic's row."""
    return tuple(joined.split("\n")) if joined else ()
