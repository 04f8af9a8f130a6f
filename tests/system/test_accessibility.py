"""Every page: no WCAG 2.2 AA fault that a machine can find, no sideways scroll, usable without scripts."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback
from starlette.routing import Match

from forum.app import SLICES
from forum.reuses.queries import item_visible_to, reuses_of
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.conduct.appealing import an_appeal
from tests.factories import a_group, a_question, a_reply, seen
from tests.kinds.making import a_topic
from tests.organisations.files import the_valley
from tests.organisations.test_members import member
from tests.reuses.making import BEZAC, ETRIGNY, ORMOY, a_clerk, declared, first_post, verified
from tests.reviewables.cases import decided, reported
from tests.signup_requests.asking import a_request
from tests.system.people import signed_in

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RICH = """Look: **figures**, https://example.org/a and @alice.

| Item | Cost |
|------|-----:|
| Cook | 8.90 |

- [x] done
- [ ] to do

> quoted

[quote="alice, post:1"]
hello
[/quote]

```sql
SELECT 1;
```

A note[^1].

[^1]: at the end
"""


async def fill(cast: Cast) -> dict[str, str]:
    """A site with something of everything; the address of each page."""
    from forum.answers.actions import accept_answer
    from forum.pending.actions import hold_reply
    from forum.posts.actions import delete_post, revise_post

    topic = await a_question(cast, raw=RICH, tags=["central kitchen", "bio"])
    alice, bob = await cast.alice(), await cast.bob()
    reply, gone = await a_reply(cast, topic, raw=RICH), await a_reply(cast, topic)
    await revise_post(bob, await seen(bob, reply), RICH + "\nmore", reason="figures", version=1)
    await accept_answer(alice, await seen(alice, reply))
    await delete_post(bob, await seen(bob, gone))
    waiting = await reported(cast, reply)
    hidden = await a_reply(cast, topic, author=await cast.mod())
    await decided(cast, hidden, "hide", by=await cast.ada())
    await a_group(cast, "cooks", "on_request", "bob", "mod")
    held = await hold_reply(await cast.eve(), topic, "The first that I say.")
    own = await hold_reply(await cast.mod(), topic, "A first word of Mod's.")
    return {**await fill_knowledge(cast),
        "list": "/", "empty list": "/unread", "topic": f"/t/{topic.slug}/{topic.id}", "themes": "/categories",
        "theme": f"/c/school-meals/{cast.theme.id}", "ask": "/new-topic", "edit": f"/posts/{reply.id}/edit",
        "history": f"/posts/{reply.id}/revisions", "alerts": "/notifications", "person": "/u/bob",
        "replies": f"/posts/{reply.id}/replies", "title": f"/t/{topic.id}/edit", "absent": "/t/x/999999",
        "threads": f"/t/{topic.slug}/{topic.id}?sort=top", "tag": "/tag/bio", "unanswered": "/unanswered",
        "sessions": "/preferences/sessions", "profile": "/preferences/profile",
        "closing": "/preferences/deactivation", "data": "/preferences/data",
        "erasing": "/preferences/erasure", "privacy": "/privacy",
        "charter": "/charter",
        "mails": "/preferences/mail", "invitations": "/invites",
        "delete": f"/posts/{reply.id}/deletion", "delete topic": f"/t/{topic.id}/deletion",
        "report": f"/posts/{reply.id}/flags", "queue": "/review", "item": f"/review/{waiting.id}",
        "ruling": f"/posts/{hidden.id}/moderation", "move": f"/t/{topic.id}/move-posts?target=who",
        "merge": f"/t/{topic.id}/merge-topic?target=nothing", "approval": f"/review/pending/{held}",
        "waiting": f"/pending/{own}", "asked": f"/review/signups/{await a_request()}",
        "appealed": f"/review/suspensions/{await an_appeal(cast)}",
        "groups": "/g", "group": "/g/cooks",
        "factors": "/preferences/second-factor",
    }  # fmt: skip


async def fill_knowledge(cast: Cast) -> dict[str, str]:
    """One topic of each kind that has fields, written by Mod, and a directory where Mod works."""
    await the_valley()
    mod = await cast.mod()
    await member(mod)
    kinds = ("sheet", "document", "gathering", "job", "guide")
    shared = {kind: await a_topic(cast, kind, mod) for kind in kinds}
    shown = {kind: f"/t/{topic.slug}/{topic.id}" for kind, topic in shared.items()}
    forms = {f"write a {kind}": f"/new-topic?kind={kind}" for kind in shared}
    sheet = shared["sheet"].id
    return {
        **shown, **forms, "sheets": "/latest?kind=sheet", "fields": f"/t/{sheet}/details",
        "earlier fields": f"/t/{sheet}/details/history", "directory": "/o",
        "organisation": "/o/saint-loup-sur-vouvre",
        "its topics": "/o/saint-loup-sur-vouvre/topics?kind=sheet",
        "what it took up": f"/o/{BEZAC}/reuses",
        "own organisations": "/preferences/organisations",
        "reuses": await a_reuse(cast, shared["sheet"]), "value": "/valeur",
        "still true": "/still-true",
        "peers": f"/t/{(await a_question(cast, mod)).id}/peers",
        "found": "/search?q=heating", "nothing found": "/search?q=zzzzzz",
        "other words": "/synonyms?try=heating",
    }  # fmt: skip


async def a_reuse(cast: Cast, sheet: TopicCard) -> str:
    """Two who took the sheet up, one from the other; the page where Mod, who wrote it, reads of it."""
    post = await first_post(sheet)
    for slug in (BEZAC, ORMOY):
        viewer, town = await a_clerk(slug)
        item = await item_visible_to(viewer, post)
        source = str(max(one.id for one in await reuses_of(post))) if item.count else ""
        wish = {"cost": "4 200 €", "changes": "Less.", "reason": "No time.", "state": "abandoned"}
        await declared(viewer, item, town, taken_from=source, **wish)
    await verified(await cast.mod(), ETRIGNY)
    return f"/posts/{post}/reuses"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    paths = await fill(cast)
    context = await new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = await signed_in(context, site, "mod")
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for name, path in {**paths, "sign in": "/session/new"}.items():
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await no_sideways_scroll(page, name)
    assert [url for url in asked if not url.startswith(site)] == [], "a page calls somebody else"


# Addresses that lead to another page, or answer programs only.
LEAD_ELSEWHERE = {
    "/t/{id:int}", "/t/{id:int}/go", "/t/{id:int}/{number:int}", "/t/{slug}/{id:int}/{number:int}",
    "/p/{id:int}",
    "/preferences", "/my/preferences",
    "/p/{id:int}/reply", "/p/{id:int}/quote", "/posts/by_number/{id:int}/{number:int}",
    "/metrics", "/uploads/pictures/{name}/{size:int}.webp", "/uploads/logos/{name}.webp",
    "/uploads/short-url/{file}", "/uploads/thumbnails/{name}/{width:int}.webp", "/search/query",
    "/t/{id:int}/event.ics", "/auth/oidc", "/auth/signed-out", "/admin/value.csv",
}  # fmt: skip
# Looked at where staff are: tests/administration, tests/categories, tests/groups, tests/journal,
# tests/settings, tests/conduct, tests/erasures, tests/mergers.
ADMINISTRATION = {
    "/admin/live",
    "/admin/journal",
    "/admin/settings",
    "/admin/mail",
    "/admin/jobs",
    "/admin/categories",
    "/admin/categories/new",
    "/admin/categories/{id:int}",
    "/admin/groups",
    "/admin/groups/{id:int}",
    "/admin/people",
    "/admin/people/{username}",
    "/admin/organisations",
    "/u/{username}/conduct",
    "/u/{username}/erasure",
}
# Looked at by those who enter: tests/signups, tests/signup_requests, tests/invitations, tests/factors,
# tests/single_sign_on, tests/conduct.
ENTRY = {
    "/signup", "/signup/sent", "/u/activate-account/{token}", "/password-reset", "/u/password-reset/{token}",
    "/u/confirm-new-email/{token}", "/preferences/account", "/preferences/data/{token}",
    "/email/unsubscribe/{token}",
    "/auth/arrival", "/auth/oidc/callback", "/setup/{token}", "/invites/{token}", "/session/2fa",
    "/signup/appeal/{token}", "/suspension/appeal/{token}",
    "/preferences/second-factor/totp",
}  # fmt: skip
# Looked at by those who are asked: tests/freshness.
DATES = {"/posts/{id:int}/successor", "/still-true/{token}"}
# The same page as the list's.
SAME_AS_THE_LIST = {"/new"}


async def test_every_page_is_among_those_that_are_looked_at(cast: Cast) -> None:
    routes = [route for slice in SLICES for route in slice.routes if "GET" in (route.methods or ())]
    looked_at = set()
    for path in [*(await fill(cast)).values(), "/session/new"]:
        scope = {"type": "http", "method": "GET", "path": path.partition("?")[0]}
        looked_at.add(next(route.path for route in routes if route.matches(scope)[0] is Match.FULL))
    pages = {route.path for route in routes if not route.path.endswith(".json")}
    assert pages - LEAD_ELSEWHERE - SAME_AS_THE_LIST - ADMINISTRATION - ENTRY - DATES == looked_at


async def send_forms(page: Page, site: str, paths: dict[str, str]) -> AsyncIterator[str]:
    """The pages that answer a form: each is shown, and named."""
    await page.goto(site + paths["ask"])
    await page.get_by_label("Your question, in one sentence").fill("Short")
    await page.get_by_label("Theme").select_option(index=1)
    await page.get_by_label("Your situation").fill("Words.")
    await page.get_by_label("Tags (optional)").fill("a, b, c, d, e, f")
    await page.get_by_role("button", name="Publish").click()
    yield "refused question"
    await page.goto(site + paths["edit"])
    await page.locator("input[name=version]").evaluate("field => { field.value = 1 }")
    await page.get_by_label("Your text").fill("Another text.")
    await page.get_by_role("button", name="Save").click()
    yield "two edits"
    await page.goto(site + paths["ask"])
    await page.get_by_label("Your situation").fill("Some *words*.")
    await page.get_by_role("button", name="Preview").click()
    yield "preview"
    await page.goto(site + paths["topic"])
    await page.get_by_label("Text of the reply").fill("An hour of typing.")
    await page.context.clear_cookies()
    await page.locator("#reply").get_by_role("button", name="Reply", exact=True).click()
    yield "session ended"


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_no_answer_to_a_form_has_a_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    paths = await fill(cast)
    size = {"width": width, "height": 800}
    plain = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True, java_script_enabled=False)
    page = await signed_in(plain, site, "mod")
    read = await (await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)).new_page()
    await read.route("**/*.js", lambda route: route.abort())
    async for name in send_forms(page, site, paths):
        # Scripts are needed to look for faults, and would change the page: the same markup, looked at apart.
        await read.goto(site)
        await read.set_content(await page.content())
        found = await Axe().run(read, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await no_sideways_scroll(read, name)


async def test_at_twice_the_size_nothing_is_cut_and_nothing_scrolls_sideways(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    """A window of 1280 px at 200 %: half as many pixels for the page."""
    paths = await fill(cast)
    context = await new_context(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = await signed_in(context, site, "mod")
    for name, path in paths.items():
        await page.goto(site + path)
        await no_sideways_scroll(page, name)
        cut = await page.evaluate(CUT)
        assert cut == [], f"{name}: {cut}"


# What is wider than the box that hides the rest of it; what scrolls by itself is no loss.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *, nav *")].filter((node) => {
  const style = getComputedStyle(node);
  const hides = ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none";
  return hides && !node.closest("svg") && node.scrollWidth > node.clientWidth + 1;
}).map((node) => node.outerHTML.slice(0, 120))"""


async def no_sideways_scroll(page: Page, name: str) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"


async def test_the_whole_loop_without_scripts(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    alice = await signed_in(await new_context(java_script_enabled=False), site, "alice")
    bob = await signed_in(await new_context(java_script_enabled=False), site, "bob")
    await alice.goto(f"{site}/new-topic")
    await alice.get_by_label("Your question, in one sentence").fill("Who cooks for sixty children?")
    await alice.get_by_label("Theme").select_option(label="School meals")
    await alice.get_by_label("Your situation").fill("We look for advice.")
    await alice.get_by_role("button", name="Publish").click()
    await bob.goto(alice.url)
    await bob.get_by_role("link", name="Reply to this post").click()
    await expect(bob.get_by_text("in reply to Alice, no. 1")).to_be_visible()
    await bob.get_by_label("Text of the reply").fill("We did it.")
    await bob.locator("#reply").get_by_role("button", name="Reply", exact=True).click()
    await expect(bob.get_by_text("We did it.")).to_be_visible()
    await alice.reload()
    await alice.get_by_role("button", name="Useful", exact=True).click()
    await expect(alice.locator("li[data-number='2'] .score")).to_have_text("1")
    await alice.get_by_role("button", name="Accept this answer").click()
    await expect(alice.get_by_text("Solved question")).to_be_visible()
    await bob.get_by_label("How closely").select_option(label="Muted")
    await bob.get_by_role("button", name="Save").click()
    await expect(bob.get_by_text("You chose this level.")).to_be_visible()
    await bob.goto(f"{site}/notifications")
    await expect(bob.get_by_text("accepted your answer")).to_be_visible()


async def test_scripts_raise_no_error_and_no_refusal_of_the_policy(site: str, cast: Cast, page: Page) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    paths = await fill(cast)
    paths.pop("absent")
    alice = await signed_in(page.context, site, "alice")
    alice.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    alice.on("pageerror", lambda error: heard.append(str(error)))
    for name in ("list", "topic", "ask", "alerts", "themes"):
        await alice.goto(site + paths[name])
        await alice.wait_for_load_state("networkidle")
    assert heard == []


async def test_a_topic_page_is_light(site: str, cast: Cast, page: Page) -> None:
    topic = await a_question(cast)
    for _n in range(19):
        await a_reply(cast, topic)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(page.locator("live-channel[connected]").first).to_be_attached()
    assert len([url for url in asked if url.endswith(".js")]) <= 7
    assert len(asked) <= 12, asked


async def test_a_refused_reply_without_scripts_is_shown_where_it_was_typed(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    for _n in range(8):
        await a_reply(cast, topic)
    bob = await signed_in(await new_context(java_script_enabled=False), site, "bob")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await bob.get_by_label("Text of the reply").fill("   ")
    await bob.locator("#reply").get_by_role("button", name="Reply", exact=True).click()
    await expect(bob.get_by_text("Not published yet")).to_be_in_viewport()
    await bob.get_by_label("Text of the reply").fill("Words this time.")
    await bob.locator("#reply").get_by_role("button", name="Reply", exact=True).click()
    await expect(bob.get_by_text("Words this time.")).to_be_in_viewport()
