"""Posts moved to a new topic or to another one, topics merged. Each action is one transaction."""

from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.api.steps import claim_key, keep_key
from forum.categories.queries import ids
from forum.channels import list_channels, topic_channel
from forum.clock import now
from forum.errors import Conflict, Invalid, gathered, require, require_none
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.journal.models import Act
from forum.journal.steps import note
from forum.moves import steps
from forum.moves.permissions import all_may_follow, may_move_posts
from forum.notifications.actions import notify_moved
from forum.posts.actions import tell
from forum.posts.new import NewPost
from forum.posts.text import check_title
from forum.tags.names import join_names, read_names
from forum.tags.queries import adopt_names
from forum.tags.steps import tag_topic
from forum.text import slugify
from forum.topics.actions import take_topic_away
from forum.topics.models import Topic, TopicKind
from forum.topics.permissions import may_open_topic
from forum.topics.queries import TopicCard
from realtime import log
from realtime.log import Record
from realtime.sql import sql

# More than one chooses by hand; a topic that is merged has as many as it has.
MOST = 500
KINDS = (TopicKind.QUESTION, TopicKind.DISCUSSION)


class NewTopic(Struct, frozen=True):
    """What a new topic for moved posts is to be, as typed."""

    title: str
    category_id: int
    kind: str = TopicKind.DISCUSSION
    tags: Sequence[str] = ()


class _There(Struct, frozen=True):
    """The topic where the posts go, locked. `highest` is the number of its last post."""

    id: int
    slug: str
    category_id: int
    kind: str
    highest: int


class _Moved(Struct, frozen=True):
    """What was moved: the old number of each → the new one, and who wrote what."""

    move_id: int
    numbers: dict[int, int]
    first_id: int
    authors: dict[int, tuple[int, int]]
    unaccepted: int


async def split_topic(
    mover: Viewer, source: TopicCard, post_ids: Collection[int], wish: NewTopic, *, key: str = ""
) -> NewPost:
    """Move posts to a new topic; the first of them opens it, its author is the topic's.

    Returns:
        the post that opens the new topic.

    Raises:
        Forbidden: does not look after the theme, or may not open a topic in that theme.
        Invalid: no posts, too many, the first one; or the title, the theme, the kind or the tags do not do.
        Conflict: somebody moved or deleted one of the posts, or the topic, a moment ago.
    """
    require(may_move_posts(mover, source), _("You may not move posts out of this topic."))
    title, tags = await _check_topic(mover, wish, _choice_faults(post_ids))
    async with log.transaction() as record:
        if earlier := await claim_key(mover.member_id, key):
            return earlier
        require(may_open_topic(mover, wish.category_id), _("You may not open a topic in this theme."))
        await _lock(source)
        posts = await _chosen(source.id, post_ids)
        there = await _open(wish, title, tags, posts[0])
        moved = await _move(record, mover, source, there, [post["id"] for post in posts])
        new = NewPost(moved.first_id, there.id, there.category_id, 1, mover.member_id, there.slug)
        await keep_key(mover.member_id, key, new.id)
        await _note(mover, Act.SPLIT_TOPIC, source, there, moved)
        tell(record, mover, there.category_id, "topic.created", new)
    return new


def _choice_faults(post_ids: Collection[int]) -> dict[str, str]:
    if not post_ids:
        return {"numbers": _("Choose at least one post.")}
    if len(post_ids) > MOST:
        sentence = ngettext("%(n)d post at a time.", "%(n)d posts at a time, at the most.", MOST)
        return {"numbers": sentence % {"n": MOST}}
    return {}


async def _check_topic(mover: Viewer, wish: NewTopic, faults: dict[str, str]) -> tuple[str, list[str]]:
    """Title and tags, with every fault told at once, after those that are known."""
    title, tags = "", list[str]()
    with gathered(faults):
        title = check_title(wish.title)
    with gathered(faults):
        tags = await adopt_names(mover, read_names(wish.tags))
    if not mover.may_see(wish.category_id):
        faults["category_id"] = _("Choose a theme.")
    if wish.kind not in KINDS:
        faults["kind"] = _("Choose a question or a discussion.")
    require_none(faults)
    return title, tags


async def _lock(topic: TopicCard) -> _There:
    """Take a topic's lock and move its version, if it is still where the right to move was asked.

    Raises:
        Conflict: somebody moved or deleted it a moment ago.
    """
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1}
            AND deleted_at IS NULL RETURNING id, slug, category_id, kind, highest_post_number AS highest""",
        topic.id,
        topic.category_id,
    )
    if not rows:
        raise Conflict(_("This topic has just been moved or deleted."))
    return _There(**rows[0])


async def _chosen(topic_id: int, post_ids: Collection[int]) -> list[dict[str, Any]]:
    """The posts to move, in their order.

    Raises:
        Invalid: the first post is among them. Conflict: one of them is not there any more.
    """
    rows = await sql(
        f"""SELECT id, post_number, user_id, created_at FROM posts WHERE topic_id = {{0}} AND post_type <> 3
            AND deleted_at IS NULL AND id IN ({ids(frozenset(post_ids))}) ORDER BY post_number""",
        topic_id,
    )
    if len(rows) < len(set(post_ids)):
        raise Conflict(_("One of these posts has just been moved or deleted. Choose again."))
    if rows[0]["post_number"] == 1:
        raise Invalid(fields={"numbers": _("The first post goes with its whole topic: merge the topics.")})
    return rows


async def _open(wish: NewTopic, title: str, tags: list[str], first: dict[str, Any]) -> _There:
    """A new topic, empty yet: its author and its date are those of the post that is going to open it."""
    topic = await Topic.create(
        title=title,
        slug=slugify(title) or "sujet",
        kind=wish.kind,
        category_id=wish.category_id,
        user_id=first["user_id"],
        last_poster_id=first["user_id"],
        created_at=first["created_at"],
        bumped_at=first["created_at"],
        last_posted_at=first["created_at"],
        tag_names=join_names(tags),
    )
    await tag_topic(topic.id, tags)
    return _There(topic.id, topic.slug, wish.category_id, topic.kind, 0)


async def move_posts(
    mover: Viewer, source: TopicCard, post_ids: Collection[int], target: TopicCard, *, key: str = ""
) -> NewPost:
    """Move posts to another topic, behind those that it has. Posts that are there already stay there.

    Returns:
        the first of them where it is now.

    Raises:
        Forbidden: does not look after the theme.
        Invalid: no posts, too many, the first one; or the topic is the same one.
        Conflict: as for splitting.
    """
    require(may_move_posts(mover, source), _("You may not move posts out of this topic."))
    faults = _choice_faults(post_ids)
    with gathered(faults):
        _check_target(mover, source, target)
    require_none(faults)
    async with log.transaction() as record:
        if earlier := await claim_key(mover.member_id, key):
            return earlier
        there = await _lock_both(source, target)
        if done := await _all_there(target.id, post_ids):
            return _place(done, there, mover)
        posts = await _chosen(source.id, post_ids)
        moved = await _move(record, mover, source, there, [post["id"] for post in posts])
        await keep_key(mover.member_id, key, moved.first_id)
        await _note(mover, Act.MOVE_POSTS, source, there, moved)
        _tell(record, mover, there.id, there.category_id, moved.move_id)
    return _place({"id": moved.first_id, "post_number": min(moved.numbers.values())}, there, mover)


def _check_target(mover: Viewer, source: TopicCard, target: TopicCard) -> None:
    require(may_move_posts(mover, target), _("You may not move posts to this topic."))
    if source.id == target.id:
        raise Invalid(fields={"target": _("Choose another topic than the one where the posts are.")})


async def _lock_both(source: TopicCard, target: TopicCard) -> _There:
    """Both topics' locks, always in the same order; the second topic."""
    locked = {topic.id: await _lock(topic) for topic in sorted((source, target), key=lambda one: one.id)}
    return locked[target.id]


async def _all_there(topic_id: int, post_ids: Collection[int]) -> dict[str, Any] | None:
    """The first of the posts, if all of them are in the topic: somebody has just done the same."""
    rows = await sql(
        f"""SELECT id, post_number FROM posts WHERE topic_id = {{0}} AND id IN ({ids(frozenset(post_ids))})
            ORDER BY post_number""",
        topic_id,
    )
    return rows[0] if len(rows) == len(set(post_ids)) else None


def _place(post: dict[str, Any], there: _There, mover: Viewer) -> NewPost:
    return NewPost(post["id"], there.id, there.category_id, post["post_number"], mover.member_id, there.slug)


async def merge_topics(mover: Viewer, source: TopicCard, target: TopicCard, *, key: str = "") -> NewPost:
    """Move all posts of a topic behind those of another one.

    The topic that is empty now is closed, and leads there; where not all of its readers may follow, it is
    deleted.

    Returns:
        the first of the posts where it is now.

    Raises:
        Forbidden: does not look after the theme. Invalid: the same topic twice, or one without posts.
        Conflict: one of the two was moved, deleted or merged a moment ago.
    """
    require(may_move_posts(mover, source), _("You may not move posts out of this topic."))
    _check_target(mover, source, target)
    async with log.transaction() as record:
        if earlier := await claim_key(mover.member_id, key):
            return earlier
        there = await _lock_both(source, target)
        posts = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_type <> 3", source.id)
        if not posts:
            raise Conflict(_("The posts of this topic have just been moved."))
        moved = await _move(record, mover, source, there, [post["id"] for post in posts])
        await steps.move_drafts(source.id, there.id, moved.numbers)
        await steps.move_waiting(moved.move_id, source.id, there.id)
        await keep_key(mover.member_id, key, moved.first_id)
        await _note(mover, Act.MERGE_TOPICS, source, there, moved)
        _tell(record, mover, there.id, there.category_id, moved.move_id)
        await _shut(record, mover, source, there)
    return _place({"id": moved.first_id, "post_number": min(moved.numbers.values())}, there, mover)


async def _shut(record: Record, mover: Viewer, source: TopicCard, there: _There) -> None:
    """Nobody replies any more in a topic that was merged."""
    if not all_may_follow(mover.themes, source.category_id, there.category_id):
        await take_topic_away(record, mover, source.id, noted=False)
        return
    await sql("UPDATE topics SET closed = {1} WHERE id = {0}", source.id, True)
    for channel in (topic_channel(source.id), *list_channels(mover, source.category_id)):
        record(channel, "topic.closed", topic_id=source.id)


async def _move(
    record: Record, mover: Viewer, source: TopicCard, there: _There, post_ids: list[int]
) -> _Moved:
    """The step that all three share: the posts, and all that goes along with them."""
    move_id = await _leave_places(source.id, there, post_ids)
    await steps.renumber(move_id, there.id)
    await steps.recount_replies(move_id, source.id)
    lost = await steps.move_answers(
        move_id, source.id, there.id, to_question=there.kind == TopicKind.QUESTION
    )
    await steps.move_alerts(move_id, there.id)
    await steps.move_reading(move_id, source.id, there.id, there.highest)
    await steps.follow_own_posts(move_id, there.id)
    await steps.recount_topics(move_id, source.id, there.id)
    moved = await _read(move_id, lost)
    await _raise_highest(there, len(moved.numbers))
    if all_may_follow(mover.themes, source.category_id, there.category_id):
        await _stand_in(mover, source.id, moved)
    else:
        await jobs.enqueue("forget_hidden_alerts", topic_id=there.id)
    await jobs.enqueue("name_topics_of_quotes", move_id=move_id)
    await notify_moved(_addressed(moved, there, mover), record)
    _tell(record, mover, source.id, source.category_id, move_id)
    return moved


async def _leave_places(source_id: int, there: _There, post_ids: list[int]) -> int:
    """Write down which place each post leaves and which it takes; the move's number."""
    rows = await sql(
        "INSERT INTO post_moves (from_topic_id, to_topic_id, moved_at) VALUES ({0}, {1}, {2}) RETURNING id",
        source_id,
        there.id,
        now(),
    )
    await sql(
        f"""INSERT INTO moved_posts (move_id, topic_id, post_number, reply_to_post_number, post_id,
                to_post_number)
            SELECT {{0}}, topic_id, post_number, reply_to_post_number, id,
                {{1}} + ROW_NUMBER() OVER (ORDER BY post_number)
            FROM posts WHERE topic_id = {{2}} AND id IN ({ids(frozenset(post_ids))})""",
        rows[0]["id"],
        there.highest,
        source_id,
    )
    return int(rows[0]["id"])


async def _read(move_id: int, unaccepted: int) -> _Moved:
    rows = await sql(
        """SELECT m.post_id, m.post_number, m.to_post_number, p.user_id, p.deleted_at FROM moved_posts m
            JOIN posts p ON p.id = m.post_id WHERE m.move_id = {0} ORDER BY m.post_number""",
        move_id,
    )
    authors: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row["deleted_at"] is None:
            authors.setdefault(row["user_id"], (row["post_id"], row["to_post_number"]))
    numbers = {row["post_number"]: row["to_post_number"] for row in rows}
    return _Moved(move_id, numbers, rows[0]["post_id"], authors, unaccepted)


async def _raise_highest(there: _There, count: int) -> None:
    await sql("UPDATE topics SET highest_post_number = {1} WHERE id = {0}", there.id, there.highest + count)


async def _stand_in(mover: Viewer, topic_id: int, moved: _Moved) -> None:
    number = min(moved.numbers)
    stand_in = await steps.put_stand_in(mover.member_id, topic_id, number, len(moved.numbers))
    await sql("UPDATE post_moves SET stand_in_id = {1} WHERE id = {0}", moved.move_id, stand_in)


def _addressed(moved: _Moved, there: _There, mover: Viewer) -> list[NewPost]:
    """For each author the first of their posts that went: one alert each."""
    return [
        NewPost(post_id, there.id, there.category_id, number, mover.member_id, replied_to=frozenset({author}))
        for author, (post_id, number) in sorted(moved.authors.items())
        if author != mover.id
    ]


async def _note(mover: Viewer, act: Act, source: TopicCard, there: _There, moved: _Moved) -> None:
    details = {"to_topic_id": there.id, "posts": len(moved.numbers)}
    if moved.unaccepted:
        details["unaccepted"] = moved.unaccepted
    await note(mover.id, act, topic_id=source.id, details=details)


def _tell(record: Record, mover: Viewer, topic_id: int, category_id: int, move_id: int) -> None:
    """Each topic, and the lists that show it, hear of their side of the move; of the other side, nothing."""
    for channel in (topic_channel(topic_id), *list_channels(mover, category_id)):
        record(channel, "posts.moved", topic_id=topic_id, move_id=move_id)
