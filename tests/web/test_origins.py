"""From which page a form was sent, where the browser does not say `Sec-Fetch-Site`: name and scheme count."""

from ipaddress import ip_network

import pytest
from httpx2 import AsyncClient, Response
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from forum.limits import Limits
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question
from tests.people import at, opened, signed_in

NAME = "relais.example.fr"
HERE = f"https://{NAME}"
# What a browser may say, and whether it is a page of the site.
ORIGINS = {
    HERE: True,
    f"http://{NAME}": False,
    f"{HERE}:443": False,
    f"https://{NAME}.evil.example": False,
    f"https://eve@{NAME}": False,
    f"https://{NAME}@evil.example": False,
    "https://evil.example": False,
    f"ws://{NAME}": False,
    f"//{NAME}": False,
    NAME: False,
    "null": False,
    "http://[": False,
}
REFERERS = {
    f"{HERE}/t/1": True,
    f"{HERE}/": True,
    f"http://{NAME}/t/1": False,
    f"https://evil.example/{HERE}/": False,
    f"https://evil.example?{HERE}/": False,
    f"https://{NAME}@evil.example/": False,
    "https://[/": False,
}


@pytest.fixture
def app(config: Config) -> Relais:
    """A site that people reach by https, through a proxy that speaks http to it."""
    here = replace(config, base_url=HERE, trusted_proxies=(ip_network("127.0.0.1/32"),))
    return create_app(here, Limits(enabled=False))


@pytest.fixture
async def bob(site: str, cast: Cast) -> AsyncClient:
    """Signed in, at a browser that says only what a test makes it say."""
    await give_password("bob")
    headers = {"Host": NAME, "Accept": "text/html", "X-Forwarded-For": "192.0.2.7"}
    browser = opened(AsyncClient(base_url=site, headers=headers, timeout=20))
    entered = await browser.post(
        "/session", data={"login": "bob", "password": PASSWORD}, headers={"Origin": HERE}
    )
    cookie = next(one for one in entered.headers.get_list("set-cookie") if one.startswith("__Host-relais="))
    browser.cookies.clear()
    browser.headers["Cookie"] = cookie.partition(";")[0]
    return browser


async def replies(browser: AsyncClient, topic_id: int, **headers: str) -> Response:
    """A reply is sent, with these headers and no other that says from where."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await browser.post(f"/t/{topic_id}/posts", data={"raw": "Kept words of Bob."}, headers=named)


async def test_a_page_of_the_same_name_by_http_is_another_site_s(
    site: str, cast: Cast, bob: AsyncClient
) -> None:
    """Whoever sits on the line has written it. What the proxy says of the scheme changes nothing of that."""
    topic = await a_question(cast)
    for said, table in (("Origin", ORIGINS), ("Referer", REFERERS)):
        for value, ours in table.items():
            for proxy in ({}, {"X_Forwarded_Proto": "http"}, {"X_Forwarded_Proto": "https"}):
                answer = await replies(bob, topic.id, **{said: value}, **proxy)
                assert answer.status_code == (303 if ours else 403), f"{said}: {value} {proxy}"
                assert ours or "Kept words of Bob." in answer.text, "nothing is lost"
    assert (await replies(bob, topic.id)).status_code == 403, "a cookie, and no word from where"
    fetched = await replies(bob, topic.id, Sec_Fetch_Site="same-origin", Origin=f"http://{NAME}")
    assert fetched.status_code == 303, "the browser has compared them itself"


async def test_without_a_cookie_too_no_page_of_another_scheme_signs_anybody_in(site: str, cast: Cast) -> None:
    await give_password("bob")
    visitor = at(site).client
    visitor.headers["Host"] = NAME
    fields = {"login": "bob", "password": PASSWORD}
    for origin, status in ((f"http://{NAME}", 403), (HERE, 303)):
        assert (await visitor.post("/session", data=fields, headers={"Origin": origin})).status_code == status


class TestOnAWorkstation:
    """Where no address is configured, the machine’s own names are served, by http."""

    @pytest.fixture
    def app(self, config: Config) -> Relais:
        return create_app(config, Limits(enabled=False))

    async def test_its_own_pages_are_those_of_the_name_that_was_asked(self, site: str, cast: Cast) -> None:
        topic = await a_question(cast)
        browser = (await signed_in(site, "bob")).client
        port = site.rpartition(":")[2]
        for origin, status in (
            (site, 303),
            (f"http://localhost:{port}", 403),
            (f"http://127.0.0.1:1{port}", 403),
            ("http://127.0.0.1", 403),
            ("http://evil.example", 403),
        ):
            assert (await replies(browser, topic.id, Origin=origin)).status_code == status, origin
