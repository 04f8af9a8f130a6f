"""The sheets, documents, guides, gatherings and job offers of the demonstration, as told and as loaded."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from forum.accounts.queries import a_visitor
from forum.demo.content import Topic, load
from forum.demo.load import load_demo
from forum.kinds.queries import details_of
from forum.kinds.registry import kind_of
from forum.sheets.queries import sheets_from
from realtime.sql import sql
from tests.demo.test_content import MONDAY, QUOTE, conversations


@cache
def told(kind: str) -> list[Topic]:
    return [topic for topic in load(MONDAY).topics if topic.kind == kind]


def every_knowledge() -> Iterator[Topic]:
    for kind in ("sheet", "document", "guide", "gathering", "job"):
        yield from told(kind)


def prose(topic: Topic, *types: str) -> Iterator[str]:
    """Its typed fields of these types, and what came of it."""
    for one in kind_of(topic.kind).fields:
        if one.type in types:
            yield topic.details.get(one.name, "")
    yield topic.outcome


def test_every_kind_has_something_to_show() -> None:
    counts = Counter(topic.kind for topic in every_knowledge())
    assert 20 <= counts["sheet"] <= 30
    assert {name: counts[name] for name in ("document", "guide", "gathering", "job")} == {
        "document": 4,
        "guide": 1,
        "gathering": 3,
        "job": 3,
    }


def test_conversations_come_first_so_that_they_keep_their_numbers() -> None:
    kinds = [bool(kind_of(topic.kind).table) for topic in load(MONDAY).topics]
    assert kinds == sorted(kinds)


def test_sheets_wait_for_different_fields() -> None:
    fields = frozenset(one.name for one in kind_of("sheet").gauged)
    gaps = [fields.difference(sheet.details) for sheet in told("sheet")]
    assert frozenset() in gaps
    assert len(set(gaps)) >= 20
    assert len({len(gap) for gap in gaps}) >= 8


def test_most_sheets_say_what_they_would_not_do_again() -> None:
    assert sum("never_again" in sheet.details for sheet in told("sheet")) >= 15


def test_no_two_share_a_sentence_nor_take_one_from_a_conversation() -> None:
    texts = [text for topic in every_knowledge() for text in prose(topic, "text")]
    texts += [QUOTE.sub("", post.text) for topic in conversations() for post in topic.posts]
    said = Counter(
        sentence.strip()
        for text in texts
        for sentence in re.split(r"(?<=[.!?»])\s+|\n+", text)
        if len(sentence.split()) >= 4
    )
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_french_typography_is_set_in_fields_too() -> None:
    wrong = re.compile(r"\w'\w| [;!?]|«[^\u202f]|[^\u202f]»| :(?=\s|$)|\d (?:€|%|\d{3}\b)", re.MULTILINE)
    assert [
        text for topic in every_knowledge() for text in prose(topic, "line", "text") if wrong.search(text)
    ] == []


def test_a_gathering_is_over_with_an_output_and_another_has_a_waiting_list() -> None:
    over = [topic for topic in told("gathering") if topic.closed]
    assert [(topic.state, bool(topic.outcome)) for topic in over] == [("held", True)]
    assert any(len(topic.seats) > int(topic.details.get("places", 99)) for topic in told("gathering"))


def test_the_guide_was_improved_by_several() -> None:
    (guide,) = told("guide")
    assert len({guide.author, *(edit.by for edit in guide.posts[0].edits)}) == 3


@pytest.mark.usefixtures("db")
async def test_it_is_loaded_once_with_its_fields_and_linked_both_ways() -> None:
    assert await load_demo()
    numbers = {row["title"]: row["id"] for row in await sql("SELECT id, title FROM topics")}
    assert [numbers[topic.title] for topic in load(MONDAY).topics] == sorted(numbers.values())
    visitor = await a_visitor("fr")
    drawn = [sheet for sheet in told("sheet") if sheet.drawn_from]
    assert len(drawn) >= 8
    for sheet in drawn:
        details = await details_of("sheet", numbers[sheet.title])
        assert details is not None
        assert details.values["source_id"] == numbers[sheet.drawn_from]
        assert numbers[sheet.title] in {
            one.id for one in await sheets_from(visitor, numbers[sheet.drawn_from])
        }
    assert not await load_demo()
    assert len(await sql("SELECT id FROM topics")) == len(numbers)


@pytest.mark.usefixtures("db")
async def test_places_states_and_versions_are_as_told() -> None:
    await load_demo()
    numbers = {row["title"]: row["id"] for row in await sql("SELECT id, title FROM topics")}
    for gathering in told("gathering"):
        details = await details_of("gathering", numbers[gathering.title])
        assert details is not None
        seated = [card.username for card in (*details.extra["coming"], *details.extra["waiting"])]
        assert (seated, details.state, details.extra["outcome"]) == (
            list(gathering.seats),
            gathering.state,
            gathering.outcome,
        )
        assert len(details.extra["waiting"]) == max(0, len(seated) - int(gathering.details.get("places", 99)))
    states = [await details_of("job", numbers[offer.title]) for offer in told("job")]
    assert sorted(details.state for details in states if details) == ["", "", "expired"]
    guide = await details_of("guide", numbers[told("guide")[0].title])
    assert guide is not None
    assert guide.extra["text_version"] == 3
    assert len(guide.extra["contents"]) == 6


@pytest.mark.usefixtures("db")
async def test_what_people_rely_on_is_confirmed_waits_or_is_replaced() -> None:
    await load_demo()
    rows = await sql(
        """SELECT freshness, COUNT(*) AS n FROM topics WHERE freshness IS NOT NULL
            GROUP BY freshness ORDER BY freshness"""
    )
    assert {row["freshness"]: row["n"] for row in rows} == {"superseded": 1, "to_check": 4}
    confirmed = await sql("SELECT post_id FROM review_dates WHERE confirmed_at IS NOT NULL")
    assert len(confirmed) == 3
