"""Inviting: one link, one address, one account; the inviter sees what became of it, and nothing of others."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import deactivate_account
from forum.app import Relais
from forum.clock import now, set_clock
from forum.groups.models import Group, GroupUser
from forum.invitations.actions import forget_invitations
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import Cast
from tests.people import Person, at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import PASSWORD, mail_to, sign_up, text_of
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

FARID = "farid@example.net"
JOINING = {"username": "farid", "name": "Farid Benali", "password": PASSWORD, "charter": "1"}


def link_in(mail: EmailMessage) -> str:
    """The path of an invitation's link."""
    found = re.search(r"https?://[^/]+(/invites/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


async def invited(site: str, box: PostBox, who: str = "ada", **fields: str) -> tuple[Person, str]:
    """Ada (or another) invites Farid; the inviter, and the link that came."""
    inviter = await signed_in(site, who)
    assert (await inviter.post("/invites", email=FARID, **fields)).status_code == 303
    return inviter, link_in(await mail_to(box, FARID))


async def group_id() -> int:
    return int((await sql("SELECT id FROM groups WHERE name = 'school-meals'"))[0]["id"])


async def test_farid_is_invited_into_a_group_and_is_in(site: str, cast: Cast, box: PostBox) -> None:
    await change_setting(await cast.ada(), "sign_up", "invitation")
    assert "by invitation" in (await sign_up(at(site))).text
    ada, link = await invited(site, box, group_id=str(await group_id()), message="Come <and> see.")
    assert "Come <and> see." in text_of(box.to(FARID)[0])
    farid = at(site)
    for _look in range(2):
        shown = await farid.get(link)
        assert "Ada invites you to join Relais." in shown.text
        assert FARID in shown.text
    refused = await farid.post(link, **{**JOINING, "charter": ""})
    assert (refused.status_code, 'value="Farid Benali"' in refused.text) == (422, True)
    other = {"email": "eve@example.net", "group_id": "1", "admin": "1", "role": "admin", "moderator": "1"}
    assert (await farid.post(link, **JOINING, **other)).status_code == 303
    assert (await farid.get(f"/c/clerks-only/{cast.private.id}")).status_code == 200
    assert "accepted by" in (await ada.get("/invites")).text
    assert (await at(site).get(link)).status_code == 404
    (member,) = await sql("SELECT * FROM users WHERE username = 'farid'")
    assert (member["email"], member["charter_version"]) == (FARID, 1), "the address that was invited"
    assert (bool(member["admin"]), bool(member["moderator"])) == (False, False)
    assert [row["group_id"] for row in await GroupUser.filter(user_id=member["id"]).values()] == [
        await group_id()
    ]


async def test_a_hundred_of_the_same_link_make_one_member(
    site: str, app: Relais, cast: Cast, box: PostBox
) -> None:
    app.limits.enabled = False
    _ada, link = await invited(site, box)
    person = at(site)
    person.client.timeout = 120  # seconds: a hundred passwords are hashed
    asked = [person.post(link, **{**JOINING, "username": f"farid{n}"}) for n in range(100)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 99
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE email = {0}", FARID) == [{"n": 1}]


async def test_a_hundred_presses_of_the_same_invitation_invite_once(
    site: str, app: Relais, cast: Cast, box: PostBox
) -> None:
    app.limits.enabled = False
    ada = await signed_in(site, "ada")
    answers = await asyncio.gather(*(ada.post("/invites", email=FARID, message="Come.") for _n in range(100)))
    assert {answer.status_code for answer in answers} == {303}
    assert await sql("SELECT COUNT(*) AS n FROM invitations") == [{"n": 1}]
    assert await sql("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'invitation'") == [{"n": 1}]
    assert (await ada.post("/invites", email=FARID, message="Do come!")).status_code == 303
    assert await sql("SELECT COUNT(*) AS n FROM invitations") == [{"n": 2}], (
        "other words are another invitation"
    )


async def test_a_members_address_is_answered_in_the_same_way_and_its_owner_alone_is_told(
    site: str, cast: Cast, box: PostBox
) -> None:
    ada, _link = await invited(site, box)
    assert (await ada.post("/invites", email="bob@example.org")).status_code == 303
    told = text_of(await mail_to(box, "bob@example.org"))
    assert "/invites/" not in told
    shown = (await ada.get("/invites")).text
    assert shown.count("open until") == 2, "the inviter cannot tell one from the other"


async def test_an_invitation_is_taken_back_by_its_inviter_only_and_runs_out(
    site: str, cast: Cast, box: PostBox
) -> None:
    ada, link = await invited(site, box)
    (row,) = await sql("SELECT id FROM invitations")
    path = f"/invites/{row['id']}/deletion"
    assert (await (await signed_in(site, "mod")).post(path)).status_code == 404
    assert FARID not in (await (await signed_in(site, "mod")).get("/invites")).text
    late = now() + timedelta(days=14, minutes=1)
    set_clock(lambda: late)
    try:
        assert (await at(site).get(link)).status_code == 404
    finally:
        set_clock(None)
    assert (await at(site).get(link)).status_code == 200
    assert (await ada.post(path)).status_code == 303
    assert (await ada.post(path)).status_code == 409
    for answer in (await at(site).get(link), await at(site).post(link, **JOINING)):
        assert answer.status_code == 404


async def test_an_address_that_nobody_answered_for_is_forgotten_after_a_month(
    site: str, cast: Cast, box: PostBox
) -> None:
    async def emails_after(**time: float) -> list[str]:
        moment = now() + timedelta(**time)
        set_clock(lambda: moment)
        try:
            await forget_invitations()
        finally:
            set_clock(None)
        return [row["email"] for row in await sql("SELECT email FROM invitations ORDER BY email")]

    ada, link = await invited(site, box)
    assert (await at(site).post(link, **JOINING)).status_code == 303
    for email in ("open@example.net", "taken.back@example.net"):
        assert (await ada.post("/invites", email=email)).status_code == 303
    (row,) = await sql("SELECT id FROM invitations WHERE email = 'taken.back@example.net'")
    assert (await ada.post(f"/invites/{row['id']}/deletion")).status_code == 303
    assert await emails_after(days=29) == [FARID, "open@example.net", "taken.back@example.net"]
    assert await emails_after(days=31) == [FARID, "open@example.net"]
    assert await emails_after(days=14 + 31) == [FARID]


async def test_who_may_invite_and_to_what(site: str, cast: Cast, box: PostBox) -> None:
    bob, mod = await signed_in(site, "bob"), await signed_in(site, "mod")
    assert (await bob.post("/invites", email=FARID)).status_code == 403
    assert "staff invite people" in (await bob.get("/invites")).text
    assert (await mod.post("/invites", email=FARID, group_id=str(await group_id()))).status_code == 403
    assert (await mod.post("/invites", email=FARID, group_id="999")).status_code == 422
    await change_setting(await cast.ada(), "invitations", "members")
    assert (await bob.post("/invites", email=FARID)).status_code == 303
    refused = await bob.post("/invites", email="nobody", message="Kept words.")
    assert (refused.status_code, "Kept words." in refused.text) == (422, True)
    assert (await at(site).post("/invites", email=FARID)).status_code == 404


async def test_an_owner_invites_to_the_group_and_to_no_other(site: str, cast: Cast, box: PostBox) -> None:
    mod, group = await signed_in(site, "mod"), await group_id()
    assert 'name="group_id"' not in (await mod.get("/invites")).text
    other = await Group.create(name="other", admission="open")
    await Group.create(name="unseen", admission="hidden")
    await GroupUser.create(group_id=group, user_id=cast.ids["mod"], owner=True)
    shown = (await mod.get("/invites")).text
    assert ("school-meals</option>" in shown, "other</option>" in shown) == (True, False)
    assert (await mod.post("/invites", email=FARID, group_id=str(other.id))).status_code == 403
    unseen = str((await Group.get(name="unseen")).id)
    assert (await mod.post("/invites", email=FARID, group_id=unseen)).status_code == 422, (
        "as one that is none"
    )
    _mod, link = await invited(site, box, "mod", group_id=str(group))
    farid = at(site)
    assert (await farid.post(link, **JOINING)).status_code == 303
    assert (await farid.get(f"/c/clerks-only/{cast.private.id}")).status_code == 200


async def test_who_owns_the_group_no_more_lets_nobody_in(site: str, cast: Cast, box: PostBox) -> None:
    group = await group_id()
    await GroupUser.create(group_id=group, user_id=cast.ids["mod"], owner=True)
    _mod, link = await invited(site, box, "mod", group_id=str(group))
    await sql("UPDATE group_users SET owner = false WHERE user_id = {0}", cast.ids["mod"])
    farid = at(site)
    assert (await farid.post(link, **JOINING)).status_code == 303
    assert (await farid.get(f"/c/clerks-only/{cast.private.id}")).status_code == 404


async def test_cve_2022_21706_an_invitation_ends_with_its_inviter_and_gives_no_right_that_they_have_lost(
    site: str, cast: Cast, box: PostBox
) -> None:
    _ada, link = await invited(site, box, group_id=str(await group_id()))
    await sql("UPDATE users SET admin = false WHERE username = 'ada'")
    farid = at(site)
    assert (await farid.post(link, **JOINING)).status_code == 303
    assert (await farid.get(f"/c/clerks-only/{cast.private.id}")).status_code == 404
    await sql("UPDATE users SET admin = true WHERE username = 'ada'")
    mod = await signed_in(site, "mod")
    assert (await mod.post("/invites", email="new@example.net")).status_code == 303
    link = link_in(await mail_to(box, "new@example.net"))
    await deactivate_account(await cast.ada(), cast.ids["mod"])
    assert (await at(site).get(link)).status_code == 404


async def test_where_nobody_may_join_an_invitation_opens_nothing(site: str, cast: Cast, box: PostBox) -> None:
    _ada, link = await invited(site, box)
    await change_setting(await cast.ada(), "sign_up", "closed")
    assert (await at(site).get(link)).status_code == 404


@pytest.mark.parametrize("scripts", [True, False])
async def test_ada_sees_farid_join_while_she_looks(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, scripts: bool
) -> None:
    size = {"width": 320 if scripts else 1280, "height": 800}
    context = await new_context(viewport=size, bypass_csp=True)
    ada = await people.signed_in(context, site, "ada")
    await ada.goto(f"{site}/invites")
    await ada.get_by_label("E-mail address").fill(FARID)
    await ada.get_by_role("button", name="Invite", exact=True).click()
    await expect(ada.locator("#invitations")).to_contain_text("open until")
    found = await Axe().run(ada, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(ada, "invitations")
    await people.connected(ada, f"user:{cast.ids['ada']}")
    other = await new_context(java_script_enabled=scripts, viewport=size, locale="en", bypass_csp=True)
    farid = await other.new_page()
    await farid.goto(site + link_in(await mail_to(box, FARID)))
    if scripts:
        found = await Axe().run(farid, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(farid, "joining")
    for label, name in (("Your name", "name"), ("User name", "username"), ("Password", "password")):
        await farid.get_by_label(label, exact=True).fill(JOINING[name])
    await farid.get_by_label("I have read the charter").check()
    await farid.get_by_role("button", name="Create my account").click()
    await expect(farid.get_by_role("heading", level=1)).to_have_text("Latest topics")
    await expect(ada.locator("#invitations")).to_contain_text("accepted by Farid Benali")
