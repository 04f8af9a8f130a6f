"""One row whose stored object is damaged: every page that reads it is whole, and so are the queues."""

import logging

import pytest

from forum.drafts.actions import keep_draft
from forum.mail.actions import send_mails
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.kinds.making import a_topic
from tests.mail.conftest import box
from tests.mail.test_outbox import write
from tests.people import signed_in
from tests.servers.smtp import PostBox

__all__ = ["box"]

POISON = ("{", "", "[1]", "null", "7", '{"a":', "\\", '{"a":"' + "x" * 200_000 + '"}')


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
async def test_cve_2026_45076_one_damaged_row_breaks_no_page_and_no_list(
    site: str, cast: Cast, poison: str, caplog: pytest.LogCaptureFixture
) -> None:
    sound = [await a_question(cast) for _n in range(3)]
    sheet = await a_topic(cast, "sheet")
    await keep_draft(cast.ids["ada"], f"topic_{sheet.id}", {"raw": "A beginning."})
    ada = await signed_in(site, "ada")
    changed = [
        await sql(f"UPDATE {table} SET {column} = {{0}}{where} RETURNING 1", poison)
        for table, column, where in (
            ("topics", "facts", f" WHERE id = {sheet.id}"),
            ("kind_revisions", "data", ""),
            ("drafts", "data", ""),
        )
    ]
    assert all(changed), "each is read by a page below"
    await sql("UPDATE site SET version = version + 1")
    address = f"/t/{sheet.slug}/{sheet.id}"
    for path in (
        "/", "/latest.json", address, f"/t/{sheet.id}.json", f"/t/{sheet.id}/details",
        f"/t/{sheet.id}/details/history", f"/c/school-meals/{cast.theme.id}", "/u/alice",
    ):  # fmt: skip
        assert (await ada.get(path)).status_code == 200, path
    listed = (await ada.get("/")).text
    assert all(topic.title in listed for topic in (*sound, sheet)), "the page is full"
    if poison in ("{", "[1]", "\\"):
        told = [record for record in caplog.records if record.name == "relais.stored"]
        assert {record.levelno for record in told} == {logging.ERROR}
        assert {"kind_revisions", "drafts"} <= {record.__dict__["table"] for record in told}


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
async def test_a_damaged_mail_keeps_nobody_else_s_waiting(cast: Cast, box: PostBox, poison: str) -> None:
    for _mail in range(3):
        await write()
    await sql(
        """UPDATE outbox SET kind = 'suspension_appeal', payload = {0}
            WHERE id = (SELECT MIN(id) FROM outbox)""",
        poison,
    )
    await send_mails()
    assert len(box.mails) == 2
    waiting = await sql("SELECT last_error FROM outbox WHERE state = 'waiting'")
    assert len(waiting) == 1
