"""Phones of the tests: they learn a secret from the page as a person types it, and show codes."""

import re
from dataclasses import dataclass

import pyotp
from httpx2 import Response

from forum.clock import now
from tests.people import Person, at

SET_UP = "/preferences/second-factor"
STEP = "/session/2fa"
CODE = re.compile(r"<code>((?:[0-9a-z]{4}-){3}[0-9a-z]{4})</code>")


@dataclass
class Phone:
    """An authenticator application that has learnt one secret."""

    secret: str

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many half-minutes later."""
        return pyotp.TOTP(self.secret).at(now(), counter_offset=steps)


async def learn(person: Person) -> Phone:
    """Start to set an application up, and type the secret of the page into a phone."""
    started = await person.post(f"{SET_UP}/totp")
    assert (started.status_code, started.headers["location"]) == (303, f"{SET_UP}/totp"), started.text
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', (await person.get(f"{SET_UP}/totp")).text)
    assert found
    return Phone(found[1].replace(" ", ""))


async def set_up(person: Person) -> tuple[Phone, list[str]]:
    """Set an application up: the phone, and the codes for paper that are shown."""
    phone = await learn(person)
    shown = await person.post(f"{SET_UP}/totp/confirmation", code=phone.code())
    assert shown.status_code == 200, shown.text
    return phone, CODE.findall(shown.text)


async def owing(site: str, username: str) -> Person:
    """A new browser at which the right password has been given, and no more."""
    person = at(site)
    answer = await person.sign_in(username)
    assert (answer.status_code, answer.headers["location"]) == (303, STEP), answer.text
    return person


async def give(person: Person, **typed: str) -> Response:
    """Type a code on the page of the second step."""
    return await person.post(STEP, **typed)


async def is_in(person: Person) -> bool:
    """Whether the browser has a session."""
    return (await person.client.get("/session/current.json")).status_code == 200
