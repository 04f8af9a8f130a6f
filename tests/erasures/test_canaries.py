"""Clémence was everywhere; once she is erased, nothing of her is on the disk but what she wrote for all."""

import json

from forum.accounts.actions import create_user, suspend_member
from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.app import Relais
from forum.clock import now
from forum.conduct.actions import silence_member, unsilence_member, write_note
from forum.config import Config
from forum.drafts.actions import keep_draft
from forum.erasures.actions import ask_for_erasure
from forum.erasures.erasing import erase_accounts, leave_no_trace
from forum.exports.actions import ask_for_archive, make_archive
from forum.jobs import run_due
from forum.journal.queries import check_chain
from forum.posts.actions import revise_post
from forum.reviewables.actions import decide_case
from forum.signups.actions import Asked, ask_for_account
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.erasures.leaving import BASE, later, what_is_left
from tests.factories import a_question, a_reply, seen
from tests.people import Person, at
from tests.pictures.made import a_picture
from tests.reviewables.cases import reported

NAME = "canary-bird"
FULL = "Clémence Canarienne"
MAIL = "canary-mail@example.org"
# One string for each place; what she wrote for all (`STAYS`) is the only one to be found afterwards.
CANARIES = {
    "user name": NAME, "full name": FULL, "mail": MAIL, "function": "canary-function",
    "place": "canary-place", "skill": "canary-skill", "bio": "canary-bio", "draft": "canary-draft",
    "browser": "canary-browser/1.0", "first address": "203.0.113.77", "flag": "canary-flag",
    "staff note": "canary-staff-note", "reason": "canary-reason", "silence": "canary-silence",
    "appeal": "canary-appeal", "picture": "canary-metadata", "other mail": "canary-old@example.org",
    "reported": "canary-words-about-her",
}  # fmt: skip
STAYS = "canary-wisdom"


async def _enters(site: str) -> tuple[Person, Viewer]:
    member = await create_user(
        NAME, MAIL, PASSWORD, name=FULL, title=CANARIES["function"], affiliation=CANARIES["place"]
    )
    person = at(site)
    person.client.headers["User-Agent"] = CANARIES["browser"]
    assert (await person.sign_in(NAME)).status_code == 303
    await sql("UPDATE sessions SET address = {0}", CANARIES["first address"])
    await person.post(
        "/preferences/profile", name=FULL, title=CANARIES["function"], affiliation=CANARIES["place"],
        skills=CANARIES["skill"], bio_raw=CANARIES["bio"], locale="fr", time_zone="", audience="everyone",
    )  # fmt: skip
    picture = a_picture()
    sent = await person.client.post(
        "/preferences/picture",
        files={"picture": (CANARIES["picture"], picture + CANARIES["picture"].encode())},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert sent.status_code == 303
    viewer = await viewer_of_id(member.id, "fr")
    assert viewer is not None
    return person, viewer


async def _lives(cast: Cast, me: Viewer) -> int:
    """She writes, is mentioned, quoted, reported, moderated, noted; the topic where she does."""
    alice, mod, ada = await cast.alice(), await cast.mod(), await cast.ada()
    topic = await a_question(cast, raw=f"What does @{NAME} think of it? See [her page](/u/{NAME}).")
    reply = await a_reply(cast, topic, me, raw=f"{STAYS}, first said badly")
    await revise_post(me, await seen(me, reply), STAYS, reason="better said", version=1)
    quote = (
        f'[quote="{NAME}, post:{reply.number}, topic:{topic.id}"]\n{STAYS}\n[/quote]\n\nThank you @{NAME}!'
    )
    thanks = await a_reply(cast, topic, alice, raw=quote)
    await revise_post(alice, await seen(alice, thanks), f"{quote} And more.", reason=f"@{NAME}", version=1)
    await a_reply(cast, topic, alice, raw=f'[quote="{FULL}, post:2, username:{NAME}"]\n{STAYS}\n[/quote]')
    await keep_draft(cast.ids["alice"], "new_topic", {"raw": f"I ask\n@{NAME}", "title": "About soup"})
    await keep_draft(me.member_id, "new_topic", {"raw": CANARIES["draft"]})
    await write_note(mod, me.member_id, CANARIES["staff note"])
    await write_note(mod, cast.ids["alice"], f"She speaks to @{NAME}")
    await silence_member(mod, me.member_id, now().replace(year=2099), CANARIES["silence"])
    await unsilence_member(mod, me.member_id)
    theirs = await a_reply(cast, topic, alice)
    await reported(cast, theirs, by=me)
    await sql("UPDATE flags SET message = {0} WHERE user_id = {1}", CANARIES["flag"], me.member_id)
    bad = await a_reply(cast, topic, me, raw=f"{STAYS} too")
    case = await reported(cast, bad)
    await sql("UPDATE flags SET message = {0} WHERE user_id <> {1}", CANARIES["reported"], me.member_id)
    await decide_case(ada, case, "hide", CANARIES["reason"])
    await sql("UPDATE reviewables SET message = {0} WHERE id = {1}", CANARIES["appeal"], case.id)
    return topic.id


async def _mails(me: Viewer) -> None:
    """Those that were sent, those that wait, and one to an address that she had before."""
    await ask_for_account(Asked("somebody", "Some Body", MAIL, "a lantern under the bridge"), BASE, _always)
    await ask_for_archive(me, PASSWORD, BASE)
    (export,) = await sql("SELECT id FROM data_exports")
    await make_archive(export["id"], "fr", BASE)
    await sql("UPDATE users SET email = {0} WHERE id = {1}", CANARIES["other mail"], me.member_id)
    await ask_for_archive(me, PASSWORD, BASE)
    await make_archive(export["id"], "fr", BASE)
    await sql("UPDATE users SET email = {0} WHERE id = {1}", MAIL, me.member_id)
    await run_due("send_mails")


async def _always(address: str) -> bool:
    return True


async def found(config: Config) -> dict[str, list[str]]:
    """Where each canary is."""
    left = list(await what_is_left(config))
    wanted = {**CANARIES, "what she wrote": STAYS}
    return {
        place: sorted({where for where, content in left if _holds(content, canary)})
        for place, canary in wanted.items()
    }


def _holds(content: bytes, canary: str) -> bool:
    written = {canary, json.dumps(canary).strip('"')}
    return any(text.casefold().encode() in content.lower() for text in written)


async def test_nothing_of_her_is_left_but_what_she_wrote_for_all(site: str, app: Relais, cast: Cast) -> None:
    _person, me = await _enters(site)
    topic_id = await _lives(cast, me)
    await _mails(me)
    before = await found(app.config)
    hidden_from_the_start = {"picture"}  # cut out when the picture is read
    assert {place for place, where in before.items() if not where} <= hidden_from_the_start
    await ask_for_erasure(me, PASSWORD, NAME, BASE)
    await run_due("send_mails")
    later(days=7, seconds=1)
    await erase_accounts()
    await leave_no_trace()
    after = await found(app.config)
    assert after.pop("what she wrote")
    assert {place: where for place, where in after.items() if where} == {}
    assert not list((app.config.data / "exports").iterdir()), "packed, a canary would not be seen"
    posts = await sql("SELECT raw, cooked FROM posts WHERE topic_id = {0} ORDER BY post_number", topic_id)
    assert posts[0]["raw"].startswith("What does @compte-supprime think")
    assert '[quote="Compte supprimé, post:2' in posts[2]["raw"]
    assert "Compte supprimé, nº 2" in posts[2]["cooked"]
    assert (await check_chain()).broken_at is None


async def test_what_was_suspended_and_why_goes_too(site: str, app: Relais, cast: Cast) -> None:
    _person, me = await _enters(site)
    await suspend_member(
        await cast.ada(), me.member_id, now().replace(year=2099), f"{CANARIES['reason']} @{NAME}"
    )
    await write_note(await cast.mod(), cast.ids["bob"], f"Bob and @{NAME}")
    await ask_for_erasure(me, PASSWORD, NAME, BASE)
    later(days=8)
    await erase_accounts()
    await leave_no_trace()
    left = await found(app.config)
    assert {place: where for place, where in left.items() if where} == {}
