"""Handing a message over: to the configured server, else to a file."""

import asyncio
import os
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from forum.config import Config

# For whoever is asked "did you write to me?": what became of a mail, and its file where there is no server.
KEPT = timedelta(days=30)


class Refused(Exception):
    """The server refuses this mail for good, in these words."""


class Later(Exception):
    """It could not be handed over this time; why."""


class Away(Later):
    """The server does not do its part; whether it has this mail nevertheless may be unknown."""


async def deliver(message: EmailMessage, config: Config) -> None:
    """Hand a message over.

    Raises:
        Refused: the recipient or the text, with a 5xx answer. Later: with a 4xx one. Away: anything else,
            a sender or a password that does not do among it: that is for whoever keeps the site to mend.
    """
    if config.smtp_url is not None:
        # The library loads with the first mail: a start does without it.
        from forum.mail.smtp import send

        await send(message, config)
        return
    try:
        await asyncio.to_thread(_write_file, message, config.data / "mail")
    except (OSError, ValueError) as error:
        raise Away(str(error) or type(error).__name__) from error


def server_options(url: str) -> dict[str, Any]:
    """How to speak to the server of a URL: encrypted when it can be, and always with a password.

    On this machine itself nothing is encrypted: nobody listens, and few local servers have a certificate
    that can be checked.
    """
    parts = urlsplit(url)
    encrypted, here = parts.scheme == "smtps", _is_here(parts.hostname or "")
    start = None if encrypted else (False if here else (True if parts.username else None))
    return {
        "hostname": parts.hostname or "localhost",
        "port": parts.port or (465 if encrypted else (587 if parts.username else 25)),
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password or "") if parts.username else None,
        "use_tls": encrypted,
        "start_tls": False if encrypted else start,
    }


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host in ("", "localhost")


def _write_file(message: EmailMessage, folder: Path) -> None:
    """A file of its own, whole or not at all; the same one when the same mail is written again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = file_of(folder, message["Message-ID"])
    partial = path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message.as_bytes())
    partial.rename(path)


def file_of(folder: Path, message_id: str) -> Path:
    """The file of a mail."""
    return folder / f"{message_id.strip('<>').partition('@')[0]}.eml"


def remove_files(
    folder: Path, message_ids: Collection[str], to: str = "", names: Collection[str] = ()
) -> None:
    """Remove the files of these mails, of all to an address, and of those that hold one of the names."""
    for message_id in message_ids:
        file_of(folder, message_id).unlink(missing_ok=True)
    for path in folder.glob("*.eml") if to or names else ():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if str(message["To"]) == to or _says(message, names):
            path.unlink(missing_ok=True)


def _says(message: EmailMessage, names: Collection[str]) -> bool:
    parts = [str(message["Subject"]), *(part.get_content() for part in message.walk() if _is_text(part))]
    text = "\n".join(parts).casefold()
    return any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) for name in names)


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"
