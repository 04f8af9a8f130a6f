"""`python -m bench.hidden [N]`: does the time of an answer tell what is hidden from what there is not?

A member asks for what is not theirs and for what does not exist, in turn, N times each (500 unless told),
through the whole site in this process, on a database of its own. The processor's time, compared by ranks as
in `bench.strangers`: a p below 0.01 means that somebody who asks that often learns something.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping

from httpx2 import ASGITransport, AsyncClient

from bench.report import say
from bench.strangers import chance
from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.sessions import open_session
from forum.accounts.viewer import Viewer
from forum.app import create_app
from forum.categories.actions import create_category
from forum.categories.models import Permission
from forum.config import read_config
from forum.database import close_database, migrate, open_database
from forum.groups.actions import add_member, create_group
from forum.limits import Limits
from forum.posts.actions import reply_to_topic
from forum.topics.actions import open_topic
from forum.topics.queries import topic_visible_to

ABSENT = 987_654
BASE = "http://relais.example.org"
Ask = Callable[[str], Awaitable[int]]


async def _member(name: str, **role: bool) -> Viewer:
    user = await create_user(name, f"{name}@example.org", None, name=name.title(), **role)
    viewer = await viewer_of_id(user.id, "en")
    assert viewer is not None
    return viewer


async def _hide() -> Mapping[str, tuple[str, str]]:
    """Something of everything that Eve may not see; what is asked → its address, and that of nothing."""
    ada, alice = await _member("ada", admin=True), await _member("alice")
    whistle = await create_group(ada, "whistle", admission="hidden")
    await add_member(ada, whistle, alice.member_id)
    theme = await create_category("Clerks only", permissions={whistle: Permission.CREATE})
    alice = await _again(alice)
    made = await open_topic(alice, theme.id, "question", "Who cooks for the clerks?", "We look for advice.")
    topic = await topic_visible_to(alice, made.topic_id)
    post = await reply_to_topic(alice, topic, "We did it.")
    return {
        "topic": (f"/t/x/{topic.id}", f"/t/x/{ABSENT}"),
        "topic, JSON": (f"/t/{topic.id}.json", f"/t/{ABSENT}.json"),
        "post": (f"/p/{post.id}", f"/p/{ABSENT}"),
        "post, JSON": (f"/posts/{post.id}.json", f"/posts/{ABSENT}.json"),
        "theme": (f"/c/x/{theme.id}", f"/c/x/{ABSENT}"),
        "group": ("/g/whistle", "/g/thistle"),
        "reply": (f"POST /t/{topic.id}/posts", f"POST /t/{ABSENT}/posts"),
        "report": (f"POST /posts/{post.id}/flags", f"POST /posts/{ABSENT}/flags"),
    }


async def _again(viewer: Viewer) -> Viewer:
    found = await viewer_of_id(viewer.member_id, "en")
    assert found is not None
    return found


async def times(ask: Ask, there: str, absent: str, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the processor for what is hidden and for what is absent, each first in turn."""
    found: dict[str, list[float]] = {there: [], absent: []}
    for n in range(count):
        for which in (there, absent) if n % 2 else (absent, there):
            started = time.process_time()
            status = await ask(which)
            found[which].append(1000 * (time.process_time() - started))
            assert status == 404, f"{which}: {status}"
    return found[there], found[absent]


async def main(count: int) -> None:
    """One line for each thing."""
    with tempfile.TemporaryDirectory() as folder:
        config = read_config({"RELAIS_DATA": folder, "RELAIS_ENV": os.devnull, "RELAIS_BASE_URL": BASE})
        await migrate(config.database_url)
        await open_database(config.database_url)
        try:
            addresses, eve = await _hide(), await _member("eve")
            cookies = {config.cookie_name: await open_session(eve.member_id, "", "")}
            site = ASGITransport(create_app(config, Limits(enabled=False)))
            headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
            async with AsyncClient(transport=site, base_url=BASE, cookies=cookies, headers=headers) as client:

                async def ask(address: str) -> int:
                    method, _space, path = address.rpartition(" ")
                    data = {"raw": "We did it too.", "flag_type_id": "8"} if method else None
                    return (await client.request(method or "GET", path, data=data)).status_code

                for name, (there, absent) in addresses.items():
                    await times(ask, there, absent, 20)
                    hidden, nothing = await times(ask, there, absent, count)
                    say(
                        f"{name}: {statistics.median(hidden):.3f} ms of the processor hidden, "
                        f"{statistics.median(nothing):.3f} ms absent, n = {count} each, "
                        f"p = {chance(hidden, nothing):.3f}"
                    )
        finally:
            await close_database()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
