"""The letter to an organisation's official address, with the code that proves that a member works there."""

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from realtime.sql import sql


class CodeLetter(Struct, frozen=True):
    """Who asks, for which organisation, and the code to hand to them."""

    name: str
    organisation: str
    code: str
    site: str


@mail("organisation_code")
async def hand_code_over(envelope: Envelope, user_id: int, organisation_id: int, code: str) -> Letter | None:
    """Nothing once the member has left, or the address has changed; a merge meanwhile changes neither."""
    rows = await sql(
        """SELECT u.name, u.username, o.name AS organisation FROM organisations o
            JOIN organisation_members m ON m.organisation_id = COALESCE(o.merged_into_id, o.id)
            JOIN users u ON u.id = m.user_id
            WHERE m.user_id = {0} AND o.id = {1} AND o.email = {2}""",
        user_id,
        organisation_id,
        envelope.to,
    )
    if not rows:
        return None
    row = rows[0]
    letter = CodeLetter(row["name"] or row["username"], row["organisation"], code, envelope.address("/"))
    return Letter("organisation_code.html", letter)
