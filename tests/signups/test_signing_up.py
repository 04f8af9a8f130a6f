"""Entering: the form, the mail, the confirmation; what nobody learns on the way, nor can block."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from forum.accounts.actions import create_user, deactivate_account
from forum.clock import now, set_clock
from forum.config import Config
from forum.errors import ForumError
from forum.links import sign
from forum.settings.actions import change_setting
from forum.signups.actions import confirm_account, forget_signups
from forum.signups.queries import CONFIRM, signup_numbered
from realtime.sql import sql
from tests.cast import Cast
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import ALINE, PASSWORD, confirm, link_in, mail_to, sign_up, text_of

ADDRESS = ALINE["email"]
DAY = timedelta(days=1)
CROWD = 100


async def count(table: str) -> int:
    return int((await sql(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"])


async def test_aline_signs_up_confirms_and_is_in(site: str, cast: Cast, box: PostBox) -> None:
    aline = at(site)
    answer = await sign_up(aline)
    assert answer.status_code == 303
    assert "Look into your mail" in (await aline.get(answer.headers["location"])).text
    assert await count("users") == 5, "nobody is a member before the link is opened"
    mail = await mail_to(box, ADDRESS)
    assert "@aline" in text_of(mail)
    link = link_in(mail)
    for _look in range(2):
        shown = await at(site).get(link)
        assert shown.status_code == 200
        assert "Aline Mercier" in shown.text
    assert await count("users") == 5, "looking at a link changes nothing: mail scanners do"
    confirmed = await confirm(aline, link)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/")
    assert "Aline Mercier" in (await aline.get("/")).text
    assert (await at(site).sign_in("aline", PASSWORD)).status_code == 303
    assert await count("signups") == 0


async def test_a_link_is_good_once_and_says_so_afterwards(site: str, cast: Cast, box: PostBox) -> None:
    await sign_up(at(site))
    link = link_in(await mail_to(box, ADDRESS))
    assert (await confirm(at(site), link)).status_code == 303
    for answer in (await confirm(at(site), link), await at(site).get(link)):
        assert answer.status_code == 404
        assert "opens nothing any more" in answer.text


async def test_a_hundred_of_the_same_confirmation_make_one_member(
    site: str, cast: Cast, box: PostBox
) -> None:
    await sign_up(at(site))
    link = link_in(await mail_to(box, ADDRESS))
    person = at(site)
    answers = await asyncio.gather(*(confirm(person, link) for _n in range(CROWD)))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * (CROWD - 1)
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE email = {0}", ADDRESS) == [{"n": 1}]


async def crowd_of_sign_ups(config: Config, username: str, email: str) -> list[str]:
    """What a hundred people asked for as Aline did, by a name and an address of `{n}`; their mailed links."""
    links = []
    for n in range(CROWD):
        (row,) = await sql(
            """INSERT INTO signups (username, username_lower, name, email, password_hash, locale, created_at)
                SELECT {0}, {1}, name, {2}, password_hash, locale, created_at FROM signups
                WHERE username = 'aline' LIMIT 1 RETURNING id""",
            username.format(n=n),
            username.format(n=n).lower(),
            email.format(n=n),
        )
        waiting = await signup_numbered(row["id"])
        assert waiting is not None
        links.append(f"/u/activate-account/{sign(config, CONFIRM, waiting.link)}")
    return links


async def test_of_a_hundred_who_ask_for_one_name_the_first_to_confirm_has_it(
    site: str, config: Config, cast: Cast, box: PostBox
) -> None:
    await sign_up(at(site))
    links = await crowd_of_sign_ups(config, "Aline", "person{n}@example.org")
    answers = await asyncio.gather(*(confirm(at(site), link) for link in links))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * (CROWD - 1)
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE username_lower = 'aline'") == [{"n": 1}]
    late = next(n for n, answer in enumerate(answers) if answer.status_code == 422)
    assert "already taken" in answers[late].text
    assert 'name="username"' in answers[late].text
    assert (await at(site).post(links[late], username="aline.m")).status_code == 303


async def test_of_a_hundred_sign_ups_with_one_address_one_becomes_a_member(
    site: str, config: Config, cast: Cast, box: PostBox
) -> None:
    await sign_up(at(site))
    links = await crowd_of_sign_ups(config, "aline{n}", ADDRESS)
    answers = await asyncio.gather(*(confirm(at(site), link) for link in links))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * (CROWD - 1)
    assert await sql("SELECT COUNT(*) AS n FROM users WHERE email = {0}", ADDRESS) == [{"n": 1}]


async def test_before_a_training_an_administrator_lets_more_sign_up_from_one_place(
    site: str, cast: Cast, box: PostBox
) -> None:
    ada, aline, path = await signed_in(site, "ada"), at(site), "/admin/settings"
    assert (await ada.post(path, name="sign_ups_an_hour", value="2")).status_code == 303
    assert [(await sign_up(aline)).status_code for _n in range(3)] == [303, 303, 429]
    assert (await ada.post(path, name="sign_ups_an_hour", value="60")).status_code == 303
    assert (await sign_up(aline)).status_code == 303
    assert (await ada.post(path, name="sign_ups_an_hour", value="none")).status_code == 422


async def test_a_hundred_of_the_same_form_are_taken_and_mailed_as_often_as_the_limits_say(
    site: str, cast: Cast, box: PostBox
) -> None:
    """Counted before the slow part: not one slips through because the others are not done yet."""
    aline = at(site)
    answers = await asyncio.gather(*(sign_up(aline) for _n in range(CROWD)))
    assert sorted(answer.status_code for answer in answers) == [303] * 30 + [429] * 70
    assert await count("signups") == 30
    assert await count("outbox") == 3


async def test_a_members_address_is_answered_in_the_same_way_and_its_owner_is_told(
    site: str, cast: Cast, box: PostBox
) -> None:
    """Nothing of the request looks whether there is a member: what is written is the same, row for row."""
    answers, rows = [], []
    for email in ("bob@example.org", "nobody@example.org"):
        answer = await sign_up(at(site), email=email)
        answers.append((answer.status_code, answer.headers["location"].partition("=")[0], answer.text))
        rows.append(await sql("SELECT username, name, locale FROM signups WHERE email = {0}", email))
    assert answers[0] == answers[1]
    assert rows[0] == rows[1]
    told = text_of(await mail_to(box, "bob@example.org"))
    assert "You have one already" in told
    assert "activate-account" not in told
    link_in(await mail_to(box, "nobody@example.org"))
    for login in ("bob@example.org", "nobody@example.org"):
        refused = await at(site).sign_in(login, PASSWORD)
        assert refused.status_code == 422
        assert "not confirmed yet" in refused.text, "nor does signing in with the password that one chose"


async def test_an_account_that_is_not_confirmed_is_named_to_who_knows_its_password_only(
    site: str, cast: Cast, box: PostBox
) -> None:
    await sign_up(at(site))
    await mail_to(box, ADDRESS)
    for login in ("aline", ADDRESS.upper()):
        refused = await at(site).sign_in(login, PASSWORD)
        assert "not confirmed yet" in refused.text
        assert "Send me the mail again" in refused.text
        wrong, unknown = (
            await at(site).sign_in(login, "another password"),
            await at(site).sign_in("nobody", PASSWORD),
        )
        assert wrong.text.replace(login, "") == unknown.text.replace("nobody", "")


async def test_the_mail_may_be_asked_for_again(site: str, cast: Cast, box: PostBox) -> None:
    aline = at(site)
    answer = await sign_up(aline)
    first = link_in(await mail_to(box, ADDRESS))
    again = answer.headers["location"].partition("again=")[2]
    assert (await aline.post("/u/action/send_activation_email", again=again)).status_code == 303
    await mail_to(box, ADDRESS, 2)
    assert (await aline.post("/u/action/send_activation_email", again="forged")).status_code == 404
    assert (await confirm(aline, first)).status_code == 303
    assert (await aline.post("/u/action/send_activation_email", again=again)).status_code == 404


async def test_a_mailbox_is_not_filled_and_the_answer_does_not_say_so(
    site: str, cast: Cast, box: PostBox
) -> None:
    enemy = at(site)
    answers = [await sign_up(enemy, username=f"enemy{n}") for n in range(6)]
    assert {answer.status_code for answer in answers} == {303}
    await mail_to(box, ADDRESS, 3)


async def test_a_link_lasts_a_day_and_a_sign_up_a_week(site: str, cast: Cast, box: PostBox) -> None:
    await sign_up(at(site))
    link, start = link_in(await mail_to(box, ADDRESS)), now()
    try:
        set_clock(lambda: start + DAY + timedelta(minutes=1))
        assert (await at(site).get(link)).status_code == 404
        assert (await confirm(at(site), link)).status_code == 404
        set_clock(lambda: start + 6 * DAY)
        await forget_signups()
        assert await count("signups") == 1
        set_clock(lambda: start + 7 * DAY + timedelta(minutes=1))
        await forget_signups()
        assert await count("signups") == 0
    finally:
        set_clock(None)


async def test_each_fault_is_told_at_its_field_and_what_was_typed_is_kept(site: str, cast: Cast) -> None:
    refused = await sign_up(at(site), username="a b", name=" ", email="not an address", password="zebras")
    assert refused.status_code == 422
    for sentence in (
        "letters, digits",
        "not an e-mail address",
        "at least 12",
        "name that people know you by",
    ):
        assert sentence in refused.text
    assert 'value="not an address"' in refused.text
    assert "zebras" not in refused.text, "a password is never sent back"
    taken = await sign_up(at(site), username="ALICE")
    assert "already taken" in taken.text


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "motdepasse2024", "P@ssw0rd2024!", "azertyuiop123", "aaaaaaaaaaaa", "abcdefghijkl",
        "123456789012", "mairiemairie", "aline2026!!!", "x" * 201,
    ],
)  # fmt: skip
async def test_a_password_that_is_tried_first_is_refused(site: str, cast: Cast, password: str) -> None:
    refused = await sign_up(at(site), password=password)
    assert refused.status_code == 422
    assert await count("signups") == 0


@pytest.mark.parametrize(
    ("email", "enters"),
    [
        ("aline@interieur.gouv.fr", True), ("Aline@INTERIEUR.Gouv.FR", True), ("a@mairie-forêt.fr", True),
        ("aline@evil-interieur.gouv.fr", False), ("aline@sub.interieur.gouv.fr", False),
        ("aline@interieur.gouv.fr.evil.tld", False), ("aline@gouv.fr", False),
        ("aline@interieur.gouv.fr@evil.tld", False), ("interieur.gouv.fr@evil.tld", False),
        ("aline@intérieur.gouv.fr", False), ("aline@іnterieur.gouv.fr", False),
        ("aline@interieur.gouv.fr.", False),
        ("aline@[interieur.gouv.fr]", False), ('"aline@interieur.gouv.fr"@evil.tld', False),
        ("aline@interieur.gouv.fr\r\nBcc: eve@evil.tld", False),
    ],
)  # fmt: skip
async def test_cve_2026_33393_a_domain_is_allowed_whole_and_never_what_ends_with_it_or_looks_like_it(
    site: str, cast: Cast, email: str, enters: bool
) -> None:
    ada = await cast.ada()
    await change_setting(ada, "sign_up", "domains")
    await change_setting(ada, "sign_up_domains", "interieur.gouv.fr, mairie-forêt.fr")
    answer = await sign_up(at(site), email=email)
    assert answer.status_code == (303 if enters else 422)
    if enters:
        domains = {row["email"].partition("@")[2] for row in await sql("SELECT email FROM signups")}
        assert domains <= {"interieur.gouv.fr", "xn--mairie-fort-wbb.fr"}, "written to where it was compared"


async def test_a_closed_site_says_so_and_takes_nobody_also_with_a_link_of_before(
    site: str, cast: Cast, box: PostBox
) -> None:
    await sign_up(at(site))
    link = link_in(await mail_to(box, ADDRESS))
    await change_setting(await cast.ada(), "sign_up", "closed")
    assert "No new accounts" in (await at(site).get("/signup")).text
    assert (await sign_up(at(site))).status_code == 422
    assert (await confirm(at(site), link)).status_code == 422
    await change_setting(await cast.ada(), "sign_up", "open")
    assert (await confirm(at(site), link)).status_code == 303


async def test_a_closed_account_is_not_written_to(site: str, cast: Cast, box: PostBox) -> None:
    await deactivate_account(await cast.bob(), cast.ids["bob"])
    await sign_up(at(site), email="bob@example.org")
    await sign_up(at(site))
    await mail_to(box, ADDRESS)
    assert box.to("bob@example.org") == []


async def test_cve_2026_28219_no_field_makes_more_of_an_account(site: str, cast: Cast, box: PostBox) -> None:
    await sign_up(at(site), admin="1", moderator="true", id="1", confirmed_at="2020-01-01")
    link = link_in(await mail_to(box, ADDRESS))
    await confirm(at(site), link, admin="1", moderator="1", email="eve@example.org")
    rows = await sql("SELECT admin, moderator FROM users WHERE email = {0}", ADDRESS)
    assert [(bool(row["admin"]), bool(row["moderator"])) for row in rows] == [(False, False)]


async def test_cve_2026_29199_links_name_the_site_and_not_what_a_request_calls_it(
    site: str, cast: Cast, box: PostBox
) -> None:
    visitor = at(site)
    visitor.client.headers.update({"X-Forwarded-Host": "evil.tld", "Forwarded": "host=evil.tld"})
    await sign_up(visitor)
    assert "evil.tld" not in text_of(await mail_to(box, ADDRESS))
    ada = await signed_in(site, "ada")
    ada.client.headers.update(visitor.client.headers)
    assert (await ada.post("/invites", email="farid@example.net")).status_code == 303
    assert (await visitor.post("/password-reset", email="bob@example.org")).status_code == 303
    for address in ("farid@example.net", "bob@example.org"):
        words = text_of(await mail_to(box, address))
        assert site in words
        assert "evil.tld" not in words
    for person in (visitor, ada):
        person.client.headers["Host"] = "evil.tld"
        for path in ("/signup", "/invites", "/password-reset"):
            assert (await person.post(path, email="eve@example.org")).status_code == 400


async def test_another_members_name_in_a_link_opens_nothing(site: str, cast: Cast, box: PostBox) -> None:
    await sign_up(at(site))
    link = link_in(await mail_to(box, ADDRESS))
    for forged in (
        link[:-1],
        link[:-4] + "AAAA",
        "/u/activate-account/x",
        "/u/activate-account/" + "y" * 3000,
    ):
        assert (await at(site).get(forged)).status_code == 404
        assert (await confirm(at(site), forged)).status_code == 404


async def test_what_is_typed_is_inert_wherever_it_is_shown(site: str, cast: Cast, box: PostBox) -> None:
    await sign_up(at(site), name='<img src=x onerror=alert(1)>"\r\nBcc: eve@example.org')
    mail = await mail_to(box, ADDRESS)
    page = mail.get_body(("html",))
    assert page is not None
    assert "<img" not in page.get_content()
    assert mail["Bcc"] is None
    assert "<img" not in (await at(site).get(link_in(mail))).text


async def test_guesses_from_elsewhere_do_not_keep_a_member_out_of_their_own_browser(
    site: str, cast: Cast
) -> None:
    alice, enemy = await signed_in(site, "alice"), at(site)
    await alice.post("/session/deletion")
    refused = [(await enemy.sign_in("alice", f"wrong guess {n}")).status_code for n in range(12)]
    assert refused == [422] * 9 + [429] * 3
    assert (await alice.sign_in("alice")).status_code == 303
    await alice.post("/session/deletion")
    guesses = [(await alice.sign_in("alice", f"wrong guess {n}")).status_code for n in range(12)]
    assert guesses.count(429) >= 2, "nor may somebody at that browser guess for ever"
    assert (await alice.sign_in("bob", "wrong guess")).status_code == 422


async def test_somebody_who_is_signed_in_has_no_use_for_the_form(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    answer = await bob.client.get("/signup")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_the_rules_hold_for_the_command_line_too(cast: Cast) -> None:
    with pytest.raises(ForumError):
        await create_user("aline", "aline@example.org", "password1234")
    made = await create_user("aline", "Aline@Mairie-Forêt.fr", PASSWORD)
    assert made.email == "aline@xn--mairie-fort-wbb.fr"


async def test_a_token_of_another_purpose_confirms_nothing(cast: Cast, config: Any) -> None:
    from forum.links import sign

    with pytest.raises(ForumError):
        await confirm_account(config, sign(config, "signup again", [1, "x"]), "")


async def test_who_signs_up_accepts_the_charter_and_the_time_is_kept(
    site: str, cast: Cast, box: PostBox
) -> None:
    refused = await sign_up(at(site), charter="")
    assert refused.status_code == 422
    assert "for those who accept the charter" in refused.text
    assert 'value="Aline Mercier"' in refused.text
    assert (await sign_up(at(site), charter="7")).status_code == 422, "of another version"
    await sign_up(at(site))
    (asked,) = await sql("SELECT charter_accepted_at AS at FROM signups")
    await confirm(at(site), link_in(await mail_to(box, ADDRESS)))
    (member,) = await sql(
        "SELECT charter_version AS version, charter_accepted_at AS at FROM users WHERE email = {0}", ADDRESS
    )
    assert (member["version"], member["at"]) == (1, asked["at"])
