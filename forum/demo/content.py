"""The demonstration community as plain data, read from `content/*.toml` and checked; no database here.

A moment is written either from now (`"2h"`, `"45min"`) or as a working day, counted back from the last one
before today, with the hour in Paris (`"312 09:41"`): people write at the office, whatever the day on which
the demonstration is loaded. The days of typed fields may also be still to come (`"+12 14:00"`).
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from forum.app import KINDS  # the registry knows them from then on
from forum.clock import now
from forum.demo.avoided import AvoidedTold, avoided_faults, read_avoided
from forum.demo.reuses import ReuseTold, faults_of, read_told
from forum.demo.survey import survey_topic
from forum.errors import Invalid
from forum.kinds.registry import is_kind, kind_of, read_fields
from forum.tags.names import MAX_TAGS, kept_names

FOLDER = Path(__file__).parent / "content"
PARIS = ZoneInfo("Europe/Paris")
KNOWLEDGE = frozenset(kind.name for kind in KINDS)
WORKING_DAYS = 540  # a little more than two years
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
WORKING_DAY = re.compile(r"(\d+) (\d\d:\d\d)")
FIELD_DAY = re.compile(r"(\+?)(\d+)(?: (\d\d:\d\d))?")
FROM_NOW = re.compile(r"(?:(\d+)h)?(?:(\d+)min)?")


class Person(Struct, frozen=True):
    """Someone of the community: `title` is a function, `affiliation` an organisation with its size."""

    username: str
    name: str
    title: str
    affiliation: str
    admin: bool = False
    moderator: bool = False


class Theme(Struct, frozen=True):
    """A theme, or a sub-theme when `parent` (a slug) is given; `color` is six hexadecimal digits."""

    slug: str
    name: str
    description: str
    color: str
    icon: str
    parent: str = ""


class Edit(Struct, frozen=True):
    """A later version of a post: what it became, how long ago, why ("" when it was not said), by whom.

    `by` is "" for the post's author; others improve guides only.
    """

    age: timedelta
    text: str
    reason: str = ""
    by: str = ""


class Post(Struct, frozen=True):
    """A contribution. `text` is what was first written: after edits, the last edit's text stands.

    `reply_to` is a post number in the same topic (1 is the first); `votes` maps usernames to +1 or -1.
    """

    author: str
    text: str
    age: timedelta
    reply_to: int | None = None
    votes: dict[str, int] = field(default_factory=dict)
    accepted: bool = False
    edits: tuple[Edit, ...] = ()
    deleted: bool = False


class Topic(Struct, frozen=True):
    """A conversation; its author and its age are those of the first post.

    `details` are its kind's typed fields, as a form would send them; `drawn_from` is the title of the solved
    question that a sheet comes from. A gathering has `seats`, usernames in the order in which they came;
    one that is over has a `state` and an `outcome`, an offer that is over a `state`. `confirmed` is how long
    ago the authors of what people rely on there said that it still holds; `replaced_by` is the title of the
    topic that has taken its place.
    """

    theme: str
    kind: str
    title: str
    posts: tuple[Post, ...]
    closed: bool = False
    pinned: bool = False
    tags: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)
    drawn_from: str = ""
    seats: tuple[str, ...] = ()
    state: str = ""
    outcome: str = ""
    confirmed: timedelta | None = None
    replaced_by: str = ""

    @property
    def author(self) -> str:
        """Username of the person who opened it."""
        return self.posts[0].author

    @property
    def age(self) -> timedelta:
        """How long ago it was opened."""
        return self.posts[0].age


class Community(Struct, frozen=True):
    """All of it: those who may be tried first, themes before their sub-themes, oldest topics first.

    Conversations come before sheets, documents and the like, which may be drawn from one of them.
    """

    people: tuple[Person, ...]
    themes: tuple[Theme, ...]
    topics: tuple[Topic, ...]
    reuses: tuple[ReuseTold, ...] = ()
    avoided: tuple[AvoidedTold, ...] = ()


def load(at: datetime | None = None, folder: Path = FOLDER) -> Community:
    """Read the community as seen at an instant (now, unless told); always the same words.

    Raises:
        ValueError: the files contradict themselves; every fault is a line of the message.
    """
    agenda = Agenda(at or now())
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
    drafts = [*_listed(files, "topics"), survey_topic(folder / "salles")]
    topics = sorted(
        (_topic(draft, agenda) for draft in drafts), key=lambda topic: (topic.kind in KNOWLEDGE, -topic.age)
    )
    community = Community(
        people=tuple(Person(**person) for person in _listed(files, "people")),
        themes=tuple(Theme(**theme) for theme in _listed(files, "themes")),
        topics=tuple(topics),
        reuses=tuple(sorted((read_told(one, agenda) for one in _listed(files, "reuses")), key=_oldest)),
        avoided=tuple(sorted((read_avoided(one, agenda) for one in _listed(files, "avoided")), key=_oldest)),
    )
    if faults := list(_faults(community)):
        raise ValueError("\n".join(faults))
    return community


class Agenda:
    """Tells how long before an instant a written moment was."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        today = at.astimezone(PARIS).date()
        self._days = list(islice(_working_days(today, -1), WORKING_DAYS))
        self._days_to_come = list(islice(_working_days(today, 1), WORKING_DAYS))

    def age(self, when: str) -> timedelta:
        """The age of a written moment; ValueError when it is written otherwise."""
        if match := WORKING_DAY.fullmatch(when):
            day = self._days[int(match[1]) - 1]
            return self._at - datetime.combine(day, time.fromisoformat(match[2]), PARIS)
        if when and (match := FROM_NOW.fullmatch(when)):
            return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
        raise ValueError(f"not a moment: {when!r}")

    def typed(self, type: str, when: str) -> str:
        """A written day as a form would send it to a "day" or a "moment" field; ValueError as above."""
        if not (match := FIELD_DAY.fullmatch(when)):
            raise ValueError(f"not a day: {when!r}")
        day = (self._days_to_come if match[1] else self._days)[int(match[2]) - 1]
        return day.isoformat() if type == "day" else f"{day.isoformat()}T{match[3]}"


def _working_days(day: date, step: int) -> Iterator[date]:
    while True:
        day += timedelta(days=step)
        if day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS:
            yield day


def _oldest(told: ReuseTold | AvoidedTold) -> timedelta:
    return -told.age


def _listed(files: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [item for file in files for item in file.get(key, [])]


def _topic(data: dict[str, Any], agenda: Agenda) -> Topic:
    posts = tuple(_post(dict(post), agenda) for post in data["posts"])
    lists = {name: tuple(data.get(name, ())) for name in ("tags", "seats")}
    confirmed = {"confirmed": agenda.age(data["confirmed"])} if "confirmed" in data else {}
    return Topic(**(data | lists | confirmed | {"posts": posts, "details": _details(data, agenda)}))


def _details(data: dict[str, Any], agenda: Agenda) -> dict[str, str]:
    """As typed; a name that is no field stays, and is told among the faults."""
    types = {one.name: one.type for one in kind_of(data["kind"]).fields}
    return {
        name: agenda.typed(types[name], value) if types.get(name) in ("day", "moment") else str(value).strip()
        for name, value in data.get("details", {}).items()
    }


def _post(data: dict[str, Any], agenda: Agenda) -> Post:
    votes = dict.fromkeys(data.pop("up", []), 1) | dict.fromkeys(data.pop("down", []), -1)
    edits = tuple(_edit(edit, agenda) for edit in data.pop("edits", []))
    author, text, age = data.pop("by"), data.pop("text").strip(), agenda.age(data.pop("when"))
    return Post(author, text, age, votes=votes, edits=edits, **data)


def _edit(data: dict[str, Any], agenda: Agenda) -> Edit:
    return Edit(agenda.age(data["when"]), data["text"].strip(), data.get("reason", ""), data.get("by", ""))


def _faults(community: Community) -> Iterator[str]:
    people = {person.username for person in community.people}
    themes = {theme.slug for theme in community.themes}
    yield from _repeated("person", [person.username for person in community.people])
    yield from _repeated("theme", [theme.slug for theme in community.themes])
    yield from _repeated("topic", [topic.title for topic in community.topics])
    yield from _orphans(community.themes)
    solved = {topic.title for topic in community.topics if any(post.accepted for post in topic.posts)}
    titles = {topic.title for topic in community.topics}
    for topic in community.topics:
        for fault in (*_topic_faults(topic, people, themes), *_details_faults(topic, people, solved)):
            yield f"{topic.title}: {fault}"
        if topic.replaced_by and topic.replaced_by not in titles - {topic.title}:
            yield f"{topic.title}: replaced by no topic: {topic.replaced_by}"
    posts = {topic.title: len(topic.posts) for topic in community.topics}
    yield from faults_of(community.reuses, posts, people)
    yield from avoided_faults(community.avoided, {one.title: one.author for one in community.topics}, people)


def _repeated(what: str, names: list[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{what} twice: {name}"


def _orphans(themes: tuple[Theme, ...]) -> Iterator[str]:
    met = {""}
    for theme in themes:
        if theme.parent not in met:
            yield f"{theme.slug}: its parent {theme.parent} does not come before it"
        met.add(theme.slug)


def _topic_faults(topic: Topic, people: set[str], themes: set[str]) -> Iterator[str]:
    if topic.theme not in themes:
        yield f"unknown theme {topic.theme}"
    if not is_kind(topic.kind):
        yield f"unknown kind {topic.kind}"
    if list(topic.tags) != kept_names(topic.tags) or len(topic.tags) > MAX_TAGS:
        yield "its tags are too many, too long or twice the same"
    if topic.posts[0].accepted or topic.posts[0].deleted:
        yield "its first post is accepted or deleted"
    if not kind_of(topic.kind).solvable and any(post.accepted for post in topic.posts):
        yield "accepted, but not a question"
    for number, (before, after) in enumerate(pairwise(topic.posts), 2):
        if after.age >= before.age:
            yield f"post {number} is not later than the one before"
    for number, post in enumerate(topic.posts, 1):
        for fault in _post_faults(number, post, people):
            yield f"post {number}: {fault}"


def _details_faults(topic: Topic, people: set[str], solved: set[str]) -> Iterator[str]:
    kind = kind_of(topic.kind)
    if unknown := topic.details.keys() - {one.name for one in kind.fields if one.asked}:
        yield f"no such fields: {', '.join(sorted(unknown))}"
    try:
        read_fields(kind, topic.details)
    except Invalid as faults:
        yield from (f"{name}: {words}" for name, words in faults.fields.items())
    if topic.drawn_from and topic.drawn_from not in solved:
        yield f"drawn from no solved question: {topic.drawn_from}"
    if strangers := set(topic.seats) - people:
        yield f"unknown {', '.join(sorted(strangers))}"


def _post_faults(number: int, post: Post, people: set[str]) -> Iterator[str]:
    if strangers := {post.author, *post.votes, *(edit.by for edit in post.edits)} - people - {""}:
        yield f"unknown {', '.join(sorted(strangers))}"
    if post.author in post.votes:
        yield "its author votes for it"
    if post.reply_to is not None and not 1 <= post.reply_to < number:
        yield f"replies to {post.reply_to}"
    if not post.text:
        yield "says nothing"
    ages = [post.age, *(edit.age for edit in post.edits), timedelta()]
    if any(after >= before for before, after in pairwise(ages)):
        yield "it, or one of its edits, is out of order in time"
