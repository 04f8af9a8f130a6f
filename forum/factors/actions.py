"""Second factors: set up, used at sign-in, taken away."""

from datetime import timedelta
from secrets import token_urlsafe

import orjson
from msgspec.structs import asdict

from forum.accounts.passwords import verify_password
from forum.accounts.permissions import may_reset_factors
from forum.accounts.queries import standing_of
from forum.accounts.sessions import Browser, add_session, close_sessions
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.credentials.queries import account_numbered
from forum.errors import Conflict, Invalid, NotFound, require
from forum.factors.codes import code_hash, matching_step, new_secret
from forum.factors.queries import Pending, Wish, codes_left, hash_pending, mark_of, sealed_secret
from forum.factors.sealing import seal, unseal
from forum.factors.steps import factor_added, factor_removed, put_codes, take_account, tell_owner
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import log, rights
from realtime.sql import sql

PENDING_LIFETIME = timedelta(minutes=10)


class SignInSpent(NotFound):
    """A pending sign-in that was used, is too old, or never was."""


async def confirm_session(viewer: Viewer, password: str) -> None:
    """Show once more that a session is one's own.

    Raises:
        Invalid: not the member's password.
    """
    account = await account_numbered(viewer.member_id)
    if not await verify_password(password, account.password_hash):
        raise Invalid(fields={"password": _("This is not your password.")})
    async with log.transaction():
        await sql("UPDATE sessions SET confirmed_at = {1} WHERE id = {0}", viewer.session_id, now())


async def start_application(viewer: Viewer, config: Config) -> None:
    """Make a secret for an authenticator application, in the place of one that was not confirmed.

    Raises:
        Conflict: there is one in use: it is taken away first.
    """
    secret = seal(config, _place(viewer.member_id), new_secret())
    async with log.transaction():
        made = await sql(
            """INSERT INTO totps (user_id, secret, last_step, created_at) VALUES ({0}, {1}, 0, {2})
                ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
                WHERE totps.confirmed_at IS NULL RETURNING id""",
            viewer.member_id,
            secret,
            now(),
        )
    if not made:
        raise Conflict(_("You have an authenticator app already: take it away first."))


async def secret_to_confirm(viewer: Viewer, config: Config) -> str | None:
    """The secret that an application is to learn; None when there is none, or it is confirmed."""
    sealed = await sealed_secret(viewer.member_id, confirmed=False)
    return unseal(config, _place(viewer.member_id), sealed) if sealed else None


def _place(user_id: int) -> str:
    return f"totp {user_id}"


async def confirm_application(viewer: Viewer, config: Config, typed: str, base_url: str) -> list[str]:
    """Put an application in use: a code, spent by that, shows that it has learnt the secret.

    Returns:
        Codes for paper, to be shown once, with the member's first factor.

    Raises:
        NotFound: none was started. Invalid: not its code.
    """
    sealed = await sealed_secret(viewer.member_id, confirmed=False)
    secret = unseal(config, _place(viewer.member_id), sealed) if sealed else None
    if secret is None:
        raise NotFound
    step = matching_step(secret, typed, now())
    if step is None:
        sentence = _("This is not the code of the moment. Look whether the phone’s clock is right.")
        raise Invalid(fields={"code": sentence})
    async with log.transaction() as record:
        await take_account(viewer.member_id)
        confirmed = await sql(
            """UPDATE totps SET confirmed_at = {1}, last_step = {2}
                WHERE user_id = {0} AND confirmed_at IS NULL AND secret = {3} RETURNING id""",
            viewer.member_id,
            now(),
            step,
            sealed,
        )
        if not confirmed:
            raise NotFound
        return await factor_added(record, viewer.member_id, base_url, "application")


async def remove_application(viewer: Viewer, base_url: str) -> None:
    """Ask for no code of the application any more.

    Raises:
        NotFound: there is none in use.
    """
    async with log.transaction() as record:
        await take_account(viewer.member_id)
        gone = await sql(
            "DELETE FROM totps WHERE user_id = {0} AND confirmed_at IS NOT NULL RETURNING id",
            viewer.member_id,
        )
        if not gone:
            raise NotFound
        await factor_removed(record, viewer.member_id, base_url, "application")


async def renew_codes(viewer: Viewer, base_url: str) -> list[str]:
    """New codes for paper; the old ones open nothing any more.

    Raises:
        NotFound: no factor that they would stand in for.
    """
    async with log.transaction():
        await take_account(viewer.member_id)
        if not await sql("SELECT 1 FROM recovery_codes WHERE user_id = {0} LIMIT 1", viewer.member_id):
            raise NotFound
        codes = await put_codes(viewer.member_id)
        await tell_owner(viewer.member_id, base_url, "codes_renewed")
    return codes


async def reset_factors(actor: Viewer, user_id: int, base_url: str) -> None:
    """Take every factor from a member who has lost them; signed out everywhere, since the phone is lost.

    Raises:
        NotFound: no such member. Forbidden: not an administrator.
        Conflict: there is nothing to take.
    """
    require(may_reset_factors(actor, await standing_of(user_id)))
    async with log.transaction() as record:
        await take_account(user_id)
        gone = [
            await sql(f"DELETE FROM {table} WHERE user_id = {{0}} RETURNING id", user_id)
            for table in ("totps", "passkeys", "recovery_codes", "pending_sign_ins")
        ]
        if not any(gone):
            raise Conflict(_("This member has no second factor."))
        await close_sessions(record, "user_id = {0}", user_id)
        await tell_owner(user_id, base_url, "reset")
        await note(actor.id, Act.DISABLE_SECOND_FACTOR, user_id=user_id)
        rights.user_changed(record, str(user_id))


async def ask_second_factor(user_id: int, wish: Wish) -> str:
    """Remember that somebody gave the right password: the token of it, for the browser's cookie."""
    token = token_urlsafe(32)
    mark = await mark_of(user_id)
    async with log.transaction():
        await sql(
            """INSERT INTO pending_sign_ins (token_hash, user_id, mark, wish, expires_at)
                VALUES ({0}, {1}, {2}, {3}, {4})""",
            hash_pending(token),
            user_id,
            mark,
            orjson.dumps(asdict(wish)).decode(),
            now() + PENDING_LIFETIME,
        )
    return token


async def enter_with_application(config: Config, pending: Pending, typed: str, browser: Browser) -> str:
    """The session of whoever types the application's code: each code opens one, however often it is sent.

    Raises:
        Invalid: not the code, too old, or used. SignInSpent: the password was given too long ago.
    """
    sealed = await sealed_secret(pending.user_id, confirmed=True)
    secret = unseal(config, _place(pending.user_id), sealed) if sealed else None
    step = matching_step(secret, typed, now()) if secret else None
    wrong = Invalid(
        fields={"code": _("This code is wrong, too old, or was used already. Take the next one.")}
    )
    if step is None:
        raise wrong
    async with log.transaction():
        taken = await sql(
            """UPDATE totps SET last_step = {1} WHERE user_id = {0} AND confirmed_at IS NOT NULL
                AND last_step < {1} AND secret = {2} RETURNING id""",
            pending.user_id,
            step,
            sealed,
        )
        if not taken:
            raise wrong
        return await enter(pending, browser)


async def enter_with_code(pending: Pending, typed: str, browser: Browser, base_url: str) -> str:
    """The session of whoever types a code from paper, which is spent; the owner is told by mail.

    Raises:
        Invalid: not one of theirs, or used. SignInSpent: the password was given too long ago.
    """
    async with log.transaction():
        used = await sql(
            """UPDATE recovery_codes SET used_at = {2} WHERE user_id = {0} AND code_hash = {1}
                AND used_at IS NULL RETURNING id""",
            pending.user_id,
            code_hash(pending.user_id, typed),
            now(),
        )
        if not used:
            raise Invalid(
                fields={"recovery_code": _("This is not one of your codes, or it was used already.")}
            )
        left = await codes_left(pending.user_id)
        await tell_owner(pending.user_id, base_url, "code_used", left=left)
        return await enter(pending, browser)


async def enter(pending: Pending, browser: Browser) -> str:
    """The last step of each way in: what was pending is spent, and the session is open.

    Raises:
        SignInSpent: it was spent or has ended meanwhile.
    """
    spent = await sql(
        "DELETE FROM pending_sign_ins WHERE id = {0} AND expires_at > {1} RETURNING id", pending.id, now()
    )
    if not spent:
        raise SignInSpent
    return await add_session(pending.user_id, browser)


async def forget_pending() -> None:
    """Sign-ins that nobody finished, and what keys were asked to sign for them."""
    async with log.transaction():
        await sql("DELETE FROM pending_sign_ins WHERE expires_at < {0}", now())
        await sql("DELETE FROM passkey_challenges WHERE expires_at < {0}", now())
