"""What the site brings, counted by hand and by the page."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import forum.app
from forum.answers.actions import accept_answer, unaccept_answer
from forum.cache import forget_fragments
from forum.categories.actions import create_category
from forum.clock import set_clock
from forum.i18n import speaking
from forum.mergers.actions import merge_organisations
from forum.posts.actions import delete_post
from forum.reuses.queries import item_visible_to, takers_in
from forum.suggestions.actions import note_answered
from forum.topics.actions import delete_topic, move_topic
from forum.topics.queries import topic_visible_to
from forum.value.queries import Figures, figures
from forum.value.words import all_lines
from forum.value.working_days import easter, end_of_delay, holidays, is_working_day, working_day_after
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.kinds.making import a_topic
from tests.people import Person, at, signed_in
from tests.reuses.making import BEZAC, SAINT_LOUP, a_sheet, an_answer, declared, verified

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def clock() -> Iterator[None]:
    yield
    set_clock(None)


def it_is(day: int, hour: int = 9, month: int = 11) -> None:
    """November 2026: the 2nd is a Monday, the 11th a public holiday on a Wednesday."""
    set_clock(lambda: datetime(2026, month, day, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28),
     (2038, 4, 25)],
)  # fmt: skip
def test_easter_is_when_the_church_says(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_the_eleven_holidays_of_2026_are_those_of_the_calendar() -> None:
    assert sorted(day.strftime("%d/%m") for day in holidays(2026)) == sorted(
        ["01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12"]
    )


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ((2026, 11, 2), (2026, 11, 4)),
        ((2026, 11, 5), (2026, 11, 9)),
        ((2026, 11, 6), (2026, 11, 10)),
        ((2026, 11, 7), (2026, 11, 10)),
        ((2026, 11, 9), (2026, 11, 12)),
        ((2026, 11, 10), (2026, 11, 13)),
        ((2026, 5, 13), (2026, 5, 18)),
        ((2026, 12, 24), (2026, 12, 29)),
        ((2026, 12, 31), (2027, 1, 5)),
    ],
)
def test_two_working_days_step_over_weekends_and_holidays(
    asked: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert working_day_after(date(*asked), 2) == date(*last)
    assert is_working_day(date(*last))


def test_days_begin_in_the_zone_of_the_site() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert end_of_delay(late, 2, PARIS) == datetime(2026, 11, 6, tzinfo=PARIS)
    assert end_of_delay(late, 2, ZoneInfo("UTC")) == datetime(2026, 11, 5, tzinfo=ZoneInfo("UTC"))


async def now_counted() -> Figures:
    """Counted again: nothing is left of the last time."""
    forget_fragments()
    return await figures(PARIS)


def values(found: Figures) -> dict[str, int | None]:
    with speaking("en"):
        return {line.name: line.value for line in all_lines(found)}


async def test_questions_are_counted_as_it_says(cast: Cast, clock: None) -> None:
    alice, bob, mod = await cast.alice(), await cast.bob(), await cast.mod()
    it_is(2)
    in_time, late, alone, never, unsaid, gone = [await a_question(cast) for _n in range(6)]
    it_is(4, 22)
    await a_reply(cast, in_time)
    it_is(4, 23)
    await a_reply(cast, late)
    await a_reply(cast, alone, alice)
    it_is(3)
    reply = await a_reply(cast, unsaid)
    await delete_post(bob, await seen(bob, reply))
    await delete_topic(mod, gone)
    it_is(10)
    await a_reply(cast, await a_question(cast))
    await a_topic(cast, "discussion")
    assert never
    found = await now_counted()
    assert (found.questions, found.ended, found.in_time, found.share) == (6, 5, 1, 20)
    assert (await now_counted()).ended == 5
    it_is(14)
    assert ((await now_counted()).ended, (await now_counted()).in_time) == (6, 2)


async def test_avoided_questions_sheets_reuses_and_organisations_are_counted(cast: Cast) -> None:
    bob, eve, mod = await cast.bob(), await cast.eve(), await cast.mod()
    one, other = await verified(bob, SAINT_LOUP), await verified(eve, BEZAC)
    item = await a_sheet(cast)
    await declared(bob, item, one)
    await declared(eve, item, other, state="abandoned", reason="No time.")
    topic, reply = await an_answer(cast)
    await accept_answer(mod, await seen(mod, reply))
    await declared(eve, await item_visible_to(eve, reply.id), other, state="testing")
    for viewer in (bob, eve, eve):
        await note_answered(viewer, await again(viewer, topic))
    found = values(await now_counted())
    told = {name: n for name, n in found.items() if n}
    assert told == {
        "questions": 1,
        "avoided_questions": 2,
        "sheets": 1,
        "reuses": 3,
        "organisations": 2,
        "reuses_testing": 1,
        "reuses_in_service": 1,
        "reuses_abandoned": 1,
        "organisations_500_999": 2,
    }


async def test_an_answer_counts_as_reused_everywhere_while_it_is_accepted_and_nowhere_else(
    site: str, cast: Cast
) -> None:
    topic, reply = await an_answer(cast)
    alice, eve, reader, ada = await cast.alice(), await cast.eve(), at(site), await signed_in(site, "ada")
    town = await verified(eve, SAINT_LOUP)
    await accept_answer(alice, await seen(alice, reply))
    await declared(eve, await item_visible_to(eve, reply.id), town)
    assert await reuses_told(reader, ada, topic.id, reply.id) == [1] * 10
    await unaccept_answer(alice, await seen(alice, reply))
    assert await reuses_told(reader, ada, topic.id, reply.id) == [0] * 10
    page = (await reader.get(f"/t/{topic.id}")).text
    assert "Who had taken it up" in page, "what was said stays, and the way to it"
    assert "Saint-Loup-sur-Vouvre" in (await reader.get(f"/posts/{reply.id}/reuses")).text
    await accept_answer(alice, await seen(alice, reply))
    assert await reuses_told(reader, ada, topic.id, reply.id) == [1] * 10


async def reuses_told(reader: Person, ada: Person, topic_id: int, post_id: int) -> list[int]:
    """How many reuses each place tells of: pages, what is suggested, answers to programs, the file."""
    forget_fragments()
    page = (await reader.get(f"/t/{topic_id}")).text
    town = (await reader.get(f"/o/{SAINT_LOUP}")).text
    post = (await reader.client.get(f"/posts/{post_id}.json")).json()
    stream = (await reader.client.get(f"/t/{topic_id}.json")).json()["post_stream"]["posts"]
    record = (await reader.client.get(f"/posts/{post_id}/reuses.json")).json()
    told = {one["name"]: one["value"] for one in (await reader.client.get("/valeur.json")).json()["figures"]}
    file = csv.DictReader(StringIO((await ada.client.get("/admin/value.csv")).text.removeprefix("\ufeff")))
    rows = {row["name"]: int(row["value"] or 0) for row in file}
    value = (await reader.get("/valeur")).text
    return [
        page.count("reused by 1 organisation"),
        town.count("What it took up from others"),
        len((await takers_in([topic_id])).get(topic_id, ())),
        post["reuse_count"],
        stream[1]["reuse_count"],
        record["reuse_count"],
        told["reuses"],
        rows["reuses"],
        rows["reuses_in_service"],
        value.count('<dt>reuses</dt><dd class="figure">1</dd>'),
    ]


async def test_two_organisations_that_were_merged_take_part_as_one(cast: Cast) -> None:
    bob, eve = await cast.bob(), await cast.eve()
    one, other = await verified(bob, SAINT_LOUP), await verified(eve, BEZAC)
    for viewer in (await cast.bob(), await cast.eve()):
        await a_reply(cast, await a_question(cast), viewer)
    assert (await now_counted()).taking_part == 2
    await merge_organisations(await cast.ada(), one, other, "A new commune.")
    assert (await now_counted()).taking_part == 1


async def test_nothing_of_a_restricted_theme_is_counted(site: str, cast: Cast) -> None:
    bob = await cast.bob()
    one = await verified(bob, SAINT_LOUP)
    nothing = await now_counted()
    topic = await a_question(cast, private=True)
    await a_reply(cast, topic)
    await note_answered(bob, topic)
    item = await a_sheet(cast, private=True)
    await declared(bob, item, one)
    found = await now_counted()
    assert values(found) == values(nothing)
    assert found.taking_part == 0
    seen_by = [(await (await signed_in(site, who)).get("/valeur")).text for who in ("alice", "bob")]
    assert [text.count('<dd class="figure">0</dd>') for text in seen_by] == [5, 5]


async def test_a_theme_that_is_closed_leaves_the_counts_at_once(cast: Cast) -> None:
    topic, ada = await a_question(cast), await cast.ada()
    assert (await now_counted()).questions == 1
    await move_topic(ada, await topic_visible_to(ada, topic.id), cast.private.id)
    await create_category("Another")
    assert (await figures(PARIS)).questions == 0


async def test_it_is_counted_again_after_five_minutes(cast: Cast, clock: None) -> None:
    it_is(2)
    await a_question(cast)
    first = await now_counted()
    await a_question(cast)
    assert (await figures(PARIS)) is first
    set_clock(lambda: datetime(2026, 11, 2, 9, 5, tzinfo=UTC))
    assert (await figures(PARIS)).questions == 2


async def test_page_json_and_file_say_the_same(site: str, cast: Cast) -> None:
    await a_question(cast)
    visitor, ada = at(site), await signed_in(site, "ada")
    page = (await visitor.get("/valeur")).text
    assert '<dd class="figure">1</dd>' in page
    assert "/admin/value.csv" not in page
    assert "/admin/value.csv" in (await ada.get("/valeur")).text
    program = {"Accept-Language": "en"}
    shapes = (await visitor.client.get("/valeur.json", headers=program)).json()["figures"]
    assert (await visitor.client.get("/admin/value.csv")).status_code == 404
    file = await ada.client.get("/admin/value.csv", headers=program)
    assert file.headers["content-disposition"] == 'attachment; filename="valeur.csv"'
    rows = list(csv.DictReader(StringIO(file.text.removeprefix("\ufeff"))))
    told = [(row["name"], row["label"], row["value"], row["definition"]) for row in rows]
    assert told == [
        (one["name"], one["label"], "" if one["value"] is None else str(one["value"]), one["definition"])
        for one in shapes
    ]


async def test_nodebb_csv_no_cell_is_a_formula_that_somebody_typed(site: str, cast: Cast) -> None:
    """Whatever people call themselves, their organisations, their themes and their topics."""
    await a_question(cast, title="=HYPERLINK(1) who cooks?", raw="+1 of us.", tags=["=cmd"])
    await sql("UPDATE users SET name = '=1+1'")
    await sql("UPDATE categories SET name = '@SUM(1)' WHERE id = {0}", cast.theme.id)
    await sql("UPDATE categories SET name = '-2+3' WHERE id <> {0}", cast.theme.id)
    await sql("UPDATE users SET name = {0} WHERE username = 'bob'", "\t=1+1")
    for language in ("en", "fr"):
        ada = await signed_in(site, "ada")
        file = await ada.client.get("/admin/value.csv", headers={"Accept-Language": language})
        rows = list(csv.reader(StringIO(file.text.removeprefix("\ufeff"))))
        assert len(rows) > 5
        assert [
            cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        ] == []


def test_nothing_else_writes_tables_for_a_spreadsheet() -> None:
    """Another one has to take the meaning from cells that begin like a formula, and to be asked above."""
    sources = Path(forum.app.__file__).parent.rglob("*.py")
    assert [path.parent.name for path in sources if "csv.writer(" in path.read_text()] == ["value"]
