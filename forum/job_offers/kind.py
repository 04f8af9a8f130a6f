"""The job offer as a kind of topic. It expires by itself, the day after its deadline."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.i18n import gettext as _
from forum.kinds.fields import Field
from forum.kinds.registry import Details, Kind, Values
from forum.kinds.steps import set_state
from realtime.log import Record

EXPIRED = "expired"
BRANCHES = {
    "local": lambda: _("Local civil service"),
    "state": lambda: _("State civil service"),
    "hospital": lambda: _("Hospital civil service"),
}
GRADES = {"a": lambda: _("Category A"), "b": lambda: _("Category B"), "c": lambda: _("Category C")}
TERMS = {
    "tenured": lambda: _("Tenured"),
    "open": lambda: _("Tenured or on contract"),
    "contract": lambda: _("On contract"),
    "secondment": lambda: _("Secondment or mobility"),
}


def today() -> str:
    """The day by which deadlines are judged (UTC: an offer stays open an hour or two longer in France)."""
    return now().date().isoformat()


async def check(viewer: Viewer, values: Values) -> Mapping[str, str]:
    """An offer is open when it is published or corrected."""
    past = str(values.get("deadline") or "") < today()
    return {"deadline": _("This day has passed: until when may one apply?")} if past else {}


async def open_again(record: Record, author: Viewer, topic_id: int, values: Values) -> None:
    """An offer whose deadline was put off is open again."""
    await set_state(JOB, topic_id, EXPIRED, "")


async def markup(topic: Any, details: Details) -> Mapping[str, Any]:
    """A JobPosting."""
    return {
        "@type": "JobPosting",
        "title": topic.title,
        "description": ", ".join(
            details.text(name) for name in ("branch", "grade", "terms") if details.has(name)
        ),
        "datePosted": topic.created_at.date().isoformat(),
        "validThrough": details.values["deadline"],
        "hiringOrganization": {"@type": "Organization", "name": details.text("employer")},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": details.text("place"),
                "addressCountry": "FR",
            },
        },
        "url": details.text("official_link"),
    }


JOB = Kind(
    "job",
    label=lambda: _("Job offer"),
    plural=lambda: _("Job offers"),
    choice=lambda: _("a job offer: we are hiring"),
    heading=lambda: _("The post, in one sentence"),
    text_label=lambda: _("What one will do, and with whom"),
    icon="briefcase",
    table="job_offers",
    state_label=lambda state: _("Expired: applications are closed") if state == EXPIRED else "",
    fields=(
        Field("employer", lambda: _("Employer"), required=True, in_row=True),
        Field("place", lambda: _("Place"), required=True, in_row=True),
        Field("branch", lambda: _("Branch"), "choice", required=True, choices=BRANCHES, in_row=True),
        Field("grade", lambda: _("Grade"), "choice", choices=GRADES, in_row=True),
        Field("terms", lambda: _("Terms"), "choice", choices=TERMS),
        Field("deadline", lambda: _("Apply until"), "day", required=True, in_row=True),
        Field("starts_on", lambda: _("Begins on"), "day"),
        Field(
            "official_link",
            lambda: _("Official advertisement"),
            "link",
            lambda: _("One applies there, not here."),
            required=True,
        ),
    ),
    check=check,
    written=open_again,
    markup=markup,
)
