"""A question as typed: words, and Discourse's filters among them (`#theme tags:x @user in:title …`)."""

import re
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

MAX_QUESTION = 400
FILTER = re.compile(
    r"(?<!\S)(?:#(?P<category>[\w:-]+)|@(?P<user>[\w.-]+)|"
    r"(?P<name>category|tags?|user|in|status|order|before|after):(?P<value>\S+))",
    re.IGNORECASE,
)
PLACES = ("title", "first", "pinned")
STATES = ("solved", "unsolved", "open", "closed", "noreplies")
ORDERS = ("latest", "likes", "views", "latest_topic")


class Asked(Struct, frozen=True):
    """What is looked for: `words`, and within which bounds. What was not understood is among the words."""

    text: str = ""
    words: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    user: str = ""
    places: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    order: str = ""
    before: date | None = None
    after: date | None = None
    unknown: tuple[str, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Nothing was asked."""
        return not self.words and not self.bounded

    @property
    def bounded(self) -> bool:
        """Whether there are bounds that concern topics, so that nothing else is looked for."""
        return bool(
            self.category or self.tags or self.user or self.places or self.states or self.before or self.after
        )


def read_question(text: str) -> Asked:
    """Part the filters from the words.

    >>> read_question("cantine #restauration status:solved").category
    'restauration'
    """
    text = " ".join(text.replace("\x00", " ").split())[:MAX_QUESTION]
    asked, words, at = Asked(text=text), [], 0
    for found in FILTER.finditer(text):
        words.append(text[at : found.start()])
        asked, at = _with(asked, found), found.end()
    return replace(asked, words=" ".join(" ".join([*words, text[at:]]).split()))


def _with(asked: Asked, found: re.Match[str]) -> Asked:
    name, value = (found["name"] or "").lower(), found["value"] or ""
    if found["category"] or name == "category":
        return replace(asked, category=found["category"] or value)
    if found["user"] or name == "user":
        return replace(asked, user=(found["user"] or value).lstrip("@"))
    if name in ("tag", "tags"):
        return replace(asked, tags=(*asked.tags, *filter(None, value.split(","))))
    if name in ("before", "after"):
        return _dated(asked, name, value)
    return _chosen(asked, name, value.lower())


def _dated(asked: Asked, name: str, value: str) -> Asked:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return replace(asked, unknown=(*asked.unknown, f"{name}:{value}"))
    return replace(asked, before=day) if name == "before" else replace(asked, after=day)


def _chosen(asked: Asked, name: str, value: str) -> Asked:
    if name == "in" and value in PLACES:
        return replace(asked, places=(*asked.places, value))
    if name == "status" and value in STATES:
        return replace(asked, states=(*asked.states, value))
    if name == "order" and value in ORDERS:
        return replace(asked, order=value)
    return replace(asked, unknown=(*asked.unknown, f"{name}:{value}"))
