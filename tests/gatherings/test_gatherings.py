"""Gatherings: places, the waiting list in order, the calendar, the conclusion."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.clock import set_clock
from forum.errors import Conflict, Forbidden, Invalid
from forum.gatherings.actions import come, conclude, stay_away
from forum.gatherings.calendar import calendar
from forum.gatherings.outcome import Ending
from forum.kinds.actions import revise_details
from forum.notifications.queries import alerts_of
from forum.topics.actions import set_closed
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.kinds.details import GATHERING
from tests.kinds.making import a_topic, fields_of
from tests.people import at, signed_in
from tests.reuses.making import SAINT_LOUP, verified
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser


async def a_crowd(size: int) -> list[Viewer]:
    people = []
    for n in range(size):
        user = await create_user(f"clerk{n}", f"clerk{n}@example.org", None)
        viewer = await viewer_of_id(user.id, "en")
        assert viewer is not None
        people.append(viewer)
    return people


async def names(topic: TopicCard, which: str) -> list[str]:
    return [card.username for card in (await fields_of(topic)).extra[which]]


async def test_fifty_at_once_fill_the_places_and_wait_in_the_order_in_which_they_came(cast: Cast) -> None:
    topic, crowd = await a_topic(cast, "gathering", places="7"), await a_crowd(50)
    details = await fields_of(topic)
    got = await asyncio.gather(*(come(person, topic, details) for person in crowd))
    assert sum(got) == 7
    rows = await sql("SELECT user_id, waiting FROM seats WHERE topic_id = {0} ORDER BY id", topic.id)
    assert [bool(row["waiting"]) for row in rows] == [False] * 7 + [True] * 43
    order = [row["user_id"] for row in rows]
    by_id = {person.member_id: person for person in crowd}
    leaving = [by_id[id] for id in order[:3]]
    await asyncio.gather(*(stay_away(person, topic, details) for person in leaving))
    rows = await sql("SELECT user_id, waiting FROM seats WHERE topic_id = {0} ORDER BY id", topic.id)
    assert [row["user_id"] for row in rows if not row["waiting"]] == order[3:10]
    assert [row["user_id"] for row in rows if row["waiting"]] == order[10:]
    for served in order[7:10]:
        assert [alert.type for alert in await alerts_of(by_id[served])] == ["seat_freed"]


async def test_coming_twice_takes_one_place_and_more_places_serve_those_who_wait(cast: Cast) -> None:
    topic = await a_topic(cast, "gathering", places="1")
    details = await fields_of(topic)
    for _twice in range(2):
        await come(await cast.bob(), topic, details)
    await come(await cast.eve(), topic, details)
    assert (await names(topic, "coming"), await names(topic, "waiting")) == (["bob"], ["eve"])
    await revise_details(await cast.alice(), topic, {**GATHERING, "places": "2"}, 1)
    assert await names(topic, "coming") == ["bob", "eve"]


async def test_it_closes_with_an_output_or_a_reason_only(cast: Cast) -> None:
    topic, alice, mod = await a_topic(cast, "gathering"), await cast.alice(), await cast.mod()
    details = await fields_of(topic)
    with pytest.raises(Conflict):
        await set_closed(mod, topic, True)
    with pytest.raises(Forbidden):
        await conclude(await cast.bob(), topic, details, Ending.OUTPUT, "We wrote a sheet: /t/a-sheet/3")
    for ending in Ending:
        for nothing in ("", " ", "Done."):
            with pytest.raises(Invalid):
                await conclude(alice, topic, details, ending, nothing)
    with pytest.raises(Invalid) as fault:
        await conclude(alice, topic, details, Ending.OUTPUT, "It was a very nice day.")
    assert set(fault.value.fields) == {"outcome"}
    await conclude(alice, topic, details, Ending.CALLED_OFF, "The kitchen was being repaired.")
    await set_closed(mod, topic, True)
    with pytest.raises(Forbidden):
        await come(await cast.bob(), topic, await fields_of(topic))


async def test_the_page_leads_to_the_output_and_says_the_reason_where_there_is_none(
    site: str, cast: Cast
) -> None:
    alice = await signed_in(site, "alice")
    words = 'A sheet: /t/six-kitchens/12. Photos: https://example.org/a?b=<c>&d, all "free".'
    for ending, outcome, state, shown in (
        ("output", words, "held", '<a href="/t/six-kitchens/12" rel="nofollow noopener">'),
        ("no_output", "We only looked & learned.", "held", "We only looked &amp; learned."),
        ("called_off", "The bus broke down.", "called_off", "The bus broke down."),
    ):
        topic = await a_topic(cast, "gathering")
        assert (await alice.post(f"/t/{topic.id}/outcome", ending=ending, outcome=outcome)).status_code == 303
        page = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
        assert shown in page
        assert "<c>" not in page
        assert (await fields_of(topic)).state == state


async def test_one_announced_after_its_day_is_refused_and_corrected_later_it_is_not(cast: Cast) -> None:
    with pytest.raises(Invalid) as fault:
        await a_topic(cast, "gathering", starts_at="2020-03-04T14:00", ends_at="2020-03-04T15:00")
    assert set(fault.value.fields) == {"starts_at"}
    assert await sql("SELECT id FROM topics") == []
    topic = await a_topic(cast, "gathering")
    held = {**GATHERING, "starts_at": "2020-03-04T14:00", "ends_at": "2020-03-04T15:00"}
    await revise_details(await cast.alice(), topic, held, 1)


async def test_the_calendar_file_says_when_in_universal_time(cast: Cast) -> None:
    topic = await a_topic(cast, "gathering", place="The kitchen, Ormoy; hall " + "é" * 60)
    text = calendar(
        topic,
        await fields_of(topic),
        "https://relais.example",
        ZoneInfo("Europe/Paris"),
        datetime(2030, 1, 2, tzinfo=UTC),
    )
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20300304T130000Z" in lines
    assert "DTEND:20300304T140000Z" in lines
    assert f"UID:gathering-{topic.id}@relais.example" in lines
    assert "LOCATION:The kitchen\\, Ormoy\\; hall" in text
    assert max(len(line.encode()) for line in lines) <= 75


async def test_the_file_is_served_and_a_refused_conclusion_keeps_its_words(site: str, cast: Cast) -> None:
    topic, alice = await a_topic(cast, "gathering"), await signed_in(site, "alice")
    file = await alice.get(f"/t/{topic.id}/event.ics")
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    refused = await alice.post(f"/t/{topic.id}/outcome", outcome="Nothing", ending="output")
    assert (refused.status_code, ">Nothing</textarea>" in refused.text) == (422, True)
    question = await a_topic(cast, "question")
    assert (await alice.get(f"/t/{question.id}/event.ics")).status_code == 404


async def test_alice_sees_live_that_bob_comes_and_that_eve_has_his_place_for_her_town(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_topic(cast, "gathering", places="1")
    alice = await in_a_browser(await new_context(), site, "alice")
    bob = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(alice, f"topic:{topic.id}")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await bob.get_by_role("button", name="Take a place").click()
    await expect(bob.get_by_text("You have a place.")).to_be_visible()
    await expect(alice.locator(".details")).to_contain_text("1 person comes")
    await expect(alice.locator(".details")).to_contain_text("Bob")
    await verified(await cast.eve(), SAINT_LOUP)
    eve = await in_a_browser(await new_context(), site, "eve")
    await eve.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(eve, f"topic:{topic.id}")
    await expect(eve.locator("#seat")).to_contain_text("For: Saint-Loup-sur-Vouvre")
    await eve.get_by_role("button", name="Wait for a place").click()
    await expect(eve.get_by_text("You are number 1 on the waiting list.")).to_be_visible()
    await expect(alice.get_by_role("region", name="Waiting list")).to_contain_text("Eve")
    await bob.get_by_role("button", name="Give it up").click()
    await expect(eve.locator("#badge")).to_contain_text("1")
    await expect(eve.get_by_text("You have a place.")).to_be_visible()
    await expect(alice.locator(".details")).to_contain_text("Saint-Loup-sur-Vouvre")
    await expect(alice.get_by_role("region", name="Waiting list")).to_have_count(0)


async def test_once_it_is_over_nobody_comes_any_more_and_nobody_is_said_to(site: str, cast: Cast) -> None:
    topic = await a_topic(cast, "gathering", starts_at="2030-03-04T14:00", ends_at="2030-03-05T16:00")
    bob, page = await cast.bob(), f"/t/{topic.slug}/{topic.id}"
    await come(bob, topic, await fields_of(topic))
    visitor = at(site)
    assert "1 person comes" in (await visitor.get(page)).text
    set_clock(lambda: datetime(2030, 3, 6, 9, tzinfo=UTC))
    try:
        alice = await signed_in(site, "alice")
        for shown in ((await visitor.get(page)).text, (await alice.get(page)).text):
            assert "1 person had signed up" in shown
            assert "1 person comes" not in shown
            assert "Take a place" not in shown
            assert "Add to my calendar" not in shown
        with pytest.raises(Forbidden):
            await come(await cast.eve(), topic, await fields_of(topic))
        assert "Conclude" in (await alice.get(page)).text
    finally:
        set_clock(None)


async def test_no_word_of_a_gathering_becomes_a_line_of_its_calendar_file(cast: Cast) -> None:
    topic = await a_topic(cast, "gathering")
    evil = "Hall\r\nATTENDEE:mailto:eve@example.org\rX:1\u2028Y:2\n\tZ;,\\ " + "👩🏽‍⚕️é" * 60
    details = await fields_of(topic)
    text = calendar(
        replace(topic, title=evil),
        replace(details, values={**details.values, "place": evil}),
        "https://relais.example",
        ZoneInfo("Europe/Paris"),
        datetime(2030, 1, 2, tzinfo=UTC),
    )
    assert text.count("\r") == text.count("\n") == text.count("\r\n")
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    begun = [line.partition(":")[0] for line in lines if line and not line.startswith(" ")]
    assert begun == [
        "BEGIN", "VERSION", "PRODID", "METHOD", "BEGIN", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND",
        "SUMMARY", "LOCATION", "URL", "STATUS", "END", "END",
    ]  # fmt: skip
    whole = text.replace("\r\n ", "")
    assert whole.count("Hall\\nATTENDEE:mailto:eve@example.org\\nX:1\\nY:2\\n\tZ\\;\\,\\\\ 👩🏽‍⚕️é") == 2
