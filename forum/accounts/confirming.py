"""That it is oneself who asks for what cannot be taken back."""

from forum.accounts.passwords import verify_password
from forum.errors import Invalid
from forum.i18n import gettext as _
from realtime.sql import sql


async def check_own_password(user_id: int, password: str) -> None:
    """Look whether this is the member's password.

    Raises:
        Invalid: it is not; the sentence stands at `password`.
    """
    (member,) = await sql("SELECT password_hash FROM users WHERE id = {0}", user_id)
    if not await verify_password(password, member["password_hash"]):
        raise Invalid(fields={"password": _("This is not your password.")})
