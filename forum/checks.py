"""`relais check`: what is configured, whether it answers, and how to mend what does not."""

import os
from collections.abc import Callable

from forum.config import Config
from forum.database import close_database, database_answers, open_database, pending_migrations
from forum.mail.delivery import Later, Refused
from forum.mail.smtp import reach_server
from forum.single_sign_on.configuration import ProviderConfig
from forum.storage import store_of, try_store

Say = Callable[[str], None]


async def check_services(config: Config, say: Say, mail_to: str | None = None) -> int:
    """Say one line a service; how many are at fault.

    Args:
        mail_to: where a trial mail is sent, if it is to be.
    """
    results = [
        _data_folder(config),
        await _database(config),
        await _redis(config),
        await (_trial(config, mail_to) if mail_to else _mail(config)),
        await _uploads(config),
        _address(config),
        *([await _provider(config.provider)] if config.provider else []),
    ]
    for right, line in results:
        say(f"{'ok ' if right else 'BAD'}  {line}")
    return sum(not right for right, _line in results)


def _data_folder(config: Config) -> tuple[bool, str]:
    folder = config.data if config.data.exists() else config.data.parent
    if os.access(folder, os.W_OK):
        return True, f"data folder {config.data}"
    return False, f"data folder {config.data} cannot be written: give it to the account that runs relais"


async def _database(config: Config) -> tuple[bool, str]:
    kind = config.database_url.partition(":")[0]
    try:
        await open_database(config.database_url)
        try:
            await database_answers()
            pending = await pending_migrations(config.database_url)
        finally:
            await close_database()
    except Exception as error:
        return False, f"{kind} database does not answer ({error}): check RELAIS_DATABASE_URL and the server"
    if pending:
        return False, f"{kind} database is not of this version: run `relais migrate`"
    return True, f"{kind} database"


async def _redis(config: Config) -> tuple[bool, str]:
    if config.redis_url is None:
        return True, "no Redis (needed only for several workers)"
    from redis.asyncio import Redis

    client = Redis.from_url(config.redis_url, socket_connect_timeout=3)
    try:
        await client.ping()
    except Exception as error:
        return False, f"Redis does not answer ({error}): check RELAIS_REDIS_URL and the server"
    finally:
        await client.aclose()
    return True, "Redis"


async def _mail(config: Config) -> tuple[bool, str]:
    if config.smtp_url is None:
        return True, f"no RELAIS_SMTP_URL: mails are files in {config.data / 'mail'}"
    try:
        await reach_server(config)
    except Later as error:
        return False, f"the mail server does not answer ({error}): check RELAIS_SMTP_URL"
    return True, f"mail server, mails come from {config.mail_from}"


async def _trial(config: Config, to: str) -> tuple[bool, str]:
    from forum.mail.trial import send_trial

    try:
        await send_trial(config, to)
    except (Refused, Later) as error:
        return False, f"the trial mail did not leave ({error}): check RELAIS_SMTP_URL and RELAIS_MAIL_FROM"
    return True, f"a trial mail is on its way to {to}"


async def _uploads(config: Config) -> tuple[bool, str]:
    where = "object store" if config.uploads_url else f"folder {config.data / 'uploads'}"
    try:
        await try_store(store_of(config))
    except Exception as error:
        mend = "check RELAIS_UPLOADS_URL" if config.uploads_url else "give it to the account that runs relais"
        return False, f"the {where} for members' files does not keep them ({type(error).__name__}): {mend}"
    return True, f"{where} for members' files"


async def _provider(config: ProviderConfig) -> tuple[bool, str]:
    from forum.single_sign_on.provider import Provider
    from forum.single_sign_on.vouching import ProviderFault

    try:
        await Provider(config).reach()
    except ProviderFault as fault:
        return False, f"the identity provider {config.issuer}: {fault.why}: check RELAIS_OIDC_ISSUER"
    return True, f"identity provider {config.issuer}"


def _address(config: Config) -> tuple[bool, str]:
    if config.base_url is None:
        return True, "no RELAIS_BASE_URL: the site answers on this machine only"
    return True, f"address {config.base_url}"
