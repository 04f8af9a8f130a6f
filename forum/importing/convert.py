"""A topic's file made ready to store, in a process of its own: read, converted, cooked, measured."""

from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from forum.importing.files import SMALL_ACTION, BadFile, SourceTopic, read_topic
from forum.importing.html import to_markdown
from forum.importing.words import kept_share
from forum.markdown import BadText, clean_text, cook_many, mentions

KEPT_ENOUGH = 0.95
EMPTY = "(message vide)"

_members: dict[str, str] = {}


class ReadyPost(Struct, frozen=True):
    """A post's text, cooked; `kept` is the share of its words that are still there."""

    source: str
    cooked: str
    kept: float


class ReadyTopic(Struct, frozen=True):
    """A topic to store, or the reason why it cannot be."""

    files: tuple[Path, ...]
    topic: SourceTopic | None
    posts: tuple[ReadyPost, ...] = ()
    refused: str = ""


def know_members(members: dict[str, str]) -> None:
    """Tell this process who is a member: lower-cased names → as written. Others are not linked."""
    _members.update(members)


def make_ready(paths: list[Path]) -> ReadyTopic:
    """Read and convert one topic; never raises, so that one bad file spares the others."""
    files = tuple(paths)
    try:
        topic = read_topic(paths)
        return ReadyTopic(files, topic, tuple(_posts(topic)))
    except BadFile as reason:
        return ReadyTopic(files, None, refused=str(reason))
    except (ValueError, TypeError, RecursionError) as error:
        return ReadyTopic(files, None, refused=f"{type(error).__name__}: {str(error)[:200]}")


def _posts(topic: SourceTopic) -> list[ReadyPost]:
    texts = [_text(post.raw, post.cooked, post.post_type) for post in topic.posts]
    cooked = cook_many([(text, _mentioned(text)) for text in texts])
    return [
        ReadyPost(text, html, kept_share(post.cooked, html) if post.cooked else 1.0)
        for post, text, html in zip(topic.posts, texts, cooked, strict=True)
    ]


def _mentioned(text: str) -> dict[str, str]:
    return {name: _members[name] for name in mentions(text) if name in _members}


def _text(raw: str | None, html: str, post_type: int) -> str:
    """The post's own text when there is one, else its HTML as markdown.

    One longer than our limit is kept whole: it was published, and nobody waits while it is cooked.
    """
    text = raw if raw is not None else to_markdown(html)
    try:
        return clean_text(text)
    except BadText as reason:
        if reason.reason == "empty":
            return "" if post_type == SMALL_ACTION else EMPTY
        if reason.reason == "too_long":
            return normalize("NFC", text).strip()
        raise BadFile(f"a text holds characters that cannot be stored ({reason.reason})") from reason
