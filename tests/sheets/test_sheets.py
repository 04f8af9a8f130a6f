"""Experience sheets: drawn from a thread, narrowed by ranges, completed by asking."""

from collections.abc import Mapping

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer
from forum.errors import Forbidden, Invalid
from forum.kinds.actions import revise_details
from forum.kinds.narrowing import Narrowed, Range
from forum.kinds.registry import kind_of
from forum.notifications.queries import alerts_of
from forum.sheets.actions import ask_field
from forum.sheets.kind import from_thread
from forum.sheets.prose import prose
from forum.topics.lists import count_unknown, topics_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.kinds.details import SHEET
from tests.kinds.making import a_topic, fields_of
from tests.people import signed_in
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser
from tests.uploads.made import a_docx
from tests.uploads.sending import sent

# population, cost, months, staff days: "" is unknown.
SET = {
    "small": ("800", "0", "1", "2"),
    "town": ("4100", "4200", "5", "9"),
    "city": ("31000", "90000", "18", "200"),
    "silent": ("", "", "", ""),
    "half": ("800", "", "5", ""),
}
NAMES = ("population", "cost", "months", "staff_days")


async def a_set(cast: Cast) -> dict[int, str]:
    """The hand-checked sheets: topic's number → name."""
    made = {}
    for name, values in SET.items():
        topic = await a_topic(cast, "sheet", **{**SHEET, **dict(zip(NAMES, values, strict=True))})
        made[topic.id] = name
    return made


def narrowed(ranges: Mapping[str, tuple[int | None, int | None]], *, unknown: bool = False) -> Narrowed:
    kind = kind_of("sheet")
    fields = {one.name: one for one in kind.fields}
    return Narrowed(kind, tuple(Range(fields[n], *ends) for n, ends in ranges.items()), unknown=unknown)


@pytest.mark.parametrize(
    ("ranges", "known", "unknown"),
    [
        ({"cost": (0, 0)}, {"small"}, {"silent", "half"}),
        ({"cost": (1, None)}, {"town", "city"}, {"silent", "half"}),
        ({"cost": (None, 4200)}, {"small", "town"}, {"silent", "half"}),
        ({"cost": (4201, 89999)}, set(), {"silent", "half"}),
        ({"population": (800, 4100)}, {"small", "town", "half"}, {"silent"}),
        ({"population": (800, 800), "cost": (0, 100)}, {"small"}, {"silent", "half"}),
        ({"months": (5, 5), "staff_days": (9, 9)}, {"town"}, {"silent", "half"}),
        ({"months": (6, 100), "staff_days": (1, 300)}, {"city"}, {"silent"}),
    ],
)  # fmt: skip
async def test_ranges_give_exactly_those_and_the_unknown_apart(
    cast: Cast, ranges: dict[str, tuple[int | None, int | None]], known: set[str], unknown: set[str]
) -> None:
    made, visitor = await a_set(cast), await cast.visitor()
    for wish, wanted in ((narrowed(ranges), known), (narrowed(ranges, unknown=True), unknown)):
        found = await topics_visible_to(visitor, narrowed=wish)
        assert {made[topic.id] for topic in found.topics} == wanted
        inside = await topics_visible_to(visitor, narrowed=wish, category_ids=frozenset({cast.theme.id}))
        assert {made[topic.id] for topic in inside.topics} == wanted
    assert await count_unknown(visitor, narrowed(ranges), None) == len(unknown)


@pytest.mark.parametrize(
    ("wish", "there"),
    [((0, 2999), False), ((0, 3000), True), ((4000, 4200), True), ((5000, None), True), ((5001, 9000), False),
     ((None, 2000), False), ((3500, 3500), True)],
)  # fmt: skip
async def test_a_cost_that_is_a_range_is_found_by_what_it_has_in_common(
    cast: Cast, wish: tuple[int | None, int | None], there: bool
) -> None:
    await a_topic(cast, "sheet", **{**SHEET, "cost": "3000", "cost_most": "5000"})
    await a_topic(cast, "sheet", **{**SHEET, "cost": "", "cost_most": ""})
    found = await topics_visible_to(await cast.visitor(), narrowed=narrowed({"cost": wish}))
    assert bool(found.topics) is there
    assert await count_unknown(await cast.visitor(), narrowed({"cost": wish}), None) == 1


async def test_a_range_is_told_as_one_and_a_broken_one_refused_at_its_field(site: str, cast: Cast) -> None:
    for cost, most, field in (("", "5000", "cost"), ("5000", "4999", "cost_most")):
        with pytest.raises(Invalid) as fault:
            await a_topic(cast, "sheet", **{**SHEET, "cost": cost, "cost_most": most})
        assert set(fault.value.fields) == {field}
    topic = await a_topic(cast, "sheet", **{**SHEET, "cost": "3000", "cost_most": "5000"})
    free = await a_topic(cast, "sheet", **{**SHEET, "cost": "0"})
    bob = await signed_in(site, "bob")
    page = (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    assert "3,000 to 5,000 euros" in page
    assert "Or up to" not in page
    rows = (await bob.get("/latest?kind=sheet")).text
    assert "3,000 to 5,000 euros" in rows
    assert "0 euros" in rows.partition(f'id="topic-{free.id}"')[2].partition("</li>")[0]
    assert "cost_most" not in [one.name for one in (await fields_of(topic)).kind.gauged]


async def test_a_reversed_range_is_put_right_and_a_bad_one_told(site: str, cast: Cast) -> None:
    await a_set(cast)
    bob = await signed_in(site, "bob")
    turned = (await bob.get("/latest?kind=sheet&cost_min=5000&cost_max=1")).text
    assert turned.count('data-kind="sheet"') == 1
    assert "2 more do not say it." in turned
    assert 'id="n-cost_min-error"' in (await bob.get("/latest?kind=sheet&cost_min=much")).text


async def test_alice_asks_for_a_field_in_one_click_and_it_closes_when_filled(cast: Cast) -> None:
    topic, bob, alice = await a_topic(cast, "sheet"), await cast.bob(), await cast.alice()
    for _twice in range(2):
        await ask_field(bob, topic, await fields_of(topic), "lessons")
    await ask_field(await cast.eve(), topic, await fields_of(topic), "lessons")
    assert (await fields_of(topic)).extra["asked"] == {"lessons": 2}
    assert [alert.type for alert in await alerts_of(alice)] == ["field_asked"]
    with pytest.raises(Forbidden):
        await ask_field(alice, topic, await fields_of(topic), "lessons")
    with pytest.raises(Invalid):
        await ask_field(bob, topic, await fields_of(topic), "done")
    await revise_details(alice, topic, {**SHEET, "lessons": "Write it down."}, 1)
    assert (await fields_of(topic)).extra["asked"] == {}


async def solved(cast: Cast, *, private: bool = False) -> tuple[Viewer, int, str]:
    alice = await cast.alice()
    topic = await a_question(cast, raw="Nobody knows who heats what.", private=private)
    reply = await a_reply(cast, topic, raw="We put three valves.")
    await accept_answer(alice, await seen(alice, reply))
    topic = await again(alice, topic)
    return alice, topic.id, f"/t/{topic.slug}/{topic.id}"


async def test_a_solved_thread_becomes_a_sheet_in_two_clicks_with_both_ways(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    _alice, _id, path = await solved(cast)
    browser = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    await browser.goto(f"{site}{path}")
    await browser.get_by_role("link", name="Turn this thread into a sheet").click()
    await expect(browser.locator("#raw")).to_have_value("Nobody knows who heats what.")
    await expect(browser.locator("#f-done")).to_have_value("We put three valves.")
    await browser.get_by_role("button", name="Publish").click()
    await expect(browser.locator(".details")).to_contain_text("We put three valves.")
    below = browser.locator(".details + h2 + .stream > li").first
    await expect(browser.get_by_role("heading", name="The problem")).to_be_visible()
    await expect(below).to_contain_text("Nobody knows who heats what.")
    await browser.locator("#from ~ p a").click()
    await expect(browser.locator("#drawn ~ ul a")).to_be_visible()


async def test_the_files_of_a_thread_become_the_papers_of_its_sheet_and_its_words_plain_ones(
    site: str, cast: Cast
) -> None:
    bob = await signed_in(site, "bob")
    paper = await sent(bob, a_docx("Three valves."), "Valves.docx")
    topic = await a_question(cast, raw="Nobody knows who heats what.")
    asked = f'[quote="alice, post:1, topic:{topic.id}"]\nNobody knows\n[/quote]'
    raw = f"{asked}\n\n## How\n\nWe put **three** valves, see [the note](https://example.org/n).\n\n"
    reply = await a_reply(cast, topic, raw=raw + f"- one\n- _two_\n\n{paper['markdown']}")
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))
    eve = await cast.eve()
    typed = await from_thread(eve, topic.id)
    assert (
        typed["done"] == "How\n\nWe put three valves, see the note (https://example.org/n).\n\n- one\n- two"
    )
    assert typed["raw"] == f"Nobody knows who heats what.\n\n{paper['markdown']}"
    person = await signed_in(site, "eve")
    made = await person.post("/topics", kind="sheet", **typed)
    assert 'class="attachment">Valves.docx</a>' in (await person.get(made.headers["location"])).text


def test_what_only_looks_like_markdown_stays_as_it_is() -> None:
    for text in ("2 * 3 * 4 = 24", "snake_case_name", "1. First\n2. Second", "a ** b", "> said before"):
        assert prose(text) == text


async def test_bob_asks_for_a_field_without_scripts_and_alice_fills_it_in(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_topic(cast, "sheet")
    alice = await in_a_browser(await new_context(), site, "alice")
    bob = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    path = f"{site}/t/{topic.slug}/{topic.id}"
    await alice.goto(path)
    await connected(alice, f"topic:{topic.id}")
    await bob.goto(path)
    await bob.get_by_role("button", name="Ask for it (What we learned)").click()
    await expect(bob.locator("#complete")).to_contain_text("You have asked for it")
    await expect(alice.locator(".details")).to_contain_text("What we learned: asked for by 1 peer")
    await alice.goto(f"{site}/notifications")
    await expect(alice.get_by_role("main")).to_contain_text("Bob asks you to complete your sheet")
    await alice.goto(f"{path}")
    await alice.get_by_role("link", name="Fill it in").click()
    await alice.get_by_label("What we learned").fill("Write it down.")
    await alice.get_by_role("button", name="Save").click()
    await expect(alice.locator(".details")).to_contain_text("Write it down.")
    await bob.reload()
    await expect(bob.locator(".details")).to_contain_text("Write it down.")
    await expect(bob.locator(".details")).not_to_contain_text("asked for by")


async def test_a_sheet_does_not_name_its_thread_to_whoever_may_not_read_it(site: str, cast: Cast) -> None:
    alice, source, path = await solved(cast, private=True)
    sheet = await a_topic(cast, "sheet", alice, source_id=str(source))
    here = f"/t/{sheet.slug}/{sheet.id}"
    assert path in (await (await signed_in(site, "bob")).get(here)).text
    eve = await signed_in(site, "eve")
    assert path not in (await eve.get(here)).text
    made = await eve.get(f"/new-topic?kind=sheet&from={source}")
    assert made.status_code == 404
    with pytest.raises(Invalid):
        await a_topic(cast, "sheet", await cast.eve(), source_id=str(source))


async def version_of(topic_id: int) -> int:
    (row,) = await sql("SELECT version FROM topics WHERE id = {0}", topic_id)
    return int(row["version"])


async def test_a_sheet_that_fewer_may_read_is_not_told_on_its_threads_page(site: str, cast: Cast) -> None:
    alice, source, path = await solved(cast)
    for private in (True, False):
        before = await version_of(source)
        sheet = await a_topic(cast, "sheet", alice, private=private, source_id=str(source))
        assert (await version_of(source) == before) is private, "nor by its version"
        told = await sql(
            "SELECT 1 FROM live_events WHERE channel = {0} AND kind = 'sheet.drawn'", f"topic:{source}"
        )
        assert bool(told) is not private
        for name, knows in (("bob", True), ("eve", not private)):
            page = (await (await signed_in(site, name)).get(path)).text
            assert (f"/t/{sheet.slug}/{sheet.id}" in page) is knows, name
