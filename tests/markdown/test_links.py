"""Links: bare, written, to people; and images, which a page never asks of another site."""

import pytest

from forum.markdown import cook
from tests.markdown.parsed import Element, Parsed, assert_harmless
from tests.markdown.test_dialect import cooked

OUTSIDE = "nofollow ugc noopener"


def links(raw: str, **known: str) -> list[str]:
    return [link.attributes["href"] for link in assert_harmless(cooked(raw, **known)).all("a")]


@pytest.mark.parametrize(
    ("raw", "href"),
    [
        ("voir https://a.fr/x.", "https://a.fr/x"),
        ("(https://a.fr/x)", "https://a.fr/x"),
        ("https://a.fr/x_(y)", "https://a.fr/x_(y)"),
        ("« https://a.fr »", "https://a.fr"),
        ("«https://a.fr»", "https://a.fr"),
        ("l'https://a.fr/b?c=d&e=f#g, puis", "https://a.fr/b?c=d&e=f#g"),
        ("**https://a.fr/b_c_d**", "https://a.fr/b_c_d"),
        ("www.amf.asso.fr !", "https://www.amf.asso.fr"),
        ("HTTP://A.FR", "HTTP://A.FR"),
        ("https://été.fr/été", "https://xn--t-9fab.fr/%C3%A9t%C3%A9"),
        ("<https://a.fr>", "https://a.fr"),
        ("mairie@ville.fr.", "mailto:mairie@ville.fr"),
        ("<mairie@ville.fr>", "mailto:mairie@ville.fr"),
        ("[ici](https://a.fr)", "https://a.fr"),
        ("[ici](/t/x/12/3)", "/t/x/12/3"),
        ("[ici][1]\n\n[1]: https://a.fr", "https://a.fr"),
        ("[ici](mailto:a@b.fr)", "mailto:a@b.fr"),
    ],
)
def test_an_address_becomes_a_link(raw, href):
    assert links(raw) == [href]


@pytest.mark.parametrize(
    "raw",
    ["http://", "www.", "http://.", "xhttps://a.fr", "`https://a.fr`", "ftp://a.fr", "a@b", "[x](foo)",
     "[x]()", "[x](//evil.example)", "[x](http:evil)", "[x](tel:3975)", "[x](http://)", "https:///a", "https://?x"],
)  # fmt: skip
def test_what_leads_nowhere_safe_stays_text(raw):
    assert links(raw) == []


def test_punctuation_and_words_around_a_link_are_kept():
    text = "Voir (https://a.fr/x), www.b.fr… et c@d.fr !"
    assert Parsed(cooked(text)).text.strip() == text


def test_links_outside_are_marked_and_links_inside_are_not():
    found = assert_harmless(cooked("https://a.fr [b](/t/1) @bob c@d.fr", bob="Bob")).all("a")
    assert [link.attributes.get("rel") for link in found] == [OUTSIDE, None, None, None]
    assert all("target" not in link.attributes for link in found)


def test_a_link_without_words_shows_where_it_leads():
    assert assert_harmless(cooked("[](https://a.fr)")).text.strip() == "https://a.fr"


def test_a_member_is_mentioned_as_the_member_writes_the_name():
    page = assert_harmless(cooked("Merci @bob, (@BOB) et @eve", bob="Bob"))
    assert page.all("a") == [Element("a", {"class": "mention", "href": "/u/Bob"})] * 2
    assert page.text.strip() == "Merci @Bob, (@Bob) et @eve"


def test_no_mention_in_code_in_links_or_in_mail_addresses():
    assert "mention" not in cooked(
        "`@bob` [@bob](/t/1) x@bob.fr https://a.fr/@bob @bob@b.fr\n\n    @bob", bob="Bob"
    )


async def test_nobody_is_known_unless_told():
    assert await cook("@bob") == "<p>@bob</p>\n"
    assert await cook("@bob", known={"bob": "Bob"}) == '<p><a class="mention" href="/u/Bob">@Bob</a></p>\n'


def test_an_image_of_this_site_is_shown_when_it_comes_near_in_room_kept_for_it():
    page = assert_harmless(cooked("![Plan du bourg|690x388](/uploads/ab/plan.webp)"))
    assert page.all("img")[0].attributes == {
        "src": "/uploads/ab/plan.webp", "alt": "Plan du bourg",
        "width": "690", "height": "388", "loading": "lazy",
    }  # fmt: skip


def test_an_image_from_elsewhere_is_a_link_with_its_words():
    page = assert_harmless(cooked('![un *plan*|20x30](https://ailleurs.fr/x.png "titre")'))
    assert page.all("img") == []
    assert page.all("a")[0].attributes["class"] == "image-link"
    assert page.text.strip() == "un plan"


@pytest.mark.parametrize(
    "source",
    ["https://a.fr/uploads/x.png", "//a.fr/uploads/x.png", "/uploads/../session", "/uploads/%2e%2e/x",
     "/uploads/.%2E/x", "/avatar.png", "data:image/png;base64,AAAA", "/uploads\\x", "uploads/x.png"],
)  # fmt: skip
def test_nothing_else_is_loaded_as_an_image(source):
    assert "<img" not in cooked(f"![x]({source})")


def test_an_image_in_a_link_gives_the_link_its_words():
    page = assert_harmless(
        cooked("[![](https://a.fr/x.png)](https://b.fr) [![vue](/uploads/a.webp)](/uploads/b.webp)")
    )
    assert [link.attributes["href"] for link in page.all("a")] == ["https://b.fr", "/uploads/b.webp"]
    assert page.text.split() == ["https://a.fr/x.png"]
    assert page.all("img")[0].attributes["alt"] == "vue"
