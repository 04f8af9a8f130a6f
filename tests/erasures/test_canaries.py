"""Clémence was everywhere; once she is erased, nothing of her is on the disk but what she wrote for all."""

import json

from forum.accounts.actions import create_user, suspend_member
from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.animators.actions import name_animator
from forum.app import Relais
from forum.clock import now
from forum.conduct.actions import silence_member, unsilence_member, write_note
from forum.config import Config
from forum.drafts.actions import keep_draft
from forum.erasures.actions import ask_for_erasure
from forum.erasures.erasing import erase_accounts, leave_no_trace
from forum.exports.actions import ask_for_archive, make_archive
from forum.factors.actions import ask_second_factor
from forum.factors.queries import Wish
from forum.groups.actions import answer_request, ask_to_join
from forum.groups.queries import group_visible_to, requests_to
from forum.invitations.actions import invite
from forum.jobs import run_due
from forum.journal.queries import check_chain
from forum.notices.actions import write_notices
from forum.pending.actions import appeal_held, hold_reply, hold_topic, publish_held, refuse_held
from forum.pending.queries import held_visible_to
from forum.posts.actions import revise_post
from forum.reviewables.actions import decide_case
from forum.settings.actions import change_setting
from forum.signups.actions import Asked, ask_for_account
from forum.suspensions.actions import appeal_suspension
from forum.suspensions.queries import suspension_of
from forum.sweeps.actions import delete_posts_of, recover_posts_of
from forum.topics.models import TopicKind
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.erasures.leaving import BASE, later, what_is_left
from tests.factories import a_group, a_question, a_reply, seen
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
    "reported": "canary-words-about-her", "held title": "canary-held-title", "held": "canary-held-text",
    "refusal": "canary-refusal", "held appeal": "canary-second-look", "sweep": "canary-sweep",
    "wish": "canary-wish", "answer": "canary-answer", "guest": "canary-guest@example.net",
    "welcome": "canary-welcome", "invited": "canary-invited@example.net", "passkey": "canary-passkey",
    "secret": "canary-sealed", "paper": "canary-paper", "on the way": "canary-typed",
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


async def _belongs(cast: Cast, me: Viewer) -> None:
    """She waits for approval, is in groups, looks after a theme, invites, was invited, has second factors."""
    alice, ada = await cast.alice(), await cast.ada()
    id = await hold_topic(
        me,
        cast.theme.id,
        TopicKind.QUESTION,
        f"Do you see {CANARIES['held title']}?",
        f"{CANARIES['held']}, and nothing more",
    )
    await refuse_held(ada, await held_visible_to(ada, id), CANARIES["refusal"], BASE)
    await appeal_held(me, await held_visible_to(me, id), CANARIES["held appeal"])
    await hold_reply(alice, await a_question(cast), f"I agree with @{NAME} about it.")
    await publish_held(ada, await held_visible_to(ada, await _reply_of_hers(cast, me)), STAYS)
    sweep = await delete_posts_of(ada, me.member_id, CANARIES["sweep"], typed=NAME, username=NAME)
    await run_due("delete_posts_of")
    await recover_posts_of(ada, me.member_id, sweep)
    await run_due("recover_posts_of")
    water = await a_group(cast, "water", "on_request", "alice")
    await sql("UPDATE groups SET description = {0} WHERE id = {1}", f"Ask @{NAME}", water)
    await ask_to_join(me, await group_visible_to(me, "water"), CANARIES["wish"])
    group = await group_visible_to(alice, "water")
    await answer_request(alice, group, (await requests_to(group))[0].id, False, CANARIES["answer"])
    eve = await cast.eve()
    await ask_to_join(eve, await group_visible_to(eve, "water"), f"@{NAME} told me of it")
    await name_animator(ada, cast.theme.id, user_id=me.member_id)
    await change_setting(ada, "invitations", "members")
    await invite(me, CANARIES["guest"], None, CANARIES["welcome"], BASE, _always)
    await invite(ada, MAIL, None, f"Come back, @{NAME}", BASE, _always)
    await invite(ada, "somebody@example.net", None, f"As @{NAME} has said", BASE, _always)
    await invite(ada, CANARIES["invited"], None, "", BASE, _always)
    await sql(
        "UPDATE invitations SET accepted_at = {0}, accepted_by_id = {1} WHERE email = {2}",
        now(),
        me.member_id,
        CANARIES["invited"],
    )
    await sql("DELETE FROM outbox WHERE to_address = {0}", CANARIES["invited"])
    await _has_factors(me.member_id)


async def _reply_of_hers(cast: Cast, me: Viewer) -> int:
    return await hold_reply(me, await a_question(cast), STAYS)


async def _has_factors(id: int) -> None:
    await sql(
        "INSERT INTO totps (user_id, secret, last_step, created_at) VALUES ({0}, {1}, 0, {2})",
        id,
        CANARIES["secret"],
        now(),
    )
    await sql(
        "INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES ({0}, {1}, {2})",
        id,
        CANARIES["paper"],
        now(),
    )
    await sql(
        """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, name, created_at)
            VALUES ({0}, 'credential', 'key', 0, '', {1}, {2})""",
        id,
        CANARIES["passkey"],
        now(),
    )
    await ask_second_factor(id, Wish(kept={"raw": CANARIES["on the way"]}))


async def _mails(me: Viewer) -> None:
    """Those that were sent, those that wait, and one to an address that she had before."""
    await ask_for_account(
        Asked("somebody", "Some Body", MAIL, "a lantern under the bridge", "1"), BASE, _always
    )
    await ask_for_archive(me, PASSWORD, BASE)
    (export,) = await sql("SELECT id FROM data_exports")
    await make_archive(export["id"], "fr", BASE)
    await sql("UPDATE users SET email = {0} WHERE id = {1}", CANARIES["other mail"], me.member_id)
    await ask_for_archive(me, PASSWORD, BASE)
    await make_archive(export["id"], "fr", BASE)
    await sql("UPDATE users SET email = {0} WHERE id = {1}", MAIL, me.member_id)
    later(minutes=6)
    await write_notices()
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
    await _belongs(cast, me)
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
    suspension = await suspension_of(me.member_id)
    assert suspension is not None
    await appeal_suspension(suspension, CANARIES["appeal"])
    assert (await found(app.config))["appeal"]
    await write_note(await cast.mod(), cast.ids["bob"], f"Bob and @{NAME}")
    await ask_for_erasure(me, PASSWORD, NAME, BASE)
    later(days=8)
    await erase_accounts()
    await leave_no_trace()
    left = await found(app.config)
    assert {place: where for place, where in left.items() if where} == {}
