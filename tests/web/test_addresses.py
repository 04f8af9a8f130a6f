"""Whose word counts for where somebody is: the proxies that the configuration names, and nobody else."""

from ipaddress import ip_network

import pytest
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from realtime.sql import sql
from tests.cast import Cast
from tests.people import at, signed_in


@pytest.fixture
def app(config: Config, request: pytest.FixtureRequest) -> Relais:
    """The site, behind a proxy that it trusts, or not."""
    return create_app(replace(config, trusted_proxies=tuple(map(ip_network, request.param))))


@pytest.mark.parametrize(
    ("app", "known_as"), [((), "127.0.0.1"), (("127.0.0.0/8",), "203.0.113.9")], indirect=["app"]
)
async def test_a_member_is_where_the_socket_or_a_trusted_proxy_says(
    site: str, cast: Cast, known_as: str
) -> None:
    await signed_in(site, "alice")
    elsewhere = at(site)
    elsewhere.client.headers["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
    assert (await elsewhere.sign_in("alice")).status_code == 303
    last = await sql("SELECT address FROM sessions ORDER BY id DESC LIMIT 1")
    assert last[0]["address"] == known_as
