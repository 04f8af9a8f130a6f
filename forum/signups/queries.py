"""Sign-ups that wait for their confirmation."""

from datetime import timedelta
from typing import Any

from msgspec import Struct

from forum.clock import now
from forum.config import Config
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.links import LinkSpent, Payload, fingerprint, opened
from forum.settings.known import SIGN_UP, SIGN_UP_DOMAINS
from forum.settings.queries import setting
from forum.signups.permissions import may_sign_up
from realtime.sql import sql

# A sign-up is kept for a week; a link of it is good for a day, and may be asked for again.
LIFETIME, LINK_LIFETIME = timedelta(days=7), timedelta(days=1)
CONFIRM = "signup"


class Waiting(Struct, frozen=True):
    """A sign-up that is not confirmed."""

    id: int
    username: str
    name: str
    email: str
    password_hash: str
    locale: str

    @property
    def link(self) -> Payload:
        """What a link that confirms it carries."""
        return [self.id, fingerprint(self.id, self.email, self.password_hash)]


async def signup_numbered(id: int) -> Waiting | None:
    """The sign-up of that id, if it waits."""
    rows: list[dict[str, Any]] = await sql(
        """SELECT id, username, name, email, password_hash, locale FROM signups
           WHERE id = {0} AND created_at > {1}""",
        id,
        now() - LIFETIME,
    )
    return Waiting(**rows[0]) if rows else None


async def signup_of_link(config: Config, token: str) -> Waiting:
    """The sign-up that a link confirms.

    Raises:
        LinkSpent: used, too old, or not ours.
    """
    payload = opened(config, CONFIRM, token, LINK_LIFETIME)
    waiting = await signup_numbered(int(payload[0])) if payload else None
    if waiting is None or payload != waiting.link:
        raise LinkSpent
    return waiting


async def check_rules(email: str, *, joining: bool = True) -> None:
    """Whether this address may have an account here, as the administrator decided.

    Args:
        joining: whether it is a new account's, and not a member's new address.

    Raises:
        Invalid: it may not; why, and what the way on is.
    """
    rule, domains = await setting(SIGN_UP), await setting(SIGN_UP_DOMAINS)
    if may_sign_up(rule, domains, email) or (rule == "invitation" and not joining):
        return
    if rule == "invitation":
        sentence = _("Accounts here are made by invitation. Ask somebody who has one.")
        raise Invalid(fields={"email": sentence})
    if rule == "closed":
        raise Invalid(
            fields={"email": _("This site takes no new accounts. Ask the person who looks after it.")}
        )
    sentence = _("Accounts are open to addresses at %(domains)s. Ask the person who looks after this site.")
    raise Invalid(fields={"email": sentence % {"domains": ", ".join(sorted(domains)) or "–"}})
