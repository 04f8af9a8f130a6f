"""What holds for every kind of topic; and that a new one touches no core file."""

import re
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import orjson
import pytest

from forum.errors import Conflict, Forbidden, Invalid
from forum.kinds.actions import revise_details
from forum.kinds.fields import Field
from forum.kinds.queries import versions_of
from forum.kinds.registry import Kind, forget, kind_of, register
from forum.live import encode, use_templates
from forum.templating import templates_in
from forum.topics.actions import open_topic
from realtime.log import after
from realtime.sql import sql
from tests.cast import Cast
from tests.kinds.details import FIELDS, SHEET
from tests.kinds.making import a_topic, fields_of
from tests.people import at, signed_in

TOY = Kind(
    "recipe",
    label=lambda: "Recipe",
    plural=lambda: "Recipes",
    choice=lambda: "a recipe",
    heading=lambda: "What one eats",
    text_label=lambda: "How to cook it",
    icon="utensils",
    table="recipes",
    fields=(
        Field("persons", lambda: "Persons", "number", required=True, least=1, in_row=True, ranged=True),
        Field("secret", lambda: "The secret", "text", warning=True),
    ),
)


@pytest.fixture
async def recipes(db: None) -> AsyncIterator[Kind]:
    """A kind of this folder's, with a table of its own."""
    await sql(
        """CREATE TABLE recipes (topic_id INTEGER PRIMARY KEY, version INTEGER NOT NULL, state VARCHAR(12),
            persons INTEGER NOT NULL, secret TEXT)"""
    )
    register(TOY)
    yield TOY
    forget("recipe")


async def test_a_new_kind_has_form_page_list_live_and_json(recipes: Kind, site: str, cast: Cast) -> None:
    alice, bob = await signed_in(site, "alice"), await signed_in(site, "bob")
    form = await alice.get("/new-topic?kind=recipe")
    assert 'name="persons"' in form.text
    typed = {"kind": "recipe", "category_id": str(cast.theme.id), "title": "Soup for sixty children"}
    refused = await alice.post("/topics", **typed, raw="Boil it well.", persons="none", secret="Salt & time")
    assert refused.status_code == 422
    assert 'id="f-persons-error"' in refused.text
    assert "Salt &amp; time" in refused.text
    made = await alice.post("/topics", **typed, raw="Boil it well.", persons="60", secret="Salt & time")
    path = made.headers["location"]
    page = (await bob.get(path)).text
    assert "Recipe" in page
    assert "Salt &amp; time" in page
    topic_id = int(path.rpartition("/")[2])
    shown = (await bob.client.get(f"/t/{topic_id}.json")).json()
    assert (shown["kind"], shown["details"]["fields"]) == ("recipe", {"persons": 60, "secret": "Salt & time"})
    for address, there in (
        ("?kind=recipe", True),
        ("?kind=recipe&persons_min=61", False),
        ("?kind=sheet", False),
    ):
        assert ("Soup for sixty children" in (await bob.get(f"/latest{address}")).text) is there, address
    use_templates(templates_in(ZoneInfo("Europe/Paris")))
    await alice.post(f"/t/{topic_id}/details", version="1", persons="80", secret="Pepper")
    event = (await after(f"topic:{topic_id}", 0, 10))[-1]
    told = orjson.loads(await encode(event, ("en", True)))
    card = next(patch for patch in told["patches"] if patch["target"] == f"topic-{topic_id}-details")
    assert "Pepper" in card["html"]
    row = (await after("latest", 0, 10))[-1]
    assert "80" in orjson.loads(await encode(row, ("en", True)))["patches"][0]["html"]


@pytest.mark.parametrize("kind", [name for name in FIELDS if name not in ("question", "announcement")])
async def test_every_kind_is_written_and_read_without_scripts_in_both_languages(
    site: str, cast: Cast, kind: str
) -> None:
    alice = await signed_in(site, "alice")
    for language in ("fr", "en"):
        alice.client.headers["Accept-Language"] = language
        assert (await alice.get(f"/new-topic?kind={kind}")).status_code == 200
        typed = {"kind": kind, "category_id": str(cast.theme.id), "title": f"Words that all read {language}"}
        made = await alice.post("/topics", **typed, raw="## First\n\nSome words.", **FIELDS[kind])
        assert made.status_code == 303, made.text
        page = await at(site).get(made.headers["location"])
        assert page.status_code == 200
        assert kind_of(kind).table == "" or 'class="details"' in page.text
    assert (await alice.get(f"/latest?kind={kind}")).text.count(f'data-kind="{kind}"') == 2


async def test_an_empty_list_of_a_kind_says_how_to_begin(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    page = (await alice.get("/latest?kind=guide")).text
    assert "Nothing of this kind yet" in page
    assert "/new-topic?kind=guide" in page


async def test_only_the_author_and_staff_revise_and_a_lost_race_is_told(cast: Cast) -> None:
    topic = await a_topic(cast, "sheet")
    with pytest.raises(Forbidden):
        await revise_details(await cast.bob(), topic, SHEET, 1)
    await revise_details(await cast.alice(), topic, {**SHEET, "cost": "5000"}, 1)
    with pytest.raises(Conflict):
        await revise_details(await cast.mod(), topic, {**SHEET, "cost": "6000"}, 1)
    details = await fields_of(topic)
    assert (details.version, details.values["cost"]) == (2, 5000)
    versions = await versions_of(details.kind, topic.id)
    assert [version.version for version in versions] == [2, 1]
    assert len(versions[0].changes) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [("population", "-3"), ("cost", "much"), ("months", "99999"), ("valid_on", "31/12/2026"),
     ("valid_on", "2999-01-01"), ("licence", "mine"), ("done", " "), ("source_id", "987654")],
)  # fmt: skip
async def test_bad_input_is_told_at_its_field(cast: Cast, field: str, typed: str) -> None:
    with pytest.raises(Invalid) as fault:
        await a_topic(cast, "sheet", **{field: typed})
    assert set(fault.value.fields) == {field}


async def test_fields_of_a_restricted_topic_are_told_to_none_but_its_members(site: str, cast: Cast) -> None:
    topic = await a_topic(cast, "sheet", private=True, done="A secret of clerks.", cost="4321")
    for who in ("eve", "mod"):
        outsider = await signed_in(site, who)
        for path in (
            f"/t/{topic.id}/details/history", f"/t/{topic.id}.json", "/latest?kind=sheet&cost_min=4321",
            "/latest?kind=sheet", "/latest?kind=sheet&cost_min=1&months_min=99&unknown=1",
        ):  # fmt: skip
            found = await outsider.get(path)
            assert "secret" not in found.text, path
            assert topic.title not in found.text, path


async def test_search_engines_read_questions_jobs_and_events(site: str, cast: Cast) -> None:
    for kind, type in (("question", "QAPage"), ("job", "JobPosting"), ("gathering", "Event")):
        topic = await a_topic(cast, kind)
        page = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
        markup = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert orjson.loads(markup)["@type"] == type


@pytest.mark.parametrize(
    ("kind", "field"), [("question", ""), ("gathering", "place"), ("job", "employer"), ("sheet", "done")]
)
async def test_no_word_of_a_topic_ends_what_search_engines_are_told(
    site: str, cast: Cast, kind: str, field: str
) -> None:
    evil = 'x</script><script>alert(1)</script><!--"}] &'
    made = await open_topic(
        await cast.alice(), cast.theme.id, kind, f"A title {evil}", f"A text of some length {evil}",
        details={**FIELDS[kind], **({field: evil} if field else {})},
    )  # fmt: skip
    page = (await at(site).get(f"/t/{made.topic_slug}/{made.topic_id}")).text
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert not set("<>&") & set(told)
    assert "x</script><script>alert(1)</script>" in str(orjson.loads(told))
    assert "<script>alert" not in page
