"""What waits for approval is read whole before it is decided: the typed fields of its kind too."""

import pytest

from forum.animators.actions import name_animator
from forum.kinds.registry import details_before, kind_of
from forum.pending.actions import hold_topic, publish_held
from forum.pending.queries import held_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.kinds.details import FIELDS, SHEET
from tests.kinds.making import fields_of
from tests.pending.test_first_posts import TopicAt, again
from tests.people import signed_in

TEXT = "Nobody knew who was heating what."


async def held_sheet(cast: Cast, **typed: str) -> int:
    return await hold_topic(
        await cast.eve(), cast.theme.id, "sheet", "Heating by the hour", TEXT, details={**SHEET, **typed}
    )


async def test_an_animator_reads_the_fields_of_a_sheet_that_waits_and_so_does_its_author(
    site: str, cast: Cast
) -> None:
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["alice"])
    held = await held_sheet(cast, lessons="Write <b>it</b> down.")
    alice, eve = await signed_in(site, "alice"), await signed_in(site, "eve")
    bob = await signed_in(site, "bob")
    for page in (await alice.get(f"/review/pending/{held}"), await eve.get(f"/pending/{held}")):
        assert "Experience sheet" in page.text
        for words in (
            "three valves",
            "Buy six probes at once.",
            "4,200",
            "Write &lt;b&gt;it&lt;/b&gt; down.",
        ):
            assert words in page.text
    for path in (f"/review/pending/{held}", f"/pending/{held}"):
        assert (await bob.get(path)).status_code == 404
    assert "probes" not in (await bob.get("/review")).text


@pytest.mark.parametrize("kind", sorted(FIELDS))
async def test_each_kind_waits_is_read_and_published_with_its_fields(
    site: str, cast: Cast, kind: str
) -> None:
    author = await cast.mod() if kind == "announcement" else await cast.eve()
    held = await hold_topic(author, cast.theme.id, kind, "What waits here", TEXT, details=FIELDS[kind])
    judge = await signed_in(site, "ada" if kind == "announcement" else "mod")
    assert TEXT in (await judge.get(f"/review/pending/{held}")).text
    ada = await cast.ada()
    new = await publish_held(ada, await held_visible_to(ada, held), TEXT)
    topic = await again(ada, TopicAt(new.topic_id))
    assert topic.kind == kind
    if kind_of(kind).table:
        before = details_before(kind_of(kind), FIELDS[kind])
        assert before is not None
        assert (await fields_of(topic)).values == before.values


async def test_a_field_that_would_not_do_any_more_is_still_read(site: str, cast: Cast) -> None:
    held = await held_sheet(cast)
    await sql(
        "UPDATE pending_posts SET details = {1} WHERE id = {0}", held, '{"cost": "-3", "licence": "gone"}'
    )
    page = await (await signed_in(site, "mod")).get(f"/review/pending/{held}")
    assert page.status_code == 200
    assert "gone" in page.text
