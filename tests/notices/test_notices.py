"""Mails about what one has not read: rare, never about what one may not see, ended by one press."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from axe_playwright_python.async_playwright import Axe
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import deactivate_account, suspend_member
from forum.accounts.sessions import open_session
from forum.clock import now, set_clock
from forum.groups.actions import remove_member
from forum.mail.actions import send_mails
from forum.mail.text import plain_text
from forum.notices.actions import APART, WAIT, set_mail_level, write_notices
from forum.notifications.actions import mark_read
from forum.posts.actions import delete_post
from forum.topics.actions import delete_topic
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import at, signed_in
from tests.reviewables.cases import REASON, decided
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until

# A mail is shown within the mail program's own page.
MAIL_RULES = {**RULES, "rules": {key: {"enabled": False} for key in ("region", "landmark-one-main")}}
ALICE = "alice@example.org"


def pass_by(time: timedelta = WAIT + timedelta(seconds=1)) -> None:
    moment = now() + time
    set_clock(lambda: moment)


async def post_round() -> None:
    """What the two jobs do once."""
    await write_notices()
    await send_mails()


def html_of(mail: EmailMessage) -> str:
    page = mail.get_body(("html",))
    assert page is not None
    return str(page.get_content())


async def test_a_reply_is_mailed_once_to_whoever_is_away_and_not_at_once(cast: Cast, box: PostBox) -> None:
    topic = await a_question(cast, title="Who cooks for sixty children?")
    reply = await a_reply(cast, topic, raw="We did it **in 2023**.")
    await post_round()
    assert box.mails == [], "whoever is there reads it first"
    pass_by()
    for _round in range(2):
        await post_round()
    (mail,) = box.mails
    assert mail["To"] == ALICE
    assert mail["Subject"] == "Du nouveau pour vous dans « Who cooks for sixty children? »"
    text = text_of(mail)
    assert "Bob vous a répondu" in text
    assert "We did it in 2023." in text
    assert f"/t/{topic.slug}/{topic.id}/{reply.number}" in text


async def test_both_texts_say_the_same_and_fetch_nothing(cast: Cast, box: PostBox) -> None:
    await sql("UPDATE users SET locale = 'en' WHERE username = 'alice'")
    await a_reply(cast, await a_question(cast))
    pass_by()
    await post_round()
    (mail,) = box.mails
    page = html_of(mail)
    assert plain_text(page.partition("<body>")[2]).split() == text_of(mail).split()
    assert '<html lang="en">' in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"<img|<link|src=|url\(|@import", page)


async def test_several_alerts_of_one_topic_are_one_mail_and_the_next_waits_an_hour(
    cast: Cast, box: PostBox
) -> None:
    topic = await a_question(cast)
    for _n in range(3):
        await a_reply(cast, topic)
    await a_reply(cast, await a_question(cast))
    pass_by()
    await post_round()
    assert sorted(text_of(mail).count("Bob vous a répondu") for mail in box.mails) == [1, 3]
    await a_reply(cast, topic)
    pass_by()
    await post_round()
    assert len(box.mails) == 2
    pass_by(APART)
    await post_round()
    assert text_of(box.mails[-1]).count("Bob vous a répondu") == 1
    assert len(box.mails) == 3


@pytest.mark.parametrize(
    ("level", "there", "mails"),
    [("away", True, 0), ("always", True, 1), ("away", False, 1), ("never", False, 0)],
)
async def test_everyone_chooses_when(cast: Cast, box: PostBox, level: str, there: bool, mails: int) -> None:
    await set_mail_level(await cast.alice(), level)
    await a_reply(cast, await a_question(cast))
    pass_by()
    if there:
        await open_session(cast.ids["alice"], "", "")
    await post_round()
    assert len(box.mails) == mails


async def test_what_was_read_meanwhile_is_not_mailed(cast: Cast, box: PostBox) -> None:
    await a_reply(cast, await a_question(cast))
    pass_by()
    await write_notices()
    await mark_read(await cast.alice())
    await send_mails()
    assert box.mails == []
    assert await sql("SELECT 1 FROM outbox") == []


async def test_nothing_is_said_of_what_one_may_no_longer_see_when_the_mail_leaves(
    cast: Cast, box: PostBox
) -> None:
    private = await a_question(cast, private=True)
    await a_reply(cast, private, raw="A secret of clerks.")
    gone, removed = await a_question(cast), await a_question(cast)
    reply = await a_reply(cast, gone)
    await a_reply(cast, removed)
    pass_by()
    await write_notices()
    assert len(await sql("SELECT 1 FROM outbox")) == 3
    (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    await remove_member(await cast.ada(), group["id"], cast.ids["alice"])
    await delete_post(await cast.mod(), await seen(await cast.mod(), reply))
    await delete_topic(await cast.mod(), await again(await cast.mod(), removed))
    await send_mails()
    assert [text_of(mail) for mail in box.mails] == []


async def test_the_words_of_a_restricted_theme_stay_on_the_site(cast: Cast, box: PostBox) -> None:
    await a_reply(cast, await a_question(cast, private=True), raw="A secret of clerks.")
    pass_by()
    await post_round()
    assert "secret" not in text_of(box.mails[0])


async def test_a_closed_or_suspended_account_is_sent_nothing_not_even_what_was_written_before(
    cast: Cast, box: PostBox
) -> None:
    topic = await a_question(cast, await cast.eve())
    other = await a_question(cast)
    for asked in (topic, other):
        await a_reply(cast, asked)
    pass_by()
    await write_notices()
    await deactivate_account(await cast.ada(), cast.ids["eve"])
    await suspend_member(await cast.mod(), cast.ids["alice"], now() + timedelta(days=2))
    await send_mails()
    await a_reply(cast, topic)
    pass_by(timedelta(hours=2))
    await post_round()
    assert box.mails == []


async def test_an_author_is_mailed_the_decision_and_its_reason_without_a_name(
    cast: Cast, box: PostBox
) -> None:
    reply = await a_reply(cast, await a_question(cast))
    await decided(cast, reply, "hide")
    await open_session(cast.ids["bob"], "", "")
    pass_by()
    await open_session(cast.ids["bob"], "", "")
    await post_round()
    (mail,) = [mail for mail in box.mails if mail["To"] == "bob@example.org"]
    assert mail["Subject"].startswith("Une décision sur votre message")
    assert REASON in text_of(mail)
    assert f"/posts/{reply.id}/moderation" in text_of(mail)
    assert "Mod" not in text_of(mail).replace("modération", "")


async def test_two_processes_write_one_mail(cast: Cast, box: PostBox) -> None:
    await a_reply(cast, await a_question(cast))
    pass_by()
    await asyncio.gather(*(write_notices() for _n in range(10)))
    await send_mails()
    assert len(box.mails) == 1


def unsubscribe_path(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<https?://[^/]+(/email/unsubscribe/\S+)>", mail["List-Unsubscribe"])
    assert found
    return found[1]


async def level_of(name: str) -> str:
    return str((await sql("SELECT mail_level FROM users WHERE username = {0}", name))[0]["mail_level"])


async def test_a_mail_program_unsubscribes_by_itself_once_or_a_hundred_times(
    site: str, cast: Cast, box: PostBox
) -> None:
    await a_reply(cast, await a_question(cast))
    pass_by()
    await write_notices()
    await until(lambda: box.mails)
    mail = box.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path, program = unsubscribe_path(mail), at(site).client
    shown = await program.get(path)
    assert (shown.status_code, await level_of("alice")) == (200, "away"), "looking changes nothing"
    assert "alice" not in shown.text.lower()
    asked = [program.post(path, data={"List-Unsubscribe": "One-Click"}) for _n in range(20)]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert await level_of("alice") == "never"
    assert (await program.post(path[:-1] + "!")).status_code == 404


async def test_a_link_tells_nothing_of_the_account_and_ends_nothing_of_another_address(
    site: str, cast: Cast, box: PostBox
) -> None:
    await a_reply(cast, await a_question(cast))
    pass_by()
    await write_notices()
    await until(lambda: box.mails)
    path, program = unsubscribe_path(box.mails[0]), at(site).client
    pages = []
    await sql("UPDATE users SET email = 'new@example.org' WHERE username = 'alice'")
    pages.append(re.sub("[0-9a-f]{32}", "", (await program.post(path)).text))
    assert await level_of("alice") == "away", "the link was another address's"
    await deactivate_account(await cast.ada(), cast.ids["alice"])
    pages.append(re.sub("[0-9a-f]{32}", "", (await program.post(path)).text))
    assert pages[0] == pages[1]


async def test_alice_chooses_on_her_page_of_preferences(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    assert ALICE in (await alice.get("/preferences/mail")).text
    assert (await alice.post("/preferences/mail", mail_level="never")).status_code == 303
    assert await level_of("alice") == "never"
    refused = await alice.post("/preferences/mail", mail_level="hourly")
    assert (refused.status_code, "Choose one of the three" in refused.text) == (422, True)
    assert (await at(site).post("/preferences/mail", mail_level="never")).status_code == 404


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_and_the_mail_itself_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await a_reply(cast, await a_question(cast))
    pass_by()
    await write_notices()
    await until(lambda: box.mails)
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "bob")
    for path in ("/preferences/mail", unsubscribe_path(box.mails[0])):
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(page, path)
    await page.set_content(html_of(box.mails[0]))
    found = await Axe().run(page, options=MAIL_RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "mail")
    await page.get_by_role("heading", level=1).wait_for()
