"""The kinds of mails: each says, when it is sent, what there is to say, if there is anything left."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from msgspec import Struct

from forum.config import Config
from forum.links import Payload, sign


class Letter(Struct, frozen=True):
    """What a mail is made of: a template of `templates/mail/`, and what it calls `page`.

    Args:
        unsubscribe: of a notice, the address at which a POST ends them all (RFC 8058).
    """

    template: str
    page: Any
    unsubscribe: str = ""


class Envelope(Struct, frozen=True):
    """To whom, and from which site: what links are made with."""

    to: str
    base_url: str
    config: Config

    def address(self, path: str) -> str:
        """The whole address of a page."""
        return self.base_url + path

    def link(self, path: str, purpose: str, payload: Payload) -> str:
        """The address of a page that takes a signed token, which ends it."""
        return self.address(f"{path}/{sign(self.config, purpose, payload)}")


Compose = Callable[..., Awaitable[Letter | None]]
Composer = TypeVar("Composer", bound=Compose)

KINDS: dict[str, Compose] = {}


def mail(kind: str) -> Callable[[Composer], Composer]:
    """Declare what writes the mails of this kind: called with the envelope and the mail's payload.

    It returns None when nothing is to be sent any more (the account is closed, the link was used).
    """

    def declare(compose: Composer) -> Composer:
        KINDS[kind] = compose
        return compose

    return declare
