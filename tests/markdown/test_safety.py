"""Whatever Eve types, a page stays what it is: nothing runs, nothing is loaded, nothing passes for ours."""

import pytest
from playwright.async_api import BrowserContext

from forum.markdown import cook_many
from forum.markdown.sanitizer import sanitise
from forum.security import POLICY
from tests.markdown.parsed import assert_harmless
from tests.markdown.payloads import AROUND, HTML, PAYLOADS

KNOWN = {"bob": "Bob"}
READ_BACK = """posts => posts.map(html => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.innerHTML;
})"""
PAGE = "https://relais.example.fr/"
CASES = [around.format(payload) for payload in PAYLOADS for around in AROUND]


def cooked(raw: str) -> str:
    return cook_many([(raw, KNOWN)])[0]


def test_there_are_many_shapes_of_attack():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_attack_comes_out_harmless_wherever_it_stands(payload):
    for around in AROUND:
        html = cooked(around.format(payload))
        assert_harmless(html)
        assert sanitise(html) == html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_last_step_alone_would_be_enough(payload):
    for html in (payload, f"<p>{payload}</p>", f'<a title="{payload}">x</a>', f"<pre><code>{payload}"):
        clean = sanitise(html)
        assert_harmless(clean)
        assert sanitise(clean) == clean


@pytest.mark.parametrize("payload", [payload for payload in HTML if "\n" not in payload])
def test_html_is_shown_as_it_was_typed(payload):
    shown = assert_harmless(cooked(f"`` {payload} ``")).text
    assert " ".join(payload.split()) == " ".join(shown.split())


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a href="//evil.example">x</a>',
        '<a href="https://a.fr" rel="opener" target="_blank">x</a>',
        '<img src="https://evil.example/x.png">',
        '<img src="/uploads/../x" onerror="x">',
        '<img srcset="//evil.example 2x">',
        '<p id="content" class="btn" style="position:fixed">x</p>',
        '<li id="post-9">x</li>',
        '<span class="relay-admin-badge">x</span>',
        '<code class="language-x btn">x</code>',
        '<input name="password" type="text">',
        '<label for="password">x</label>',
        '<div class="note" role="alert" tabindex="1">x</div>',
        '<section role="main" class="hero">x</section>',
    ],
)
def test_the_last_step_takes_away_what_our_dialect_never_writes(html):
    assert_harmless(sanitise(html))


async def test_cve_2020_6802_a_browser_finds_nothing_that_runs_or_loads(context: BrowserContext):
    page, asked, told = await context.new_page(), [], []
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("pageerror", lambda error: told.append(str(error)))
    await context.route("**", lambda route: asked.append(route.request.url) or route.abort())
    posts = [cooked(case) for case in CASES]
    await page.add_init_script(
        """window.refused = [];
        addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective + e.blockedURI));"""
    )
    body = "<!doctype html>" + "".join(f"<article>{html}</article>" for html in posts)
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    await context.route(PAGE, lambda route: route.fulfill(body=body, headers=headers))
    await page.goto(PAGE)
    assert await page.locator("article").count() == len(posts)
    assert [url for url in asked if "/uploads/" not in url] == []
    await page.evaluate(
        "document.querySelectorAll('article *').forEach(e => e.dispatchEvent(new Event('click')))"
    )
    assert told == []
    assert await page.evaluate("refused") == [], "the policy has had nothing to refuse"
    found = await page.evaluate(
        """[...document.querySelectorAll('article *')].flatMap(
            e => [...e.attributes].map(a => a.name).filter(n => n.startsWith('on') || n === 'style')
                .concat(e.matches('script,style,iframe,svg,math,form,object,embed') ? [e.tagName] : []))"""
    )
    assert found == []


async def test_cve_2021_23980_a_browser_reads_back_what_was_written(context: BrowserContext):
    page = await context.new_page()
    posts = [cooked(case) for case in CASES]
    read = await page.evaluate(READ_BACK, posts)
    assert [sanitise(html) for html in read] == posts
