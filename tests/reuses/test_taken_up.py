"""An organisation's page counts all that it took up, and lists it in pages: of what the reader may see."""

import re

import pytest

from forum.reuses.queries import LIST_SIZE, count_reuses_by, reuses_by
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import Person, at, signed_in
from tests.reuses.making import SAINT_LOUP, verified

MANY, HIDDEN = 205, 3
PAGE = f"/o/{SAINT_LOUP}"


async def took_up(cast: Cast, town: int, answers: int, *, private: bool = False) -> None:
    """The town took up so many accepted answers of one question."""
    topic = await a_question(cast, private=private)
    for _n in range(answers):
        await a_reply(cast, topic)
    await sql(
        """INSERT INTO accepted_answers (topic_id, post_id, accepter_id, post_version, created_at)
            SELECT topic_id, id, {1}, 1, created_at FROM posts WHERE topic_id = {0} AND post_number > 1""",
        topic.id,
        cast.ids["alice"],
    )
    await sql(
        """INSERT INTO reuses (post_id, organisation_id, user_id, state, version, created_at, updated_at)
            SELECT id, {1}, {2}, 'in_service', 1, created_at, created_at FROM posts
            WHERE topic_id = {0} AND post_number > 1 ORDER BY id""",
        topic.id,
        town,
        cast.ids["bob"],
    )


async def read_all(person: Person) -> list[int]:
    """How many each page of the list holds, following its link to the next one."""
    sizes, path = list[int](), f"{PAGE}/reuses"
    while path:
        text = (await person.get(path)).text
        sizes.append(text.count('class="reuse-state'))
        following = re.search(r'href="(/o/[^"]*before=\d+)"', text)
        path = following[1] if following else ""
    return sizes


@pytest.mark.timeout(240)
async def test_more_than_two_hundred_are_all_counted_and_listed_for_whoever_may_see_them(
    site: str, cast: Cast
) -> None:
    town = await verified(await cast.bob(), SAINT_LOUP)
    await took_up(cast, town, MANY)
    await took_up(cast, town, HIDDEN, private=True)
    for person, count in (
        (at(site), MANY),
        (await signed_in(site, "eve"), MANY),
        (await signed_in(site, "bob"), MANY + HIDDEN),
    ):
        shown = (await person.get(PAGE)).text
        assert f'<span class="quiet">{count}</span></h2>' in shown
        assert f"See all: {count}" in shown
        assert shown.count('class="reuse-state') == 5
        sizes = await read_all(person)
        assert sum(sizes) == count
        assert set(sizes[:-1]) == {LIST_SIZE}
    assert await count_reuses_by(await cast.bob(), town) == MANY + HIDDEN
    assert len({one.id for one in await reuses_by(await cast.bob(), town, limit=999)}) == MANY + HIDDEN


async def test_few_are_listed_where_they_are_counted(site: str, cast: Cast) -> None:
    town = await verified(await cast.bob(), SAINT_LOUP)
    await took_up(cast, town, 5)
    await took_up(cast, town, HIDDEN, private=True)
    shown = (await at(site).get(PAGE)).text
    assert '<span class="quiet">5</span></h2>' in shown
    assert f"{PAGE}/reuses" not in shown
    assert "See all: 8" in (await (await signed_in(site, "bob")).get(PAGE)).text


async def test_the_list_of_an_organisation_that_took_up_nothing_says_so(site: str, cast: Cast) -> None:
    await verified(await cast.bob(), SAINT_LOUP)
    assert "Nothing here yet" in (await at(site).get(f"{PAGE}/reuses")).text
    for path in ("/o/nowhere/reuses", f"{PAGE}/reuses?before=x"):
        assert (await at(site).get(path)).status_code in (404, 422), path
