"""What a fact about a post changes on the pages that show it."""

from forum.live import Patches, append, presents, render, replace, set_text
from forum.posts.queries import PostCard, post_card
from forum.topics.live import head
from forum.topics.queries import topic_in_channel


@presents("post.created", on="topic")
async def show_new_post(topic_id: int, post_id: int) -> Patches:
    """The card at the end of the stream, and one reply more under the post that it answers."""
    card = await _card_in(topic_id, post_id)
    if card is None:
        return []
    return [append(f"topic-{topic_id}-posts", _card(card)), *await _parent(card)]


@presents("post.revised", "answer.accepted", "answer.unaccepted", on="topic")
async def show_changed_post(topic_id: int, post_id: int) -> Patches:
    """The card as it is now; the head too, which links to accepted answers."""
    card = await _card_in(topic_id, post_id)
    return [_replace(card), *await _head(topic_id)] if card else []


@presents("post.deleted", "post.recovered", on="topic")
async def show_post_gone_or_back(topic_id: int, post_id: int) -> Patches:
    """A tombstone in its place, or the card again; replies under the parent counted again."""
    card = await _card_in(topic_id, post_id)
    return [_replace(card), *await _parent(card), *await _head(topic_id)] if card else []


@presents("vote.changed", on="topic")
async def show_score(topic_id: int, post_id: int) -> Patches:
    """The new score."""
    card = await _card_in(topic_id, post_id)
    return [set_text(f"post-{post_id}-score", str(card.score))] if card and not card.deleted else []


async def _card_in(topic_id: int, post_id: int) -> PostCard | None:
    """The post, unless it has been moved since: where it is now, other people may look."""
    card = await post_card(post_id)
    return card if card and card.topic_id == topic_id else None


def _card(card: PostCard) -> str:
    return render("posts/_card.html", post=card)


def _replace(card: PostCard) -> dict[str, str]:
    return replace(f"post-{card.id}", _card(card))


async def _parent(card: PostCard) -> Patches:
    if card.reply_to is None:
        return []
    parent = await post_card(card.reply_to.post_id)
    return [_replace(parent)] if parent else []


async def _head(topic_id: int) -> Patches:
    topic = await topic_in_channel(topic_id)
    return [await head(topic)] if topic else []
