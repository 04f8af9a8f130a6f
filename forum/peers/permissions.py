"""Who may put a question to their peers. Pure; whether they are verified is asked of the database."""

from typing import Protocol

from forum.accounts.viewer import Viewer
from forum.topics.permissions import OwnedTopic, may_reply


class QuestionFacts(OwnedTopic, Protocol):
    """What the rules look at."""

    @property
    def kind(self) -> str: ...
    @property
    def solved(self) -> bool: ...


def is_own_question(viewer: Viewer, topic: QuestionFacts) -> bool:
    """Its asker, also when it is no longer open."""
    return viewer.signed_in and viewer.id == topic.author_id and topic.kind == "question"


def may_ask_peers(viewer: Viewer, topic: QuestionFacts) -> bool:
    """Its asker, while it is open and nobody's answer was accepted."""
    return is_own_question(viewer, topic) and may_reply(viewer, topic) and not topic.solved
