"""Documents: a text or an address to take over, under a licence, with its versions."""

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.errors import Invalid
from forum.kinds.actions import revise_details
from tests.cast import Cast
from tests.kinds.details import DOCUMENT
from tests.kinds.making import a_topic
from tests.people import at, signed_in
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser
from tests.uploads.made import a_docx
from tests.uploads.sending import sent
from tests.uploads.test_documents import words


async def test_a_document_needs_a_text_or_an_address_and_a_licence(cast: Cast) -> None:
    for typed, field in (({"contents": ""}, "contents"), ({"licence": ""}, "licence")):
        with pytest.raises(Invalid) as fault:
            await a_topic(cast, "document", **typed)
        assert set(fault.value.fields) == {field}
    await a_topic(cast, "document", contents="", link="https://example.org/decision.odt")


async def test_bob_reads_what_changed_between_two_versions(site: str, cast: Cast) -> None:
    topic = await a_topic(cast, "document")
    typed = {**DOCUMENT, "contents": "The council decides to bake."}
    await revise_details(await cast.alice(), topic, typed, 1)
    page = (await at(site).get(f"/t/{topic.id}/details/history")).text
    assert "<del>cook.</del>" in page
    assert "<ins>bake.</ins>" in page
    narrowed = await at(site).get("/latest?kind=document&licence=cc0")
    assert topic.title not in narrowed.text


async def test_bob_reads_the_text_of_alices_file_on_the_page_without_opening_it(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    alice = await signed_in(site, "alice")
    decision = await sent(
        alice, a_docx("The council &lt;decides&gt; to cook.", "word " * 600), "Decision.docx"
    )
    await words()
    typed = {
        "kind": "document",
        "category_id": str(cast.theme.id),
        "title": "A decision to take over",
        **DOCUMENT,
    }
    made = await alice.post("/topics", **typed, raw=f"Here: {decision['markdown']}")
    path = made.headers["location"]
    bob = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    await bob.goto(f"{site}{path}")
    files = bob.get_by_role("region", name="Files")
    await expect(files.get_by_role("link", name="Decision.docx")).to_be_visible()
    await expect(files.get_by_text("The council <decides> to cook.")).to_be_hidden()
    await files.get_by_text("Read its text here").click()
    await expect(files.get_by_text("The council <decides> to cook.")).to_be_visible()
    await expect(files.get_by_text("The beginning only")).to_be_visible()
    shown = (await at(site).client.get(f"/t/{path.rpartition('/')[2]}.json")).json()
    assert [file["name"] for file in shown["details"]["files"]] == ["Decision.docx"]


async def test_the_words_of_a_file_reach_an_open_page_once_they_are_read_and_no_outsider(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    alice = await signed_in(site, "alice")
    topic = await a_topic(cast, "document", private=True)
    bob = await in_a_browser(await new_context(), site, "bob")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(bob, f"topic:{topic.id}")
    decision = await sent(alice, a_docx("Only clerks read this."), "Secret.docx")
    post = (await alice.client.get(f"/t/{topic.id}.json")).json()["post_stream"]["posts"][0]
    await alice.post(f"/posts/{post['id']}/revisions", raw=f"Here: {decision['markdown']}", version="1")
    await bob.get_by_text("Read its text here").click()
    await expect(bob.get_by_text("Only clerks read this.")).to_be_visible()
    eve = await signed_in(site, "eve")
    for address in (f"/t/{topic.slug}/{topic.id}", f"/t/{topic.id}.json", decision["url"]):
        found = await eve.get(address)
        assert (found.status_code, "Only clerks" in found.text) == (404, False)
