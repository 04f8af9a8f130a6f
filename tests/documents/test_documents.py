"""Documents: a text or an address to take over, under a licence, with its versions."""

import pytest

from forum.errors import Invalid
from forum.kinds.actions import revise_details
from tests.cast import Cast
from tests.kinds.details import DOCUMENT
from tests.kinds.making import a_topic
from tests.people import at


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
