"""An administrator merges two organisations on a page, without scripts; what is wrong is told there."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.organisations.queries import organisation_at
from tests.cast import Cast
from tests.mergers.making import REASON, merged
from tests.organisations.files import the_valley
from tests.people import signed_in
from tests.reuses.making import BEZAC, SAINT_LOUP, a_clerk, a_sheet, declared, organisation
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

PATH = "/admin/organisations"


async def test_ada_looks_for_both_compares_says_why_and_merges(site: str, cast: Cast) -> None:
    item = await a_sheet(cast)
    for slug in (SAINT_LOUP, BEZAC):
        clerk, number = await a_clerk(slug)
        await declared(clerk, item, number)
    ada = await signed_in(site, "ada")
    assert f'href="{PATH}"' in (await ada.get("/admin/people")).text
    found = (await ada.get(f"{PATH}?absorbed_q=bezac&kept_q=vouvre")).text
    assert "What would move" not in found, "two are called so: one has to be chosen"
    here, there = await organisation(SAINT_LOUP), await organisation(BEZAC)
    assert f'name="absorbed" value="{there}" checked' in found
    shown = (await ada.get(f"{PATH}?absorbed_q=bezac&kept_q=vouvre&kept={here}")).text
    row = re.search(r"Reuses</th>(.*?)</tr>", shown)
    assert row
    assert re.findall(r">(\d+)</td>", row[1]) == ["1", "1", "1"]
    refused = await ada.post(f"{PATH}/merges", absorbed=str(there), kept=str(here), reason=" ")
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    done = await ada.post(f"{PATH}/merges", absorbed=str(there), kept=str(here), reason=REASON)
    assert done.status_code == 303
    assert (
        "Bézac-le-Vieux has been merged into Saint-Loup-sur-Vouvre"
        in (await ada.get(done.headers["location"])).text
    )
    journal = (await ada.get("/admin/journal")).text
    for words in ("merged an organisation into another one", REASON, "Bézac-le-Vieux"):
        assert words in journal
    assert (await organisation_at(BEZAC)).slug == SAINT_LOUP


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"absorbed": "here", "kept": "here"}, 422, "this is one and the same"),
        ({"absorbed": "here", "kept": "987654"}, 422, "no such organisation"),
        ({"absorbed": "here", "kept": "x"}, 422, "Choose one of the list"),
        ({"absorbed": "here", "kept": "99999999999999"}, 422, "Choose one of the list"),
        ({"absorbed": "here"}, 422, "Choose one of the list."),
        ({"absorbed": "gone", "kept": "here"}, 409, "has already been merged into Saint-Loup-sur-Vouvre"),
        ({"absorbed": "here", "kept": "gone"}, 409, "has already been merged into Saint-Loup-sur-Vouvre"),
    ],
)
async def test_what_does_not_do_is_told_and_what_was_typed_stays(
    site: str, cast: Cast, typed: dict[str, str], status: int, words: str
) -> None:
    await the_valley()
    numbers = {"here": str(await organisation(SAINT_LOUP)), "gone": str(await organisation(BEZAC))}
    await merged(cast, BEZAC, SAINT_LOUP)
    ada = await signed_in(site, "ada")
    answer = await ada.post(
        f"{PATH}/merges", **{name: numbers.get(text, text) for name, text in typed.items()}, reason=REASON
    )
    assert answer.status_code == status
    assert words in answer.text
    assert (await ada.get(f"{PATH}?absorbed=x&kept=99999999999&merged=0&absorbed_q=%00")).status_code == 200


async def test_a_siren_finds_one_and_a_wrong_pair_is_told_before_anything_is_asked(
    site: str, cast: Cast
) -> None:
    await the_valley()
    ada = await signed_in(site, "ada")
    found = (await ada.get(f"{PATH}?absorbed_q=210000006&kept_q=210000006")).text
    assert "this is one and the same" in found
    assert 'name="reason"' not in found
    unlike = (await ada.get(f"{PATH}?absorbed_q=210000006&kept_q=orselle")).text
    assert "not of the same kind" in unlike
    assert "No organisation is called so" in (await ada.get(f"{PATH}?absorbed_q=nowhere")).text


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_page_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await the_valley()
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    for path in (PATH, f"{PATH}?absorbed_q=bezac&kept_q=etrigny"):
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(page, path)
