"""A file of organisations is loaded whole, again as often as one likes, or not at all."""

from collections.abc import Sequence

import pytest

from forum.errors import Invalid
from forum.i18n import speaking
from forum.organisations.load import load_organisations
from forum.organisations.search import name_key
from realtime.sql import sql
from tests.organisations.files import HEADER, a_file, the_valley


async def count() -> int:
    return int((await sql("SELECT COUNT(*) AS n FROM organisations"))[0]["n"])


async def test_the_same_file_again_changes_nothing(db: None) -> None:
    first, second = await the_valley(), await the_valley()
    assert (first.made, first.changed, first.same) == (6, 0, 0)
    assert (second.made, second.changed, second.same) == (0, 0, 6)
    assert await count() == 6


async def test_a_siren_else_kind_and_code_say_which_one_it_is(db: None) -> None:
    await the_valley()
    done = await load_organisations(
        a_file(
            "210000006,commune,Saint-Loup-la-Rivière,830,98,99,98001,200000008,46.00,3.00,,,",
            ",departement,Département de la Vouvre,64000,98,99,98,,,,,vouvre.example,",
        )
    )
    assert (done.made, done.changed) == (0, 2)
    rows = await sql(
        "SELECT name, slug, population FROM organisations WHERE code IN ('98001', '98') ORDER BY code"
    )
    assert [row["population"] for row in rows] == [64000, 830]
    assert rows[1] == {"name": "Saint-Loup-la-Rivière", "slug": "saint-loup-sur-vouvre", "population": 830}


async def test_a_siren_that_comes_later_makes_no_second_organisation(db: None) -> None:
    await load_organisations(b"kind,name,code\ncommune,Vaubrun,98123\n")
    await load_organisations(b"kind;name;code;siren\ncommune;Vaubrun;98123;210000006\n")
    assert await sql("SELECT siren, slug FROM organisations") == [{"siren": "210000006", "slug": "vaubrun"}]


async def test_columns_that_a_file_has_not_stay_as_they_are(db: None) -> None:
    await the_valley()
    await load_organisations("siren,kind,name\n210000014,commune,Bézac\n".encode())
    rows = await sql("SELECT name, population, email FROM organisations WHERE siren = '210000014'")
    assert rows == [{"name": "Bézac", "population": 640, "email": "mairie-bezac@wanadoo.example"}]


async def test_two_of_one_name_have_addresses_of_their_own(db: None) -> None:
    await load_organisations(b"kind,name,code\ncommune,Sainte-Colombe,05135\ncommune,Sainte-Colombe,16309\n")
    rows = await sql("SELECT slug FROM organisations ORDER BY slug")
    assert [row["slug"] for row in rows] == ["sainte-colombe-05135", "sainte-colombe-16309"]


GOOD = "210000006,commune,Saint-Loup,812,98,99,98001,,,,,,"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (a_file(GOOD, "210000015,commune,Bézac,640,98,99,98002,,,,,,"), ["Line 3", "210000015", "SIREN"]),
        (a_file(GOOD, "210000014,commune,Bézac,-640,98,99,98002,,,,,,"), ["Line 3", "-640", "population"]),
        (a_file(GOOD, "210000014,village,Bézac,640,98,99,98002,,,,,,"), ["Line 3", "village"]),
        (a_file(GOOD, ",commune,Bézac,640,98,99,,,,,,,"), ["Line 3", "SIREN or a code"]),
        (a_file(GOOD, "210000014,commune,Bézac,640"), ["Line 3", "13 columns"]),
        (a_file(GOOD, GOOD), ["Line 3", "line 2"]),
        (a_file(GOOD, "210000014,commune,Bézac,640,98,99,98002,,96,3,,,"), ["Line 3", "96", "latitude"]),
        (a_file(GOOD, "210000014,commune,Bézac,640,98,99,98002,,,,javascript:x,,"), ["Line 3", "http"]),
        (a_file(GOOD, "210000014,commune,Bézac,640,98,99,98002,,,,,not a domain,"), ["Line 3", "domains"]),
        (a_file(GOOD, "210000014,commune,Bézac,640,98,99,98002,,,,,,nobody"), ["Line 3", "mail address"]),
        (f"{HEADER}\n{GOOD}\n210000014,commune,Bézac".encode("latin-1"), ["Line 3", "UTF-8"]),
        (b"kind,population,siren\ncommune,12,210000006\n", ["Line 1", "name"]),
        (b"kind,name\ncommune,Vaubrun\n", ["Line 1", "siren"]),
        (b"", ["Line 1", "kind, name, siren"]),
    ],
)
async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_loaded(
    db: None, content: bytes, told: Sequence[str]
) -> None:
    with speaking("en"), pytest.raises(Invalid) as refused:
        await load_organisations(content)
    assert all(words in refused.value.message for words in told), refused.value.message
    assert await count() == 0


async def test_of_many_faults_the_first_twenty_are_told(db: None) -> None:
    with speaking("en"), pytest.raises(Invalid) as refused:
        await load_organisations(a_file(*(f",commune,,,,,{n},,,,,," for n in range(25))))
    assert refused.value.message.count("Line") == 20
    assert "5 lines more" in refused.value.message


def test_a_long_name_is_searched_whole() -> None:
    name = "Communauté de communes " + "des Vallées et Plateaux " * 5
    assert name_key(name).count("vallees") == 5
