"""What does for a name, an address, a password; each a sentence for the field when it does not."""

import re

from forum.accounts.addresses import email_address
from forum.accounts.common_passwords import is_common
from forum.accounts.nobody import NOBODY
from forum.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from forum.categories.queries import current_face
from forum.i18n import gettext as _
from forum.profiles.names import clean_name

# As long as the columns are.
MAX_USERNAME = 60
USERNAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?", re.ASCII)


def username_fault(username: str) -> str | None:
    """What is wrong with a user name."""
    if username.lower() == NOBODY:
        return _("This name is already taken.")
    if USERNAME.fullmatch(username):
        return None
    return _("A name has letters, digits, dots and hyphens, 60 at the most.")


def email_fault(text: str) -> str | None:
    """What is wrong with an address."""
    return None if email_address(text) else _("This is not an e-mail address.")


def password_fault(password: str, *about: str) -> str | None:
    """What is wrong with a password that somebody chooses.

    Args:
        about: what is known of the person: names, address; a password made of these is guessed.
    """
    if len(password) < MIN_LENGTH:
        return _("A password has at least %(n)d characters.") % {"n": MIN_LENGTH}
    if len(password) > MAX_LENGTH:
        return _("A password has at most %(n)d characters.") % {"n": MAX_LENGTH}
    if is_common(password, ("Relais", current_face().title, *about)):
        return _(
            "This password is among the first that are tried. Take several words that do not go together."
        )
    return None


def name_fault(name: str) -> str | None:
    """What is wrong with the name that people read."""
    try:
        clean_name(name)
    except ValueError as fault:
        return str(fault)
    return None
