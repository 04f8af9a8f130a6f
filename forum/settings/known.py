"""The settings that there are: each with its default, and how it is read from what somebody wrote."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct

from forum.accounts.addresses import domain_of, email_address
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.markdown.text import BadText, clean_line, clean_text
from forum.settings.face import SiteFace
from forum.text import text_fault

Value = TypeVar("Value")


class Setting(Struct, Generic[Value], frozen=True):
    """One setting.

    Args:
        default: while nobody has chosen.
        read: from a text to its value; `Invalid` with a sentence when it does not do.
        write: the text that `read` reads.
        meaning: for the command line.
        choices: its values, when there are only these.
        lines: how many the page shows at once, of a text.
    """

    name: str
    default: Value
    read: Callable[[str], Value]
    write: Callable[[Value], str]
    meaning: str
    choices: tuple[str, ...] = ()
    lines: int = 1


def _line(longest: int, *, needed: bool = False) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.strip() and not needed:
            return ""
        try:
            return clean_line(text, longest)
        except BadText as fault:
            raise Invalid(fields={"value": text_fault(fault.reason, longest)}) from fault

    return read


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.strip():
            return ""
        try:
            return clean_text(text, longest)
        except BadText as fault:
            raise Invalid(fields={"value": text_fault(fault.reason, longest)}) from fault

    return read


def _address(text: str) -> str:
    address = email_address(text) if text.strip() else ""
    if address is None:
        raise Invalid(fields={"value": _("This is not an e-mail address.")})
    return address


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Invalid(
                fields={"value": _("Choose one of these: %(words)s.") % {"words": ", ".join(allowed)}}
            )
        return text

    return read


def _domains(text: str) -> frozenset[str]:
    found = set()
    for word in text.replace(",", " ").split():
        domain = domain_of(word)
        if domain is None:
            raise Invalid(fields={"value": _("%(word)s is not a mail domain.") % {"word": word}})
        found.add(domain)
    return frozenset(found)


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
            sentence = _("A whole number from %(least)s to %(most)s is expected here.")
            raise Invalid(fields={"value": sentence % {"least": least, "most": most}})
        return int(text)

    return read


# Graphemes: a dozen pages.
MAX_CHARTER = 20_000
RULES = ("open", "domains", "approval", "invitation", "closed")
SIGN_UP = Setting("sign_up", "open", _choice(*RULES), str, ", ".join(RULES), RULES)
SIGN_UP_DOMAINS: Setting[frozenset[str]] = Setting(
    "sign_up_domains",
    frozenset(),
    _domains,
    lambda domains: " ".join(sorted(domains)),
    "mail domains, exactly as they are written, never what ends with them",
    lines=3,
)
BY_PROVIDER = ("rules", "always")
SIGN_UP_BY_PROVIDER = Setting(
    "sign_up_by_provider", "rules", _choice(*BY_PROVIDER), str, "rules or always", BY_PROVIDER
)
INVITATIONS = Setting(
    "invitations", "staff", _choice("staff", "members"), str, "staff or members", ("staff", "members")
)
INVITATION_DAYS: Setting[int] = Setting(
    "invitation_days", 14, _number(1, 90), str, "how long an invitation is open"
)
TITLE = Setting("title", SiteFace().title, _line(80, needed=True), str, "the name of the site")
CONTROLLER = Setting("controller", "", _line(160), str, "who answers for the site")
CONTACT = Setting("contact", "", _address, str, "where people write to them")
ANNOUNCEMENT = Setting("announcement", "", _line(400), str, "what is said above the list of topics")
DIRECTORY_SOURCE = Setting(
    "directory_source", "", _line(600), str, "where the directory of organisations comes from, its licence"
)
CHARTER = Setting(
    "charter", "", _text(MAX_CHARTER), str, "in markdown; empty for the one it comes with", (), 18
)
SEARCH_SYNONYMS: Setting[str] = Setting(
    "search_synonyms", "", _text(MAX_CHARTER), str, "other words for the same thing, one group a line", (), 8
)

# Its default stands in `forum/factors/held_back.py` too, where statements ask.
SECOND_FACTOR = ("required", "optional")
STAFF_SECOND_FACTOR = Setting(
    "staff_second_factor",
    "required",
    _choice(*SECOND_FACTOR),
    str,
    "required or optional, for moderators and administrators",
    SECOND_FACTOR,
)

ERASURE_DAYS: Setting[int] = Setting(
    "erasure_days", 7, _number(1, 30), str, "days in which members may think better of erasing their account"
)
INACTIVE_MONTHS: Setting[int] = Setting(
    "inactive_months",
    36,
    _number(6, 120),
    str,
    "months without coming back, after which an account is erased",
)

FIRST_POSTS_REVIEWED: Setting[int] = Setting(
    "first_posts_reviewed",
    0,
    _number(0, 100),
    str,
    "how many first posts of a member wait for approval, 0 to 100",
)

# Decimal megabytes, as people are told; a request may carry 24 (forum/web.py).
UPLOAD_MEGABYTES: Setting[int] = Setting(
    "upload_megabytes",
    SiteFace().upload_megabytes,
    _number(1, 20),
    str,
    "how heavy a file of a post may be, in megabytes, 1 to 20",
)
UPLOADS_PER_POST: Setting[int] = Setting(
    "uploads_per_post",
    SiteFace().uploads_per_post,
    _number(0, 50),
    str,
    "how many files a post may show, 0 to 50",
)
UPLOAD_QUOTA_MEGABYTES: Setting[int] = Setting(
    "upload_quota_megabytes", 500, _number(1, 50_000), str, "how much a member's files weigh at the most"
)

# Windows of `forum/limits.py`.
SIGN_UPS_AN_HOUR: Setting[int] = Setting(
    "sign_ups_an_hour", 30, _number(1, 2_000), str, "accounts an hour that one network may ask for"
)
POSTS_IN_TEN_MINUTES: Setting[int] = Setting(
    "posts_in_ten_minutes", 30, _number(2, 500), str, "posts that a member may write in ten minutes"
)

# In a week; a question is put to peers once.
PEER_REQUESTS: Setting[int] = Setting(
    "peer_requests",
    2,
    _number(1, 50),
    str,
    "questions a week that a member may put to comparable organisations",
)
PEER_REQUESTS_OF_ORGANISATION: Setting[int] = Setting(
    "peer_requests_of_organisation",
    5,
    _number(1, 200),
    str,
    "questions a week that the members of one organisation may put to comparable ones",
)

ALL: tuple[Setting[Any], ...] = (
    TITLE,
    CONTROLLER,
    CONTACT,
    ANNOUNCEMENT,
    DIRECTORY_SOURCE,
    CHARTER,
    SEARCH_SYNONYMS,
    SIGN_UP,
    SIGN_UP_DOMAINS,
    SIGN_UP_BY_PROVIDER,
    INVITATIONS,
    INVITATION_DAYS,
    SIGN_UPS_AN_HOUR,
    FIRST_POSTS_REVIEWED,
    POSTS_IN_TEN_MINUTES,
    STAFF_SECOND_FACTOR,
    ERASURE_DAYS,
    INACTIVE_MONTHS,
    UPLOAD_MEGABYTES,
    UPLOADS_PER_POST,
    UPLOAD_QUOTA_MEGABYTES,
    PEER_REQUESTS,
    PEER_REQUESTS_OF_ORGANISATION,
)
# Edited in parts, on a page of its own, by more people than administrators.
ELSEWHERE = (SEARCH_SYNONYMS.name,)
SETTINGS: dict[str, Setting[Any]] = {setting.name: setting for setting in ALL}


def setting_named(name: str) -> Setting[Any]:
    """The setting of that name.

    Raises:
        NotFound: there is none; with a sentence.
    """
    if name not in SETTINGS:
        raise NotFound(_("There is no setting of that name."))
    return SETTINGS[name]
