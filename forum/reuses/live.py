"""What a reuse changes on the pages that show its item, and in lists."""

from forum.live import Patches, presents, render, replace
from forum.posts.queries import post_card
from forum.reuses.foot import FOOT
from forum.reuses.queries import as_tree, reuses_of
from forum.topics.live import show_changed_row

presents("reuse.changed", on="list")(show_changed_row)


@presents("reuse.changed", on="topic")
async def show_reuses(topic_id: int, post_id: int) -> Patches:
    """The count at the post's foot, and on the page of its reuses who took it from whom."""
    card = await post_card(post_id)
    if card is None or card.topic_id != topic_id or card.deleted:
        return []
    feet = [annex for annex in card.annexes if annex.template == FOOT]
    tree = render("reuses/_tree.html", post_id=post_id, roots=as_tree(await reuses_of(post_id)))
    return [
        *(replace(f"post-{post_id}-reuses", render(FOOT, annex=annex.subject)) for annex in feet),
        replace(f"reuses-{post_id}", tree),
    ]
