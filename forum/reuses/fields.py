"""What an organisation says of its reuse: a state, and whatever else it will; read as the fields of kinds."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from forum.clock import now
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.kinds.fields import Fault, Field, Value, Words
from forum.kinds.units import euros, months, staff_days
from forum.reuses.models import ReuseState

MAX_EUROS, MAX_MONTHS, MAX_DAYS = 2_000_000_000, 1200, 1_000_000

STATES: Mapping[str, Words] = {
    ReuseState.STUDIED: lambda: _("studied"),
    ReuseState.TESTING: lambda: _("on trial"),
    ReuseState.IN_SERVICE: lambda: _("in service"),
    ReuseState.ABANDONED: lambda: _("given up"),
}
FIELDS = (
    Field("state", lambda: _("State"), "choice", required=True, choices=STATES),
    Field("since", lambda: _("Since"), "day"),
    Field("changes", lambda: _("What was changed"), "text"),
    Field(
        "reason",
        lambda: _("Why it was given up"),
        "text",
        hint=lambda: _("Needed if you gave it up: it spares others the same road."),
    ),
    Field("cost", lambda: _("Real cost, in euros"), "number", most=MAX_EUROS, unit=euros),
    Field("months", lambda: _("Duration, in months"), "number", most=MAX_MONTHS, unit=months),
    Field("staff_days", lambda: _("Staff time, in days"), "number", most=MAX_DAYS, unit=staff_days),
    Field(
        "contact",
        lambda: _("Whom to contact"),
        hint=lambda: _("A function rather than a name: “technical services, town hall”."),
    ),
)
# As whoever reads it has it before them; the form asks whoever knows.
SHOWN: Mapping[str, Words] = {
    "since": lambda: _("Since"),
    "changes": lambda: _("What was changed"),
    "reason": lambda: _("Why it was given up"),
    "cost": lambda: _("Real cost"),
    "months": lambda: _("Duration"),
    "staff_days": lambda: _("Staff time"),
    "contact": lambda: _("Contact"),
}
NAMES = tuple(one.name for one in FIELDS)


class Form(Struct, frozen=True):
    """The fields, as the partial of typed fields takes them."""

    fields: tuple[Field, ...] = FIELDS


def state_words(state: str) -> str:
    """A state, in the current language."""
    return STATES[state]() if state in STATES else state


def read_reuse(typed: Mapping[str, str], today: date | None = None) -> dict[str, Value]:
    """What was typed, as values.

    Args:
        today: the last day that may be told of; the present one.

    Raises:
        Invalid: a sentence for each field that does not do; a reason is needed for what was given up.
    """
    faults: dict[str, str] = {}
    values: dict[str, Value] = {}
    for one in FIELDS:
        try:
            values[one.name] = one.read(typed.get(one.name, ""))
        except Fault as fault:
            faults[one.name] = str(fault)
    if values.get("state") == ReuseState.ABANDONED and not values.get("reason") and "reason" not in faults:
        faults["reason"] = _("Say why in a few words: others learn from it.")
    if str(values.get("since") or "") > (today or now().date()).isoformat():
        faults["since"] = _("This day is still to come: give the day on which it began.")
    if faults:
        raise Invalid(fields=faults)
    return values
