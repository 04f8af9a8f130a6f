"""The outbox's page: what waits and what failed, in the server's words; tried again or given up, once."""

import asyncio

import pytest
from axe_playwright_python.async_playwright import Axe
from msgspec.structs import replace
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.mail.actions import send_mails, write_mail
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.mail.conftest import box
from tests.people import signed_in
from tests.servers.smtp import PostBox
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until

__all__ = ["box"]
PATH = "/admin/mail"
SECRET = "smtp://relais:hush@mail.example.org"


async def refused(box: PostBox) -> int:
    """A mail that the server does not take."""
    box.at_rcpt["bob@example.org"] = "550 no such person"
    async with log.transaction():
        await write_mail("password_reset", "bob@example.org", "http://127.0.0.1:8000", "en")
    await send_mails()
    (row,) = await sql("SELECT id, state FROM outbox WHERE to_address = 'bob@example.org'")
    return int(row["id"])


async def settled(state: str) -> None:
    """The one mail stands so; the site's own jobs work too."""

    async def stands() -> bool:
        return [row["state"] for row in await sql("SELECT state FROM outbox")] == [state]

    await until(stands)


async def test_ada_reads_why_a_mail_failed_and_has_it_sent_again(site: str, cast: Cast, box: PostBox) -> None:
    number = await refused(box)
    await settled("failed")
    ada = await signed_in(site, "ada")
    shown = (await ada.get(PATH)).text
    assert "550 no such person" in shown
    assert "Another password, bob@example.org" in shown
    assert "password-reset/" not in shown, "no link of a mail is shown"
    del box.at_rcpt["bob@example.org"]
    assert (await ada.post(f"{PATH}/{number}/retry")).status_code == 303
    await settled("sent")
    assert len(box.to("bob@example.org")) == 1
    assert await sql("SELECT payload FROM outbox") == [{"payload": "{}"}]
    assert (await ada.post(f"{PATH}/{number}/retry")).status_code == 409, "it has left"
    assert "bob@example.org" not in (await ada.get(PATH)).text
    assert "had a mail sent again" in (await ada.get("/admin/journal")).text


async def test_a_mail_is_given_up_once_whoever_presses_how_often(site: str, cast: Cast, box: PostBox) -> None:
    number = await refused(box)
    await settled("failed")
    ada = await signed_in(site, "ada")
    asked = [ada.post(f"{PATH}/{number}/deletion") for _n in range(10)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [303] + [409] * 9
    assert await sql("SELECT 1 FROM outbox") == []
    assert await sql("SELECT COUNT(*) AS n FROM staff_actions WHERE kind = 'abandon_mail'") == [{"n": 1}]


async def test_a_trial_goes_to_whoever_asks_for_it(site: str, cast: Cast, box: PostBox) -> None:
    ada = await signed_in(site, "ada")
    assert (await ada.post(f"{PATH}/trial")).status_code == 303
    await until(lambda: box.to("ada@example.org"))


async def test_no_secret_of_the_configuration_is_shown(site: str, app: object, cast: Cast) -> None:
    app.door.site = replace(app.door.site, config=replace(app.config, smtp_url=SECRET))  # type: ignore[attr-defined]
    shown = (await (await signed_in(site, "ada")).get(PATH)).text
    assert "mail.example.org:587" in shown
    assert "hush" not in shown


@pytest.mark.parametrize("who", ["alice", "mod"])
async def test_for_everyone_else_there_is_no_such_page(site: str, cast: Cast, box: PostBox, who: str) -> None:
    number = await refused(box)
    person = await signed_in(site, who)
    for answer in (
        await person.get(PATH), await person.get("/admin/jobs"), await person.post(f"{PATH}/trial"),
        await person.post(f"{PATH}/{number}/retry"), await person.post(f"{PATH}/{number}/deletion"),
        await person.post("/admin/jobs", name="trim_log"),
    ):  # fmt: skip
        assert answer.status_code == 404


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await refused(box)
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    for path in (PATH, "/admin/jobs"):
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(page, path)
