"""Bob leaves: what he never showed goes with him, what others read stays, under no name."""

from forum.clock import set_clock
from forum.config import Config
from realtime.sql import sql
from tests.cast import Cast
from tests.erasures.leaving import leaves
from tests.factories import a_question
from tests.people import at, signed_in
from tests.uploads.sending import sent, status


async def test_bob_leaves_what_others_read_and_nothing_else(site: str, cast: Cast, config: Config) -> None:
    bob, visitor = await signed_in(site, "bob"), at(site)
    shown = await sent(bob, b"The menu of Monday", "menu of Bob Durand.txt")
    unused = await sent(bob, b"Not for anybody", "mine.txt")
    await a_question(cast, author=await cast.bob(), raw=f"Here is our menu. {shown['markdown']}")
    try:
        await leaves(cast, "bob")
    finally:
        set_clock(None)
    (row,) = await sql("SELECT user_id, original_filename, text FROM uploads")
    assert row["user_id"] != cast.ids["bob"]
    assert row["original_filename"] == "file.txt"
    assert await status(visitor, shown["url"]) == 200
    assert await status(visitor, unused["url"]) == 404
    assert [path.read_bytes() for path in (config.data / "uploads").rglob("*.txt")] == [b"The menu of Monday"]
