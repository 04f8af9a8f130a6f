"""The mail that tells a member of alerts about one topic."""

from msgspec import Struct

from forum.accounts.queries import viewer_of_id
from forum.i18n import current_locale
from forum.links import fingerprint
from forum.mail.kinds import Envelope, Letter, mail
from forum.notices.actions import UNSUBSCRIBE
from forum.notices.levels import MailLevel
from forum.notices.queries import Notice, notices_for, reader_of


class NoticesLetter(Struct, frozen=True):
    """What has come, where to read it, and how to have no more of it."""

    title: str
    notices: list[Notice]
    address: str
    preferences: str
    unsubscribe: str

    @property
    def decided(self) -> bool:
        """Whether moderation speaks: that is what the subject says then."""
        return any(notice.words for notice in self.notices)


@mail("notices")
async def tell_of_alerts(envelope: Envelope, user_id: int, alerts: str) -> Letter | None:
    """To a member, about what they have not read yet and may still read; else nothing is sent."""
    reader = await reader_of(user_id)
    if reader is None or reader.email != envelope.to or reader.mail_level == MailLevel.NEVER:
        return None
    viewer = await viewer_of_id(user_id, current_locale())
    notices = await notices_for(viewer, alerts) if viewer else []
    if not notices:
        return None
    link = envelope.link("/email/unsubscribe", UNSUBSCRIBE, [user_id, fingerprint(user_id, reader.email)])
    preferences = envelope.address("/preferences/mail")
    letter = NoticesLetter(notices[0].title, notices, envelope.address(""), preferences, link)
    return Letter("notices.html", letter, unsubscribe=link)
