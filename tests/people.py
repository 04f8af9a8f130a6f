"""Members of the cast at a browser without scripts: they sign in and send forms."""

from httpx2 import AsyncClient, Response

from tests.cast import PASSWORD, give_password


class Person:
    """One member's HTTP client, with a browser's headers."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> Response:
        """Open a page, following redirects as a browser does."""
        return await self.client.get(path, follow_redirects=True)

    async def post(self, path: str, **fields: str) -> Response:
        """Send a form from a page of the site."""
        return await self.client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    async def sign_in(self, username: str, password: str = PASSWORD) -> Response:
        """Sign in through the form."""
        return await self.post("/session", login=username, password=password)


_open: list[AsyncClient] = []


def at(site: str) -> Person:
    """Someone who has just opened a browser on the site; the fixture `site` closes it at its end."""
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    client = AsyncClient(base_url=site, headers=headers, timeout=20, verify=False)
    _open.append(client)
    return Person(client)


def opened(client: AsyncClient) -> AsyncClient:
    """A browser of another make, closed with the others."""
    _open.append(client)
    return client


async def everyone_leaves() -> None:
    """Close every browser."""
    while _open:
        await _open.pop().aclose()


async def signed_in(site: str, username: str) -> Person:
    """A member of the cast, signed in."""
    await give_password(username)
    person = at(site)
    answer = await person.sign_in(username)
    assert answer.status_code == 303, answer.text
    return person
