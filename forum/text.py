"""Plain text: slugs, numbers."""

import re
import unicodedata

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
