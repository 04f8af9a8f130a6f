"""Footnotes lead there and back, and never anywhere else on the page."""

from tests.markdown.parsed import assert_harmless
from tests.markdown.test_dialect import cooked


def ends(html: str) -> tuple[set[str], set[str]]:
    """Where links within the text lead, and the ids that there are."""
    page = assert_harmless(html)
    targets = {
        a.attributes["href"][1:] for a in page.all("a") if a.attributes.get("href", "").startswith("#")
    }
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    return targets, set(ids)


def test_a_call_leads_to_its_note_and_the_note_back_to_each_call():
    html = cooked("Un[^a], encore[^a], deux[^b].\n\n[^a]: première\n[^b]: seconde\n\n    en deux paragraphes")
    targets, ids = ends(html)
    assert targets == ids
    assert len(ids) == 5
    assert html.count('role="doc-backlink"') == 3


def test_two_posts_of_a_page_share_no_id():
    one, two = cooked("Un[^1]\n\n[^1]: a"), cooked("Deux[^1]\n\n[^1]: a")
    assert not ends(one)[1] & ends(two)[1]


def test_a_note_named_as_a_part_of_the_page_cannot_take_its_place():
    _targets, ids = ends(cooked("x[^post-9] y[^topic-12-posts]\n\n[^post-9]: a\n[^topic-12-posts]: b"))
    assert all(id.startswith(("fn-", "fnref-")) for id in ids)


def test_a_call_of_no_note_stays_text_and_a_note_never_called_is_not_shown():
    page = assert_harmless(cooked("Rien[^1] ici\n\n[^2]: jamais"))
    assert page.text.strip() == "Rien[^1] ici"


def test_no_way_back_leads_to_a_call_that_is_not_shown():
    targets, ids = ends(
        cooked("a[^1] ![b[^1]](https://c.fr/d.png)\n\n[^1]: n\n[^2]: jamais[^1]\n\n- [^3]: x")
    )
    assert targets == ids


def test_a_note_calls_a_note_and_even_itself():
    targets, ids = ends(cooked("a[^1]\n\n[^1]: b[^2] c[^1]\n[^2]: d"))
    assert targets == ids
