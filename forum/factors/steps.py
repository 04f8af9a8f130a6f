"""Steps of whatever adds, uses or takes away a factor, within its transaction."""

from forum.clock import now
from forum.factors.codes import code_hash, new_codes
from forum.factors.queries import HAS_FACTOR
from forum.mail.actions import write_mail
from realtime import rights
from realtime.log import Record
from realtime.sql import sql


async def take_account(user_id: int) -> None:
    """The first statement of each change: of two at once, one waits for the other."""
    await sql("UPDATE users SET username_lower = username_lower WHERE id = {0}", user_id)


async def factor_added(record: Record, user_id: int, base_url: str, what: str, name: str = "") -> list[str]:
    """Tell the owner, give staff their rights, and make codes for paper with the first factor.

    Args:
        what, name: "application", or "passkey" and how its owner calls it.

    Returns:
        The codes, to be shown once; none when there are some already.
    """
    codes = [] if await _has_codes(user_id) else await put_codes(user_id)
    await tell_owner(user_id, base_url, f"{what}_added", name=name)
    rights.user_changed(record, str(user_id))
    return codes


async def factor_removed(record: Record, user_id: int, base_url: str, what: str, name: str = "") -> None:
    """Tell the owner, take staff's rights with the last factor, and the codes on paper too."""
    (left,) = await sql(f"SELECT {HAS_FACTOR} AS found", user_id)
    if not left["found"]:
        await sql("DELETE FROM recovery_codes WHERE user_id = {0}", user_id)
    await tell_owner(user_id, base_url, f"{what}_removed", name=name)
    rights.user_changed(record, str(user_id))


async def _has_codes(user_id: int) -> bool:
    return bool(await sql("SELECT 1 FROM recovery_codes WHERE user_id = {0} LIMIT 1", user_id))


async def put_codes(user_id: int) -> list[str]:
    """New codes for paper in the place of the old ones, as they are to be shown."""
    await sql("DELETE FROM recovery_codes WHERE user_id = {0}", user_id)
    codes = new_codes()
    for code in codes:
        await sql(
            "INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES ({0}, {1}, {2})",
            user_id,
            code_hash(user_id, code),
            now(),
        )
    return codes


async def tell_owner(user_id: int, base_url: str, change: str, *, name: str = "", left: int = 0) -> None:
    """Write to the owner of an account what was done to its second factor, if it has an address."""
    rows = await sql("SELECT email, locale FROM users WHERE id = {0}", user_id)
    if rows and rows[0]["email"]:
        await write_mail(
            "second_factor", rows[0]["email"], base_url, rows[0]["locale"] or "",
            change=change, name=name, left=left,
        )  # fmt: skip
