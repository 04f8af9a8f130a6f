"""Where staff decide who joins: asking, waiting, being let in or refused, appealing; who learns of it."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from forum.accounts.actions import create_user
from forum.animators.actions import name_animator
from forum.clock import now, set_clock
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.journal.models import Act
from forum.reviewables.claims import CLAIM_LASTS
from forum.reviewables.queries import waiting_for
from forum.settings.actions import change_setting
from forum.signup_requests.actions import approve_request, claim_request, refuse_request
from forum.signups.actions import forget_signups
from realtime.sql import sql
from tests.cast import Cast
from tests.credentials.test_credentials import everything_sent
from tests.people import Person, at, signed_in
from tests.rights.ears import Room
from tests.servers.smtp import PostBox
from tests.signup_requests.asking import CANARY, CAROLE, MOTIVE, SITE, a_request, as_seen_by, staff_decide
from tests.signups.entering import PASSWORD, confirm, link_in, mail_to, sign_up, text_of
from tests.waiting import until

ADDRESS = CAROLE["email"]
DAY = timedelta(days=1)


def appeal_in(mail: EmailMessage) -> str:
    """The path of its link to appeal."""
    found = re.search(r"https?://[^/]+(/signup/appeal/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


async def asks_and_confirms(site: str, box: PostBox) -> Person:
    carole = at(site)
    assert (await sign_up(carole, **CAROLE)).status_code == 303
    link = link_in(await mail_to(box, ADDRESS))
    assert (await confirm(carole, link)).headers["location"] == link
    return carole


async def number_of_request() -> int:
    return int((await sql("SELECT MAX(id) AS id FROM signup_requests"))[0]["id"])


async def users() -> int:
    return int((await sql("SELECT COUNT(*) AS n FROM users"))[0]["n"])


async def test_carole_asks_waits_and_is_let_in(site: str, cast: Cast, box: PostBox) -> None:
    await staff_decide(cast)
    carole, mod = at(site), await signed_in(site, "mod")
    assert "A few words for whoever decides" in (await carole.get("/signup")).text
    refused = await sign_up(carole, **{**CAROLE, "name": " "})
    assert (refused.status_code, MOTIVE in refused.text) == (422, True)
    for motive in (" ", "x" * 1001):
        assert (await sign_up(carole, **{**CAROLE, "motive": motive})).status_code == 422
    await sign_up(carole, **CAROLE)
    link = link_in(await mail_to(box, ADDRESS))
    assert "Confirm my address" in (await carole.get(link)).text
    assert await waiting_for(cast.ids["mod"]) == 0, "nobody is asked before the address is confirmed"
    for _click in range(3):
        answer = await confirm(carole, link)
        assert (answer.status_code, answer.headers["location"]) == (303, link)
        assert "Your address is confirmed" in (await carole.get(link)).text
    assert (await users(), await waiting_for(cast.ids["mod"])) == (5, 1)
    for login in ("carole", ADDRESS):
        answer = await carole.sign_in(login, PASSWORD)
        assert "still reads your request" in answer.text
        assert "still reads" not in (await carole.sign_in(login, "another one")).text
    path = f"/review/signups/{await number_of_request()}"
    queue = (await mod.get("/review")).text
    assert all(words in queue for words in ("Accounts to approve", "Carole Petit", MOTIVE, path))
    assert (await mod.post(f"{path}/claim")).headers["location"] == path
    shown = (await mod.get(path)).text
    assert all(words in shown for words in ("Carole Petit", "@carole", ADDRESS, MOTIVE))
    assert (await mod.post(f"{path}/decision", decision="approve")).status_code == 303
    told = text_of(await mail_to(box, ADDRESS, 2))
    assert "@carole" in told
    assert "/session/new" in told
    assert (await carole.sign_in("carole", PASSWORD)).status_code == 303
    assert "Carole Petit" in (await carole.get("/")).text
    [member] = await sql("SELECT charter_version, charter_accepted_at FROM users WHERE email = {0}", ADDRESS)
    assert member["charter_version"] == 1
    assert member["charter_accepted_at"]
    assert await sql("SELECT id FROM signups") == []
    assert await sql("SELECT id FROM signup_requests") == []
    [act] = await sql("SELECT * FROM staff_actions WHERE kind = {0}", Act.APPROVE_USER.value)
    assert ADDRESS not in str(act)
    assert await waiting_for(cast.ids["mod"]) == 0


async def test_refused_she_reads_why_and_appeals_once_to_somebody_else(
    site: str, cast: Cast, box: PostBox
) -> None:
    await staff_decide(cast)
    carole = await asks_and_confirms(site, box)
    mod, ada = await signed_in(site, "mod"), await signed_in(site, "ada")
    path = f"/review/signups/{await number_of_request()}"
    bare = await mod.post(f"{path}/decision", decision="refuse", reason=" ")
    assert bare.status_code == 422
    assert (await mod.post(f"{path}/decision", reason="Kept.")).text.count("Kept.") == 1
    await mod.post(f"{path}/decision", decision="refuse", reason="Not a public servant.")
    assert "This account was refused" in (await mod.get(path)).text
    assert "was refused" in (await carole.sign_in("carole", PASSWORD)).text
    mail = await mail_to(box, ADDRESS, 2)
    assert "Not a public servant." in text_of(mail)
    assert "Mod" not in text_of(mail).replace("moderators", "").replace("Moderators", "")
    link = appeal_in(mail)
    for _look in range(2):
        page = (await carole.get(link)).text
        assert all(words in page for words in ("Not a public servant.", MOTIVE, "If you do not agree"))
    long = "I do work there. " * 80
    kept = await carole.post(link, message=long)
    assert (kept.status_code, long.strip() in kept.text) == (422, True)
    assert (await carole.post(link, message=" ")).status_code == 422
    assert (await carole.post(link, message="I work at the town hall.")).headers["location"] == link
    assert "You have appealed" in (await carole.get(link)).text
    again = await carole.post(link, message="And again.")
    assert (again.status_code, "And again." in again.text) == (409, True)
    assert "I work at the town hall." in (await ada.get(path)).text
    own = await mod.post(f"{path}/decision", decision="approve")
    assert own.status_code == 403, "an appeal is for somebody else"
    assert (await ada.post(f"{path}/decision", decision="approve")).status_code == 303
    assert "is open" in text_of(await mail_to(box, ADDRESS, 3))
    assert (await carole.get(link)).status_code == 404
    assert (await carole.sign_in("carole", PASSWORD)).status_code == 303
    [act] = await sql("SELECT * FROM staff_actions WHERE kind = {0}", Act.REJECT_USER.value)
    assert ADDRESS not in str(act)


async def test_a_second_refusal_is_the_last_one(site: str, cast: Cast, box: PostBox) -> None:
    await staff_decide(cast)
    carole = await asks_and_confirms(site, box)
    mod, ada, id = await cast.mod(), await cast.ada(), await number_of_request()
    await refuse_request(mod, await as_seen_by(mod, id), "Who are you?", SITE)
    link = appeal_in(await mail_to(box, ADDRESS, 2))
    await carole.post(link, message="Carole.")
    await refuse_request(ada, await as_seen_by(ada, id), "Still not known.", SITE)
    mail = text_of(await mail_to(box, ADDRESS, 3))
    assert "Still not known." in mail
    assert "/signup/appeal/" not in mail
    page = (await carole.get(link)).text
    assert "this decision stands" in page
    assert "If you do not agree" not in page
    assert (await carole.post(link, message="Please.")).status_code == 409


async def test_alone_a_moderator_decides_the_appeal_too(cast: Cast) -> None:
    ada, id = await cast.ada(), await a_request()
    await sql("UPDATE users SET moderator = {0} WHERE username_lower = 'mod'", False)
    await refuse_request(ada, await as_seen_by(ada, id), "No.", SITE)
    await sql("UPDATE signup_requests SET is_open = {1}, message = 'Yes.' WHERE id = {0}", id, True)
    assert await approve_request(ada, await as_seen_by(ada, id), SITE)


async def test_of_two_who_decide_at_once_the_first_has_decided(cast: Cast) -> None:
    mod, ada = await cast.mod(), await cast.ada()
    for n in range(4):
        request = await as_seen_by(mod, await a_request(f"carole{n}", f"c{n}@example.org"))
        done = await asyncio.gather(
            approve_request(mod, request, SITE),
            refuse_request(ada, request, "No.", SITE),
            approve_request(ada, request, SITE),
            return_exceptions=True,
        )
        assert sorted(isinstance(one, Conflict) for one in done) == [False, True, True], done
    acts = await sql("SELECT id FROM staff_actions WHERE kind IN ('approve_user', 'reject_user')")
    assert len(acts) == 4


async def test_a_hundred_of_the_same_approval_open_one_account(cast: Cast) -> None:
    mod = await cast.mod()
    request = await as_seen_by(mod, await a_request())
    clicks = (approve_request(mod, request, SITE) for _n in range(100))
    done = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in done) == 99, done
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE username = 'carole'") == [{"n": 1}]
    assert await sql("SELECT COUNT(*) AS n FROM staff_actions WHERE kind = 'approve_user'") == [{"n": 1}]
    assert await sql("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'signup_approved'") == [{"n": 1}]


async def test_whoever_comes_second_is_told_and_keeps_what_was_typed(site: str, cast: Cast) -> None:
    mod, id = await signed_in(site, "mod"), await a_request()
    ada = await cast.ada()
    await claim_request(ada, await as_seen_by(ada, id))
    held = await mod.post(f"/review/signups/{id}/decision", decision="refuse", reason="Because.")
    assert held.status_code == 409
    assert "Because." in held.text
    assert "has this item in hand" in (await mod.get(f"/review/signups/{id}")).text
    assert (await mod.post(f"/review/signups/{id}/claim")).status_code == 409
    await approve_request(ada, await as_seen_by(ada, id), SITE)
    late = await mod.post(f"/review/signups/{id}/decision", decision="refuse", reason="Because.")
    assert late.status_code == 404
    assert "A colleague has opened the account" in late.text
    assert "Because." in late.text


async def test_a_claim_lets_go_by_itself(cast: Cast) -> None:
    mod, ada, id = await cast.mod(), await cast.ada(), await a_request()
    await claim_request(mod, await as_seen_by(mod, id))
    with pytest.raises(Conflict):
        await approve_request(ada, await as_seen_by(ada, id), SITE)
    start = now()
    set_clock(lambda: start + CLAIM_LASTS + timedelta(seconds=1))
    assert await approve_request(ada, await as_seen_by(ada, id), SITE)


async def test_a_name_that_was_taken_meanwhile_gives_way_to_the_nearest(
    site: str, cast: Cast, box: PostBox
) -> None:
    mod, id = await cast.mod(), await a_request()
    for name in ("carole", "carole2"):
        await create_user(name, f"{name}@example.org", None)
    await approve_request(mod, await as_seen_by(mod, id), SITE)
    [member] = await sql("SELECT username FROM users WHERE email = {0}", ADDRESS)
    assert member == {"username": "carole3"}
    assert "@carole3" in text_of(await mail_to(box, ADDRESS))


async def test_of_two_requests_with_one_address_the_first_that_is_approved_is_the_member(cast: Cast) -> None:
    mod = await cast.mod()
    first, second = await a_request("carole"), await a_request("caro")
    kept = await as_seen_by(mod, second)
    assert await waiting_for(mod.member_id) == 2
    await approve_request(mod, await as_seen_by(mod, first), SITE)
    with pytest.raises(NotFound):
        await as_seen_by(mod, second)
    with pytest.raises(Conflict):
        await approve_request(mod, kept, SITE)
    assert await waiting_for(mod.member_id) == 0
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE email = {0}", ADDRESS) == [{"n": 1}]


async def test_who_has_become_a_member_otherwise_waits_no_more(cast: Cast) -> None:
    mod, id = await cast.mod(), await a_request()
    kept = await as_seen_by(mod, id)
    await create_user("carole.p", ADDRESS, None)
    assert await waiting_for(mod.member_id) == 0
    with pytest.raises(NotFound):
        await as_seen_by(mod, id)
    with pytest.raises(Conflict):
        await approve_request(mod, kept, SITE)


async def test_requests_stay_decidable_under_another_rule_but_closed_lets_nobody_in(
    site: str, cast: Cast, box: PostBox
) -> None:
    await staff_decide(cast)
    carole = await asks_and_confirms(site, box)
    mod, ada, id = await cast.mod(), await cast.ada(), await number_of_request()
    await change_setting(ada, "sign_up", "closed")
    with pytest.raises(Conflict):
        await approve_request(mod, await as_seen_by(mod, id), SITE)
    assert await users() == 5
    await change_setting(ada, "sign_up", "open")
    link = link_in(box.to(ADDRESS)[0])
    assert "Your address is confirmed" in (await carole.get(link)).text
    assert (await confirm(carole, link)).headers["location"] == link
    assert await users() == 5, "somebody decides, as she was told"
    await change_setting(ada, "sign_up", "invitation")
    assert await approve_request(mod, await as_seen_by(mod, id), SITE)


async def test_who_signed_up_under_another_rule_says_who_they_are_when_they_confirm(
    site: str, cast: Cast, box: PostBox
) -> None:
    carole = at(site)
    assert "A few words" not in (await carole.get("/signup")).text
    await sign_up(carole, **CAROLE)
    link = link_in(await mail_to(box, ADDRESS))
    await staff_decide(cast)
    assert "A few words for whoever decides" in (await carole.get(link)).text
    assert (await confirm(carole, link)).status_code == 422
    await create_user("carole", "another@example.org", None)
    taken = await confirm(carole, link, motive=MOTIVE)
    assert (taken.status_code, MOTIVE in taken.text) == (422, True)
    assert (await confirm(carole, link, username="caro", motive=MOTIVE)).status_code == 303
    mod = await cast.mod()
    request = await as_seen_by(mod, await number_of_request())
    assert (request.username, request.motive) == ("caro", MOTIVE)


async def test_who_was_asked_and_confirms_under_an_open_rule_is_in(
    site: str, cast: Cast, box: PostBox
) -> None:
    await staff_decide(cast)
    carole = at(site)
    await sign_up(carole, **CAROLE)
    await change_setting(await cast.ada(), "sign_up", "open")
    assert (await confirm(carole, link_in(await mail_to(box, ADDRESS)))).headers["location"] == "/"
    assert await sql("SELECT id FROM signup_requests") == []


async def test_a_members_address_is_answered_in_the_same_way(site: str, cast: Cast, box: PostBox) -> None:
    await staff_decide(cast)
    answers, rows = [], []
    for email in ("bob@example.org", "nobody@example.org"):
        answer = await sign_up(at(site), **{**CAROLE, "email": email})
        answers.append((answer.status_code, answer.headers["location"].partition("=")[0], answer.text))
        rows.append(
            await sql(
                """SELECT s.username, q.motive, q.is_open FROM signups s
                    JOIN signup_requests q ON q.signup_id = s.id WHERE s.email = {0}""",
                email,
            )
        )
    assert answers[0] == answers[1]
    assert rows[0] == rows[1] != []
    assert "You have one already" in text_of(await mail_to(box, "bob@example.org"))


@pytest.mark.parametrize("who", ["visitor", "alice", "eve"])
async def test_to_members_and_animators_there_is_no_such_page(site: str, cast: Cast, who: str) -> None:
    id = await a_request()
    if who == "eve":
        await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    person = at(site) if who == "visitor" else await signed_in(site, who)
    for path in (f"/review/signups/{id}", "/review/signups/987654"):
        assert (await person.get(path)).status_code == 404
        assert "This request waits no more" not in (await person.get(path)).text
        assert (await person.post(f"{path}/claim")).status_code == 404
        assert (await person.post(f"{path}/decision", decision="approve")).status_code == 404
    queue = await person.get("/review")
    assert queue.status_code == (200 if who == "eve" else 404)
    assert "Carole" not in queue.text
    if who != "visitor":
        viewer = await cast.viewer(who)
        assert await waiting_for(viewer.member_id) == 0
        kept = await as_seen_by(await cast.ada(), id)
        for action in (claim_request(viewer, kept), approve_request(viewer, kept, SITE)):
            with pytest.raises(Forbidden):
                await action


async def test_nobody_else_learns_of_it_by_any_door(site: str, cast: Cast, box: PostBox, room: Room) -> None:
    await staff_decide(cast)
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    ears = [await room.visitor(), await room.member("eve"), await room.member("alice")]
    for ear in ears:
        await ear.subscribe("latest")
    people = [at(site), await signed_in(site, "eve"), await signed_in(site, "alice")]
    paths = [
        "/", "/latest.json", "/site.json", "/about.json", "/u/carole", "/u/carole.json", "/review",
        f"/search?q={CANARY}", f"/search.json?q={CANARY}", "/search?q=carole", "/tags.json", "/signup",
        "/notifications.json", "/categories.json", "/session/current.json",
    ]  # fmt: skip
    [earlier] = await sql("SELECT MAX(id) AS id FROM live_events")
    before = [[(await person.get(path)).status_code for path in paths] for person in people]
    await asks_and_confirms(site, box)
    mod, id = await cast.mod(), await number_of_request()
    await claim_request(mod, await as_seen_by(mod, id))
    await refuse_request(mod, await as_seen_by(mod, id), f"Not for {CANARY}.", SITE)
    after = [[await person.get(path) for path in paths] for person in people]
    assert [[answer.status_code for answer in answers] for answers in after] == before
    # What was looked for stands in the field of the search.
    texts = [answer.text for answers in after for answer in answers if CANARY not in str(answer.url)]
    assert not [text for text in texts if CANARY in text or "Carole" in text or ADDRESS in text]
    for ear in ears:
        lines = "".join(line.text for line in await ear.everything())
        assert CANARY not in lines
        assert "review" not in lines
    events = await sql(
        "SELECT channel, data FROM live_events WHERE id > {0} AND kind = 'review.changed'", earlier["id"]
    )
    deciders = {f"user:{cast.ids[name]}" for name in ("mod", "ada")}
    assert {event["channel"] for event in events} == deciders


async def test_what_waits_is_kept_sixty_days_and_a_refusal_thirty(
    site: str, cast: Cast, box: PostBox
) -> None:
    mod, start = await cast.mod(), now()
    await a_request("waits", "waits@example.org")
    refused = await a_request("refused", "refused@example.org")
    await refuse_request(mod, await as_seen_by(mod, refused), "No.", SITE)
    await until(lambda: bool(box.to("refused@example.org")), 60)

    async def left_after(days: int) -> set[str]:
        set_clock(lambda: start + days * DAY + timedelta(minutes=1))
        await forget_signups()
        return {row["username"] for row in await sql("SELECT username FROM signups")}

    assert await left_after(8) == {"waits", "refused"}
    assert await left_after(29) == {"waits", "refused"}
    assert await left_after(31) == {"waits"}
    assert await left_after(59) == {"waits"}
    assert not box.to("waits@example.org")
    assert await left_after(61) == set()
    assert await sql("SELECT id FROM signup_requests") == []
    written = await sql("SELECT to_address FROM outbox WHERE kind = 'signup_unanswered'")
    assert written == [{"to_address": "waits@example.org"}]
    await until(lambda: bool(box.to("waits@example.org")), 60)
    told = text_of(box.to("waits@example.org")[0])
    assert "60" in told, told
    assert "/signup" in told, told
    assert len(box.to("refused@example.org")) == 1, "nothing more"
    assert await waiting_for(cast.ids["mod"]) == 0


async def test_whoever_has_an_account_meanwhile_hears_nothing_of_the_request_that_was_forgotten(
    site: str, cast: Cast, box: PostBox
) -> None:
    await a_request("waits", "waits@example.org")
    await create_user("carole", "waits@example.org", None)
    start = now()
    set_clock(lambda: start + 61 * DAY)
    await forget_signups()
    await everything_sent()
    assert not [mail for mail in box.to("waits@example.org") if "decided" in mail["Subject"]]


async def test_what_was_said_but_never_confirmed_goes_after_a_week(
    site: str, cast: Cast, box: PostBox
) -> None:
    await staff_decide(cast)
    await sign_up(at(site), **CAROLE)
    start = now()
    set_clock(lambda: start + 8 * DAY)
    await forget_signups()
    assert await sql("SELECT id FROM signup_requests") == []


async def test_a_forged_or_foreign_link_appeals_nothing(site: str, cast: Cast, box: PostBox) -> None:
    await staff_decide(cast)
    carole = await asks_and_confirms(site, box)
    token = link_in(box.to(ADDRESS)[0]).rpartition("/")[2]
    for forged in (token, "x", "y" * 3000):
        assert (await carole.get(f"/signup/appeal/{forged}")).status_code == 404
        assert (await carole.post(f"/signup/appeal/{forged}", message="Please.")).status_code == 404


async def test_what_she_says_is_inert_wherever_it_is_shown(site: str, cast: Cast, box: PostBox) -> None:
    await staff_decide(cast)
    id = await a_request(motive="<img src=x onerror=alert(1)>")
    mod = await signed_in(site, "mod")
    for path in ("/review", f"/review/signups/{id}"):
        assert "<img src=x" not in (await mod.get(path)).text


async def test_a_decision_that_is_none_is_refused(cast: Cast, app: Any) -> None:
    mod, id = await cast.mod(), await a_request()
    with pytest.raises(Invalid):
        await refuse_request(mod, await as_seen_by(mod, id), " ", SITE)
    assert await waiting_for(mod.member_id) == 1
