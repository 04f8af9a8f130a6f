"""What the page on which one asks one's peers is given."""

from msgspec import Struct

from forum.peers.queries import Standing
from forum.peers.words import reach_words
from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class PeersPage(Struct, frozen=True):
    """The question, and what may be done."""

    topic: TopicCard
    standing: Standing
    error: str
    channels: tuple[LiveChannel, ...]
    flash: str | None = None

    @property
    def reach(self) -> str:
        """How many would be asked, or were."""
        if self.standing.asked is not None:
            return reach_words(self.standing.asked.organisations, self.standing.asked.people)
        peers = self.standing.peers
        return reach_words(peers.organisations, len(peers.people)) if peers else ""
