"""The jobs' page: when each ran, what went wrong, and a run when somebody asks for one."""

from datetime import timedelta

import pytest

from forum import jobs
from forum.administration.actions import run_job
from forum.administration.running import JobLine, job_lines
from forum.administration.words import job_words
from forum.app import create_app
from forum.clock import now
from forum.config import Config
from forum.errors import Conflict, NotFound
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.people import signed_in


async def line(name: str) -> JobLine:
    """One job's."""
    return next(line for line in await job_lines() if line.name == name)


async def test_a_run_is_told_with_its_time_and_the_next_one(cast: Cast) -> None:
    await jobs.schedule()
    before = await line("trim_log")
    assert (before.ran_at, before.minutes, before.by_hand) == (None, 60, True)
    assert await jobs.run_due() >= 1
    after = await line("trim_log")
    assert after.ran_at is not None
    assert after.next_at is not None
    assert after.next_at - now() > timedelta(minutes=50)
    assert after.error == ""


async def test_the_last_fault_stays_on_the_page_after_a_run_that_went_well(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down() -> None:
        raise RuntimeError("the disk is upside down")

    await jobs.schedule()
    with monkeypatch.context() as broken:
        broken.setitem(jobs._known, "trim_log", break_down)
        await jobs.run_due()
    assert "upside down" in (await line("trim_log")).error
    await run_job(await cast.ada(), "trim_log")
    await jobs.run_due()
    mended = await line("trim_log")
    assert mended.failed_at is not None
    assert mended.ran_at is not None
    assert mended.ran_at > mended.failed_at


async def test_ada_has_a_job_run_and_the_journal_says_so(site: str, cast: Cast) -> None:
    await jobs.schedule()
    await sql("UPDATE jobs SET run_at = {0}", now() + timedelta(hours=1))
    ada = await signed_in(site, "ada")
    assert (await ada.post("/admin/jobs", name="trim_log")).status_code == 303
    (row,) = await sql("SELECT run_at FROM jobs WHERE name = 'forget_mails'")
    assert row is not None
    assert "had a job run at once" in (await ada.get("/admin/journal")).text
    assert "Drops old live events" in (await ada.get("/admin/jobs")).text
    for name in ("no_such_job", "notify_watchers"):
        assert (await ada.post("/admin/jobs", name=name)).status_code == 404


async def test_one_that_runs_is_not_run_twice_at_once(cast: Cast) -> None:
    await jobs.schedule()
    async with log.transaction():
        await sql("UPDATE jobs SET locked_until = {0}", now() + timedelta(minutes=5))
    with pytest.raises(Conflict):
        await run_job(await cast.ada(), "trim_log")
    with pytest.raises(NotFound):
        await run_job(await cast.ada(), "send_mails")


def test_each_job_has_its_words(config: Config) -> None:
    create_app(config)  # every job is named when the site is put together
    assert [name for name in jobs.job_names() if job_words(name) == name] == []
