"""Files are sent, and put into posts."""

from typing import Any

from httpx2 import Response

from tests.people import Person
from tests.pictures.made import a_picture


async def sends(person: Person, body: bytes | None = None, name: str = "plan.png") -> Response:
    """Send a file as the composer's script does."""
    return await person.client.post(
        "/uploads.json",
        files={"file": (name, a_picture() if body is None else body, "text/html")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


async def sent(person: Person, body: bytes | None = None, name: str = "plan.png") -> dict[str, Any]:
    """Send a file that is taken; what programs are told of it."""
    answer = await sends(person, body, name)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def status(person: Person, address: str, **headers: str) -> int:
    """What the door of files answers."""
    return (await person.client.get(address, headers=headers)).status_code
