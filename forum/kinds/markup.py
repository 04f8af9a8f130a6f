"""What search engines are told of a topic, as JSON-LD in the page of whoever has not signed in."""

from collections.abc import Mapping
from typing import Any

import orjson
from markupsafe import Markup
from starlette.requests import Request

from forum.kinds.registry import Details, kind_of
from forum.markdown.excerpts import excerpt
from forum.web import site_address, viewer_of
from realtime.sql import sql

EXCERPT = 600


async def markup_of(request: Request, topic: Any, details: Details | None) -> Markup:
    """The markup; empty for members, who do not need it."""
    if viewer_of(request).signed_in:
        return Markup("")
    kind, site = kind_of(topic.kind), site_address(request)
    if kind.solvable:
        shape: Mapping[str, Any] = await _question(topic, site)
    elif kind.markup and details is not None:
        shape = await kind.markup(topic, details)
    else:
        return Markup("")
    text = orjson.dumps({"@context": "https://schema.org", **shape}).decode()
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - no sign of it can end the element


async def _question(topic: Any, site: str) -> Mapping[str, Any]:
    """A QAPage: the question and its accepted answers."""
    rows = await sql(
        """SELECT p.post_number, p.cooked, p.score, a.id AS accepted FROM posts p
            LEFT JOIN accepted_answers a ON a.post_id = p.id
            WHERE p.topic_id = {0} AND p.deleted_at IS NULL AND (p.post_number = 1 OR a.id IS NOT NULL)
            ORDER BY p.post_number LIMIT 6""",
        topic.id,
    )
    address = f"{site}/t/{topic.slug}/{topic.id}"
    answers = [
        {
            "@type": "Answer",
            "text": excerpt(row["cooked"], EXCERPT),
            "upvoteCount": row["score"],
            "url": f"{address}/{row['post_number']}",
        }
        for row in rows
        if row["accepted"]
    ]
    asked = next((excerpt(row["cooked"], EXCERPT) for row in rows if row["post_number"] == 1), "")
    question = {
        "@type": "Question",
        "name": topic.title,
        "text": asked,
        "answerCount": topic.reply_count,
        "dateCreated": topic.created_at.isoformat(),
        **({"acceptedAnswer": answers} if answers else {}),
    }
    return {"@type": "QAPage", "mainEntity": question}
