"""Members silenced and suspended through the pages, and what staff write about them."""

from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import reinstate_member, suspend_member
from forum.clock import now, set_clock
from forum.conduct.actions import silence_member, suspend_and_write, unsilence_member, write_note
from forum.conduct.queries import conduct_of
from forum.errors import Forbidden, Invalid, NotFound
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.journal.models import Act
from forum.journal.queries import entries
from forum.mail.actions import send_mails
from forum.posts.actions import reply_to_topic
from forum.settings.actions import change_setting
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question, a_reply, again, seen
from tests.mail.conftest import box
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

__all__ = ["box"]

SITE = "https://relais.example.fr"
WEEK = timedelta(days=7)
NEXT_WEEK = (now() + WEEK).date().isoformat()


async def test_silenced_bob_reads_and_does_not_write_until_the_day_has_come(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, author=await cast.eve())
    until = now() + WEEK
    await silence_member(await cast.mod(), cast.ids["bob"], until, "Three warnings.")
    bob = await cast.bob()
    assert bob.silenced is not None
    assert bob.may_see(cast.theme.id)
    for attempt in (
        reply_to_topic(bob, await again(bob, topic), "Me."),
        set_vote(bob, await seen(bob, reply), 1),
    ):
        with pytest.raises(Forbidden):
            await attempt
    await flag_post(bob, await seen(bob, reply), FlagType.SPAM)
    later = until + timedelta(seconds=1)
    set_clock(lambda: later)
    try:
        assert (await cast.bob()).silenced is None
        await a_reply(cast, topic)
    finally:
        set_clock(None)


async def test_who_is_silenced_is_heard_again_when_staff_say_so(cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    await silence_member(mod, cast.ids["bob"], now() + WEEK, "Three warnings.")
    await unsilence_member(mod, cast.ids["bob"])
    await a_reply(cast, topic)
    assert [entry.act for entry in (await entries())[:2]] == [Act.UNSILENCE_USER, Act.SILENCE_USER]
    assert (await entries())[1].details["reason"] == "Three warnings."


async def test_nobody_silences_without_reason_into_the_past_or_above_their_rank(cast: Cast) -> None:
    mod, bob = await cast.mod(), cast.ids["bob"]
    for until, reason in ((now() + WEEK, " "), (now() - WEEK, "Late.")):
        with pytest.raises(Invalid):
            await silence_member(mod, bob, until, reason)
    for who, whom in ((mod, "ada"), (mod, "mod"), (await cast.eve(), "bob")):
        with pytest.raises(Forbidden):
            await silence_member(who, cast.ids[whom], now() + WEEK, "No.")


async def test_notes_are_for_staff_and_not_about_oneself(cast: Cast) -> None:
    mod, ada = await cast.mod(), await cast.ada()
    await write_note(mod, cast.ids["bob"], "Warned on the telephone.")
    assert [note.raw for note in (await conduct_of(ada, "bob")).notes] == ["Warned on the telephone."]
    for who, name in ((await cast.bob(), "bob"), (await cast.eve(), "bob"), (mod, "mod"), (mod, "ada")):
        with pytest.raises(NotFound):
            await conduct_of(who, name)
    with pytest.raises(Forbidden):
        await write_note(await cast.eve(), cast.ids["bob"], "Hm.")


async def test_mod_silences_and_suspends_through_the_page(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    mod, bob = await signed_in(site, "mod"), await signed_in(site, "bob")
    assert 'href="/u/bob/conduct"' in (await mod.get("/u/bob")).text
    assert 'href="/u/bob/conduct"' not in (await bob.get("/u/bob")).text
    refused = await mod.post("/u/bob/silence", until="", reason="Three warnings.")
    assert refused.status_code == 422
    assert "Three warnings." in refused.text
    assert "Choose a day." in refused.text
    sent = await mod.post("/u/bob/silence", until=NEXT_WEEK, reason="Three warnings.")
    assert sent.headers["location"] == "/u/bob/conduct"
    page = (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    assert "You can read, and not write, until" in page
    assert "Three warnings." in page
    assert 'id="reply"' not in page
    assert (await bob.post(f"/t/{topic.id}/posts", raw="Me.")).status_code == 403
    assert (await mod.post("/u/bob/silence", value="0")).status_code == 303
    assert 'id="reply"' in (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    assert (await mod.post("/u/bob/notes", raw="Warned on the telephone.")).status_code == 303
    assert "Warned on the telephone." in (await mod.get("/u/bob/conduct")).text
    assert (await mod.post("/u/bob/suspension", until=NEXT_WEEK, reason="Enough.")).status_code == 303
    assert "Enough." in (await mod.get("/u/bob/conduct")).text
    assert (await bob.get("/session/current.json")).status_code == 404
    assert (await mod.post("/u/bob/suspension", value="0")).status_code == 303
    assert (await bob.sign_in("bob")).status_code == 303


@pytest.mark.parametrize("who", ["visitor", "eve", "bob", "mod"])
async def test_to_whoever_it_is_not_for_there_is_no_such_page(site: str, cast: Cast, who: str) -> None:
    person = at(site) if who == "visitor" else await signed_in(site, who)
    name = "ada" if who == "mod" else "bob"
    for path in ("conduct", "suspension", "silence", "notes"):
        answers = []
        for username in (name, "nobody"):
            address = f"/u/{username}/{path}"
            found = await (
                person.get(address) if path == "conduct" else person.post(address, until=NEXT_WEEK, raw="x")
            )
            answers.append((found.status_code, found.text.replace(f"/u/{username}/", "/u/x/")))
        assert answers[0][0] == 404, (who, path)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_page_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    mod = await cast.mod()
    await write_note(mod, cast.ids["bob"], "Warned on the telephone.")
    await silence_member(mod, cast.ids["bob"], now() + WEEK, "Three warnings.")
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "mod")
    await page.goto(f"{site}/u/bob/conduct")
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "conduct")
    bobs = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True, locale="en")
    await _bob_appeals(site, cast, bobs)


async def _bob_appeals(site: str, cast: Cast, context: BrowserContext) -> None:
    """From the door on: with a fault, then sent."""
    await give_password("bob")
    await suspend_member(await cast.mod(), cast.ids["bob"], now() + WEEK, f"Enough: {'w' * 200}")
    page = await context.new_page()
    await page.goto(f"{site}/session/new")
    await page.get_by_label("User name or e-mail address").fill("bob")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    await _look(page, "door")
    await page.get_by_role("link", name="Appeal against the suspension").click()
    for words, name in (("w" * 1001, "refused"), ("It was not me.", "appealed")):
        await page.get_by_label("Say why you should be let in again").fill(words)
        await page.get_by_role("button", name="Appeal").click()
        await _look(page, name)
    await expect(page.get_by_text("Your appeal is with the moderators since")).to_be_visible()


async def _look(page: Page, name: str) -> None:
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    await no_sideways_scroll(page, name)


async def test_who_is_suspended_is_written_to_why_and_whom_to_answer(cast: Cast, box: PostBox) -> None:
    await change_setting(await cast.ada(), "contact", "moderation@example.org")
    mod, until = await cast.mod(), now() + WEEK
    await suspend_and_write(mod, cast.ids["bob"], until, "Enough of this.", SITE)
    # By mistake: let in again before the mail has left.
    await suspend_and_write(mod, cast.ids["eve"], until, "Wrong person.", SITE)
    await reinstate_member(mod, cast.ids["eve"])
    await send_mails()
    (mail,) = box.mails
    assert mail["To"] == "bob@example.org"
    assert mail["Subject"] == "Votre compte sur Relais est suspendu"
    assert "Enough of this." in text_of(mail)
    assert "écrivez à moderation@example.org" in text_of(mail)
    assert "Modérateur" not in text_of(mail), "no moderator is named"


async def test_the_page_of_a_suspension_writes_to_the_member(site: str, cast: Cast) -> None:
    mod = await signed_in(site, "mod")
    assert (await mod.post("/u/bob/suspension", until=NEXT_WEEK, reason="Enough.")).status_code == 303
    rows = await sql("SELECT kind, to_address FROM outbox")
    assert [(row["kind"], row["to_address"]) for row in rows] == [("suspended", "bob@example.org")]
