"""Steps of somebody who enters: what is typed, and the links of the mails that come."""

import re
from email.message import EmailMessage

from httpx2 import Response

from tests.people import Person
from tests.servers.smtp import PostBox
from tests.waiting import until

PASSWORD = "a lantern under the bridge"
ALINE = {
    "username": "aline",
    "name": "Aline Mercier",
    "email": "aline@mairie.example.org",
    "password": PASSWORD,
    "charter": "1",
}


async def sign_up(person: Person, **typed: str) -> Response:
    """Send the sign-up form."""
    return await person.post("/signup", **{**ALINE, **typed})


async def mail_to(box: PostBox, address: str, count: int = 1) -> EmailMessage:
    """The last of so many mails to somebody, once it has come."""
    await until(lambda: len(box.to(address)) >= count)
    assert len(box.to(address)) == count
    return box.to(address)[-1]


def text_of(mail: EmailMessage) -> str:
    """Its plain text."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def link_in(mail: EmailMessage) -> str:
    """The path of the first link that carries a token."""
    found = re.search(r"https?://[^/]+(/u/[a-z-]+/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


async def confirm(person: Person, link: str, **fields: str) -> Response:
    """Press the button of the page that a mailed link opens."""
    return await person.post(link, **{"username": "", **fields})
