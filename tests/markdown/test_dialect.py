"""What people type, and what readers see."""

import pytest

from forum.markdown import cook_many
from tests.markdown.parsed import Parsed, assert_harmless


def cooked(raw: str, **known: str) -> str:
    return cook_many([(raw, known)])[0].strip()


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("Bonjour", "<p>Bonjour</p>"),
        ("un\n\ndeux", "<p>un</p>\n<p>deux</p>"),
        ("*un* **deux** `trois`", "<p><em>un</em> <strong>deux</strong> <code>trois</code></p>"),
        ("~~barré~~", "<p><s>barré</s></p>"),
        ("un  \ndeux", "<p>un<br>\ndeux</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> dit", "<blockquote>\n<p>dit</p>\n</blockquote>"),
        ("---", "<hr>"),
        ("`<b>` 5 < 6 & 7", "<p><code>&lt;b&gt;</code> 5 &lt; 6 &amp; 7</p>"),
        ("&eacute; &copy; \\*", "<p>é © *</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("<b>gras</b>", "<p>&lt;b&gt;gras&lt;/b&gt;</p>"),
        (":smile: reste", "<p>:smile: reste</p>"),
    ],
)
def test_commonmark_is_understood(raw, html):
    assert cooked(raw) == html


def test_french_spaces_are_kept():
    assert (
        Parsed(cooked("« Oui » : 3\u202f500 habitants\u00a0!")).text
        == "« Oui » : 3\u202f500 habitants\u00a0!"
    )


def test_headings_start_under_those_of_the_page():
    page = Parsed(cooked("# un\n\n## deux\n\n### trois\n\n##### cinq\n\ntitre\n==="))
    assert [element.tag for element in page.elements] == ["h3", "h4", "h5", "h6", "h3"]


def test_a_table_is_shown_with_its_alignment_in_a_box_that_scrolls_by_keyboard():
    page = assert_harmless(cooked("| Commune | Habitants |\n|:--|--:|\n| Trélazé | 15 000 |"))
    assert page.all("div")[0].attributes == {"class": "table", "tabindex": "0"}
    assert [cell.attributes["class"] for cell in page.all("td")] == ["align-left", "align-right"]


def test_a_table_too_big_stays_text_and_the_ones_before_it_do_not():
    small, big = "| a |\n|---|\n| b |\n", "| a |\n|---|\n" + "| b |\n" * 4_000
    page = assert_harmless(cooked(small + "\n" + big))
    assert len(page.all("table")) == 1
    assert "| b |" in page.text


def test_many_small_tables_share_one_limit():
    page = assert_harmless(cooked("|a|b|\n|-|-|\n|c|d|\n\n" * 2_000))
    assert 0 < len(page.all("td")) <= 3_000


def test_tasks_are_boxes_labelled_by_their_words_that_nobody_can_tick():
    html = cooked("- [x] délibération\n- [ ] **affichage** en mairie\n- sans case")
    assert '<label><input type="checkbox" checked="" disabled=""> délibération</label>' in html
    assert '<label><input type="checkbox" disabled=""> <strong>affichage</strong> en mairie</label>' in html
    assert len(assert_harmless(html).all("input")) == 2


def test_only_the_start_of_an_item_is_a_box():
    assert "<input" not in cooked("[x] hors liste\n\n- fait [x]\n- [x](/t/1) lien\n- [x]collé\n- [ ]")


def test_code_is_coloured_when_its_language_is_named():
    page = assert_harmless(cooked("```python\nimport os\n```"))
    assert page.all("pre")[0].attributes == {"tabindex": "0"}
    assert page.all("code")[0].attributes == {"class": "language-python"}
    assert {"class": "kn"} in [span.attributes for span in page.all("span")]
    assert page.text.strip() == "import os"


@pytest.mark.parametrize("language", ["", "inconnu", "guess", "c++", "C#", 'x"onload=', "<b>", "text"])
def test_code_in_any_language_keeps_its_text(language):
    code = "if a < b && c:\n\treturn '\"'  \n"
    assert assert_harmless(cooked(f"~~~{language}\n{code}~~~")).text.strip("\n") == code.strip("\n")


def test_indented_code_scrolls_by_keyboard_too():
    assert (
        cooked("texte\n\n    <a>\n    b")
        == '<p>texte</p>\n<pre tabindex="0"><code>&lt;a&gt;\nb\n</code></pre>'
    )


def test_long_code_and_a_crowd_of_languages_stay_plain():
    assert "<span" not in cooked("```python\n" + "import os\n" * 1_000 + "```")
    names = ["python", "sql", "js", "css", "html", "ruby", "go", "rust"]
    html = cooked("\n".join(f"```{name}\nif 1\n```" for name in [*names, "python"]))
    assert len(assert_harmless(html).all("pre")) == 9
    assert html.endswith("</span>\n</code></pre>")
    assert "</span>" not in html.partition('class="language-ruby"')[2].partition("</pre>")[0]
    assert "<span" not in cooked("```python\nx = " + "1" * 400 + "\n```")


def test_deep_lists_and_citations_lose_no_word():
    citation = "".join(f"{'> ' * depth}mot{depth}\n\n" for depth in range(1, 40))
    nested = "".join(f"{'  ' * depth}- rang{depth}\n" for depth in range(40))
    words = assert_harmless(cooked(citation + "\nfin\n\n" + nested)).text.split()
    assert {f"mot{depth}" for depth in range(1, 40)} <= {word.lstrip(">") for word in words}
    assert {f"rang{depth}" for depth in range(40)} <= set(words)


def test_what_is_cooked_twice_is_the_same():
    raw = "# Titre\n\nNote[^1] @bob\n\n[^1]: oui\n\n```sql\nselect 1\n```"
    assert cooked(raw, bob="Bob") == cooked(raw, bob="Bob")
