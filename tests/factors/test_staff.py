"""Where it is required of staff, Mod and Ada are members like any other until they have a second factor."""

import time
from collections.abc import Callable

import pytest

from forum.accounts.queries import viewer_of_id, viewer_of_session_id
from forum.api.keys import create_key
from forum.errors import Conflict, Forbidden
from forum.factors.actions import reset_factors
from forum.factors.codes import STEP as SECONDS
from forum.settings.actions import change_setting
from forum.settings.known import STAFF_SECOND_FACTOR
from forum.settings.queries import setting
from realtime.sql import sql
from tests.cast import Cast
from tests.commands.test_cli import relais
from tests.factories import a_question, a_reply
from tests.factors.phones import SET_UP, give, is_in, owing, set_up
from tests.people import Person, at, signed_in
from tests.reviewables.cases import reported
from tests.rights.ears import Room, in_time
from tests.servers.smtp import PostBox
from tests.signups.entering import mail_to, text_of
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("mails_leave")
Later = Callable[..., None]
LED = "Set up a second factor to act as staff"


@pytest.fixture
async def strict(cast: Cast) -> Cast:
    """The cast on a site as it is when nobody has chosen: staff need a second factor."""
    await sql("DELETE FROM site_settings WHERE name = 'staff_second_factor'")
    assert await setting(STAFF_SECOND_FACTOR) == "required"
    return cast


async def acts_as_staff(person: Person, cast: Cast) -> bool:
    """Whether somebody may close a topic of Alice's; whatever page, answer or list is asked says the same."""
    topic = await a_question(cast)
    done = await person.post(f"/t/{topic.id}/closed", value="1")
    (row,) = await sql("SELECT closed FROM topics WHERE id = {0}", topic.id)
    assert bool(row["closed"]) == (done.status_code == 303)
    home, queue = await person.client.get("/latest"), await person.client.get("/review")
    me = (await person.client.get("/session/current.json")).json()["current_user"]
    assert ("To review" in home.text) == (queue.status_code == 200) == bool(row["closed"])
    assert (me["admin"] or me["moderator"]) == bool(row["closed"])
    return bool(row["closed"])


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", ["mod", "ada"])
async def test_staff_are_led_to_set_one_up_and_have_no_powers_before(
    site: str, strict: Cast, later: Later, who: str
) -> None:
    await signed_in(site, who)
    person = at(site)
    answer = await person.sign_in(who)
    assert answer.headers["location"] == SET_UP
    assert LED in (await person.get(SET_UP)).text
    assert "Your rights as staff wait" in (await person.get("/")).text
    for path in ("/review", "/admin/settings", "/admin/journal", "/admin/live"):
        led = await person.client.get(path)
        assert (led.status_code, led.headers.get("location")) == (303, SET_UP), path
    assert (
        await person.post("/admin/settings", name="staff_second_factor", value="optional")
    ).status_code == 404
    assert not await acts_as_staff(person, strict)
    phone, _codes = await set_up(person)
    assert await acts_as_staff(person, strict)
    assert "Your rights as staff wait" not in (await person.get("/")).text
    later(seconds=SECONDS)
    again = await owing(site, who)
    assert (await give(again, code=phone.code())).headers["location"] == "/"
    assert await acts_as_staff(again, strict)
    await again.post(f"{SET_UP}/totp/deletion")
    assert not await acts_as_staff(again, strict)
    assert not await acts_as_staff(person, strict)


async def test_other_pages_stay_readable_and_others_are_led_nowhere(site: str, strict: Cast) -> None:
    topic = await a_question(strict)
    mod, alice = await signed_in(site, "mod"), await signed_in(site, "alice")
    for path in ("/", "/categories", f"/t/{topic.slug}/{topic.id}", "/notifications", "/preferences/profile"):
        assert (await mod.get(path)).status_code == 200
    assert (await mod.post(f"/t/{topic.id}/posts", raw="As a member like any other.")).status_code == 303
    assert (await alice.client.get("/review")).status_code == 404
    assert "wait for a second factor" not in (await alice.get("/")).text
    assert LED not in (await alice.get(SET_UP)).text


async def test_an_administrator_who_owes_it_sees_no_restricted_theme(
    site: str, strict: Cast, room: Room
) -> None:
    secret = await a_question(strict, private=True, title="A secret matter of clerks")
    ada = await signed_in(site, "ada")
    ear = await room.member("ada")
    path = f"/t/{secret.slug}/{secret.id}"
    assert (await ada.client.get(path)).status_code == 404
    assert (await ada.client.get(f"/t/{secret.id}.json")).status_code == 404
    assert (await ear.subscribe(f"topic:{secret.id}"))["code"] == 103
    assert "A secret matter" not in (await ada.get("/")).text
    await set_up(ada)
    assert (await ada.client.get(path)).status_code == 200

    async def hears() -> bool:
        return "epoch" in await ear.subscribe(f"topic:{secret.id}")

    await until(hears)
    began = time.monotonic()
    await ada.post(f"{SET_UP}/totp/deletion")
    await in_time(began, (ear, f"topic:{secret.id}"))


async def test_turning_it_on_takes_effect_at_once_on_open_pages(site: str, cast: Cast, room: Room) -> None:
    secret = await a_question(cast, private=True)
    ada, ear = await signed_in(site, "ada"), await room.member("ada")
    assert "epoch" in await ear.subscribe(f"topic:{secret.id}")
    began = time.monotonic()
    await change_setting(await cast.ada(), "staff_second_factor", "required")
    await in_time(began, (ear, f"topic:{secret.id}"))
    assert not await acts_as_staff(ada, cast)
    await change_setting(await cast.ada(), "staff_second_factor", "optional")
    assert await acts_as_staff(ada, cast)


async def test_the_badge_of_the_queue_tells_nothing_to_who_owes_it(
    site: str, strict: Cast, room: Room
) -> None:
    mod, ear = await signed_in(site, "mod"), await room.member("mod")
    await reported(strict, await a_reply(strict, await a_question(strict)), await strict.alice())
    await ear.everything()
    assert not ear.publications(f"user:{strict.ids['mod']}", "review.changed")
    viewer = await viewer_of_id(strict.ids["mod"], "en")
    assert viewer is not None
    assert viewer.waiting == 0
    await set_up(mod)
    viewer = await viewer_of_id(strict.ids["mod"], "en")
    assert viewer is not None
    assert viewer.waiting == 1


async def test_a_key_is_a_factor_of_its_own(site: str, strict: Cast) -> None:
    topic = await a_question(strict, private=True)
    key = await create_key("ada")
    program = await at(site).client.get(f"/t/{topic.id}.json", headers={"Api-Key": key})
    assert program.status_code == 200
    await signed_in(site, "ada")
    (session,) = await sql("SELECT id FROM sessions WHERE user_id = {0}", strict.ids["ada"])
    viewer = await viewer_of_session_id(session["id"], "en")
    assert viewer is not None
    assert (viewer.admin, viewer.held_back, strict.private.id in viewer.rights.see) == (False, True, False)


async def test_a_lost_phone_is_reset_on_the_machine(
    site: str, strict: Cast, box: PostBox, database_url: str
) -> None:
    mod = await signed_in(site, "mod")
    _phone, codes = await set_up(mod)
    await mail_to(box, "mod@example.org")
    pending = await owing(site, "mod")
    code, out, err = await relais("users", "reset-factors", "mod", RELAIS_DATABASE_URL=database_url)
    assert (code, err) == (0, "")
    assert "mod" in out
    assert not await is_in(mod), "the phone may be in other hands: signed out everywhere"
    assert (await give(pending, recovery_code=codes[0])).headers["location"] == "/session/new?again"
    assert "a retiré vos seconds facteurs" in text_of(await mail_to(box, "mod@example.org", 2))
    (act,) = await sql("SELECT actor_id, user_id FROM staff_actions WHERE kind = 'disabled_second_factor'")
    assert act == {"actor_id": None, "user_id": strict.ids["mod"]}
    assert (await at(site).sign_in("mod")).headers["location"] == SET_UP
    code, _out, err = await relais("users", "reset-factors", "mod", RELAIS_DATABASE_URL=database_url)
    assert code == 1
    assert "second facteur" in err
    code, _out, err = await relais("users", "reset-factors", "nobody", RELAIS_DATABASE_URL=database_url)
    assert code == 1


async def test_only_administrators_reset_and_never_their_own(site: str, cast: Cast) -> None:
    await set_up(await signed_in(site, "bob"))
    for viewer in (await cast.mod(), await cast.bob(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await reset_factors(viewer, cast.ids["bob"], site)
    with pytest.raises(Forbidden):
        await reset_factors(await cast.ada(), cast.ids["ada"], site)
    await reset_factors(await cast.ada(), cast.ids["bob"], site)
    with pytest.raises(Conflict):
        await reset_factors(await cast.ada(), cast.ids["bob"], site)


async def test_an_administrator_resets_from_the_members_page(site: str, cast: Cast) -> None:
    bob, ada, mod = [await signed_in(site, name) for name in ("bob", "ada", "mod")]
    assert "Take the second factor away" not in (await ada.get("/u/bob/conduct")).text
    await set_up(bob)
    for other in (mod, bob, at(site)):
        refused = await other.post("/u/bob/second-factor/deletion")
        absent = await other.post("/u/nobody/second-factor/deletion")
        assert refused.status_code == absent.status_code == 404
    assert "Take the second factor away" not in (await mod.get("/u/bob/conduct")).text
    assert "Take the second factor away" in (await ada.get("/u/bob/conduct")).text
    done = await ada.post("/u/bob/second-factor/deletion")
    assert done.headers["location"] == "/u/bob/conduct"
    assert not await is_in(bob)
    assert "took a member’s second factor away" in (await ada.get("/admin/journal")).text
    assert (await at(site).sign_in("bob")).headers["location"] == "/"


async def test_the_demonstration_says_that_its_staff_need_none(database_url: str) -> None:
    code, out, _err = await relais("demo", RELAIS_DATABASE_URL=database_url)
    assert code == 0
    assert "staff_second_factor" in out
    code, out, _err = await relais("settings", "get", "staff_second_factor", RELAIS_DATABASE_URL=database_url)
    assert (code, out) == (0, "optional\n")
