"""What one viewer is told and offered about a topic's dates: above its posts, and beside them."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.freshness.periods import CHOICES, dated_kinds, months_words
from forum.freshness.permissions import may_confirm, may_date, may_supersede
from forum.freshness.queries import TO_CHECK, dated_in, dated_posts, marks_in, successors_seen_by
from forum.kinds.registry import Details, above, beside
from forum.topics.queries import TopicCard

Part = tuple[str, Mapping[str, Any]] | None


@above
async def doubts(viewer: Viewer, topic: TopicCard, details: Details | None) -> Part:
    """What has taken its place, for whoever may see it; the question to whoever may answer it."""
    if topic.deleted or not (topic.freshness or topic.accepted_count > 1):
        return None
    found = await (dated_in if viewer.signed_in else marks_in)(topic.id)
    successors = await successors_seen_by(viewer, found)
    asked = [one for one in found if one.state == TO_CHECK and may_confirm(viewer, one)]
    own = frozenset(one.post_id for one in asked if may_date(viewer, one))
    newer = [(one, successors[one.post_id]) for one in found if one.post_id in successors]
    parts = {"asked": asked, "own": own, "newer": newer}
    return ("freshness/_doubts.html", parts) if asked or newer else None


@beside
async def own_dates(viewer: Viewer, topic: TopicCard, details: Details | None) -> Part:
    """For whoever wrote it, or looks after the theme: confirm, choose the date, say what takes its place."""
    looks_after = viewer.moderates(topic.category_id)
    dated = topic.kind in dated_kinds() and (looks_after or viewer.id == topic.author_id)
    # Everyone else's page costs nothing more, unless they may have answered.
    if not viewer.signed_in or topic.deleted or not (dated or topic.solved):
        return None
    theirs = [one.post_id for one in await marks_in(topic.id) if looks_after or viewer.id == one.author_id]
    found = [one for one in await dated_posts(theirs) if may_supersede(viewer, one)] if theirs else []
    mine = frozenset(one.post_id for one in found if may_date(viewer, one))
    choices = [(months, months_words(months)) for months in CHOICES]
    return ("freshness/_own.html", {"found": found, "mine": mine, "choices": choices}) if found else None
