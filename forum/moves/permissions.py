"""Who may move posts, and who can follow them. Pure."""

from forum.accounts.viewer import Viewer
from forum.categories.queries import Themes
from forum.topics.permissions import TopicFacts, may_moderate


def may_move_posts(viewer: Viewer, topic: TopicFacts) -> bool:
    """Out of a topic or into it: staff who may see it, while it is there."""
    return may_moderate(viewer, topic) and not topic.deleted


def all_may_follow(themes: Themes, category_id: int, to_category_id: int) -> bool:
    """Whether whoever may see the first theme may see the second one."""
    here, there = themes.rules[category_id], themes.rules[to_category_id]
    if there.everyone is not None:
        return True
    return here.everyone is None and set(here.groups) <= set(there.groups)
