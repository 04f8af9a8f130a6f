"""Mails leave with the change that asks for them: once, not lost, whatever the server does."""

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from forum import jobs
from forum.accounts.actions import deactivate_account
from forum.assets import shipped_assets
from forum.clock import now, set_clock
from forum.config import Config
from forum.mail.actions import CLAIM, forget_mails, send_mails, write_mail
from forum.mail.kinds import KINDS, Envelope, Letter
from forum.mail.office import open_office, the_office
from forum.mail.trial import TrialLetter
from forum.settings.face import SiteFace
from forum.templating import Templates, templates_in
from realtime import log
from realtime.sql import as_datetime, sql
from tests.cast import Cast
from tests.servers.smtp import PostBox, silent_server
from tests.waiting import until

SITE = "https://relais.example.fr"
MINUTE = timedelta(minutes=1)


async def write(to: str = "aline@example.org", locale: str = "en", **payload: Any) -> None:
    """A mail, as an action writes it."""
    async with log.transaction():
        await write_mail("trial", to, SITE, locale, **payload)


async def _change_that_does_not_stand() -> None:
    async with log.transaction():
        await write_mail("trial", "nobody@example.org", SITE)
        raise RuntimeError("no")


async def outbox(columns: str = "state") -> list[dict[str, Any]]:
    return await sql(f"SELECT {columns} FROM outbox ORDER BY id")


def later(by: timedelta) -> None:
    """The clock moves on."""
    moment = now() + by
    set_clock(lambda: moment)


async def test_a_mail_leaves_if_and_only_if_the_change_stands(box: PostBox) -> None:
    with pytest.raises(RuntimeError):
        await _change_that_does_not_stand()
    await write()
    assert box.mails == [], "nothing is sent within the transaction"
    await jobs.run_due("send_mails")
    assert [mail["To"] for mail in box.mails] == ["aline@example.org"]
    assert await outbox("state, payload") == [{"state": "sent", "payload": "{}"}]


@pytest.mark.parametrize(("locale", "words"), [("fr", "peut vous écrire"), ("en", "can write to you")])
async def test_one_template_gives_both_texts_in_the_readers_language(
    box: PostBox, locale: str, words: str
) -> None:
    await write(locale=locale)
    await send_mails()
    mail = box.mails[0]
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert words in plain.get_content()
    assert f"{SITE}/" in plain.get_content()
    assert "<" not in plain.get_content()
    assert words in page.get_content()
    assert f'<html lang="{locale}">' in page.get_content()
    assert mail["Content-Language"] == locale


async def test_the_headers_say_from_whom_that_it_is_a_machine_and_which_mail_it_is(box: PostBox) -> None:
    await write()
    named = (await outbox("message_id"))[0]["message_id"]
    await send_mails()
    mail = box.mails[0]
    assert mail["From"] == "Relais <relais@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == named
    assert mail["Message-ID"].endswith("@relais.example.fr>")
    assert mail["Date"].datetime is not None
    assert "List-Unsubscribe" not in mail, "one does not unsubscribe from mails about one's own account"


async def test_while_the_server_is_away_nothing_is_lost_and_afterwards_each_arrives_once(
    box: PostBox,
) -> None:
    await box.close()
    for n in range(4):
        await write(f"member{n}@example.org")
    for _minute in range(10):
        await send_mails()
        later(MINUTE)
    assert await outbox() == [{"state": "waiting"}] * 4
    assert all(row["last_error"] for row in await outbox("last_error"))
    await box.open()
    later(timedelta(hours=1))
    await send_mails()
    await send_mails()
    assert sorted(mail["To"] for mail in box.mails) == [f"member{n}@example.org" for n in range(4)]
    assert await outbox() == [{"state": "sent"}] * 4


async def test_a_mail_is_tried_less_and_less_often_and_given_up_after_five_days(box: PostBox) -> None:
    await box.close()
    await write()
    waits = []
    for _try in range(9):
        await send_mails()
        next_at = as_datetime((await outbox("next_at"))[0]["next_at"])
        waits.append(round((next_at - now()) / MINUTE))
        later(next_at - now())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    later(timedelta(days=5))
    await send_mails()
    assert await outbox("state, payload") == [{"state": "failed", "payload": "{}"}]
    await box.open()


async def test_a_server_that_says_nothing_holds_nobody(
    db: None, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.mail.smtp.ANSWER", 0.2)
    await write()
    async with silent_server() as url:
        open_office(replace(config, smtp_url=url), templates_in(config.time_zone))
        await send_mails()
    assert await outbox() == [{"state": "waiting"}]


async def test_other_jobs_go_on_while_the_mail_server_says_nothing(db: None, config: Config) -> None:
    async with silent_server() as url:
        open_office(replace(config, smtp_url=url), templates_in(config.time_zone))
        await write()
        runners = [asyncio.create_task(jobs.run_forever(lane)) for lane in jobs.lanes()]
        try:
            await until(lambda: _is("sending"))
            async with log.transaction():
                await jobs.enqueue("forget_hidden_alerts")
            await until(lambda: _no_job("forget_hidden_alerts"))
            assert await outbox() == [{"state": "sending"}]
        finally:
            for runner in runners:
                runner.cancel()
            await asyncio.gather(*runners, return_exceptions=True)


async def _is(state: str) -> bool:
    return await outbox() == [{"state": state}]


async def _no_job(name: str) -> bool:
    return await sql("SELECT 1 FROM jobs WHERE name = {0}", name) == []


async def test_a_refusal_for_good_is_kept_with_the_servers_words_and_not_tried_again(box: PostBox) -> None:
    box.at_rcpt["gone@example.org"] = "550 5.1.1 No such mailbox here"
    box.at_data["dull@example.org"] = "554 5.7.1 Looks like spam"
    for to in ("gone@example.org", "dull@example.org", "aline@example.org"):
        await write(to, locale="en")
    for _minute in range(3):
        await send_mails()
        later(MINUTE)
    assert await outbox("state, attempts, last_error, payload") == [
        {"state": "failed", "attempts": 1, "last_error": "550 5.1.1 No such mailbox here", "payload": "{}"},
        {"state": "failed", "attempts": 1, "last_error": "554 5.7.1 Looks like spam", "payload": "{}"},
        {"state": "sent", "attempts": 1, "last_error": "", "payload": "{}"},
    ]


async def test_a_mailbox_that_says_later_keeps_nobody_else_waiting(box: PostBox) -> None:
    box.at_rcpt["grey@example.org"] = "450 4.2.0 Greylisted"
    await write("grey@example.org")
    await write("aline@example.org")
    await send_mails()
    assert [mail["To"] for mail in box.mails] == ["aline@example.org"]
    box.at_rcpt.clear()
    later(MINUTE)
    await send_mails()
    assert [mail["To"] for mail in box.mails] == ["aline@example.org", "grey@example.org"]


async def test_many_senders_at_once_send_each_mail_once(box: PostBox) -> None:
    for n in range(20):
        await write(f"member{n}@example.org")
    await asyncio.gather(*(send_mails() for _n in range(5)))
    assert sorted(mail["To"] for mail in box.mails) == sorted(f"member{n}@example.org" for n in range(20))


async def test_after_a_crash_the_copy_carries_the_same_name(
    box: PostBox, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether the server had it already cannot be known: the second copy is recognisable, and it is said."""
    await write()
    await send_mails()
    await sql(
        "UPDATE outbox SET state = 'sending', claimed_until = {0}, payload = '{}', ended_at = NULL",
        now() + CLAIM,
    )
    await send_mails()
    assert len(box.mails) == 1, "a claim is respected as long as it holds"
    later(CLAIM + MINUTE)
    await send_mails()
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert "may arrive twice" in caplog.text


async def test_an_error_in_a_mail_keeps_nobody_else_waiting(
    box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write("poisoned@example.org", unexpected="field")
    await write("aline@example.org")
    await send_mails()
    assert [mail["To"] for mail in box.mails] == ["aline@example.org"]
    assert await outbox() == [{"state": "waiting"}, {"state": "sent"}]


async def test_a_closed_account_receives_nothing(box: PostBox, cast: Cast) -> None:
    await write("bob@example.org")
    await deactivate_account(await cast.bob(), cast.ids["bob"])
    await send_mails()
    assert box.mails == []
    assert await outbox() == []


async def test_what_a_person_wrote_makes_no_header(box: PostBox, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hostile(envelope: Envelope) -> Letter:
        return Letter("trial.html", TrialLetter('https://x.fr/"><script>\r\nBcc: eve@example.org\r\n\r\n'))

    monkeypatch.setitem(KINDS, "trial", hostile)
    office, templates = the_office(), Templates(shipped_assets(), ZoneInfo("Europe/Paris"))
    templates.environments["en"].globals["site"] = SiteFace("Été\r\nBcc: eve@example.org")
    open_office(office.config, templates)
    await write()
    await send_mails()
    mail = box.mails[0]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "A trial mail from Été Bcc: eve@example.org"
    page = mail.get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()


async def test_without_a_server_mails_are_files_for_their_owner_alone(db: None, config: Config) -> None:
    open_office(config, templates_in(config.time_zone))
    await write(locale="fr")
    await send_mails()
    (file,) = (config.data / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Auto-Submitted: auto-generated" in file.read_bytes()


async def test_sent_mails_are_forgotten_after_a_month_and_those_that_wait_are_not(box: PostBox) -> None:
    await write("aline@example.org")
    await send_mails()
    box.at_rcpt["grey@example.org"] = "450 later"
    await write("grey@example.org")
    await send_mails()
    later(timedelta(days=29))
    await forget_mails()
    assert await outbox() == [{"state": "sent"}, {"state": "waiting"}]
    later(timedelta(days=2))
    await forget_mails()
    assert await outbox() == [{"state": "waiting"}]
