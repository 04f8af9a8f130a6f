"""Alice shows her face; nobody's place, script or disk comes with it."""

import asyncio
import re
from pathlib import Path

import pytest
from httpx2 import Response

from forum.config import Config
from forum.pictures.actions import MAX_BYTES
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import Person, at, signed_in
from tests.pictures.made import a_picture
from tests.profiles.cards import cards_are_made_anew

ADDRESS = re.compile(r"/uploads/pictures/[0-9a-f]{32}/\d+\.webp")


async def shows(person: Person, body: bytes, name: str = "me.png") -> Response:
    """Choose a file on the page of the profile, and send it."""
    return await person.client.post(
        "/preferences/picture",
        files={"picture": (name, body, "image/png")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def kept(config: Config) -> list[Path]:
    """The files on the disk."""
    return sorted((config.data / "uploads" / "pictures").glob("*"))


async def test_her_picture_stands_on_her_posts_in_lists_and_on_her_page(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    alice, visitor = await signed_in(site, "alice"), at(site)
    paths = (f"/t/{topic.slug}/{topic.id}", "/", "/u/alice", "/u/alice.json", f"/t/{topic.id}.json")
    for path in paths:
        assert "/uploads/" not in (await visitor.get(path)).text
    answer = await shows(alice, a_picture())
    assert answer.headers["location"] == "/preferences/profile?saved=picture"
    await cards_are_made_anew()
    page = (await alice.get(answer.headers["location"])).text
    assert "Your picture is saved." in page
    assert ADDRESS.search(page)
    for path in paths[:3]:
        text = (await visitor.get(path)).text
        assert len({found.split("/")[3] for found in ADDRESS.findall(text)}) == 1, path
    template = (await visitor.get("/u/alice.json")).json()["user"]["avatar_template"]
    assert (await visitor.get(template.replace("{size}", "45"))).status_code == 200
    card = (await visitor.get(f"/t/{topic.id}.json")).json()["post_stream"]["posts"][0]
    assert card["avatar_template"] == template
    assert '<span class="face" aria-hidden="true">B</span>' in (await visitor.get(paths[0])).text


async def test_a_picture_is_served_for_ever_and_may_do_nothing(site: str, cast: Cast) -> None:
    alice, visitor = await signed_in(site, "alice"), at(site)
    await shows(alice, a_picture())
    path = ADDRESS.findall((await alice.get("/u/alice")).text)[0]
    found = await visitor.get(path)
    assert found.headers["content-type"] == "image/webp"
    assert found.content[:4] == b"RIFF"
    assert "immutable" in found.headers["cache-control"]
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in found.headers


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/pictures/" + "0" * 32 + "/96.webp", "/uploads/pictures/x/96.webp",
        "/uploads/pictures/..%2f..%2frelais/96.webp", "/uploads/pictures/%2e%2e/96.webp",
        "/uploads/pictures/" + "A" * 32 + "/96.webp", "/uploads/pictures/../../secret-key",
        "/uploads/pictures/", "/uploads/pictures/%00/96.webp", "/uploads//pictures/" + "0" * 32 + "/96.webp",
    ],
)  # fmt: skip
async def test_cve_2021_41281_nothing_else_of_the_disk_is_served(site: str, cast: Cast, path: str) -> None:
    """And CVE-2023-29159."""
    assert (await at(site).client.get(path)).status_code == 404


async def test_the_picture_before_is_gone_from_the_disk(site: str, cast: Cast, config: Config) -> None:
    alice = await signed_in(site, "alice")
    await shows(alice, a_picture(color="red"))
    first = kept(config)
    assert len(first) == 2
    await shows(alice, a_picture(color="blue"))
    assert len(kept(config)) == 2
    assert not set(first) & set(kept(config))
    answer = await alice.post("/preferences/picture/deletion")
    assert answer.headers["location"] == "/preferences/profile?saved=no-picture"
    assert kept(config) == []
    assert "/uploads/" not in (await alice.get("/u/alice")).text
    assert await sql("SELECT picture FROM users WHERE username = 'alice'") == [{"picture": ""}]


async def test_sent_twice_at_once_one_picture_stays(site: str, cast: Cast, config: Config) -> None:
    alice = await signed_in(site, "alice")
    answers = await asyncio.gather(*(shows(alice, a_picture(color=c)) for c in ("red", "green", "blue")))
    assert {answer.status_code for answer in answers} == {303}
    (member,) = await sql("SELECT picture FROM users WHERE username = 'alice'")
    assert [file.name.partition("-")[0] for file in kept(config)] == [member["picture"]] * 2


async def test_what_does_not_do_is_told_and_the_old_one_stays(site: str, cast: Cast, config: Config) -> None:
    alice = await signed_in(site, "alice")
    await shows(alice, a_picture())
    before = kept(config)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    for body, sentence in (
        (svg, "no picture that can be read"),
        (b"", "Choose a file first."),
        (a_picture() + b"\0" * MAX_BYTES, "too heavy: 8 MB"),
    ):
        answer = await shows(alice, body)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'aria-describedby="picture-help picture-error"' in answer.text
    assert kept(config) == before


async def test_what_is_far_too_large_is_not_even_read(site: str, cast: Cast, config: Config) -> None:
    alice = await signed_in(site, "alice")
    host, port = site.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /preferences/picture HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 24000001\r\n\r\n"
    writer.write(head.encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    plain = await alice.post("/preferences/profile", bio_raw="x" * 1_000_001)
    assert plain.status_code == 413, "other forms have the limit that they had"
    assert kept(config) == []


async def test_a_form_without_a_file_and_what_is_no_form_are_refused(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    assert (await alice.post("/preferences/picture", picture="words")).status_code == 400
    words = await alice.client.post(
        "/preferences/picture", files={"other": b"x"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert words.status_code == 422


async def test_a_visitor_sends_none(site: str, cast: Cast, config: Config) -> None:
    assert (await shows(at(site), a_picture())).status_code == 404
    assert kept(config) == []
