"""An organisation is shown those that are like it, the nearest first, each with its reason."""

import random

import pytest
from playwright.async_api import Page, expect

from forum.comparables.closeness import Facts, closeness_of, remoteness
from forum.comparables.index import Index
from forum.comparables.queries import closeness, comparables_of
from forum.errors import NotFound
from forum.i18n import speaking
from forum.organisations.load import load_organisations
from realtime.sql import sql
from tests.cast import Cast
from tests.organisations.files import a_file, the_valley
from tests.people import at


async def number_of(slug: str) -> int:
    return int((await sql("SELECT id FROM organisations WHERE slug = {0}", slug))[0]["id"])


async def near(slug: str) -> list[tuple[str, str]]:
    with speaking("fr"):
        found = await comparables_of(await number_of(slug))
        return [(one.organisation.name, one.closeness.reason) for one in found]


async def test_the_same_kind_comes_first_each_with_its_reason(db: None) -> None:
    await the_valley()
    found = await near("saint-loup-sur-vouvre")
    assert found[:3] == [
        ("Ormoy-le-Petit", "commune, 905 hab., même intercommunalité"),
        ("Bézac-le-Vieux", "commune, 640 hab., à 14 km, même intercommunalité"),
        ("Étrigny", "commune, 790 hab., à 44 km"),
    ]
    assert {name for name, _reason in found[3:]} == {"CC du Val d'Orselle", "Département de la Vouvre"}


async def test_what_is_not_known_is_said_in_words(db: None) -> None:
    await the_valley()
    found = dict(await near("ormoy-le-petit"))
    assert found["Étrigny"] == "commune, 790 hab., même département"
    assert found["Département de la Vouvre"] == "département, population inconnue, même département"
    assert len(await near("departement-de-la-vouvre")) == 5


async def test_never_more_than_fifteen_and_never_itself(db: None) -> None:
    await load_organisations(a_file(*(f",commune,Vaubrun {n},{n},98,99,98{n:03},,,,,," for n in range(40))))
    number = await number_of("vaubrun-20")
    found = await comparables_of(number)
    assert len(found) == 15
    assert number not in {one.organisation.id for one in found}
    assert [one.organisation.population for one in found[:2]] == [21, 19]


async def test_what_has_just_been_loaded_is_compared_at_once(db: None) -> None:
    await the_valley()
    assert len(await near("etrigny")) == 5
    await load_organisations(a_file(",commune,Neuville,795,98,99,98777,,46.41,3.00,,,"))
    assert (await near("etrigny"))[0][0] == "Neuville"


async def test_closeness_is_told_to_other_slices(db: None) -> None:
    await the_valley()
    loup, ormoy, cc = [
        await number_of(slug) for slug in ("saint-loup-sur-vouvre", "ormoy-le-petit", "cc-du-val-d-orselle")
    ]
    assert 0 < (await closeness(loup, cc)).value < (await closeness(loup, ormoy)).value < 1
    assert (await closeness(loup, ormoy)).value == (await closeness(ormoy, loup)).value
    assert (await closeness(loup, loup)).value == 1
    with pytest.raises(NotFound):
        await closeness(loup, 987_654)


def some_facts(chance: random.Random, number: int) -> dict[str, object]:
    placed = chance.random() < 0.5
    return {
        "id": number,
        "kind": chance.choice(("commune", "commune", "epci")),
        "population": None if chance.random() < 0.1 else int(10 ** chance.uniform(1, 5)),
        "department": chance.choice(("01", "02", "03", "")),
        "region": chance.choice(("11", "22")),
        "group_siren": chance.choice(("", "1", "2", "3")),
        "group_population": chance.choice((None, 9_000, 90_000)),
        "latitude": chance.uniform(42, 51) if placed else None,
        "longitude": chance.uniform(-4, 8) if placed else None,
    }


@pytest.mark.parametrize("seed", range(12))
def test_the_nearest_are_those_that_comparing_all_would_find(seed: int) -> None:
    chance = random.Random(seed)
    index = Index(some_facts(chance, number) for number in range(1, 400))
    for a in chance.sample(sorted(index.facts.values(), key=lambda facts: facts.id), 20):
        others = [b for b in index.facts.values() if b.kind == a.kind and b.id != a.id]
        expected = sorted(others, key=lambda b: (remoteness(a, b), b.id))[:15]
        assert index.nearest(a, 15) == expected


def test_another_kind_is_never_as_near() -> None:
    a = Facts(1, "commune", 900, 6.8, "01", "84", "", None, 46.0, 5.0)
    b = Facts(2, "epci", 900, 6.8, "01", "84", "", None, 46.0, 5.0)
    assert closeness_of(a, b).value == 0.5


async def test_a_visitor_goes_from_one_to_the_next(site: str, cast: Cast, page: Page) -> None:
    await the_valley()
    answer = await at(site).get("/o/saint-loup-sur-vouvre/comparables.json")
    assert [found["name"] for found in answer.json()["comparables"]][:2] == [
        "Ormoy-le-Petit",
        "Bézac-le-Vieux",
    ]
    await page.goto(f"{site}/o/saint-loup-sur-vouvre")
    table = page.get_by_role("table")
    await expect(table).to_contain_text("Bézac-le-Vieux")
    await table.get_by_role("link", name="Bézac-le-Vieux").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bézac-le-Vieux")
