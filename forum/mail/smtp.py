"""A mail server: handing a message over to it, or only reaching it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused

from forum.config import Config
from forum.mail.delivery import Away, Later, Refused, server_options

# Seconds: for one answer of the server, and for the whole of a mail.
ANSWER, WHOLE = 30, 120


async def send(message: EmailMessage, config: Config) -> None:
    """Hand a message over to the configured server.

    Raises:
        Refused, Later, Away: as `deliver` says.
    """
    try:
        async with asyncio.timeout(WHOLE), _connection(config) as server:
            await server.send_message(message)
    except SMTPRecipientsRefused as error:
        refusal = error.recipients[0]
        raise _refusal(refusal.code, refusal.message) from error
    except SMTPDataError as error:
        raise _refusal(error.code, error.message) from error
    except (SMTPException, OSError, ValueError) as error:
        raise Away(str(error) or type(error).__name__) from error


def _refusal(code: int, words: str) -> Exception:
    return (Refused if 500 <= code < 600 else Later)(f"{code} {words}")


async def reach_server(config: Config) -> None:
    """Connect, encrypt, sign in, and leave.

    Raises:
        Away: the server does not do its part.
    """
    try:
        async with asyncio.timeout(WHOLE), _connection(config):
            pass
    except (SMTPException, OSError, ValueError) as error:
        raise Away(str(error) or type(error).__name__) from error


@asynccontextmanager
async def _connection(config: Config) -> AsyncIterator[SMTP]:
    """One mail, one connection. Once the server has answered that it has it, nothing can fail any more."""
    name = config.mail_from.partition("@")[2]
    server = SMTP(**server_options(config.smtp_url or ""), local_hostname=name, timeout=ANSWER)
    try:
        await server.connect()
        yield server
        with suppress(SMTPException, OSError):
            await server.quit(timeout=1)
    finally:
        server.close()
