"""Discourse's HTML becomes markdown that reads, and is cooked, as the post looked."""

import time

import pytest

from forum.importing.emoji import emoji
from forum.importing.html import to_markdown
from forum.importing.words import kept_share
from forum.markdown import cook_many


def cooked(html: str) -> str:
    return cook_many([(to_markdown(html), {"bob": "bob"})])[0]


def quote(author: str, words: str, attributes: str = 'data-post="2" data-topic="7"') -> str:
    return (
        f'<aside class="quote no-group" data-username="{author}" {attributes}><div class="title">'
        f'<div class="quote-controls"></div><img class="avatar" src="/a.png"> {author}:</div>'
        f"<blockquote>{words}</blockquote></aside>"
    )


def test_a_quote_names_its_author_once_and_leads_to_the_post() -> None:
    assert to_markdown(quote("bob", "<p>Thirty hours.</p>") + "<p>Thanks</p>") == (
        '[quote="bob, post:2, topic:7"]\nThirty hours.\n[/quote]\n\nThanks'
    )
    html = cooked(quote("bob", "<p>Thirty hours.</p>"))
    assert html.count("bob") == 1
    assert 'href="/t/-/7/2"' in html


def test_a_quote_within_a_quote_stays_one() -> None:
    inner = quote("eve", "<p>First.</p>", 'data-post="1" data-topic="7"')
    assert cooked(quote("bob", f"{inner}<p>Second.</p>")).count('<blockquote class="quote"') == 2


def test_a_quote_that_only_names_its_author_in_words_keeps_the_name() -> None:
    title = '<div class="title"><img class="avatar"> Zoé:</div>'
    html = f'<aside class="quote">{title}<blockquote>Oui</blockquote></aside>'
    assert to_markdown(html) == '[quote="Zoé"]\nOui\n[/quote]'


def test_a_quote_in_a_list_is_cited_as_our_cooker_reads_no_quotes_there() -> None:
    html = cooked(f"<ul><li>{quote('bob', '<p>Thirty hours.</p>')}</li></ul>")
    assert "[quote" not in html
    assert "<p>bob:</p>\n<p>Thirty hours.</p>" in html


def test_the_preview_of_a_topic_keeps_its_link() -> None:
    html = (
        '<aside class="quote" data-post="1" data-topic="5"><div class="title"><div class="quote-controls">'
        '</div><a href="https://forum.example/t/menus/5">Menus</a> <a class="badge-wrapper">Meals</a>'
        "</div><blockquote>What do you serve?</blockquote></aside>"
    )
    assert to_markdown(html) == "> [Menus](<https://forum.example/t/menus/5>)\n>\n> What do you serve?"


def test_a_preview_of_a_page_is_cited_with_its_words_and_without_its_pictures() -> None:
    html = (
        '<aside class="onebox allowlistedgeneric"><header class="source"><img class="site-icon" src="/i.png">'
        '<a href="https://example.org/a">example.org</a></header><article class="onebox-body">'
        '<img class="thumbnail" src="https://example.org/t.png"><h3>'
        '<a href="https://example.org/a">A page</a></h3><p>Says much.</p></article>'
        '<div class="onebox-metadata"></div></aside>'
    )
    assert to_markdown(html) == (
        "> [example.org](<https://example.org/a>)\n>\n> [A page](<https://example.org/a>)\n>\n> Says much."
    )


def test_code_keeps_its_language_its_empty_lines_and_its_fences() -> None:
    code = "if a:\n    b = `c`\n\n\n\n```\nd"
    html = f'<p>See</p><pre><code class="lang-py">{code}\n</code></pre>'
    assert to_markdown(html) == f"See\n\n````py\n{code}\n````"
    assert to_markdown('<pre><code class="lang-auto">x</code></pre>') == "```\nx\n```"


def test_numbered_lines_of_code_stay_lines() -> None:
    html = (
        '<pre class="onebox"><code class="lang-cpp"><ol class="start lines" start="10"><li>int a;</li>'
        '<li>\n   </li><li class="selected">int b;</li></ol></code></pre>'
    )
    assert to_markdown(html) == "```cpp\nint a;\n\nint b;\n```"


def test_code_in_a_list_stays_in_its_item() -> None:
    html = cooked("<ol><li><p>Run</p><pre><code>a\n\n\nb\n</code></pre></li><li>Wait</li></ol>")
    assert "<code>a\n\n\nb\n</code>" in html
    assert html.count("<ol>") == 1


def test_footnotes_lead_there_and_back() -> None:
    html = (
        '<p>Free<sup class="footnote-ref"><a href="#footnote-9-1" id="footnote-ref-9-1">[1]</a></sup>.</p>'
        '<hr class="footnotes-sep"><ol class="footnotes-list"><li id="footnote-9-1" class="footnote-item"><p>'
        'Since 2020. <a href="#footnote-ref-9-1" class="footnote-backref">↩︎</a></p></li></ol>'
    )
    assert to_markdown(html) == "Free[^1].\n\n[^1]: Since 2020."
    assert 'role="doc-backlink"' in cooked(html)


def test_images_elsewhere_are_links_and_faces_are_signs() -> None:
    html = (
        '<div class="lightbox-wrapper"><a class="lightbox" href="//cdn.example/plan.png"><img alt="the plan" '
        'src="//cdn.example/small.png"><div class="meta"><span class="informations">800×600</span></div>'
        '</a></div><p>Good <img class="emoji" title=":wink:" src="https://e.example/w.png"> '
        '<img class="emoji" title=":our_logo:"></p>'
    )
    assert to_markdown(html) == "![the plan](<https://cdn.example/plan.png>)\n\nGood 😉 :our_logo:"
    assert "<img" not in cooked(html)
    assert emoji("+1") == "👍"


def test_videos_become_links() -> None:
    html = '<div class="lazyYT" data-youtube-id="9Z" data-youtube-title="Our kitchen"></div>'
    assert to_markdown(html) == "[Our kitchen](<https://www.youtube.com/watch?v=9Z>)"
    html = '<iframe src="https://player.example/1"></iframe><video><source src="//v.example/a.mp4"></video>'
    assert to_markdown(html) == "<https://player.example/1>\n\n<https://v.example/a.mp4>"


def test_mentions_stay_and_only_members_are_linked() -> None:
    html = cooked(
        '<p><a class="mention" href="/u/bob">@bob</a> and <span class="mention">@ghost_x</span></p>'
    )
    assert html == '<p><a class="mention" href="/u/bob">@bob</a> and @ghost_x</p>\n'


def test_details_polls_and_tasks_keep_their_words() -> None:
    assert to_markdown("<details><summary>More</summary><p>hidden</p></details>") == "**More**\n\nhidden"
    poll = (
        '<div class="poll"><div class="poll-container"><ul><li>Yes</li><li>No</li></ul></div>'
        '<div class="poll-info"><p><span class="info-number">3</span>'
        '<span class="info-label">voters</span></p></div></div>'
    )
    assert to_markdown(poll) == "- Yes\n- No\n\n3 voters"
    task = '<ul><li><span class="chcklst-box checked fa"></span> done</li></ul>'
    assert 'type="checkbox"' in cooked(task)


@pytest.mark.parametrize(
    "words",
    [
        "2 * 3 * 4 and *stars* and **two**", "snake_case, __init__ and _this_", "C:\\dir\\*.txt \\", "a | b",
        "!", "# not a title", "#include <vector>", "- not an item", "+ nor this", "1. nor 2) that", "---",
        "===", "--- | ---", "> not said", "[quote] said [/quote]", "[x](y) ![z](w) [^1] [ref]: u", "~~~",
        "~~no~~", "``` `code` ```", "std::vector<Foo::Bar>", "<http://a.example>",
        "a@b.example <c@d.example>",
        "&amp; &copy; AT&T", ":smile: :-)", "line one [x]",
    ],
)  # fmt: skip
def test_words_that_look_like_markup_stay_words(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for html in (f"<p>{escaped}</p>", f"<p>so<br>\n{escaped}</p>", f"<ul><li>{escaped}</li></ul>"):
        result = cooked(html)
        assert kept_share(html, result) == 1.0, result
        for tag in ("<em", "<strong", "<h3", "<code", "<hr", "<table", "<s>", "<sup", "<input", "footer"):
            assert tag not in result, (html, result)
        assert result.count("<blockquote") == 0
        assert "\\" not in result or "\\" in words


def test_plain_words_get_no_backslash() -> None:
    html = (
        "<p>It costs 5 + 3 = 8 &lt; 9 (or [maybe] more) - see file_name.txt, C:\\temp &amp; co: 100% #1!</p>"
    )
    assert "\\" not in to_markdown(html).replace("C:\\temp", "")


def test_bold_beside_letters_leaves_no_stars() -> None:
    for html in (
        "<p>a<b>b</b>c <b>“q”</b>x <b>end </b>next</p>",
        "<p><b>one</b><b>two</b> <span class='bbcode-b'>three</span> <i><b>four</b></i></p>",
        "<p><code>a</code><code>b</code><b><code>c</code></b></p>",
        "<p>Wow!<a href='https://example.org'>there</a> <b></b></p>",
    ):
        result = cooked(html)
        assert "*" not in result
        assert "<img" not in result
        assert "image-link" not in result
        assert "``" not in result


def test_line_breaks_are_kept_and_those_at_the_end_leave_nothing() -> None:
    assert cooked("<p>one<br>two<br></p><p>three<br></p>") == "<p>one<br>\ntwo</p>\n<p>three</p>\n"
    assert "\\" not in cooked("<blockquote><p>one<br></p></blockquote>" + quote("bob", "<p>two<br></p>"))


def test_tables_keep_their_bars_and_their_code() -> None:
    row = "<tr><td>b|c <code>d|e</code></td></tr>"
    html = cooked(f"<table><thead><tr><th>a</th></tr></thead><tbody>{row}</tbody></table>")
    assert "<td>b|c <code>d|e</code></td>" in html


def test_addresses_that_run_something_are_only_words() -> None:
    links = '<a href="javascript:x()">one</a> <a href="data:text/html,x">two</a>'
    html = cooked(f'<p>{links}<img src="data:,x" alt="z"></p>')
    assert "href" not in html
    assert "one two" in html


def test_html_nested_beyond_reason_keeps_its_words() -> None:
    for tag in ("div", "blockquote", "b", "ul><li"):
        assert "deep # sea" in cooked(f"<{tag}>" * 3000 + "deep # sea")


def test_a_post_made_to_be_slow_is_converted_in_time() -> None:
    room, deep = " " * 60_000, '<aside class="quote" data-username="b"><blockquote>' * 300
    samples = [f"<p>x{room}y</p>", "<p>" + "\\\n" * 20_000, "<p>" + "[" * 30_000, deep, "`~" * 40_000]
    begun = time.perf_counter()
    for html in samples:
        to_markdown(html)
    assert time.perf_counter() - begun < 3
    assert to_markdown(f"<p>x{room}y</p><pre>a  b</pre>") == "x y\n\n```\na  b\n```"


def test_the_share_of_words_counts_each_word_and_only_words() -> None:
    assert kept_share("<p>one two two</p>", "<p>one two</p>") == pytest.approx(2 / 3)
    assert kept_share("<p>H<sub>2</sub>O</p><p>x</p>", "<p>H2O x</p>") == 1.0
    assert kept_share(quote("bob", "<p>a</p>"), "<p>a</p>") == 1.0
    assert kept_share("<p>:-)</p>", "") == 1.0
