"""What nobody needs any more goes after a day; what somebody is still writing about stays."""

import os
from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest

from forum.clock import now, set_clock
from forum.config import Config
from forum.uploads.orphans import forget_orphans
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.people import Person, signed_in
from tests.pictures.made import a_picture
from tests.uploads.sending import sent, status


@pytest.fixture
def a_day_later() -> Iterator[None]:
    """Set by hand within a test: `next_day()`; put right at its end."""
    yield
    set_clock(None)


def next_day() -> None:
    moment = now() + timedelta(days=1, minutes=1)
    set_clock(lambda: moment)


def files(config: Config) -> list[str]:
    found = (config.data / "uploads").rglob("*")
    return sorted(path.name for path in found if path.is_file())


async def with_a_picture(person: Person) -> None:
    await person.client.post(
        "/preferences/picture",
        files={"picture": ("me.png", a_picture(), "image/png")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


async def test_what_no_post_shows_is_let_go_after_a_day(
    site: str, cast: Cast, config: Config, a_day_later: None
) -> None:
    alice = await signed_in(site, "alice")
    shown, unused, drafted = [await sent(alice, a_picture("PNG", (800, 400))) for _ in range(3)]
    await a_question(cast, raw=f"Look. {shown['markdown']}")
    await sql(
        """INSERT INTO drafts (user_id, draft_key, data, updated_at)
            VALUES ({0}, 'new_topic', {1}, '2026-01-01 00:00:00+00:00')""",
        cast.ids["alice"],
        orjson.dumps({"raw": drafted["markdown"]}).decode(),
    )
    await forget_orphans()
    assert len(files(config)) == 6
    next_day()
    await forget_orphans()
    rows = await sql("SELECT id FROM uploads ORDER BY id")
    assert [row["id"] for row in rows] == [shown["id"], drafted["id"]]
    assert len(files(config)) == 4
    assert await status(alice, unused["url"]) == 404
    assert await status(alice, drafted["url"]) == 200


async def test_files_that_no_row_names_go_and_the_others_stay(
    site: str, cast: Cast, config: Config, a_day_later: None
) -> None:
    alice = await signed_in(site, "alice")
    await with_a_picture(alice)
    before = files(config)
    for folder, name in (("pictures", "0" * 32 + "-96.webp"), ("files", "0" * 32 + ".pdf"),
                         ("logos", "0" * 32 + ".webp"), ("pictures", "half.png.part")):  # fmt: skip
        path = config.data / "uploads" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left over")
    await forget_orphans()
    assert len(files(config)) == len(before) + 4
    for path in (config.data / "uploads").rglob("*"):
        os.utime(path, (now().timestamp() - 90_000,) * 2)
    await forget_orphans()
    assert files(config) == before
