"""Where a post may lead: outside by http, https or mail; inside by a path. Nothing else is an address."""

import re

MAX_ADDRESS = 2_000
OUTSIDE = re.compile(r"https?://[^/\\?#@\s][^\s\\]*", re.IGNORECASE | re.ASCII)
MAIL = re.compile(r"mailto:[^\s\\/]+@[^\s\\/]+", re.IGNORECASE | re.ASCII)
# "//host" and "/\host" lead outside, whatever they look like.
INSIDE = re.compile(r"(?:/(?![/\\])|#)[^\s\\]*|/")
OWN_FILE = re.compile(r"/uploads/[^\s\\?#]+")
UPLOAD = re.compile(r"upload://[0-9a-f]{32}\.[a-z0-9]{1,5}")
# A browser resolves dots, written or encoded, before it asks: a file of ours could become any address.
DOTS = re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)


def is_allowed(address: str) -> bool:
    """Whether a link may lead there."""
    return len(address) <= MAX_ADDRESS and any(kind.fullmatch(address) for kind in (OUTSIDE, INSIDE, MAIL))


def is_upload(address: str) -> bool:
    """Whether it names a file that members sent, in Discourse's way: such links become addresses of ours."""
    return UPLOAD.fullmatch(address) is not None


def is_outside(address: str) -> bool:
    """Whether it leads to a site, perhaps another one."""
    return OUTSIDE.fullmatch(address) is not None


def is_own_file(address: str) -> bool:
    """Whether it is a file that members sent to this site: the only images that a page loads."""
    return OWN_FILE.fullmatch(address) is not None and not DOTS.search(address)
