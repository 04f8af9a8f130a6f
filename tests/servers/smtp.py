"""A real SMTP server in the loop of the test: what it is sent can be read, what it answers can be chosen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCEPTED = "250 OK"


class PostBox:
    """What arrived, in order; `at_rcpt` and `at_data` are its answers, by recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.at_rcpt: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for somebody."""
        return [mail for mail in self.mails if mail["To"] == address]

    async def open(self) -> None:
        """Listen, at the same port as before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, loop=loop, authenticator=self._sign_in, auth_require_tls=False),
            "127.0.0.1",
            self.port,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections."""
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def handle_RCPT(  # noqa: N802 - its name in aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        answer = self.at_rcpt.get(address, ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.get(envelope.rcpt_tos[0], ACCEPTED)
        if answer == ACCEPTED:
            self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content or b"", policy=default)))
        return answer

    def _sign_in(self, server: SMTP, session: Session, envelope: Envelope, way: str, who: Any) -> AuthResult:
        assert isinstance(who, LoginPassword)
        self.logins.append((who.login, who.password))
        return AuthResult(success=who.password == b"right & proper", handled=False)


@asynccontextmanager
async def running_smtp() -> AsyncIterator[PostBox]:
    """A server that accepts everything, until told otherwise."""
    box = PostBox()
    await box.open()
    try:
        yield box
    finally:
        await box.close()


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """The URL of a server that takes connections and never says a word."""
    done = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        done.set()
        server.close()
        await server.wait_closed()
