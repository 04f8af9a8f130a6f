"""Askers, and people of organisations like theirs who follow a theme."""

from forum.accounts.viewer import Viewer
from forum.organisations.load import load_organisations
from forum.peers.actions import tell_peers
from forum.reading.actions import set_notification_level
from forum.topics.queries import TopicCard, topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.organisations.files import a_file
from tests.reuses.making import SAINT_LOUP, a_clerk, verified


async def an_asker(cast: Cast, slug: str = SAINT_LOUP) -> Viewer:
    """Alice, verified in a village."""
    alice = await cast.alice()
    await verified(alice, slug)
    return alice


async def a_follower(cast: Cast, slug: str, name: str = "", *, private: bool = False) -> Viewer:
    """Somebody of an organisation who has taken part in the theme."""
    viewer, _number = await a_clerk(slug, name)
    if private:
        viewer = await cast.bob()
        await verified(viewer, slug)
    await a_reply(cast, await a_question(cast, await cast.mod()), viewer)
    return viewer


async def follow(viewer: Viewer, topic: TopicCard, level: int) -> None:
    """Watch, or mute."""
    await set_notification_level(viewer, await topic_visible_to(viewer, topic.id), level)


async def villages(count: int) -> list[str]:
    """That many villages of the same size, a kilometre from one another; their addresses."""
    lines = [f",commune,Vaubrun {n},800,98,99,980{n:02},,{46 + n / 100},3.0,,," for n in range(count)]
    await load_organisations(a_file(*lines))
    return [f"vaubrun-{n}" for n in range(count)]


async def told(name: str = "peers_asked") -> list[str]:
    """Who has an alert about a question of a peer, by name; the job has run."""
    for row in await sql("SELECT id FROM peer_requests ORDER BY id"):
        await tell_peers(row["id"])
    rows = await sql(
        """SELECT u.username FROM notifications n JOIN users u ON u.id = n.user_id
            WHERE n.notification_type = 705 ORDER BY u.username"""
    )
    return [row["username"] for row in rows]
