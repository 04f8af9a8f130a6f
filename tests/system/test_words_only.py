"""What people type is only words: on each page, in each mail, in a real browser.

Every text that the tables hold of somebody is replaced in the database, behind the checks of the forms,
by a text that would run if a page took it for its own; the pages' policy is lifted, so that nothing but what
they are written with is between the two.
"""

import html
import re

import pytest
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback
from tortoise import Tortoise

from forum.mail.actions import send_mails
from forum.notices.actions import write_notices
from forum.personal import HOLDINGS
from realtime.sql import sql
from tests.architecture.test_matrix import ROWS
from tests.architecture.test_personal import OWN, texts_in
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.mail.conftest import box, clock
from tests.notices.test_notices import pass_by
from tests.servers.smtp import PostBox
from tests.system.people import connected, signed_in
from tests.system.test_accessibility import fill

__all__ = ["box", "clock"]

PAYLOAD = "\"'><img src=x onerror=alert(1)>"
RUNNING = "document.querySelectorAll('img[src=\"x\"], [onerror], [onload]').length"
# Texts that are no member's, and that somebody types all the same.
OURS = {
    "categories": {"name", "description"},
    "organisations": {"name"},
    "documents": {"document_type"},
    "topic_tags": {"name"},
    "tag_counts": {"name"},
    "topics": {"tag_names"},
}
# What is read as something else than words, and by what a row is found.
SHAPED = re.compile(
    r"cooked|data|details|facts|payload|hash|locale|zone|picture|email|address|token|secret|subject|issuer|sid"
    r"|username|level|wish|transports|credential|public_key|extension|siret|key|mark|verified_by|audience"
    r"|return_to|told|skills|url|link|contact_at|^kind$|state"
)


async def poison() -> set[str]:
    """Replace what people have typed, where there is something; the columns where there was."""
    found = set()
    assert Tortoise.apps is not None
    for model in Tortoise.apps["forum"].values():
        table = model._meta.db_table
        if table == "staff_reasons":
            continue  # one JSON of words, by a salt each
        held = set(HOLDINGS[table].texts) if table in HOLDINGS else set()
        for column in sorted(texts_in(model) & (held | OWN.get(table, set()) | OURS.get(table, set()))):
            if SHAPED.search(column):
                continue
            rows = await sql(f"UPDATE {table} SET {column} = {{0}} WHERE {column} <> '' RETURNING 1", PAYLOAD)
            found |= {f"{table}.{column}"} if rows else set()
    return found


@pytest.mark.timeout(240)
async def test_nodebb_room_rename_what_people_type_runs_on_no_page(
    site: str, cast: Cast, new_context: CreateContextCallback, box: PostBox
) -> None:
    """And NodeBB’s ban reasons; every page that there is, as an administrator sees it."""
    paths = list((await fill(cast)).values())
    paths += [f"/u/{name}{rest}" for name in cast.ids for rest in ("", "/conduct")]
    paths += sorted(ROWS["admin"] - {"/admin/value.csv"})
    paths += ["/admin/people/bob", "/admin/groups/1", "/admin/categories/1"]
    context = await new_context(bypass_csp=True)
    page, told = await signed_in(context, site, "ada"), []
    page.on("dialog", lambda dialog: told.append(dialog.message))
    assert len(await poison()) > 25
    shown = 0
    for path in paths:
        await page.goto(site + path)
        assert await page.evaluate(RUNNING) == 0, path
        shown += PAYLOAD in await page.inner_text("body")
    assert shown > len(paths) / 2
    await speaks_live(page, site, cast)
    await is_mailed(page, box)
    assert told == []


async def speaks_live(page: Page, site: str, cast: Cast) -> None:
    """Bob, whose name is such a text too, answers while the page is open."""
    topic = await a_question(cast, title=f"Who {PAYLOAD} cooks?")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(page, f"topic:{topic.id}")
    await a_reply(cast, topic, raw="Heard live.")
    await expect(page.get_by_text("Heard live.")).to_be_visible()
    assert await page.evaluate(RUNNING) == 0


async def is_mailed(page: Page, box: PostBox) -> None:
    """What Alice and Mod have not read is told by mail."""
    pass_by()
    await write_notices()
    await send_mails()
    parts = [part.get_content() for mail in box.mails if (part := mail.get_body(("html",)))]
    assert any(PAYLOAD in html.unescape(part) for part in parts)
    for part in parts:
        await page.set_content(part)
        assert await page.evaluate(RUNNING) == 0
