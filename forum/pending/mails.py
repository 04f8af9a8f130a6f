"""The mail that says why a post was not published."""

from msgspec import Struct

from forum.mail.kinds import Envelope, Letter, mail
from realtime.sql import sql


class RefusalLetter(Struct, frozen=True):
    """The reason, and the page where the text is kept and an appeal can be made."""

    reason: str
    link: str


@mail("pending_refused")
async def tell_refusal(envelope: Envelope, held_id: int) -> Letter | None:
    """To the author; nothing once it is asked again, or published."""
    rows = await sql("SELECT reason FROM pending_posts WHERE id = {0} AND is_open = false", held_id)
    if not rows:
        return None
    link = envelope.address(f"/pending/{held_id}")
    return Letter("pending_refused.html", RefusalLetter(rows[0]["reason"], link))
