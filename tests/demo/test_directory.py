"""The demonstration's directory: real organisations that say nothing, invented ones of which it tells."""

from forum.comparables.queries import comparables_of
from forum.demo.content import FOLDER, load
from forum.demo.load import load_demo
from forum.organisations.queries import organisation_at
from forum.organisations.rows import read_rows
from forum.organisations.siren import is_siren
from forum.value.queries import count
from realtime.sql import sql
from tests.demo.test_content import MONDAY, PARIS
from tests.people import at

REAL = FOLDER / "annuaire" / "organisations.csv"


def test_there_are_some_three_hundred_of_all_kinds_and_their_source_is_beside_them() -> None:
    rows = read_rows(REAL.read_bytes())
    assert 290 <= len(rows) <= 330
    assert {row.values["kind"] for row in rows} == {
        "commune", "epci", "departement", "region", "service_etat", "etablissement_public", "hopital",
    }  # fmt: skip
    assert all(is_siren(row.siren) for row in rows if row.siren)
    source = (REAL.parent / "LISEZMOI.md").read_text("utf-8")
    assert str(len(rows)) in source
    assert "Licence Ouverte" in source
    assert "CC BY 4.0" in source


def test_of_an_intermunicipal_body_all_communes_are_there_or_none() -> None:
    """The page of a commune says how many there are: a part would be untrue of a real body."""
    rows = read_rows(REAL.read_bytes())
    bodies = {row.siren for row in rows if row.values["kind"] == "epci"}
    inside = [row.values["group_siren"] for row in rows if row.values["group_siren"] in bodies]
    assert {body: inside.count(body) for body in set(inside)} == {
        "246300701": 21, "200085728": 27, "246300966": 20, "244301099": 12, "244301016": 9, "244301107": 6,
        "244301131": 7, "241200187": 8, "200067627": 25, "246301097": 14,
    }  # fmt: skip


async def test_real_organisations_are_neighbours_for_whom_nobody_speaks(site: str) -> None:
    assert await load_demo()
    invented = {row.values["code"] for row in read_rows((FOLDER / "organisations.csv").read_bytes())}
    speaking_for = await sql(
        """SELECT code FROM organisations WHERE id IN (SELECT organisation_id FROM posts
            UNION SELECT organisation_id FROM organisation_members
            UNION SELECT organisation_id FROM reuses)"""
    )
    assert {row["code"] for row in speaking_for} <= invented
    near = await comparables_of((await organisation_at("commune-de-vaubrun")).id)
    assert len(near) == 15
    assert {one.organisation.kind for one in near} == {"commune"}
    visitor = at(site)
    home, entry = await visitor.get("/"), await visitor.get("/session/new")
    assert "sont inventés" in home.text
    assert "GeoNames" not in home.text
    assert "are invented" in entry.text
    for path in ("/o", "/o/clermont-ferrand"):
        directory = await visitor.get(path)
        assert "Licence Ouverte 2.0" in directory.text
        assert "GeoNames, CC BY 4.0" in directory.text


async def test_questions_that_nobody_had_to_ask_are_counted_and_their_answers_thanked(db: None) -> None:
    await load_demo()
    told = load(MONDAY).avoided
    assert len(told) >= 15
    (asked,) = await sql(
        """SELECT COUNT(*) AS n FROM avoided_questions a JOIN topics t ON t.id = a.topic_id
            WHERE a.created_at > t.created_at AND a.user_id <> t.user_id"""
    )
    assert asked["n"] == len(told)
    open_ids = frozenset(row["id"] for row in await sql("SELECT id FROM categories"))
    assert (await count(open_ids, PARIS)).avoided == len(told)
    thanks = await sql("SELECT user_id, post_id FROM notifications WHERE notification_type = 36")
    assert 1 <= len(thanks) < len(told)
