"""Steps of whatever changes who is in a group: rights follow at once, on open pages too."""

from forum.animators.steps import animates, refresh_cards_of
from forum.channels import user_channel
from forum.clock import now
from forum.errors import NotFound
from forum.groups.models import Admission
from forum.notifications.hidden import forget_hidden_of_member
from realtime import rights
from realtime.log import Record
from realtime.sql import sql


async def take_group(group_id: int) -> Admission:
    """Take the group's lock, until the transaction is over: changes of its members come one after the other.

    Raises:
        NotFound: it has just been deleted.
    """
    rows = await sql("UPDATE groups SET name = name WHERE id = {0} RETURNING admission", group_id)
    if not rows:
        raise NotFound
    return Admission(rows[0]["admission"])


async def is_owner(group_id: int, user_id: int | None) -> bool:
    """Whether a member owns the group at this moment."""
    rows = await sql(
        "SELECT 1 FROM group_users WHERE group_id = {0} AND user_id = {1} AND owner", group_id, user_id or 0
    )
    return bool(rows)


async def is_last_owner(group_id: int, user_id: int) -> bool:
    """Whether the group would be without an owner, whose account is open, if this member were none."""
    rows = await sql(
        """SELECT gu.user_id FROM group_users gu JOIN users u ON u.id = gu.user_id
            WHERE gu.group_id = {0} AND gu.owner AND u.deactivated_at IS NULL""",
        group_id,
    )
    return [row["user_id"] for row in rows] == [user_id]


async def let_in(record: Record, group_id: int, user_id: int) -> bool:
    """Put a member in; their wish to join, if it waits, is granted. False if they were in already."""
    added = await sql(
        """INSERT INTO group_users (group_id, user_id, owner) VALUES ({0}, {1}, {2})
            ON CONFLICT (group_id, user_id) DO NOTHING RETURNING id""",
        group_id,
        user_id,
        False,
    )
    if added:
        await sql(
            """UPDATE group_requests SET accepted = {2}, decided_at = {3}, read = {4}
                WHERE group_id = {0} AND user_id = {1} AND decided_at IS NULL""",
            group_id,
            user_id,
            True,
            now(),
            False,
        )
        rights.user_changed(record, str(user_id))
        _tell(record, user_id)
        await tell_owners(record, group_id)
        if await animates(group_id):
            await refresh_cards_of([user_id])
    return bool(added)


async def put_out(record: Record, group_id: int, user_id: int) -> bool:
    """Take a member out, with their alerts about what they may no longer see; False if not in it."""
    removed = await sql(
        "DELETE FROM group_users WHERE group_id = {0} AND user_id = {1} RETURNING id", group_id, user_id
    )
    if removed:
        await sql("DELETE FROM group_requests WHERE group_id = {0} AND user_id = {1}", group_id, user_id)
        await forget_hidden_of_member(user_id, record)
        rights.user_changed(record, str(user_id))
        _tell(record, user_id)
        if await animates(group_id):
            await refresh_cards_of([user_id])
    return bool(removed)


def _tell(record: Record, user_id: int) -> None:
    record(user_channel(user_id), "notification.changed", user_id=user_id)
    record(user_channel(user_id), "groups.changed", user_id=user_id)


async def tell_owners(record: Record, group_id: int) -> None:
    """The owners' badges count the wishes that wait for them."""
    rows = await sql(
        "SELECT user_id FROM group_users WHERE group_id = {0} AND owner ORDER BY user_id", group_id
    )
    for row in rows:
        record(user_channel(row["user_id"]), "notification.changed", user_id=row["user_id"])
