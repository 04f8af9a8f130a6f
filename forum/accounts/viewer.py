"""Who is looking: what every page, action and channel asks about rights."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from forum.categories.queries import Rights, Themes


class Silence(Struct, frozen=True):
    """Until when a member may read and not write, and why."""

    until: datetime
    reason: str


class Viewer(Struct, frozen=True):
    """A member, or a visitor (`id` is None). `via` is "session", "key" or "" (visitor).

    `time_zone` is None for the site's; `groups` are read where rights depend on any; `animates` are the
    categories that the member looks after; `waiting` counts what they have to review. `held_back` are staff
    at a browser who owe a second factor: until they have one, `admin` and `moderator` are False;
    `charter_due` when the charter has changed since the member accepted it, `novice` for who has never
    posted.
    """

    id: int | None
    username: str
    name: str
    admin: bool
    moderator: bool
    locale: str
    rights: Rights
    themes: Themes
    time_zone: ZoneInfo | None = None
    unread: int = 0
    waiting: int = 0
    held_back: bool = False
    silenced: Silence | None = None
    session_id: int | None = None
    session_seen_at: datetime | None = None
    key_id: int | None = None
    via: str = ""
    groups: frozenset[int] = frozenset()
    animates: frozenset[int] = frozenset()
    charter_due: bool = False
    novice: bool = False

    @property
    def signed_in(self) -> bool:
        """True for a member."""
        return self.id is not None

    @property
    def staff(self) -> bool:
        """True for moderators and administrators."""
        return self.admin or self.moderator

    @property
    def moderated(self) -> frozenset[int]:
        """The categories where the viewer looks after what others write."""
        return self.rights.see if self.staff else self.animates

    @property
    def session(self) -> str:
        """What lets the viewer in, as changes of rights name it: "12", "key:3"; "" for a visitor."""
        return key_session(self.key_id) if self.key_id is not None else str(self.session_id or "")

    @property
    def member_id(self) -> int:
        """The member's id, where a permission has already excluded visitors."""
        assert self.id is not None
        return self.id

    def may_see(self, category_id: int) -> bool:
        """Whether topics of the category exist for this viewer."""
        return category_id in self.rights.see

    def moderates(self, category_id: int) -> bool:
        """Whether the viewer looks after what others write there: staff who see it, and its animators."""
        return self.signed_in and category_id in self.moderated

    def may_reply_in(self, category_id: int) -> bool:
        """Whether a member may reply in the category."""
        return self.signed_in and category_id in self.rights.reply

    def may_create_in(self, category_id: int) -> bool:
        """Whether a member may open a topic in the category."""
        return self.signed_in and category_id in self.rights.create


def key_session(key_id: int) -> str:
    """The name of what a program's key opens, beside those of sessions."""
    return f"key:{key_id}"


def visitor(themes: Themes, locale: str) -> Viewer:
    """Someone who has not signed in: sees what is open to all."""
    rights = themes.rights(frozenset())
    return Viewer(None, "", "", False, False, locale, Rights(see=rights.see), themes)
