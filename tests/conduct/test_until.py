"""Whoever is silenced reads until which day, and not «until in five days»."""

from datetime import timedelta

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.clock import now
from forum.conduct.actions import silence_member
from forum.config import Config
from forum.i18n import format_moment
from tests.cast import Cast
from tests.factories import a_question
from tests.system.homes import homes


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("scripts", [True, False])
async def test_bob_reads_the_day_on_which_he_may_write_again(
    site: str, cast: Cast, config: Config, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    topic, until = await a_question(cast), now() + timedelta(days=5)
    await silence_member(await cast.mod(), cast.ids["bob"], until, "Three warnings.")
    bob = await (await homes(new_context, site, locale, scripts))("bob")
    await bob.go(f"/t/{topic.slug}/{topic.id}")
    if scripts:
        await expect(bob.page.locator("time:not([title])")).to_have_count(0)
    told = bob.page.locator(".note-title").filter(has=bob.page.locator("time"))
    day = format_moment(until, locale, config.time_zone)
    await expect(told).to_have_text(f"{bob.says('You can read, and not write, until')} {day}")
