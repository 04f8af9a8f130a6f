"""Whatever a field, a parameter or an address holds, the answer is one of ours, and never a fault of ours."""

import re

import pytest
from httpx2 import AsyncClient

from forum.app import SLICES, Relais, create_app
from forum.config import Config
from forum.limits import Limits
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in

HUGE = "99999999999999999999"
EVIL = ("a\x00b", HUGE, "-1", "²", "x" * 3000)
FIELDS = (
    "value", "level", "up_to", "raw", "kind", "title", "category_id", "version", "post_id", "topic_id",
    "tags", "reason", "token", "reply_to", "locale", "return_to", "login", "password", "draft_key", "id",
)  # fmt: skip
# A password takes its time to be checked; what deletes or signs out would end the play.
SLOW_OR_LAST: dict[str, tuple[str, ...]] = {
    "/session": ("login", "password", "return_to", "draft_key"),
    "/session/deletion": (),
    "/t/{id:int}/deletion": (),
    "/posts/{id:int}/deletion": (),
}
SOUND = {
    "value": "1", "level": "3", "up_to": "1", "raw": "Some more words.", "kind": "question", "version": "1",
    "title": "Three words or more", "category_id": "1", "id": "1", "post_id": "1", "topic_id": "1",
    "post_action_type_id": "2", "direction": "up", "notification_level": "3", "status": "closed",
    "enabled": "true", "locale": "en", "login": "nobody", "password": "no",
}  # fmt: skip
PARAMETERS = (
    "before=a%00b", f"before=2026-01-01T00:00:00%2B00:00,{HUGE}", "before=0001-01-01T00:00:00%2B23:59,1",
    "before=9999-12-31T23:59:59-23:59,1", "before=2026-01-01T00:00:00%2B00:00,-1", f"before={HUGE}",
    f"page={HUGE}", "page=%D9%A1", "page=%00", f"post={HUGE}", "post=%C2%B2", f"reply_to={HUGE}", "quote=%00",
    "sort=%00", f"category={HUGE}", "return_to=%00", f"post_number={HUGE}", "post_ids[]=%00",
)  # fmt: skip
HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(config: Config) -> Relais:
    """A site without rate limits: they would answer for it."""
    return create_app(config, Limits(enabled=False))


def routes(*methods: str) -> list[tuple[str, str]]:
    """(method, path) of the route table."""
    found = [
        (method, route.path) for slice in SLICES for route in slice.routes for method in route.methods or ()
    ]
    return sorted((method, path) for method, path in found if method in methods)


def at(path: str, named: str) -> str:
    """An address with something in each of its places."""
    return re.sub(r"\{(\w+)(:int)?\}", named, path)


async def settle(site: str, cast: Cast) -> AsyncClient:
    """A topic with a reply, and a moderator who may do everything to them."""
    topic = await a_question(cast, tags=["cantine"])
    await a_reply(cast, topic)
    return (await signed_in(site, "mod")).client


@pytest.mark.timeout(240)
async def test_no_field_breaks_a_form(site: str, cast: Cast) -> None:
    mod = await settle(site, cast)
    for method, path in routes("POST", "PUT"):
        for name in SLOW_OR_LAST.get(path, FIELDS):
            for evil in EVIL:
                answer = await mod.request(method, at(path, "1"), data=SOUND | {name: evil}, headers=HEADERS)
                assert answer.status_code < 500, f"{method} {path} {name}={evil[:20]!r}: {answer.status_code}"


async def test_no_parameter_breaks_a_page(site: str, cast: Cast) -> None:
    mod = await settle(site, cast)
    for _method, path in routes("GET"):
        for parameter in PARAMETERS:
            answer = await mod.get(f"{at(path, '1')}?{parameter}")
            assert answer.status_code < 500, f"{path}?{parameter}: {answer.status_code}"


async def test_no_name_in_an_address_breaks_a_page(site: str, cast: Cast) -> None:
    mod = await settle(site, cast)
    for method, path in routes("GET", "PUT"):
        for evil in (
            "%00",
            "a%00b",
            "%FF",
            "%F0%9F%98%80",
            "%E2%80%AE",
            HUGE,
            "..%2f..",
            "x" * 3000,
            "%25%5F",
        ):
            answer = await mod.request(method, at(path, evil), data=None if method == "GET" else SOUND)
            assert answer.status_code < 500, f"{method} {at(path, evil)[:80]}: {answer.status_code}"
