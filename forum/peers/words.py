"""What is said about asking one's peers."""

from forum.i18n import format_wait, ngettext
from forum.i18n import gettext as _


def limit_words(wait: int) -> str:
    """That a limit is reached, and how long it holds."""
    return _("Enough has been asked this week: it is possible again in %(wait)s.") % {
        "wait": format_wait(wait)
    }


def reach_words(organisations: int, people: int) -> str:
    """How many are asked: «12 organisations, 31 people»."""
    some = ngettext("%(n)d organisation", "%(n)d organisations", organisations) % {"n": organisations}
    many = ngettext("%(n)d person", "%(n)d people", people) % {"n": people}
    return f"{some}, {many}"
