"""The experience sheet as a kind of topic."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import NotFound
from forum.i18n import gettext as _
from forum.kinds.fields import MAX_TEXT, Field
from forum.kinds.licences import licence
from forum.kinds.registry import Details, Kind, Values
from forum.kinds.units import euros, inhabitants, months, staff_days
from forum.organisations.named import links_of
from forum.posts.text import shown_source
from forum.sheets.prose import files_in, prose
from forum.sheets.queries import requests_of
from forum.sheets.steps import tell_source
from forum.topics.queries import topic_visible_to
from realtime.log import Record
from realtime.sql import sql

MAX_PEOPLE, MAX_EUROS, MAX_MONTHS, MAX_DAYS = 100_000_000, 2_000_000_000, 1200, 1_000_000


async def check(viewer: Viewer, values: Values) -> Mapping[str, str]:
    """The topic that it comes from must be one that its author may read; a day of validity has begun."""
    faults = {}
    if isinstance(source := values.get("source_id"), int):
        try:
            await topic_visible_to(viewer, source)
        except NotFound:
            faults["source_id"] = _("The topic that this comes from is not there.")
    cost, most = values.get("cost"), values.get("cost_most")
    if isinstance(most, int) and not isinstance(cost, int):
        faults["cost"] = _("A range begins here: give its lowest amount.")
    elif isinstance(most, int) and isinstance(cost, int) and most < cost:
        faults["cost_most"] = _("The highest amount is below the lowest: correct one of the two.")
    if str(values.get("valid_on") or "") > now().date().isoformat():
        faults["valid_on"] = _("This day is still to come: give the last day on which it was true.")
    return faults


async def close_requests(record: Record, author: Viewer, topic_id: int, values: Values) -> None:
    """What has been filled in is asked no more; the topic that it comes from shows the sheet."""
    for row in await sql("SELECT DISTINCT field FROM field_requests WHERE topic_id = {0}", topic_id):
        if values.get(row["field"]) is not None:
            await sql(
                "DELETE FROM field_requests WHERE topic_id = {0} AND field = {1}", topic_id, row["field"]
            )
    if isinstance(source := values.get("source_id"), int):
        await tell_source(record, author, topic_id, source)


async def from_thread(viewer: Viewer, topic_id: int) -> Mapping[str, str]:
    """A form begun from a solved question: the question is the problem, the answer is what was done.

    The files of both stand under the problem: whoever draws the sheet may have them, and shows them again.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    topic = await topic_visible_to(viewer, topic_id)
    rows = await sql(
        """SELECT p.raw, p.post_number FROM posts p LEFT JOIN accepted_answers a ON a.post_id = p.id
            WHERE p.topic_id = {0} AND p.deleted_at IS NULL AND (p.post_number = 1 OR a.id IS NOT NULL)
            ORDER BY p.post_number""",
        topic.id,
    )
    texts = [(row["post_number"], await shown_source(row["raw"], topic.id)) for row in rows]
    problem = [text for number, text in texts if number == 1]
    answers = [text for number, text in texts if number > 1]
    return {
        "title": topic.title,
        "category_id": str(topic.category_id),
        "raw": "\n\n".join([*problem, *dict.fromkeys(file for text in answers for file in files_in(text))]),
        "done": "\n\n".join(map(prose, answers))[:MAX_TEXT],
        "source_id": str(topic.id),
    }


async def extra(topic_id: int) -> Mapping[str, Any]:
    """How many peers ask for each field; the page of the organisation."""
    return {"asked": await requests_of(topic_id), "links": await links_of("experience_sheets", topic_id)}


async def markup(topic: Any, details: Details) -> Mapping[str, Any]:
    """An Article, as there is no nearer type."""
    return {
        "@type": "Article",
        "headline": topic.title,
        "datePublished": topic.created_at.isoformat(),
        "abstract": details.text("done")[:600],
    }


SHEET = Kind(
    "sheet",
    label=lambda: _("Experience sheet"),
    plural=lambda: _("Experience sheets"),
    choice=lambda: _("an experience sheet: we did it, this is how"),
    heading=lambda: _("What you achieved, in one sentence"),
    text_label=lambda: _("The problem"),
    icon="file-text",
    table="experience_sheets",
    folder="sheets",
    holds_for=12,
    fields=(
        Field(
            "done",
            lambda: _("What we did"),
            "text",
            lambda: _("Step by step, as you would tell a colleague who starts tomorrow."),
            required=True,
        ),
        Field("expected", lambda: _("What we expected"), "text"),
        Field("happened", lambda: _("What happened"), "text"),
        Field("causes", lambda: _("Why"), "text"),
        Field("lessons", lambda: _("What we learned"), "text"),
        Field(
            "never_again",
            lambda: _("What we would not do again"),
            "text",
            lambda: _("What helps most, and is told least."),
            warning=True,
        ),
        Field("conditions", lambda: _("Conditions of success"), "text"),
        Field("organisation", lambda: _("Organisation"), "line"),
        Field(
            "population",
            lambda: _("Population served"),
            "number",
            least=1,
            most=MAX_PEOPLE,
            unit=inhabitants,
            in_row=True,
            ranged=True,
        ),
        Field(
            "cost",
            lambda: _("Cost, in euros"),
            "number",
            lambda: _("An order of magnitude will do."),
            most=MAX_EUROS,
            unit=euros,
            in_row=True,
            ranged=True,
            up_to="cost_most",
        ),
        Field(
            "cost_most",
            lambda: _("Or up to, in euros"),
            "number",
            lambda: _("Where the cost is known as a range only: its highest amount."),
            most=MAX_EUROS,
            unit=euros,
        ),
        Field(
            "months",
            lambda: _("Duration, in months"),
            "number",
            most=MAX_MONTHS,
            unit=months,
            in_row=True,
            ranged=True,
        ),
        Field(
            "staff_days",
            lambda: _("Time of staff, in days"),
            "number",
            most=MAX_DAYS,
            unit=staff_days,
            in_row=True,
            ranged=True,
        ),
        Field("legal_basis", lambda: _("Legal basis"), "line"),
        Field(
            "contact",
            lambda: _("Function to contact"),
            "line",
            lambda: _("A function rather than a name: it stays when people leave."),
        ),
        Field("valid_on", lambda: _("Valid on"), "day"),
        licence(),
        Field("source_id", lambda: _("Topic that it comes from"), "hidden"),
    ),
    check=check,
    written=close_requests,
    prefill=from_thread,
    beside=extra,
    markup=markup,
)
