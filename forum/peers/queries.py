"""Whom a question would reach, what was asked already, and why an alert came."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.clock import now
from forum.comparables.closeness import closeness_of
from forum.comparables.index import the_index
from forum.notifications.actions import MAY_HEAR
from forum.notifications.models import NotificationType
from forum.organisations.members import Membership, memberships_of
from forum.peers.permissions import may_ask_peers
from forum.reading.models import NotificationLevel, ThemeLevel
from forum.reading.themes import FOLLOWING, at_levels, theme_level
from forum.settings.known import PEER_REQUESTS, PEER_REQUESTS_OF_ORGANISATION
from forum.settings.queries import setting
from forum.topics.queries import TopicCard
from realtime.sql import as_datetime, sql

MOST_ORGANISATIONS = 15
# Less alike than that is not alike: another size and far away. Of another kind it has to be very near.
LIKE_ENOUGH, OF_ANOTHER_KIND = 0.3, 0.4
WEEK = timedelta(days=7)
# However many ask, nobody is called upon more often in a week.
MOST_ALERTS = 5

# Who follows theme {0}: whoever says so, whoever looks after it, and whoever follows a topic in it, as
# everyone does who has written there; nobody who says that they do not. The theme above counts likewise.
FOLLOWS = f"""COALESCE({theme_level("{0}", "u.id")}, {int(ThemeLevel.TRACKING)}) >= {int(ThemeLevel.TRACKING)}
    AND u.id IN ({at_levels("{0}", FOLLOWING)}
    UNION SELECT tu.user_id FROM topic_users tu JOIN topics ft ON ft.id = tu.topic_id
        JOIN categories fc ON fc.id = {{0}} AND ft.category_id IN (fc.id, fc.parent_id)
        WHERE ft.deleted_at IS NULL AND tu.notification_level >= {int(NotificationLevel.TRACKING)}
    UNION SELECT ca.user_id FROM category_animators ca JOIN categories fc ON fc.id = {{0}}
        AND ca.category_id IN (fc.id, fc.parent_id) WHERE ca.user_id IS NOT NULL
    UNION SELECT gu.user_id FROM category_animators ca JOIN categories fc ON fc.id = {{0}}
        AND ca.category_id IN (fc.id, fc.parent_id) JOIN group_users gu ON gu.group_id = ca.group_id)"""


class Peers(Struct, frozen=True):
    """Whom a question would reach: people, of how many organisations. Which ones, the asker is not told:
    what somebody follows is theirs to know.
    """

    organisations: int
    people: tuple[int, ...]


class Asked(Struct, frozen=True):
    """That a question was put to peers, and to how many."""

    organisations: int
    people: int
    at: datetime


class Standing(Struct, frozen=True):
    """What the asker of a question may do about their peers.

    `state`: "asked", "closed", "no_organisation", "unverified", "limit", "nobody" or "ready";
    `possible_at`: when a limit no longer holds.
    """

    state: str
    speaks_for: Membership | None = None
    peers: Peers | None = None
    asked: Asked | None = None
    possible_at: datetime | None = None


async def standing_of(viewer: Viewer, topic: TopicCard) -> Standing:
    """Of the asker, with their own question."""
    if asked := await asked_about(topic.id):
        return Standing("asked", asked=asked)
    if not may_ask_peers(viewer, topic):
        return Standing("closed")
    places = await memberships_of(viewer)
    speaks_for = next((one for one in places if one.verified), None)
    if speaks_for is None:
        return Standing("unverified" if places else "no_organisation", next(iter(places), None))
    if possible_at := await limited_until(viewer.member_id, speaks_for.organisation_id):
        return Standing("limit", speaks_for, possible_at=possible_at)
    peers = await peers_for(topic.id, topic.category_id, speaks_for.organisation_id, viewer.member_id)
    return Standing("ready" if peers.people else "nobody", speaks_for, peers)


async def asked_about(topic_id: int) -> Asked | None:
    """What was asked of peers about a question; None if nothing was."""
    rows = await sql(
        "SELECT organisations, people, created_at FROM peer_requests WHERE topic_id = {0}", topic_id
    )
    if not rows:
        return None
    return Asked(rows[0]["organisations"], rows[0]["people"], as_datetime(rows[0]["created_at"]))


async def limited_until(user_id: int, organisation_id: int) -> datetime | None:
    """When a member may ask again for an organisation; None: at once."""
    limits = [
        await _until("user_id", user_id, await setting(PEER_REQUESTS)),
        await _until("organisation_id", organisation_id, await setting(PEER_REQUESTS_OF_ORGANISATION)),
    ]
    return max(filter(None, limits), default=None)


async def _until(column: str, number: int, most: int) -> datetime | None:
    """A week after the one that has to be forgotten first."""
    rows = await sql(
        f"""SELECT created_at FROM peer_requests WHERE {column} = {{0}} AND created_at > {{1}}
            ORDER BY created_at DESC LIMIT {most:d}""",
        number,
        now() - WEEK,
    )
    return as_datetime(rows[-1]["created_at"]) + WEEK if len(rows) == most else None


async def peers_for(topic_id: int, category_id: int, organisation_id: int, asker_id: int) -> Peers:
    """Members of the nearest organisations who follow the theme, may see the topic and have not muted it.

    Not those who have written in the topic, nor colleagues, nor whoever was called upon often this week.

    Args:
        organisation_id: for whom the asker speaks.
    """
    rows = await sql(
        f"""SELECT DISTINCT u.id, m.organisation_id FROM users u
            JOIN organisation_members m ON m.user_id = u.id
            WHERE {FOLLOWS} AND {MAY_HEAR} AND u.id <> {{2}}
            AND (u.suspended_until IS NULL OR u.suspended_until < {{4}})
            AND NOT EXISTS (SELECT 1 FROM organisation_members o WHERE o.user_id = u.id
                AND o.organisation_id = {{3}})
            AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.topic_id = {{1}} AND p.user_id = u.id)
            AND (SELECT COUNT(*) FROM notifications n WHERE n.user_id = u.id AND n.created_at > {{5}}
                AND n.notification_type = {int(NotificationType.PEERS_ASKED)}) < {MOST_ALERTS}
            ORDER BY u.id""",
        category_id,
        topic_id,
        asker_id,
        organisation_id,
        now(),
        now() - WEEK,
    )
    nearest = await _nearest(organisation_id, {row["organisation_id"] for row in rows})
    people = {row["id"]: None for row in rows if row["organisation_id"] in nearest}
    return Peers(len(nearest), tuple(people))


async def _nearest(organisation_id: int, candidates: set[int]) -> list[int]:
    """Of these organisations the fifteen that are most like one, of its kind first."""
    facts = (await the_index()).facts
    own = facts.get(organisation_id)
    if own is None:
        return []
    found = [(closeness_of(own, facts[one]), one) for one in candidates if one in facts]
    near = [
        (alike.value, facts[one])
        for alike, one in found
        if alike.value >= (LIKE_ENOUGH if facts[one].kind == own.kind else OF_ANOTHER_KIND)
    ]
    near.sort(key=lambda pair: (pair[1].kind != own.kind, -pair[0], pair[1].id))
    return [one.id for _value, one in near[:MOST_ORGANISATIONS]]


async def whys_of_alerts(alert_ids: Sequence[int]) -> dict[int, str]:
    """Who asks, seen from where the reader works: «Saint-Loup, commune, 812 hab., à 12 km»."""
    rows = await sql(
        f"""SELECT n.id, r.organisation_id AS asker, o.name, m.organisation_id AS own FROM notifications n
            JOIN peer_requests r ON r.topic_id = n.topic_id JOIN organisations o ON o.id = r.organisation_id
            LEFT JOIN organisation_members m ON m.user_id = n.user_id
            WHERE n.id IN ({ids(frozenset(alert_ids))}) ORDER BY m.id"""
    )
    facts = (await the_index()).facts
    best: dict[int, tuple[float, str]] = {}
    for row in rows:
        value, why = -1.0, str(row["name"])
        if row["own"] in facts and row["asker"] in facts:
            near = closeness_of(facts[row["own"]], facts[row["asker"]])
            value, why = near.value, f"{row['name']}, {near.reason}"
        if row["id"] not in best or value > best[row["id"]][0]:
            best[row["id"]] = (value, why)
    return {alert: why for alert, (_value, why) in best.items()}
