"""What stands beside one's own question: the way to one's peers, or that they were asked."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.kinds.registry import Details, beside
from forum.peers.permissions import is_own_question, may_ask_peers
from forum.peers.queries import asked_about
from forum.peers.words import reach_words
from forum.topics.queries import TopicCard


@beside
async def peers_side(
    viewer: Viewer, topic: TopicCard, details: Details | None
) -> tuple[str, Mapping[str, Any]] | None:
    """For its asker; nobody else is told whom they asked."""
    if not is_own_question(viewer, topic):
        return None
    asked = await asked_about(topic.id)
    if asked is None and not may_ask_peers(viewer, topic):
        return None
    reach = reach_words(asked.organisations, asked.people) if asked else ""
    return "peers/_way.html", {"topic": topic, "reach": reach}
