"""The demonstration community, read from its files into plain objects; no database here.

A post in the files is `[author, age, flags, text]` or `[…, edits]`: `age` counts back from now ("38d",
"9h"); flags are `re3` (answers no. 3), `+6` (six useful votes), `ok` (accepted), `del` (deleted).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"
THEMES = (
    "restauration", "personnel", "eau", "energie", "marches", "urbanisme", "numerique", "vie",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the community."""

    username: str
    name: str
    title: str
    affiliation: str
    role: str = ""

    @property
    def admin(self) -> bool:
        """Looks after the site."""
        return self.role == "admin"

    @property
    def moderator(self) -> bool:
        """Looks after the conversations."""
        return self.role == "moderator"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme; with a parent's slug, a sub-theme."""

    slug: str
    name: str
    description: str
    color: str
    icon: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A later text of a post."""

    age: timedelta
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post, with its votes by username."""

    author: str
    age: timedelta
    text: str
    reply_to: int | None = None
    votes: dict[str, int] = field(default_factory=dict)
    accepted: bool = False
    deleted: bool = False
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its first post is the opening."""

    theme: str
    kind: str
    title: str
    posts: tuple[Post, ...]
    closed: bool = False
    pinned: bool = False

    @property
    def author(self) -> str:
        """Who opened it."""
        return self.posts[0].author

    @property
    def age(self) -> timedelta:
        """How long ago."""
        return self.posts[0].age


@dataclass(frozen=True, slots=True)
class Community:
    """Everything, topics from the oldest to the newest last post."""

    people: tuple[Person, ...]
    themes: tuple[Theme, ...]
    topics: tuple[Topic, ...]


@cache
def load() -> Community:
    """The whole community.

    Raises:
        ValueError: a file contradicts itself; names the topic.
    """
    from forum.demo.survey import survey

    people = tuple(Person(*row) for row in _read("people")["people"])
    files = {name: _read(name) for name in THEMES}
    topics = [topic for name, file in files.items() for topic in _topics(name, file, people)]
    topics.append(survey([person.username for person in people]))
    for topic in topics:
        _check(topic, {person.username for person in people})
    topics.sort(key=lambda topic: topic.posts[-1].age, reverse=True)
    return Community(people, tuple(_themes(files)), tuple(topics))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _themes(files: dict[str, dict[str, Any]]) -> Iterator[Theme]:
    for slug, file in files.items():
        yield Theme(slug, file["name"], file["description"], file["color"], file["icon"])
        for child, name, description in file.get("children", ()):
            yield Theme(child, name, description, file["color"], file["icon"], parent=slug)


def _topics(slug: str, file: dict[str, Any], people: tuple[Person, ...]) -> Iterator[Topic]:
    voters = [person.username for person in people]
    for row in file["topic"]:
        yield Topic(
            theme=row.get("theme", slug),
            kind=row["kind"],
            title=row["title"],
            posts=tuple(_post(post, voters, len(row["title"])) for post in row["posts"]),
            closed=row.get("closed", False),
            pinned=row.get("pinned", False),
        )


def _post(row: list[Any], voters: list[str], turn: int) -> Post:
    author, age, flags, text, *rest = row
    words = flags.split()
    useful = next((int(word[1:]) for word in words if word.startswith("+")), 0)
    answered = next((int(word[2:]) for word in words if word.startswith("re")), None)
    return Post(
        author=author,
        age=read_age(age),
        text=text,
        reply_to=answered,
        votes=dict.fromkeys(crowd(voters, author, useful, turn), 1),
        accepted="ok" in words,
        deleted="del" in words,
        edits=tuple(Edit(read_age(at), new, reason) for at, new, reason in (rest[0] if rest else ())),
    )


def read_age(text: str) -> timedelta:
    """ "38d" or "9h" as a duration; days fall at different hours of the working day."""
    number, unit = int(text[:-1]), text[-1]
    if unit == "h":
        return timedelta(hours=number)
    return timedelta(days=number, minutes=-((number * 37) % 420))


def crowd(voters: list[str], author: str, count: int, turn: int) -> list[str]:
    """`count` people other than the author, not always the same ones."""
    others = [name for name in voters if name != author]
    start = turn % len(others)
    return (others[start:] + others[:start])[:count]


def _check(topic: Topic, people: set[str]) -> None:
    before = topic.posts[0].age
    for number, post in enumerate(topic.posts, 1):
        if post.author not in people:
            raise ValueError(f"{topic.title}: nobody is called {post.author}")
        if post.reply_to is not None and not 0 < post.reply_to < number:
            raise ValueError(f"{topic.title}: no. {number} answers no. {post.reply_to}")
        if post.accepted and (topic.kind != "question" or number == 1):
            raise ValueError(f"{topic.title}: no. {number} cannot be accepted")
        if post.age > before:
            raise ValueError(f"{topic.title}: no. {number} comes before no. {number - 1}")
        before = post.age
