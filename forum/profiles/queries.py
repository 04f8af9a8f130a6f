"""Profiles: one's own, whole, and another's as far as it is shown."""

from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import current_face, ids
from forum.i18n import gettext as _
from forum.profiles.models import Audience
from forum.profiles.names import claims_to_be_staff
from realtime.sql import as_datetime, sql

NOTHING = Markup("")


class OwnProfile(Struct, frozen=True):
    """All that a member has said of themselves, as typed."""

    name: str
    title: str
    affiliation: str
    skills: tuple[str, ...]
    bio_raw: str
    locale: str
    time_zone: str
    audience: Audience
    picture: str


class ShownProfile(Struct, frozen=True):
    """What a member shows to this viewer, beside their name; `skills` and `bio` are empty when it is not."""

    joined_at: datetime
    skills: tuple[str, ...] = ()
    bio_raw: str = ""
    bio: Markup = NOTHING


class Tallies(Struct, frozen=True):
    """How much a member wrote where the viewer may look."""

    topics: int
    replies: int
    accepted: int


async def own_profile(viewer: Viewer) -> OwnProfile:
    """The viewer's own."""
    row = await _row(viewer.member_id)
    return OwnProfile(
        name=row["name"],
        title=row["title"],
        affiliation=row["affiliation"],
        skills=tuple((row["skills"] or "").splitlines()),
        bio_raw=row["bio_raw"] or "",
        locale=row["locale"] or viewer.locale,
        time_zone=row["time_zone"],
        audience=Audience(row["audience"] or Audience.MEMBERS),
        picture=row["picture"],
    )


async def profile_shown_to(viewer: Viewer, user_id: int) -> ShownProfile:
    """A member's profile as this viewer may see it."""
    row = await _row(user_id)
    joined_at = as_datetime(row["created_at"])
    if row["audience"] is None or not (row["audience"] == Audience.EVERYONE or viewer.signed_in):
        return ShownProfile(joined_at)
    bio = Markup(row["bio_cooked"])  # noqa: S704 - sanitised when cooked
    return ShownProfile(joined_at, tuple(row["skills"].splitlines()), row["bio_raw"], bio)


async def _row(user_id: int) -> dict[str, Any]:
    rows = await sql(
        """SELECT u.name, u.title, u.affiliation, u.locale, u.time_zone, u.picture, u.created_at,
            p.skills, p.bio_raw, p.bio_cooked, p.audience
            FROM users u LEFT JOIN user_profiles p ON p.user_id = u.id WHERE u.id = {0}""",
        user_id,
    )
    return rows[0]


async def tallies_of(viewer: Viewer, user_id: int) -> Tallies:
    """A member's topics, replies and accepted answers, of those that the viewer may see."""
    rows = await sql(
        f"""SELECT COUNT(*) FILTER (WHERE p.post_number = 1) AS topics,
                COUNT(*) FILTER (WHERE p.post_number > 1) AS replies, COUNT(a.id) AS accepted
            FROM posts p JOIN topics t ON t.id = p.topic_id LEFT JOIN accepted_answers a ON a.post_id = p.id
            WHERE p.user_id = {{0}} AND p.deleted_at IS NULL AND p.post_type = 1 AND t.deleted_at IS NULL
            AND t.category_id IN ({ids(viewer.rights.see)})""",
        user_id,
    )
    return Tallies(**rows[0])


async def staff_name_fault(name: str) -> str | None:
    """What is wrong with the name of somebody who does not look after the site."""
    if not claims_to_be_staff(name, await names_of_staff()):
        return None
    return _("This name is that of somebody who looks after the site: add what tells you apart from them.")


async def names_of_staff() -> set[str]:
    """The site's name, and the names of those who look after it."""
    rows = await sql(
        """SELECT username AS name FROM users WHERE admin OR moderator
            UNION SELECT name FROM users WHERE (admin OR moderator) AND name <> ''"""
    )
    return {row["name"] for row in rows} | {current_face().title}
