"""The guide as a kind of topic: its first post is everyone's to improve, its headings are its contents."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.i18n import gettext as _
from forum.kinds.fields import Field
from forum.kinds.licences import licence
from forum.kinds.registry import Details, Kind, beside
from forum.topics.permissions import may_reply
from forum.topics.queries import TopicCard
from realtime.sql import sql

HEADING = re.compile(r"<h([3-6])[^>]*>(.*?)</h\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


class Heading(Struct, frozen=True):
    """A line of the contents. The address finds its words in the text (else: the text's beginning)."""

    title: str
    level: int
    path: str


async def extra(topic_id: int) -> Mapping[str, Any]:
    """The contents, and which version of the text this is."""
    rows = await sql(
        "SELECT id, cooked, version FROM posts WHERE topic_id = {0} AND post_number = 1"
        " AND deleted_at IS NULL",
        topic_id,
    )
    if not rows:
        return {"contents": [], "post_id": 0, "text_version": 0}
    row = rows[0]
    return {
        "contents": headings(row["cooked"], row["id"]),
        "post_id": row["id"],
        "text_version": row["version"],
    }


def headings(cooked: str, post_id: int) -> list[Heading]:
    """The headings of a cooked text."""
    found = []
    for level, html in HEADING.findall(cooked):
        title = unescape(TAG.sub("", html)).strip()
        if title:
            found.append(Heading(title, int(level), f"#post-{post_id}:~:text={quote(title, safe='')}"))
    return found


@beside
async def guide_side(
    viewer: Viewer, topic: TopicCard, details: Details | None
) -> tuple[str, Mapping[str, Any]] | None:
    """The way to improve it."""
    if details is None or details.kind is not GUIDE or not details.extra["post_id"]:
        return None
    return "guides/_improve.html", {"details": details, "may_improve": may_reply(viewer, topic)}


GUIDE = Kind(
    "guide",
    label=lambda: _("Guide"),
    plural=lambda: _("Guides"),
    choice=lambda: _("a guide: we write it together"),
    heading=lambda: _("What the guide helps to do, in one sentence"),
    text_label=lambda: _("The guide, with headings (## Before you start)"),
    icon="book-open",
    table="guides",
    folder="guides",
    wiki=True,
    fields=(
        Field("audience", lambda: _("For whom"), "line", in_row=True),
        Field("valid_on", lambda: _("Valid on"), "day"),
        licence(),
    ),
    beside=extra,
)
