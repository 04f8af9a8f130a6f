"""From the sign-up form to a first topic in three minutes of reading and typing: by words, not by a clock."""

from email.message import EmailMessage

import pytest

from bench.entry import BUDGET_SECONDS, Step, walk, words_in, words_of
from tests.cast import Cast
from tests.factories import a_question
from tests.servers.smtp import PostBox
from tests.waiting import until


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_what_one_reads_and_types_until_the_first_topic_takes_three_minutes(
    site: str, cast: Cast, box: PostBox, locale: str
) -> None:
    await a_question(cast)

    async def read_mail(address: str) -> EmailMessage:
        await until(lambda: bool(box.to(address)), 60)
        return box.to(address)[0]

    steps = await walk(site, locale, read_mail)
    assert all(step.words > 10 for step in steps), steps
    assert sum(step.seconds for step in steps) <= BUDGET_SECONDS, steps


def test_words_are_those_that_a_person_sees() -> None:
    page = """<p>Not here</p><main><p>Two words<br> – and <b>three</b> more</p><input value="no">
        <span class="vh">unseen <b>at all</b></span><p hidden>nor this</p>
        <svg><title>no</title></svg></main> nor"""
    assert words_of(page) == 5
    assert words_in("Open https://relais.example.org/u/activate-account/abc now :") == 3


def test_three_minutes_are_six_hundred_words_or_signs() -> None:
    assert Step("", 300, 300).seconds == BUDGET_SECONDS
