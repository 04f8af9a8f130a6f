"""Passkeys: added, used at sign-in, taken away."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from secrets import token_bytes

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.sessions import Browser, add_session
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.erasures.steps import may_be_called_off
from forum.errors import Invalid, NotFound
from forum.factors.actions import enter
from forum.factors.queries import Pending
from forum.factors.steps import factor_added, factor_removed, take_account
from forum.i18n import gettext as _
from forum.passkeys.ceremonies import Key, Party, Refused, id_in, key_added, sign_count_shown
from forum.passkeys.queries import OwnedKey, key_called
from forum.profiles.names import clean_name
from forum.suspensions.refusal import check_suspension
from realtime import log
from realtime.sql import sql

CHALLENGE_LIFETIME = timedelta(minutes=5)
MAX_KEYS = 20


async def new_challenge(bound_to: str) -> bytes:
    """What a key is to sign, in the place of what was asked before.

    Args:
        bound_to: the session, pending sign-in or browser that asks; nobody else can use it.
    """
    challenge = token_bytes(32)
    async with log.transaction():
        await sql(
            """INSERT INTO passkey_challenges (bound_to, challenge, expires_at) VALUES ({0}, {1}, {2})
                ON CONFLICT (bound_to) DO UPDATE
                SET challenge = excluded.challenge, expires_at = excluded.expires_at""",
            bound_to,
            urlsafe_b64encode(challenge).decode(),
            now() + CHALLENGE_LIFETIME,
        )
    return challenge


async def _spend_challenge(bound_to: str) -> bytes:
    """The challenge, once, whatever comes of it.

    Raises:
        Refused: there is none any more.
    """
    async with log.transaction():
        rows = await sql(
            "DELETE FROM passkey_challenges WHERE bound_to = {0} AND expires_at > {1} RETURNING challenge",
            bound_to,
            now(),
        )
    if not rows:
        raise Refused
    return urlsafe_b64decode(rows[0]["challenge"])


async def add_passkey(
    viewer: Viewer, party: Party, bound_to: str, name: str, answer: str, base_url: str
) -> list[str]:
    """Add the key that a browser has made.

    Returns:
        Codes for paper, to be shown once, with the member's first factor.

    Raises:
        Invalid: the answer does not hold, the key is known already, or there are too many.
    """
    called = _name_of(name)
    try:
        key = key_added(party, await _spend_challenge(bound_to), answer)
    except Refused as error:
        raise Invalid(fields={"passkey": _("The browser did not finish. Try again.")}) from error
    try:
        async with log.transaction() as record:
            await take_account(viewer.member_id)
            await _put(viewer.member_id, called, key)
            return await factor_added(record, viewer.member_id, base_url, "passkey", called)
    except IntegrityError as error:
        raise Invalid(fields={"passkey": _("This key is known already.")}) from error


def _name_of(typed: str) -> str:
    """The key's name, as what else people call things; there is one when none was typed."""
    try:
        return clean_name(typed) or _("Passkey")
    except ValueError as fault:
        raise Invalid(fields={"name": str(fault)}) from fault


async def _put(user_id: int, name: str, key: Key) -> None:
    (held,) = await sql("SELECT COUNT(*) AS n FROM passkeys WHERE user_id = {0}", user_id)
    if held["n"] >= MAX_KEYS:
        raise Invalid(
            fields={"passkey": _("You have %(n)d passkeys: take one away first.") % {"n": MAX_KEYS}}
        )
    await sql(
        """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, name, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6})""",
        user_id,
        key.credential_id,
        urlsafe_b64encode(key.public_key).decode(),
        key.sign_count,
        " ".join(key.transports),
        name,
        now(),
    )


async def remove_passkey(viewer: Viewer, passkey_id: int, base_url: str) -> None:
    """Let one of one's own passkeys open nothing any more.

    Raises:
        NotFound: no such passkey, or one of somebody else's.
    """
    async with log.transaction() as record:
        await take_account(viewer.member_id)
        gone = await sql(
            "DELETE FROM passkeys WHERE id = {0} AND user_id = {1} RETURNING name",
            passkey_id,
            viewer.member_id,
        )
        if not gone:
            raise NotFound
        await factor_removed(record, viewer.member_id, base_url, "passkey", gone[0]["name"])


class Entered(Struct, frozen=True):
    """Whose key has signed, the token of their new session, whether that has called an erasure off."""

    user_id: int
    token: str
    kept: bool


async def enter_with_passkey(
    party: Party, bound_to: str, answer: str, browser: Browser, pending: Pending | None = None
) -> Entered:
    """Sign in the member whose key has signed.

    Args:
        pending: whoever gave the right password before. Without it the key is all that is shown: it must have
            asked for a finger or a PIN, and so is two factors in one.

    Raises:
        Invalid: not a key of theirs, or its answer does not hold. SignInSpent: `pending` is over.
        Suspended: it holds, and the account is kept out for some time.
    """
    try:
        challenge = await _spend_challenge(bound_to)
        owned = await key_called(id_in(answer))
        if owned is None or (pending is not None and owned.user_id != pending.user_id):
            raise Refused
        count = sign_count_shown(party, challenge, answer, owned.key, alone=pending is None)
        await check_suspension(owned.user_id)
        async with log.transaction():
            await _note_use(owned, count)
            kept = await may_be_called_off(owned.user_id)
            token = await (enter(pending, browser) if pending else add_session(owned.user_id, browser))
            return Entered(owned.user_id, token, kept)
    except Refused as error:
        raise Invalid(fields={"passkey": _("This key does not open an account here.")}) from error


async def _note_use(owned: OwnedKey, count: int) -> None:
    """The first statement: of two uses with the same count, one is a copy's.

    Raises:
        Refused: it was used with this count, or taken away.
    """
    noted = await sql(
        """UPDATE passkeys SET sign_count = {1}, last_used_at = {2}
            WHERE id = {0} AND (sign_count < {1} OR (sign_count = 0 AND {1} = 0)) RETURNING id""",
        owned.id,
        count,
        now(),
    )
    if not noted:
        raise Refused
