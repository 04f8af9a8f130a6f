"""How closely members follow a theme: chosen for it, else for the theme above it."""

from collections.abc import Mapping

from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.errors import NotFound
from forum.reading.models import FollowReason, NotificationLevel, ThemeLevel
from realtime.sql import sql

FOLLOWING = (ThemeLevel.TRACKING, ThemeLevel.WATCHING, ThemeLevel.WATCHING_FIRST_POST)
# Of those, the ones whose unread replies are counted, in each topic that was opened once.
COUNTED = (ThemeLevel.TRACKING, ThemeLevel.WATCHING)
# A theme with one of these levels tells of each reply, or of each new topic.
TOLD_OF_REPLIES = (ThemeLevel.WATCHING,)
TOLD_OF_TOPICS = (ThemeLevel.WATCHING, ThemeLevel.WATCHING_FIRST_POST)


def theme_level(category: str, user: str) -> str:
    """The level by which a member follows a category, in SQL; NULL where they have chosen none.

    Args:
        category, user: their ids, in SQL.
    """
    return f"""(SELECT cu.notification_level FROM category_users cu JOIN categories lc ON lc.id = {category}
        AND cu.category_id IN (lc.id, lc.parent_id) WHERE cu.user_id = {user}
        ORDER BY CASE WHEN cu.category_id = lc.id THEN 0 ELSE 1 END LIMIT 1)"""


def at_levels(category: str, levels: tuple[ThemeLevel, ...]) -> str:
    """The members who follow a category at one of these levels, as a SELECT of their ids in SQL.

    Args:
        category: its id, in SQL.
    """
    numbers = ", ".join(str(int(level)) for level in levels)
    return f"""SELECT cu.user_id FROM category_users cu JOIN categories lc ON lc.id = {category}
        AND cu.category_id IN (lc.id, lc.parent_id) WHERE cu.notification_level IN ({numbers})
        AND (cu.category_id = lc.id OR NOT EXISTS (SELECT 1 FROM category_users own
            WHERE own.category_id = lc.id AND own.user_id = cu.user_id))"""


def theme_watchers(topic: str, category: str, levels: tuple[ThemeLevel, ...]) -> str:
    """The same, less those who have chosen a level for this very topic.

    Args:
        topic, category: their ids, in SQL.
    """
    return f"""{at_levels(category, levels)} AND NOT EXISTS (SELECT 1 FROM topic_users chosen
        WHERE chosen.topic_id = {topic} AND chosen.user_id = cu.user_id
        AND chosen.notifications_reason = {int(FollowReason.USER_CHANGED)})"""


def theme_visible_to(viewer: Viewer, category_id: int) -> CategoryCard:
    """A theme.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    theme = viewer.themes.by_id.get(category_id)
    if theme is None or not viewer.may_see(theme.id):
        raise NotFound
    return theme


async def theme_levels(viewer: Viewer) -> Mapping[int, int]:
    """The levels that the viewer has, by category, for all that they may see; none for a visitor.

    A category that is not named has the level `NORMAL`.
    """
    if viewer.id is None:
        return {}
    rows = await sql(
        "SELECT category_id, notification_level FROM category_users WHERE user_id = {0}", viewer.id
    )
    chosen = {row["category_id"]: row["notification_level"] for row in rows}
    found = {
        card.id: chosen.get(card.id, chosen.get(card.parent_id or 0)) for card in viewer.themes.by_id.values()
    }
    return {id: level for id, level in found.items() if level is not None and viewer.may_see(id)}


def at_level(levels: Mapping[int, int], *wanted: ThemeLevel) -> frozenset[int]:
    """Of `theme_levels`, the categories that have one of these."""
    return frozenset(id for id, level in levels.items() if level in wanted)


def topic_level(own: int, reason: int | None, theme: int | None) -> int:
    """How closely a topic is followed: as chosen for it, else the closer of its own and its theme's level.

    Args:
        own, reason: the topic's level, and why it was set.
        theme: its theme's level, if one was chosen.
    """
    if reason == FollowReason.USER_CHANGED or theme is None or own == NotificationLevel.MUTED:
        return own
    if theme == ThemeLevel.MUTED:
        return own if own > NotificationLevel.NORMAL else int(NotificationLevel.MUTED)
    return own if theme == ThemeLevel.WATCHING_FIRST_POST else max(own, theme)
