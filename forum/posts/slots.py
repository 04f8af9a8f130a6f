"""Slots: a card is the same for everyone; what depends on the viewer is put into its slot after the cache."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.templating import Templates
from forum.topics.permissions import may_reply
from forum.topics.queries import TopicCard
from realtime.sql import sql

CLOSING = "</post-controls>"
SLOT = re.compile(
    r'<post-controls data-post="(\d+)" data-author="(\d+)" data-number="(\d+)"'
    r"( data-deleted)?( data-hidden)?>" + CLOSING
)
PLACEHOLDER = "POST_ID"


class Slot(Struct, frozen=True):
    """Where a post's controls go: what stands before them, and what they depend on."""

    opening: bytes
    post_id: int
    author_id: int
    number: int
    deleted: bool
    hidden: bool


Piece = bytes | Slot


class OwnGone(Struct, frozen=True):
    """What the viewer may do about a post of theirs that is gone: read why, or bring it back."""

    ruled: bool
    may_recover: bool


class PostRights(Struct, frozen=True):
    """What a viewer may do with their own or with others' posts in one topic."""

    may_vote: bool
    may_reply: bool
    may_accept: bool
    may_edit: bool
    may_delete: bool
    may_recover: bool
    may_flag: bool


class TopicRights(Struct, frozen=True):
    """A viewer's rights in a topic: all that the slots need."""

    own: PostRights
    others: PostRights


NONE_GONE: Mapping[int, OwnGone] = {}


def rights_in(viewer: Viewer, topic: TopicCard) -> TopicRights:
    """The same rules as `posts/permissions.py`, for any post of the topic."""
    writes = may_reply(viewer, topic)
    looks_after = viewer.moderates(topic.category_id) and not topic.deleted
    asker = viewer.id == topic.author.id and viewer.may_reply_in(topic.category_id) and not topic.deleted
    accepts = topic.kind == "question" and (asker or looks_after)
    flags = viewer.signed_in and viewer.may_see(topic.category_id) and not topic.deleted
    mine = writes or looks_after
    return TopicRights(
        own=PostRights(False, writes, accepts, mine, mine, mine, False),
        others=PostRights(writes, writes, accepts, looks_after, looks_after, looks_after, flags),
    )


def split(html: str) -> tuple[Piece, ...]:
    """A fragment cut at its slots, ready to be sent: bytes, slot, bytes…"""
    return tuple(_pieces(html))


def _pieces(html: str) -> Iterator[Piece]:
    end = 0
    for match in SLOT.finditer(html):
        yield html[end : match.start()].encode()
        opening = match[0].removesuffix(CLOSING)
        yield Slot(
            opening.encode(), int(match[1]), int(match[2]), int(match[3]), bool(match[4]), bool(match[5])
        )
        end = match.end()
    yield html[end:].encode()


def fill(
    pieces: tuple[Piece, ...],
    controls: "Controls",
    viewer_id: int | None,
    votes: Mapping[int, int],
    gone: Mapping[int, OwnGone] = NONE_GONE,
) -> bytes:
    """The fragment with each slot filled for the viewer.

    Args:
        gone: what `own_gone` has found.
    """
    return b"".join(
        piece
        if isinstance(piece, bytes)
        else controls.filled(
            piece,
            own=piece.author_id == viewer_id,
            vote=votes.get(piece.post_id, 0),
            gone=gone.get(piece.post_id),
        )
        for piece in pieces
    )


async def own_gone(viewer: Viewer, pieces: tuple[Piece, ...]) -> dict[int, OwnGone]:
    """The viewer's posts among these that are gone: whether moderation decided so, and may they come back."""
    mine = frozenset(
        piece.post_id
        for piece in pieces
        if isinstance(piece, Slot) and piece.deleted and piece.author_id == viewer.id
    )
    if not mine:
        return {}
    rows = await sql(
        f"""SELECT p.id, p.hidden, p.deleted_by_id, t.category_id,
            EXISTS (SELECT 1 FROM reviewables r WHERE r.post_id = p.id AND r.decision IN ('hide', 'delete'))
                OR EXISTS (SELECT 1 FROM swept_posts w WHERE w.post_id = p.id) AS ruled
            FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.id IN ({ids(mine)})"""
    )
    return {row["id"]: _own_gone(viewer, row) for row in rows}


def _own_gone(viewer: Viewer, row: Mapping[str, Any]) -> OwnGone:
    by_oneself = row["deleted_by_id"] == viewer.id
    return OwnGone(
        ruled=bool(row["ruled"]) and not by_oneself,
        may_recover=not row["hidden"] and (viewer.moderates(row["category_id"]) or by_oneself),
    )


class Controls:
    """The slots' contents for one viewer's rights in one topic and one language."""

    def __init__(self, templates: Templates, locale: str, topic_id: int, rights: TopicRights) -> None:
        self._templates, self._locale, self._topic_id, self._rights = templates, locale, topic_id, rights
        self._known: dict[tuple[bool, int, bool, bool, bool], list[bytes]] = {}

    def template(self, own: bool) -> str:
        """What a pushed card's slot is cloned from: with `POST_ID` where the id goes."""
        return self._content(own, 0, False, False, True)

    def filled(self, slot: Slot, *, own: bool, vote: int, gone: OwnGone | None = None) -> bytes:
        """One filled slot."""
        ruled = slot.hidden or (gone is not None and gone.ruled)
        wish = (own, vote, slot.deleted, ruled, gone is None or gone.may_recover)
        parts = self._known.get(wish)
        if parts is None:
            parts = self._content(*wish).encode().split(PLACEHOLDER.encode())
            self._known[wish] = parts
        return b"%b%b%b" % (slot.opening, (b"%d" % slot.post_id).join(parts), CLOSING.encode())

    def _content(self, own: bool, vote: int, deleted: bool, hidden: bool, recoverable: bool) -> str:
        """What is in the slots of all such posts."""
        rights = self._rights.own if own else self._rights.others
        if not recoverable:
            rights = replace(rights, may_recover=False)
        return _controls(self._templates, self._locale, self._topic_id, rights, own, vote, deleted, hidden)


@lru_cache(maxsize=4096)
def _controls(
    templates: Templates,
    locale: str,
    topic_id: int,
    rights: PostRights,
    own: bool,
    vote: int,
    deleted: bool,
    hidden: bool,
) -> str:
    name = "posts/_controls_own.html" if own else "posts/_controls_other.html"
    return templates.render(
        name,
        locale,
        post_id=PLACEHOLDER,
        topic_id=topic_id,
        vote=vote,
        deleted=deleted,
        hidden=hidden,
        may_flag=rights.may_flag,
        may_vote=rights.may_vote,
        may_reply=rights.may_reply,
        may_accept=rights.may_accept,
        may_edit=rights.may_edit,
        may_delete=rights.may_delete,
        may_recover=rights.may_recover,
    )
