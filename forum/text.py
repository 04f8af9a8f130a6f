"""Plain text: slugs, numbers, what is wrong with a text."""

import re
import unicodedata

from forum.i18n import gettext as _
from forum.i18n import ngettext

MAX_SLUG = 80
# The greatest number that a row can have.
MAX_ID = 2**31 - 1


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; "" when nothing is left.

    >>> slugify("Cantine : passer en régie ?")
    'cantine-passer-en-regie'
    """
    spelled = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    plain = unicodedata.normalize("NFKD", spelled)
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_only)
    slug = "-".join(words)
    return slug if len(slug) <= MAX_SLUG else slug[:MAX_SLUG].rsplit("-", 1)[0]


def text_fault(reason: str, limit: int) -> str:
    """The sentence for a text that was refused."""
    if reason == "empty":
        return _("Write something first: there is no text here.")
    if reason == "too_long":
        message = ngettext(
            "Too long: %(n)d character at the most.", "Too long: %(n)d characters at the most.", limit
        )
        return message % {"n": limit}
    return _("This text holds characters that cannot be stored. Type it again rather than pasting it.")
