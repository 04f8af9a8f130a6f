"""All that one page of a topic shows to one viewer, less its cards: read in one go, positions first."""

from functools import partial

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.channels import topic_channel
from forum.kinds.queries import details_of
from forum.kinds.registry import Details
from forum.live_positions import channels_of
from forum.pending.queries import HeldCard, held_in_topic
from forum.posts.queries import PAGE_SIZE, page_of
from forum.posts.slots import TopicRights, rights_in
from forum.reading.models import FollowReason, NotificationLevel
from forum.reading.themes import theme_level, topic_level
from forum.topics.queries import (
    TOPIC_COLUMNS,
    TOPIC_TABLES,
    AcceptedLink,
    TopicCard,
    accepted_links,
    seen_by,
    topic_card,
    topic_visible_to,
)
from forum.votes.queries import votes_in_topic
from forum.web import LiveChannel
from realtime.sql import at_once, sql


class Mine(Struct, frozen=True):
    """How far the viewer has read, how they follow, their draft, how many replies of theirs wait.

    `pin_cleared` once they have unpinned the topic for themselves.
    """

    level: int | None = None
    reason: int | None = None
    last_read: int | None = None
    draft: str | None = None
    waiting: int = 0
    pin_cleared: bool = False


class TopicFacts(Struct, frozen=True):
    """One page of a topic, for one viewer. `number` is the page's, `count` how many there are."""

    topic: TopicCard
    number: int
    count: int
    channels: tuple[LiveChannel, ...]
    accepted: list[AcceptedLink]
    rights: TopicRights
    mine: Mine
    votes: dict[int, int]
    waiting: list[HeldCard]
    details: Details | None = None

    def shown(self) -> tuple[object, ...]:
        """What changes the page changes one of these; the topic's version stands for its posts."""
        topic = self.topic.id, self.topic.version, self.number
        over = self.details is not None and self.details.over
        return (topic, self.channels, self.accepted, self.rights, self.mine, self.votes, self.waiting, over)


async def topic_facts(viewer: Viewer, topic_id: int, number: int) -> TopicFacts:
    """Read them.

    Args:
        number: the page, from 1; beyond the last one, the last.

    Raises:
        NotFound: no such topic for this viewer.
    """
    return await at_once(partial(_read, viewer, topic_id, number), brief=True)


async def _read(viewer: Viewer, topic_id: int, number: int) -> TopicFacts:
    channels = await channels_of(viewer, [topic_channel(topic_id)])
    topic, mine = await _topic_and_mine(viewer, topic_id)
    count = page_of(topic.highest_post_number)
    number = min(number, count)
    return TopicFacts(
        topic=topic,
        number=number,
        count=count,
        channels=channels,
        accepted=await accepted_links(topic.id) if topic.accepted_count else [],
        rights=rights_in(viewer, topic),
        mine=mine,
        waiting=await held_in_topic(viewer, topic.id) if mine.waiting else [],
        details=await details_of(topic.kind, topic.id),
        votes=await votes_in_topic(viewer, topic.id, PAGE_SIZE * (number - 1) + 1, PAGE_SIZE * number),
    )


async def _topic_and_mine(viewer: Viewer, topic_id: int) -> tuple[TopicCard, Mine]:
    """Both by one statement, where a member looks. What they may not see is not read: no time tells of it."""
    if viewer.id is None:
        return await topic_visible_to(viewer, topic_id), Mine()
    rows = await sql(
        f"""SELECT {TOPIC_COLUMNS}, tu.notification_level AS level, tu.notifications_reason AS reason,
            tu.last_read_post_number AS last_read, tu.cleared_pinned_at, d.data AS draft,
            {theme_level("t.category_id", "{1}")} AS theme_level,
            (SELECT COUNT(*) FROM pending_posts h WHERE h.topic_id = t.id AND h.user_id = {{1}}
                AND h.is_open = true) AS waiting FROM {TOPIC_TABLES}
            LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = {{1}}
            LEFT JOIN drafts d ON d.user_id = {{1}} AND d.draft_key = {{2}}
            WHERE t.id = {{0}} AND +t.category_id IN ({ids(viewer.rights.see)})
                AND (t.deleted_at IS NULL OR +t.category_id IN ({ids(viewer.moderated)}))""",
        topic_id,
        viewer.id,
        f"topic_{topic_id}",
    )
    topic = seen_by(viewer, topic_card(rows[0]) if rows else None)
    row = rows[0]
    own = int(NotificationLevel.NORMAL) if row["level"] is None else row["level"]
    level = topic_level(own, row["reason"], row["theme_level"])
    reason = row["reason"] if level == own else int(FollowReason.THEME)
    cleared = row["cleared_pinned_at"] is not None
    return topic, Mine(level, reason, row["last_read"], row["draft"], row["waiting"], cleared)
