"""E-mail addresses: one spelling for each, all in ASCII, so that what is compared is what is written to."""

import re

MAX_ADDRESS = 254
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def email_address(text: str) -> str | None:
    """The address as it is kept: lower case, the domain as the name servers know it; None if it is not one.

    >>> email_address("Aline@Mairie-Forêt.fr")
    'aline@xn--mairie-fort-wbb.fr'
    """
    local, _at, domain = text.strip().lower().rpartition("@")
    known = domain_of(domain)
    if known is None or not LOCAL.fullmatch(local) or len(local) > 64:
        return None
    address = f"{local}@{known}"
    return address if len(address) <= MAX_ADDRESS else None


def domain_of(text: str) -> str | None:
    """A mail domain in ASCII; None if it is not one. A look-alike in other letters is another domain."""
    if len(text) > MAX_ADDRESS:
        return None
    try:
        domain = text.strip().lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = domain.split(".")
    whole = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels)
    return domain if whole and not labels[-1].isdigit() else None
