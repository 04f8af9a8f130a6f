"""What a fact about a post's date changes on open pages."""

from forum.freshness.foot import TEMPLATE
from forum.freshness.queries import SUPERSEDED, TO_CHECK, marks_of
from forum.live import Patches, ask_again, presents, remove, render, replace
from forum.topics.live import head, show_changed_row
from forum.topics.queries import topic_in_channel

presents("freshness.changed", on="list")(show_changed_row)


@presents("freshness.changed", on="topic")
async def show_freshness(topic_id: int, post_id: int) -> Patches:
    """The foot of the post and the topic's head; what asks its author goes once it is answered.

    What has taken its place is not the same for everyone: each page reads it for itself.
    """
    topic, found = await topic_in_channel(topic_id), await marks_of([post_id])
    if topic is None or not found or found[0].topic_id != topic_id:
        return []
    (dated,) = found
    patches = [
        await head(topic),
        replace(f"post-{post_id}-freshness", render(TEMPLATE, annex=dated)),
    ]
    if dated.state != TO_CHECK:
        patches.append(remove(f"to-check-{post_id}"))
    patches.append(ask_again() if dated.state == SUPERSEDED else remove(f"superseded-{post_id}"))
    return patches
