"""Numbers in words, in the current language."""

from forum.i18n import current_locale, format_number, ngettext


def euros(n: int) -> str:
    """«4 200 €»."""
    return _with(ngettext("%(n)s euro", "%(n)s euros", n), n)


def months(n: int) -> str:
    """«5 months»."""
    return _with(ngettext("%(n)s month", "%(n)s months", n), n)


def staff_days(n: int) -> str:
    """«9 days of staff»."""
    return _with(ngettext("%(n)s day of staff", "%(n)s days of staff", n), n)


def inhabitants(n: int) -> str:
    """«12 600 inhabitants»."""
    return _with(ngettext("%(n)s inhabitant", "%(n)s inhabitants", n), n)


def seats(n: int) -> str:
    """«20 places»."""
    return _with(ngettext("%(n)s place", "%(n)s places", n), n)


def _with(words: str, n: int) -> str:
    return words % {"n": format_number(n, current_locale())}
