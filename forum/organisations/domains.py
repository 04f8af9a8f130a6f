"""Mail domains: the organisation's own, one that looks like it, or one that anybody may have."""

from forum.i18n import gettext as _

# Anybody gets an address there: an organisation that writes from one is verified otherwise.
ANYBODY = {
    "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "gmail.com", "googlemail.com",
    "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr", "yahoo.fr", "yahoo.com",
    "bbox.fr", "neuf.fr", "icloud.com", "proton.me", "protonmail.com", "aol.com", "gmx.fr", "gmx.com",
}  # fmt: skip
# As many letters as the column holds.
MOST_LETTERS = 500
ALIKE = str.maketrans("01358", "olesb")


def domain_fault(email: str, domains: tuple[str, ...]) -> str:
    """Why an address does not prove that somebody works there; "" when it does.

    The domain must be one of the organisation's, letter for letter: not a part of it, not one above it.
    """
    domain = email.rpartition("@")[2].lower()
    own = [known for known in domains if known not in ANYBODY]
    others = _("Ask for a code at the official address, or have two verified colleagues vouch for you.")
    if domain in own:
        return ""
    if not own:
        return _("This organisation has no mail domain of its own.") + " " + others
    words = {"domain": domain, "own": ", ".join(own)}
    if any(looks_like(domain, known) for known in own):
        reason = _("Your address ends in %(domain)s, which resembles %(own)s but is another domain.")
    else:
        reason = _("Your address ends in %(domain)s, not in %(own)s.")
    return reason % words + " " + others


def looks_like(domain: str, known: str) -> bool:
    """Whether one could be taken for the other: within it, a letter or two apart, or in other scripts."""
    if domain == known:
        return False
    a, b = domain.translate(ALIKE).replace("rn", "m"), known.translate(ALIKE).replace("rn", "m")
    if a == b or domain.endswith(f".{known}") or known.split(".")[0] in domain or "xn--" in domain:
        return True
    return abs(len(a) - len(b)) <= 2 and _distance(a, b) <= 2


def _distance(a: str, b: str) -> int:
    """Levenshtein's distance between two short texts."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def joined_domains(*lists: str) -> str:
    """The domains of several organisations that have become one, each once, as far as there is room.

    >>> joined_domains("a.fr b.fr", "b.fr c.fr")
    'a.fr b.fr c.fr'
    """
    joined = ""
    for domain in dict.fromkeys(" ".join(lists).split()):
        longer = f"{joined} {domain}".strip()
        joined = longer if len(longer) <= MOST_LETTERS else joined
    return joined
