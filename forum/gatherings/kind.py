"""The gathering as a kind of topic: a site visit, a shared training, a working group."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.errors import Invalid
from forum.gatherings.queries import is_over, outcome_missing, seats_of
from forum.gatherings.steps import serve_waiting
from forum.i18n import gettext as _
from forum.kinds.fields import Field
from forum.kinds.registry import Details, Kind, Values
from forum.kinds.units import seats
from realtime.log import Record
from realtime.sql import as_datetime, sql

HELD, CALLED_OFF = "held", "called_off"
TYPES = {
    "visit": lambda: _("Site visit"),
    "training": lambda: _("Shared training"),
    "group": lambda: _("Working group"),
}


async def check(viewer: Viewer, values: Values) -> Mapping[str, str]:
    """It ends after it has begun."""
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if isinstance(starts, str) and isinstance(ends, str) and ends <= starts:
        return {"ends_at": _("It ends before it begins: correct one of the two.")}
    return {}


async def serve(record: Record, author: Viewer, topic_id: int, values: Values) -> None:
    """A new one is still to come; more places, in one that is there, are for those who wait.

    Raises:
        Invalid: it is announced after its day.
    """
    (row,) = await sql(
        """SELECT g.version, t.created_at FROM gatherings g JOIN topics t ON t.id = g.topic_id
            WHERE g.topic_id = {0}""",
        topic_id,
    )
    last = str(values.get("ends_at") or values.get("starts_at"))
    if row["version"] == 1 and is_over(last, as_datetime(row["created_at"])):
        raise Invalid(fields={"starts_at": _("This day has passed: when will it be?")})
    await serve_waiting(record, author.member_id, topic_id)


async def closing(topic_id: int) -> str:
    """A gathering closes with an output, or with a reason."""
    missing = await outcome_missing(topic_id)
    return _("Say first what came out of it, or why it did not take place.") if missing else ""


async def markup(topic: Any, details: Details) -> Mapping[str, Any]:
    """An Event."""
    ended = {"endDate": details.values["ends_at"]} if details.has("ends_at") else {}
    status = "EventCancelled" if details.state == CALLED_OFF else "EventScheduled"
    return {
        "@type": "Event",
        "name": topic.title,
        "startDate": details.values["starts_at"],
        **ended,
        "eventStatus": f"https://schema.org/{status}",
        "location": {"@type": "Place", "name": details.text("place"), "address": details.text("place")},
    }


def _state(state: str) -> str:
    words = {HELD: _("It took place"), CALLED_OFF: _("It did not take place")}
    return words.get(state, "")


GATHERING = Kind(
    "gathering",
    label=lambda: _("Gathering"),
    plural=lambda: _("Gatherings"),
    choice=lambda: _("a gathering: site visit, training, working group"),
    heading=lambda: _("What brings us together, in one sentence"),
    text_label=lambda: _("What will be seen, learned or produced, and for whom"),
    icon="calendar",
    table="gatherings",
    folder="gatherings",
    state_label=_state,
    texts=("outcome",),
    fields=(
        Field("gathering_type", lambda: _("Type"), "choice", required=True, choices=TYPES, in_row=True),
        Field("starts_at", lambda: _("Begins"), "moment", required=True, in_row=True),
        Field("ends_at", lambda: _("Ends"), "moment"),
        Field(
            "place",
            lambda: _("Place"),
            hint=lambda: _("An address, or how to join from afar."),
            required=True,
            in_row=True,
        ),
        Field(
            "places",
            lambda: _("Number of places"),
            "number",
            lambda: _("Whoever comes later waits for a place; empty: as many as come."),
            least=1,
            most=5000,
            unit=seats,
        ),
        Field(
            "organisation_places",
            lambda: _("Places for one organisation"),
            "number",
            lambda: _("How many people of the same organisation at the most; empty: as many as come."),
            least=1,
            most=5000,
            unit=seats,
        ),
        Field("programme", lambda: _("Programme"), "text"),
    ),
    check=check,
    written=serve,
    closing=closing,
    beside=seats_of,
    markup=markup,
)
