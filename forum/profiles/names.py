"""Names and functions as people may give them: seen as they are, and nobody else's. Pure."""

import unicodedata
from collections.abc import Collection

import regex

from forum.i18n import gettext as _
from forum.markdown import BadText, clean_line
from forum.text import text_fault

MAX_NAME, MAX_LINE, MAX_SKILL = 60, 100, 40

# Without a shape of their own: they hide in a name, or turn the direction of what stands beside it.
UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]")
# More marks on a letter than languages need run over the lines above and below.
PILE = regex.compile(r"\p{M}{4}")
LETTER = regex.compile(r"\p{L}")
WORD = regex.compile(r"[^\W_]+")

# Who looks after the site: nobody else calls themselves so.
STAFF = frozenset(
    ("admin", "admins", "administrateur", "administratrice", "administrator", "administration", "moderateur",
     "moderatrice", "moderator", "moderation", "staff", "webmaster", "webmestre", "root", "system", "systeme")
)  # fmt: skip
# A function may be that of an "administrateur territorial"; the forum's own may not be claimed.
STAFF_FUNCTIONS = frozenset(("moderateur", "moderatrice", "moderator"))
# Letters of other scripts, and digits, that pass for Latin ones; l passes for i.
TWINS = str.maketrans(
    "аеорсхуікмтвнѕјԁɡӏαοερικντυl013457@$", "aeopcxyikmtbhsjdgiaoepikvtuioieastas"
)  # fmt: skip


def clean_name(text: str) -> str:
    """A name, a function or a place of work on one line.

    Raises:
        ValueError: with the sentence that says why not.
    """
    return _line(text, MAX_NAME)


def clean_function(text: str) -> str:
    """The same, of up to 100 characters."""
    return _line(text, MAX_LINE)


def clean_skill(text: str) -> str:
    """The same, of up to 40 characters."""
    return _line(text, MAX_SKILL)


def _line(text: str, limit: int) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    if UNSEEN.search(text) or PILE.search(unicodedata.normalize("NFD", text)):
        raise ValueError(_("There are invisible signs in it: type it again rather than pasting it."))
    try:
        line = clean_line(text, limit)
    except BadText as fault:
        raise ValueError(text_fault(fault.reason, limit)) from fault
    if not LETTER.search(line):
        raise ValueError(_("There is no letter in it."))
    return line


def skeleton(text: str) -> str:
    """What a name looks like, whatever it is written with: «Аdmіn » and "ADMIN" are the same.

    >>> skeleton("Módér4teur  Bob")
    'moderateur bob'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(TWINS)
    return " ".join(WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def claims_to_be_staff(name: str, titles: Collection[str]) -> bool:
    """Whether a name says that its bearer looks after the site.

    Args:
        titles: the names of the site itself, and of those who do look after it.
    """
    looks = skeleton(name)
    words = looks.split()
    taken = {skeleton(title) for title in titles}
    return not STAFF.isdisjoint([*words, "".join(words)]) or looks in taken


def claims_a_staff_function(function: str) -> bool:
    """Whether a function is that of the forum's own staff."""
    return not STAFF_FUNCTIONS.isdisjoint(skeleton(function).split())
