"""Somebody who asks to be let in."""

from forum.accounts.viewer import Viewer
from forum.settings.actions import change_setting
from forum.signup_requests.queries import RequestCard, request_of_signup, request_visible_to
from forum.signup_requests.steps import open_request
from forum.signups.actions import Asked, ask_for_account
from realtime import log
from tests.cast import PASSWORD, Cast

MOTIVE = "I cook at the school of Vaubrun: zanzibarium."
# In what she says, and nowhere else.
CANARY = "zanzibarium"
CAROLE = {
    "username": "carole",
    "name": "Carole Petit",
    "email": "carole@mairie.example.org",
    "motive": MOTIVE,
}
SITE = "http://127.0.0.1"


async def staff_decide(cast: Cast) -> None:
    """Ada sets the rule."""
    await change_setting(await cast.ada(), "sign_up", "approval")


async def _always(address: str) -> bool:
    return True


async def a_request(username: str = "carole", email: str = CAROLE["email"], motive: str = MOTIVE) -> int:
    """Somebody has asked, and confirmed their address; the request's number."""
    asked = Asked(username, "Carole Petit", email, PASSWORD, "1", motive)
    signup_id = await ask_for_account(asked, SITE, _always)
    async with log.transaction() as record:
        assert await open_request(record, signup_id, username, motive)
    found = await request_of_signup(signup_id)
    assert found is not None
    return found.id


async def as_seen_by(viewer: Viewer, id: int) -> RequestCard:
    """The request, as it is now."""
    return await request_visible_to(viewer, id)
