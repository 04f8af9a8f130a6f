"""The mail that asks a member whether what they wrote, or took up, still holds."""

from msgspec import Struct

from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.freshness.links import PATH, PURPOSE, payload_of
from forum.freshness.permissions import may_confirm
from forum.freshness.queries import TO_CHECK, Dated, dated_posts
from forum.i18n import current_locale
from forum.links import fingerprint
from forum.mail.kinds import Envelope, Letter, mail
from forum.notices.actions import UNSUBSCRIBE
from forum.notices.levels import MailLevel
from forum.notices.queries import reader_of


class Item(Struct, frozen=True):
    """One post that is asked about, and the link that confirms it."""

    dated: Dated
    link: str


class StillTrueLetter(Struct, frozen=True):
    """Everything that has come to its date, and how to have no more of it; `own`: the reader wrote it all."""

    items: list[Item]
    own: bool
    address: str
    preferences: str
    unsubscribe: str


@mail("still_true")
async def ask_whether_true(envelope: Envelope, user_id: int, posts: str) -> Letter | None:
    """To a member, about what they may still see and confirm, and have not confirmed meanwhile."""
    reader = await reader_of(user_id)
    if reader is None or reader.email != envelope.to or reader.mail_level == MailLevel.NEVER:
        return None
    viewer = await viewer_of_id(user_id, current_locale())
    found = await _still_asked(viewer, posts) if viewer else []
    if not found:
        return None
    items = [
        Item(one, envelope.link(PATH, PURPOSE, payload_of(one, user_id, reader.email or ""))) for one in found
    ]
    unsubscribe = envelope.link(
        "/email/unsubscribe", UNSUBSCRIBE, [user_id, fingerprint(user_id, reader.email)]
    )
    preferences = envelope.address("/preferences/mail")
    own = all(user_id in one.authors for one in found)
    letter = StillTrueLetter(items, own, envelope.address(""), preferences, unsubscribe)
    return Letter("still_true.html", letter, unsubscribe=unsubscribe)


async def _still_asked(viewer: Viewer, posts: str) -> list[Dated]:
    numbers = [int(number) for number in posts.split(",") if number]
    return [one for one in await dated_posts(numbers) if one.state == TO_CHECK and may_confirm(viewer, one)]
