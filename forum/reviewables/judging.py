"""What the pages of the queue on which somebody decides have in common: the form, and how it is refused."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Conflict, Invalid
from forum.web import done, wants_json


class DecisionForm(Struct, frozen=True):
    """What was chosen and typed, and what is wrong with it."""

    decision: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


NOTHING_TYPED = DecisionForm()


def decision_in(form: Mapping[str, str]) -> DecisionForm:
    """What was chosen and typed."""
    return DecisionForm(form.get("decision", ""), form.get("reason", ""))


async def judged(
    request: Request,
    act: Awaitable[None],
    again: Callable[[Request, DecisionForm, int], Awaitable[Response]],
    location: str,
    typed: DecisionForm = NOTHING_TYPED,
) -> Response:
    """Claim or decide an item; whoever comes second is told, and sees what the first one decided.

    Args:
        act: the claim or the decision.
        again: the item's page as it is now, with a form and a status.
        location: where to go on once it is done.
        typed: what is shown again when it is refused.

    Raises:
        Invalid, Conflict: to a script, which shows it itself.
    """
    try:
        await act
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"decision": fault.message}
        return await again(request, replace(typed, errors=errors), fault.status)
    return done(request, location)
