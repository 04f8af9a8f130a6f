"""The suspended appeal once, without being signed in; somebody else decides, and a mail says what and why."""

import asyncio
from datetime import timedelta

import pytest

from forum.accounts.actions import deactivate_account, reinstate_member, suspend_member
from forum.accounts.viewer import Viewer
from forum.app import Relais
from forum.clock import now, set_clock
from forum.conduct.actions import suspend_and_write
from forum.config import Config
from forum.errors import Conflict, Forbidden, NotFound
from forum.journal.models import Act
from forum.journal.queries import entries
from forum.links import sign
from forum.reviewables.queries import waiting_for
from forum.suspensions.actions import appeal_suspension, decide_appeal
from forum.suspensions.queries import APPEAL, SuspensionCard, suspension_of
from realtime.sql import sql
from tests.cast import Cast, give_password
from tests.conduct.appealing import SITE, WEEK, WORDS, an_appeal, appeal_in, as_seen_by, suspended
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.conftest import app, box
from tests.signups.entering import mail_to, text_of

__all__ = ["app", "box"]

BOB = "bob@example.org"


async def test_suspended_bob_appeals_once_and_ada_lets_him_in_again(
    site: str, cast: Cast, box: PostBox
) -> None:
    await suspend_and_write(await cast.mod(), cast.ids["bob"], now() + WEEK, "Enough of this.", site)
    bob, mod, ada = at(site), await signed_in(site, "mod"), await signed_in(site, "ada")
    link = appeal_in(await mail_to(box, BOB))
    for _look in range(2):
        page = (await bob.get(link)).text
        assert all(words in page for words in ("suspended until", "Enough of this.", "Say why you should"))
    long = "It was not me. " * 80
    kept = await bob.post(link, message=long)
    assert (kept.status_code, long.strip() in kept.text) == (422, True)
    assert (await bob.post(link, message=" ")).status_code == 422
    assert (await bob.post(link, message=WORDS)).headers["location"] == link
    assert "Your appeal is with the moderators since" in (await bob.get(link)).text
    again = await bob.post(link, message="And please hurry.")
    assert again.status_code == 409
    for words in ("appealed this suspension already", "since <time", WORDS, "And please hurry."):
        assert words in again.text, words
    path = f"/review/suspensions/{(await sql('SELECT id FROM suspensions'))[0]['id']}"
    assert [await waiting_for(cast.ids[who]) for who in ("alice", "bob", "mod", "ada")] == [0, 0, 1, 1]
    assert "zanzibarium" in (await mod.get("/review")).text
    assert (await mod.post(f"{path}/decision", decision="uphold", reason="No.")).status_code == 403
    assert (await ada.post(f"{path}/claim")).headers["location"] == path
    empty = await ada.post(f"{path}/decision", decision="overturn", reason="")
    assert (empty.status_code, "checked" in empty.text) == (422, True)
    assert (await mod.post("/u/bob/suspension", until="2099-01-01", reason="More.")).status_code == 409
    decided = await ada.post(f"{path}/decision", decision="overturn", reason="It was his brother.")
    assert decided.headers["location"] == "/review"
    told = await mail_to(box, BOB, 2)
    assert "open again" in str(told["Subject"])
    assert "It was his brother." in text_of(told)
    assert "Ada" not in text_of(told), "nobody of the staff is named"
    assert (await entries())[0].act is Act.REINSTATE_USER
    assert (await entries())[0].details["reason"] == "It was his brother."
    assert "the suspension is lifted" in (await bob.get(link)).text
    await give_password("bob")
    assert (await bob.sign_in("bob")).status_code == 303


async def test_a_suspension_that_is_kept_cannot_be_appealed_again_but_the_next_one_can(
    site: str, cast: Cast, box: PostBox
) -> None:
    mod, bob = await cast.mod(), cast.ids["bob"]
    first = await suspended(mod, bob)
    await appeal_suspension(first, WORDS)
    ada = await cast.ada()
    await decide_appeal(ada, await as_seen_by(ada, first.id), "uphold", "Your own words.", site)
    told = text_of(await mail_to(box, BOB))
    assert "la suspension est maintenue" in told
    assert "Your own words." in told
    assert (await entries())[0].act is Act.UPHOLD_DECISION
    with pytest.raises(Conflict):
        await decide_appeal(ada, await as_seen_by(ada, first.id), "overturn", "Well.", site)
    await give_password("bob")
    door = (await at(site).sign_in("bob")).text
    assert "See what became of your appeal" in door
    with pytest.raises(Conflict):
        await appeal_suspension(first, "Once more.")
    second = await suspended(mod, bob, "Again.")
    with pytest.raises(Conflict):
        await appeal_suspension(first, "Once more.")
    await appeal_suspension(second, "This time it was not me.")
    staff = await signed_in(site, "mod")
    assert f"/review/suspensions/{second.id}" in (await staff.get("/u/bob/conduct")).text
    assert (await staff.post("/u/bob/suspension", value="0")).status_code == 303
    assert await waiting_for(cast.ids["ada"]) == 0
    assert "open again" in str((await mail_to(box, BOB, 2))["Subject"]), "who let him in by another way"


async def test_a_link_that_is_spent_false_or_late_says_so_and_changes_nothing(
    site: str, cast: Cast, config: Config
) -> None:
    suspension, nobody = await suspended(await cast.mod(), cast.ids["bob"]), at(site)
    token = sign(config, APPEAL, suspension.link)
    false = ("x", token[:-1], sign(config, "signup appeal", suspension.link), sign(config, APPEAL, [99, "x"]))
    for wrong in (*false, sign(config, APPEAL, [suspension.id, "another"])):
        answers = [
            await nobody.get(f"/suspension/appeal/{wrong}"),
            await nobody.post(f"/suspension/appeal/{wrong}", message=WORDS),
        ]
        for answer in answers:
            assert answer.status_code == 404
            assert "This link opens nothing any more" in answer.text
    link = f"/suspension/appeal/{token}"
    after = now() + WEEK + timedelta(seconds=1)
    set_clock(lambda: after)
    assert "This suspension has ended." in (await nobody.get(link)).text
    late = await nobody.post(link, message=WORDS)
    assert (late.status_code, WORDS in late.text, "has ended" in late.text) == (409, True, True)
    assert not await sql("SELECT 1 FROM suspensions WHERE message <> ''")
    await deactivate_account(await cast.ada(), cast.ids["bob"])
    assert (await nobody.get(link)).status_code == 404


async def test_a_crowd_of_the_same_appeal_is_one_and_what_ends_meanwhile_is_none(cast: Cast) -> None:
    mod = await cast.mod()
    suspension = await suspended(mod, cast.ids["bob"])
    await reinstate_member(mod, cast.ids["bob"])
    with pytest.raises(Conflict):
        await appeal_suspension(suspension, WORDS)
    suspension = await suspended(mod, cast.ids["bob"])
    await appeal_suspension(suspension, WORDS)
    with pytest.raises(Conflict):
        await appeal_suspension(suspension, "Said twice at once.")
    with pytest.raises(Conflict):
        await suspend_member(mod, cast.ids["bob"], now() + WEEK, "An appeal would be lost.")
    assert [row["message"] for row in await sql("SELECT message FROM suspensions WHERE message <> ''")] == [
        WORDS
    ]


async def test_twenty_appeals_by_the_same_link_at_once_are_one(
    site: str, app: Relais, cast: Cast, box: PostBox, config: Config
) -> None:
    """A link pressed again and again while nothing seems to happen, in two browsers."""
    app.limits.enabled = False
    suspension = await suspended(await cast.mod(), cast.ids["bob"])
    link, browsers = f"/suspension/appeal/{sign(config, APPEAL, suspension.link)}", [at(site), at(site)]
    answers = await asyncio.gather(
        *(browsers[n % 2].post(link, message=f"It was not me, said {n}.") for n in range(20))
    )
    first = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 19
    for n, answer in enumerate(answers):
        assert n in first or "You have appealed this suspension already." in answer.text
        assert n in first or f"said {n}." in answer.text, "what was typed is shown"
    kept = await sql("SELECT message FROM suspensions WHERE is_open = {0}", True)
    assert [row["message"] for row in kept] == [f"It was not me, said {first[0]}."]
    assert [await waiting_for(cast.ids[who]) for who in ("mod", "ada")] == [1, 1]
    told = await sql("SELECT channel FROM live_events WHERE kind = 'review.changed'")
    assert sorted(row["channel"] for row in told) == sorted(f"user:{cast.ids[who]}" for who in ("mod", "ada"))
    assert (await (await signed_in(site, "ada")).get("/review")).text.count("It was not me, said ") == 1


async def test_who_suspended_decides_only_where_there_is_nobody_else(cast: Cast) -> None:
    mod = await cast.mod()
    id = await an_appeal(cast, judge=mod)
    with pytest.raises(Forbidden):
        await _kept(mod, await as_seen_by(mod, id))
    await suspend_member(await cast.ada(), cast.ids["mod"], now() + WEEK, "Away.")
    assert await suspension_of(cast.ids["mod"])
    await deactivate_account(await cast.ada(), cast.ids["ada"])
    await sql("UPDATE users SET suspended_until = NULL WHERE username = 'mod'")
    await _kept(mod, await as_seen_by(mod, id))


async def _kept(judge: Viewer, appeal: SuspensionCard) -> None:
    await decide_appeal(judge, appeal, "uphold", "It stands.", SITE)


async def test_an_appeal_of_staff_is_for_administrators(cast: Cast) -> None:
    await sql("UPDATE users SET moderator = {0} WHERE username = 'eve'", True)
    suspension = await suspended(await cast.ada(), cast.ids["eve"])
    await appeal_suspension(suspension, WORDS)
    for who in (await cast.mod(), await cast.alice()):
        with pytest.raises(NotFound):
            await as_seen_by(who, suspension.id)
    assert [await waiting_for(cast.ids[who]) for who in ("mod", "ada")] == [0, 1]
