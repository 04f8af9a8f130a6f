"""What an alert says, by its type: its icon, what happened, and why the member is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from forum.i18n import gettext as _

if TYPE_CHECKING:
    from forum.notifications.queries import Alert


class Words(Struct, frozen=True):
    """Of one type of alert.

    Args:
        icon: its name in the sprite.
        said: what happened.
        why: the reason for telling this member.
    """

    icon: str
    said: "Callable[[Alert], str]"
    why: "Callable[[Alert], str]"


def words_of(alert: "Alert") -> Words:
    """How this one is told, in the current language once it is asked."""
    return WORDS[alert.type]


def _actor(alert: "Alert") -> dict[str, str]:
    return {"name": alert.actor.name}


def _all(alert: "Alert") -> dict[str, str]:
    """Everybody it speaks of, or their organisations."""
    return {"names": alert.names or alert.actor.affiliation}


WORDS: dict[str, Words] = {
    "mentioned": Words(
        "at-sign",
        lambda alert: _("%(name)s mentioned you") % _actor(alert),
        lambda alert: _("Because your name is in the post."),
    ),
    "replied": Words(
        "reply",
        lambda alert: _("%(name)s replied to you") % _actor(alert),
        lambda alert: _("Because the reply is to you."),
    ),
    "quoted": Words(
        "quote",
        lambda alert: _("%(name)s quoted you") % _actor(alert),
        lambda alert: _("Because your words are quoted."),
    ),
    "posted": Words(
        "message-square",
        lambda alert: _("%(name)s replied") % _actor(alert),
        lambda alert: _("Because you watch this topic, or its theme."),
    ),
    "watching_first_post": Words(
        "square-pen",
        lambda alert: _("%(name)s opened a topic") % _actor(alert),
        lambda alert: _("Because you follow this theme."),
    ),
    "accepted": Words(
        "circle-check",
        lambda alert: _("%(name)s accepted your answer") % _actor(alert),
        lambda alert: _("Because you wrote this answer."),
    ),
    "moved_post": Words(
        "arrow-right",
        lambda alert: _("%(name)s moved your post") % _actor(alert),
        lambda alert: _("Because you wrote it: its address before leads to it."),
    ),
    "post_approved": Words(
        "check",
        lambda alert: _("Your post is published"),
        lambda alert: _("Because it waited for approval."),
    ),
    "thanked": Words(
        "heart-handshake",
        lambda alert: _("Your answer spared %(name)s a question") % {"name": alert.names or alert.actor.name},
        lambda alert: _("Because they found it before asking."),
    ),
    "field_asked": Words(
        "file-text",
        lambda alert: _("%(name)s asks you to complete your sheet") % _actor(alert),
        lambda alert: _("Because you wrote this sheet: an item is missing."),
    ),
    "seat_freed": Words(
        "calendar",
        lambda alert: _("A place is yours"),
        lambda alert: _("Because you were on the waiting list."),
    ),
    "reused": Words(
        "recycle",
        lambda alert: _("%(names)s did it too") % _all(alert),
        lambda alert: _("Because you wrote what they took up."),
    ),
    "peers_asked": Words(
        "users",
        lambda alert: _("%(name)s asks organisations like yours") % _actor(alert),
        lambda alert: (
            _("Because you follow this theme, and their organisation is like yours: %(names)s.") % _all(alert)
        ),
    ),
    "review_due": Words(
        "clock",
        lambda alert: _("Is this still true?"),
        lambda alert: _("Because you wrote it and its date has come: one press confirms it."),
    ),
    "moderated": Words(
        "scale",
        lambda alert: _("Moderation has taken your post away"),
        lambda alert: _("Because you wrote it: read why, and appeal if you do not agree."),
    ),
    "appeal_decided": Words(
        "scale",
        lambda alert: _("Your appeal was decided"),
        lambda alert: _("Because you asked for a second look."),
    ),
    "flag_decided": Words(
        "flag",
        lambda alert: _("Your report was looked at"),
        lambda alert: _("Because you reported this post."),
    ),
}
