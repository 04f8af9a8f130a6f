"""A topic's file made ready to store, in a process of its own: read, converted, cooked, measured."""

from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from forum.importing.files import BadFile, SourceTopic, read_topic
from forum.importing.html import to_markdown
from forum.importing.words import kept_share
from forum.markdown import BadText, clean_text, cook_many, mentions

KEPT_ENOUGH = 0.95
EMPTY = "(message vide)"


@dataclass(frozen=True, slots=True)
class ReadyPost:
    """A post's text, cooked; `kept` is the share of its words that are still there."""

    source: str
    cooked: str
    kept: float


@dataclass(frozen=True, slots=True)
class ReadyTopic:
    """A topic to store, or the reason why it cannot be."""

    files: tuple[str, ...]
    topic: SourceTopic | None
    posts: tuple[ReadyPost, ...] = ()
    refused: str = ""


def make_ready(paths: list[Path]) -> ReadyTopic:
    """Read and convert one topic; never raises, so that one bad file spares the others."""
    names = tuple(path.name for path in paths)
    try:
        topic = read_topic(paths)
        return ReadyTopic(names, topic, tuple(_posts(topic)))
    except BadFile as reason:
        return ReadyTopic(names, None, refused=str(reason))
    except (ValueError, RecursionError, OSError) as error:
        return ReadyTopic(names, None, refused=f"{type(error).__name__}: {str(error)[:200]}")


def _posts(topic: SourceTopic) -> list[ReadyPost]:
    texts = [_text(post.raw, post.cooked, post.post_type) for post in topic.posts]
    known = {post.author.username.lower(): post.author.username for post in topic.posts}
    cooked = cook_many([(text, {name: known.get(name, name) for name in mentions(text)}) for text in texts])
    return [
        ReadyPost(text, html, kept_share(post.cooked, html) if post.cooked else 1.0)
        for post, text, html in zip(topic.posts, texts, cooked, strict=True)
    ]


def _text(raw: str | None, html: str, post_type: int) -> str:
    """The post's own text when there is one, else its HTML as markdown.

    One longer than our limit is kept whole: it was published, and nobody waits while it is cooked.
    """
    text = raw if raw is not None else to_markdown(html)
    try:
        return clean_text(text)
    except BadText as reason:
        if reason.reason == "empty":
            return "" if post_type == 3 else EMPTY
        if reason.reason == "too_long":
            return normalize("NFC", text).strip()
        raise BadFile(f"a text holds characters that cannot be stored ({reason.reason})") from reason
