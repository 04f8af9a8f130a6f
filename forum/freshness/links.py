"""The link of a mail that confirms one post: for one member, while the post waits, and once."""

from datetime import timedelta

from msgspec import Struct

from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.config import Config
from forum.freshness.permissions import may_confirm
from forum.freshness.queries import Dated, dated_posts
from forum.links import LinkSpent, Payload, fingerprint, opened
from forum.notices.queries import reader_of

PATH, PURPOSE = "/still-true", "still true"
LIFETIME = timedelta(days=60)


class Asked(Struct, frozen=True):
    """Whom the link was sent to, and what it asks about."""

    member: Viewer
    dated: Dated


def payload_of(dated: Dated, user_id: int, email: str) -> Payload:
    """What the link carries: the mark changes with a confirmation, and with the member's address."""
    return [dated.post_id, user_id, _mark(dated, user_id, email)]


def _mark(dated: Dated, user_id: int, email: str) -> str:
    return fingerprint(dated.post_id, dated.since.isoformat(), user_id, email)


async def asked_by_link(config: Config, token: str, locale: str) -> Asked:
    """What a mailed link asks, as its reader may see things now. It changes nothing.

    Raises:
        LinkSpent: used, too old, for what was confirmed otherwise, or not for this member any more.
    """
    payload = opened(config, PURPOSE, token, LIFETIME)
    if payload is None:
        raise LinkSpent
    post_id, user_id, mark = int(payload[0]), int(payload[1]), str(payload[2])
    reader, member = await reader_of(user_id), await viewer_of_id(user_id, locale)
    found = await dated_posts([post_id])
    if reader is None or member is None or not found or not may_confirm(member, found[0]):
        raise LinkSpent
    if _mark(found[0], user_id, reader.email or "") != mark:
        raise LinkSpent
    return Asked(member, found[0])
