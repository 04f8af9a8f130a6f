"""Each link of a mail: programs that read mails open them all, and nothing happens.

A new address with a token without a link here fails.
"""

import pytest
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from forum.limits import Limits
from tests.architecture.test_matrix import ROWS
from tests.architecture.test_meddling import content
from tests.cast import Cast
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.conftest import box
from tests.web.mailed import mailed_links

__all__ = ["box"]

# Opened by whoever is signed in and asked for it; by others, after the door.
FOR_MEMBERS = {"/preferences/data/{token}"}
# The first administrator's comes from the command line, before there is anybody (tests/installation).
NOT_MAILED = {"/setup/{token}"}


@pytest.fixture
def app(config: Config, box: PostBox) -> Relais:
    """A site without rate limits, whose mails arrive."""
    return create_app(replace(config, smtp_url=box.url), Limits(enabled=False))


async def test_cve_2019_1020018_opening_a_mailed_link_changes_nothing(
    site: str,
    cast: Cast,
    config: Config,
    box: PostBox,
) -> None:
    """By whatever reads mails before their reader does: twice, by GET and by HEAD, from anywhere."""
    bob = await signed_in(site, "bob")
    links = await mailed_links(site, cast, config, box, bob)
    assert set(links) == {path for path in ROWS["mailed"] if "{token}" in path} - NOT_MAILED
    before = await content()
    for place, path in links.items():
        reader = bob if place in FOR_MEMBERS else at(site)
        for method in ("GET", "HEAD", "GET"):
            answer = await reader.client.request(
                method, path, headers={"Sec-Fetch-Site": "cross-site", "Referer": "https://mail.example/"}
            )
            assert answer.status_code == 200, f"{method} {path}"
            assert answer.headers["referrer-policy"] == "same-origin", "the token goes nowhere else"
            assert answer.headers["cache-control"].startswith("private")
    assert await content() == before
    shown = [text for rows in before.values() for text in rows.values() if isinstance(text, str)]
    for path in links.values():
        token = path.rpartition("/")[2]
        assert not [text for text in shown if token in text], "it lies in no table"
