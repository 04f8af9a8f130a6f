"""Anybody finds an administration by a word of its name, and reads what is known of it."""

from pathlib import Path

from playwright.async_api import Page, expect

from forum.organisations.load import load_organisations
from tests.cast import Cast
from tests.commands.test_cli import relais
from tests.organisations.files import VALLEY, a_file, the_valley
from tests.people import at


async def names(site: str, query: str) -> list[str]:
    found = await at(site).get(f"/o.json?{query}")
    return [organisation["name"] for organisation in found.json()["organisations"]]


async def test_a_name_is_found_without_its_accents_and_hyphens(site: str, cast: Cast) -> None:
    await the_valley()
    assert await names(site, "q=etrigny") == ["Étrigny"]
    assert await names(site, "q=BEZAC+vieux") == ["Bézac-le-Vieux"]
    assert await names(site, "q=st+loup") == ["Saint-Loup-sur-Vouvre"]
    assert await names(site, "q=%25") == []
    assert await names(site, "q=nowhere") == []


async def test_the_name_itself_comes_before_those_that_hold_it(site: str, cast: Cast) -> None:
    await the_valley()
    assert await names(site, "q=vouvre") == ["Département de la Vouvre", "Saint-Loup-sur-Vouvre"]
    assert await names(site, "q=ormoy") == ["Ormoy-le-Petit"]


async def test_filters_narrow_the_directory(site: str, cast: Cast) -> None:
    await the_valley()
    assert await names(site, "kind=epci") == ["CC du Val d'Orselle"]
    assert len(await names(site, "kind=commune&department=98&population=500-999")) == 4
    assert await names(site, "department=97") == []
    assert await names(site, "population=5000-9999") == ["CC du Val d'Orselle"]


async def test_pages_of_the_directory_show_each_organisation_once(site: str, cast: Cast) -> None:
    lines = "".join(f"commune,Vaubrun {n % 7},{n:05}\n" for n in range(75))
    await load_organisations(f"kind,name,code\n{lines}".encode())
    person, path, seen = at(site), "/o.json?q=vaubrun", []
    while path:
        answer = (await person.get(path)).json()
        seen += [organisation["id"] for organisation in answer["organisations"]]
        path = answer["load_more_organisations"]
    assert len(seen) == len(set(seen)) == 75


async def test_an_address_that_no_page_has_is_not_found(site: str, cast: Cast) -> None:
    for path in ("/o/nowhere", "/o/nowhere.json", "/o?after=x", "/o?after=0:987654", "/o/%00"):
        assert (await at(site).get(path)).status_code == 404, path


async def test_programs_read_an_organisation_but_not_its_official_address(site: str, cast: Cast) -> None:
    await the_valley()
    answer = await at(site).get("/o/saint-loup-sur-vouvre.json")
    assert answer.json()["organisation"]["siren"] == "210000006"
    assert "mairie@" not in answer.text
    assert "mairie@" not in (await at(site).get("/o/saint-loup-sur-vouvre")).text


async def test_a_file_is_loaded_from_the_command_line(
    site: str, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "organisations.csv"
    file.write_bytes(a_file(*VALLEY.strip().splitlines()))
    code, out, _err = await relais("organisations", "load", str(file), RELAIS_DATABASE_URL=database_url)
    assert (code, out.strip()) == (0, "6 new, 0 changed, 0 as they were.")
    file.write_bytes(a_file("1,commune,Vaubrun,,,,,,,,,,"))
    code, _out, err = await relais("organisations", "load", str(file), RELAIS_DATABASE_URL=database_url)
    assert code == 1
    assert "Ligne 2" in err


async def test_a_visitor_finds_a_commune_and_its_intermunicipal_body(
    site: str, cast: Cast, page: Page
) -> None:
    await the_valley()
    await page.goto(f"{site}/o")
    await page.locator("main").get_by_role("searchbox").fill("saint loup")
    await page.locator("main").get_by_role("button", name="Chercher").click()
    await page.get_by_role("link", name="Saint-Loup-sur-Vouvre").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Saint-Loup-sur-Vouvre")
    await page.locator("dl").get_by_role("link", name="CC du Val d'Orselle").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("CC du Val d'Orselle")
