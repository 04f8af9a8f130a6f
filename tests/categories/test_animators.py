"""Eve looks after a theme: there she may what moderators may, and nothing elsewhere."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.viewer import Viewer
from forum.animators.actions import dismiss_animator, name_animator
from forum.answers.actions import accept_answer, unaccept_answer
from forum.categories.actions import (
    create_category,
    make_theme,
    revise_theme,
)
from forum.categories.details import animators_of
from forum.categories.faces import ThemeFace
from forum.categories.models import Permission
from forum.categories.queries import Rules
from forum.conduct.actions import silence_member
from forum.errors import Forbidden, Invalid, NotFound
from forum.groups.actions import Face, add_member, remove_member, revise_group
from forum.groups.queries import id_of_group
from forum.posts.actions import delete_post, recover_post, revise_post
from forum.reviewables.actions import decide_case
from forum.reviewables.queries import case_visible_to, open_cases, waiting_for
from forum.topics.actions import (
    delete_topic,
    move_topic,
    recover_topic,
    revise_topic,
    set_closed,
    set_pinned,
)
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply, again, seen
from tests.people import at, signed_in
from tests.profiles.cards import cards_are_made_anew
from tests.reviewables.cases import reported
from tests.rights.conftest import room  # noqa: F401 - a fixture
from tests.rights.ears import Room
from tests.system import people
from tests.waiting import until

REASON = "It names a child."


async def eve_looks_after(cast: Cast) -> Viewer:
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    return await cast.eve()


async def a_question_elsewhere(cast: Cast) -> TopicCard:
    """In a theme that is open to all, and that Eve does not look after."""
    elsewhere = await make_theme(await cast.ada(), ThemeFace("Elsewhere"), None)
    topic = await a_question(cast)
    ada = await cast.ada()
    await move_topic(ada, topic, elsewhere)
    return await again(ada, topic)


async def test_she_moderates_there_and_in_the_themes_below(cast: Cast) -> None:
    below = await create_category("Menus", parent_id=cast.theme.id)
    eve = await eve_looks_after(cast)
    assert eve.moderated == {cast.theme.id, below.id}
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    for change in (
        lambda topic: set_closed(eve, topic, True),
        lambda topic: set_closed(eve, topic, False),
        lambda topic: set_pinned(eve, topic, True),
        lambda topic: revise_topic(eve, topic, topic.title, ["menus"]),
        lambda topic: delete_topic(eve, topic),
        lambda topic: recover_topic(eve, topic),
    ):
        await change(await again(eve, topic))
    await delete_post(eve, await seen(eve, reply))
    await recover_post(eve, await seen(eve, reply))
    await move_topic(eve, await again(eve, topic), below.id)
    assert (await again(eve, topic)).category_id == below.id
    await revise_post(eve, await seen(eve, reply), "Bob's words, less a name.", reason=REASON, version=1)
    await accept_answer(eve, await seen(eve, reply))
    assert (await again(eve, topic)).accepted_count == 1
    await unaccept_answer(eve, await seen(eve, reply))
    acts = await sql("SELECT kind FROM staff_actions WHERE actor_id = {0} ORDER BY id DESC LIMIT 3", eve.id)
    assert [act["kind"] for act in acts] == ["unaccept_answer", "accept_answer", "post_edit"], "written down"


async def test_her_page_offers_what_she_may_and_no_more(site: str, cast: Cast) -> None:
    await eve_looks_after(cast)
    here, elsewhere = await a_question(cast), await a_question_elsewhere(cast)
    eve = await signed_in(site, "eve")
    for topic, offered in ((here, True), (elsewhere, False)):
        reply = await a_reply(cast, topic)
        shown = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
        for path in (f"/posts/{reply.id}/accepted", f"/posts/{reply.id}/edit"):
            assert (path in shown) == offered, path
        answer = await eve.post(f"/posts/{reply.id}/accepted", value="1")
        assert answer.status_code == (303 if offered else 403)


async def test_her_own_post_that_a_moderator_deleted_is_hers_to_bring_back(site: str, cast: Cast) -> None:
    """As any post of the theme; the button says what the action will."""
    eve = await eve_looks_after(cast)
    topic = await a_question(cast)
    reply, mod = await a_reply(cast, topic, eve), await cast.mod()
    await delete_post(mod, await seen(mod, reply))
    browser = await signed_in(site, "eve")
    path = f"/posts/{reply.id}/recovery"
    assert path in (await browser.get(f"/t/{topic.slug}/{topic.id}")).text
    assert (await browser.post(path)).status_code == 303


@pytest.mark.parametrize("who", ["eve", "bob"])
async def test_she_does_nothing_elsewhere_and_others_do_nothing_there(cast: Cast, who: str) -> None:
    await eve_looks_after(cast)
    topic = await (a_question_elsewhere(cast) if who == "eve" else a_question(cast))
    viewer = await cast.viewer(who)
    reply = await a_reply(cast, await again(await cast.alice(), topic), await cast.alice())
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: set_closed(viewer, topic, True),
        lambda: set_pinned(viewer, topic, True),
        lambda: delete_topic(viewer, topic),
        lambda: move_topic(viewer, topic, cast.theme.id),
        lambda: revise_topic(viewer, topic, "Three new words", ["menus"]),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            await act()
    with pytest.raises(Forbidden):
        await delete_post(viewer, await seen(viewer, reply))
    await delete_post(await cast.alice(), await seen(await cast.alice(), reply))
    with pytest.raises(NotFound):
        await seen(viewer, reply)


async def test_she_moves_topics_only_to_where_she_may_open_some(cast: Cast) -> None:
    eve = await eve_looks_after(cast)
    shown = await make_theme(await cast.ada(), ThemeFace("Shown"), Rules(Permission.SEE))
    topic = await a_question(cast)
    eve = await cast.eve()
    with pytest.raises(Forbidden):
        await move_topic(eve, topic, shown)
    with pytest.raises(Invalid):
        await move_topic(eve, topic, cast.private.id)
    assert (await again(eve, topic)).category_id == cast.theme.id


async def test_her_queue_has_the_reports_of_her_theme_and_no_word_of_others(site: str, cast: Cast) -> None:
    theirs = await reported(cast, await a_reply(cast, await a_question_elsewhere(cast)), await cast.mod())
    mine = await reported(cast, await a_reply(cast, await a_question(cast)), await cast.mod())
    eve = await eve_looks_after(cast)
    assert [case.id for case in await open_cases(eve)] == [mine.id]
    assert (eve.waiting, await waiting_for(cast.ids["eve"])) == (1, 1)
    with pytest.raises(NotFound):
        await case_visible_to(eve, theirs.id)
    browser = await signed_in(site, "eve")
    shown = (await browser.get("/review")).text
    assert f"/review/{mine.id}" in shown
    assert "Elsewhere" not in shown.partition("<main")[2].partition("</main>")[0]
    assert (await browser.get(f"/review/{theirs.id}")).status_code == 404
    refused = await browser.post(f"/review/{theirs.id}/decision", decision="hide", reason=REASON)
    assert refused.status_code == 404
    assert (await browser.get("/u/bob/conduct")).status_code == 404
    await decide_case(eve, mine, "hide", REASON)
    assert await open_cases(await cast.eve()) == []
    assert [case.id for case in await open_cases(await cast.mod())] == [theirs.id]


async def test_what_is_said_of_her_own_posts_is_for_others(cast: Cast) -> None:
    topic = await a_question(cast)
    eve = await eve_looks_after(cast)
    case = await reported(cast, await a_reply(cast, topic, eve), await cast.bob())
    assert await open_cases(eve) == []
    with pytest.raises(NotFound):
        await case_visible_to(eve, case.id)


async def test_members_of_a_group_look_after_a_theme_while_they_are_in_it(cast: Cast) -> None:
    group = await a_group(cast, "kitchens", "closed", "eve")
    await name_animator(await cast.ada(), cast.theme.id, group_id=group)
    assert cast.theme.id in (await cast.eve()).moderated
    await remove_member(await cast.ada(), group, cast.ids["eve"])
    assert (await cast.eve()).moderated == frozenset()


async def test_naming_somebody_opens_no_door(cast: Cast) -> None:
    ada = await cast.ada()
    with pytest.raises(Invalid):
        await name_animator(ada, cast.private.id, user_id=cast.ids["eve"])
    with pytest.raises(Invalid):
        await name_animator(ada, cast.private.id, group_id=await a_group(cast, "others"))
    assert await name_animator(ada, cast.private.id, user_id=cast.ids["bob"])
    assert not await name_animator(ada, cast.private.id, user_id=cast.ids["bob"]), "he does already"
    await remove_member(ada, await id_of_group("school-meals"), cast.ids["bob"])
    bob = await cast.bob()
    assert (bob.may_see(cast.private.id), bob.moderated) == (False, frozenset())
    assert await waiting_for(cast.ids["bob"]) == 0


async def test_whoever_is_silenced_looks_after_nothing(cast: Cast) -> None:
    from datetime import timedelta

    from forum.clock import now

    await eve_looks_after(cast)
    await silence_member(await cast.mod(), cast.ids["eve"], now() + timedelta(days=1), "Why.")
    assert (await cast.eve()).moderated == frozenset()


async def test_she_hears_of_deleted_topics_until_she_looks_after_the_theme_no_longer(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
) -> None:
    await eve_looks_after(cast)
    topic = await a_question(cast)
    eve, alice = await room.member("eve"), await room.member("alice")
    for ear in (eve, alice):
        await ear.subscribe(f"topic:{topic.id}")
    await delete_topic(await cast.mod(), topic)
    await until(lambda: bool(alice.ends(f"topic:{topic.id}")))
    assert eve.ends(f"topic:{topic.id}") == []
    [line] = await animators_of(cast.theme.id)
    await dismiss_animator(await cast.ada(), cast.theme.id, line.id)
    await until(lambda: bool(eve.ends(f"topic:{topic.id}")))
    with pytest.raises(NotFound):
        await again(await cast.eve(), topic)


async def test_the_theme_and_her_page_say_that_she_looks_after_it(site: str, cast: Cast) -> None:
    await eve_looks_after(cast)
    await name_animator(await cast.ada(), cast.private.id, user_id=cast.ids["bob"])
    hidden = await a_group(cast, "whistle", "hidden", "bob")
    await name_animator(await cast.ada(), cast.theme.id, group_id=hidden)
    visitor, bob = at(site), await signed_in(site, "bob")
    theme = f"/c/school-meals/{cast.theme.id}"
    shown = (await visitor.get(theme)).text
    assert "Looked after by:" in shown
    assert "/u/eve" in shown
    assert "whistle" not in shown
    assert "/g/whistle" in (await bob.get(theme)).text
    assert "School meals" in (await visitor.get("/u/eve")).text
    assert "Looks after:" not in (await visitor.get("/u/bob")).text


async def test_ada_names_and_dismisses_on_the_themes_page(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    path = f"/admin/categories/{cast.theme.id}/animators"
    for fields in ({"username": "nobody"}, {"username": ""}, {"group_id": "4000"}):
        refused = await ada.post(path, **fields)
        assert refused.status_code == 422
        assert 'aria-invalid="true" aria-describedby="animator-error"' in refused.text
    assert (await ada.post(path, username="@eve")).status_code == 303
    assert "Eve" in (await ada.get(f"/admin/categories/{cast.theme.id}")).text
    assert "named somebody to look after a theme" in (await ada.get("/admin/journal?kind=add_animator")).text
    [line] = await animators_of(cast.theme.id)
    assert (await ada.post(f"{path}/{line.id}/deletion", value="1")).status_code == 303
    assert (await ada.post(f"{path}/{line.id}/deletion", value="1")).status_code == 404
    assert await animators_of(cast.theme.id) == []


@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_only_administrators_name_animators(cast: Cast, who: str) -> None:
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    with pytest.raises(Forbidden):
        await name_animator(viewer, cast.theme.id, user_id=cast.ids["eve"])
    with pytest.raises(Forbidden):
        await dismiss_animator(viewer, cast.theme.id, 1)


async def test_a_report_comes_to_eve_live_and_she_decides_it(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    await eve_looks_after(cast)
    reply = await a_reply(cast, await a_question(cast))
    eve = await people.signed_in(await new_context(), site, "eve")
    await people.connected(eve, f"user:{cast.ids['eve']}")
    await reported(cast, reply, await cast.alice())
    await expect(eve.locator("#review-badge")).to_contain_text("1")
    await eve.get_by_role("link", name="To review").first.click()
    await eve.locator("main").get_by_role("link", name="Item no.").click()
    await eve.get_by_label("Hide the post").check()
    await eve.get_by_label("Why").fill(REASON)
    await eve.get_by_role("button", name="Decide").click()
    await expect(eve.locator("#review-badge")).to_be_hidden()
    assert (await seen(await cast.ada(), reply)).hidden


BADGE = "Looks after this theme"


async def badges(site: str, topic: TopicCard) -> int:
    """How many posts of a topic say so to a visitor, once the jobs are done."""
    await cards_are_made_anew()
    return (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text.count(BADGE)


async def test_her_posts_in_the_theme_say_so_as_long_as_it_is_so(site: str, cast: Cast) -> None:
    elsewhere, here = await a_question_elsewhere(cast), await a_question(cast)
    eve = await cast.eve()
    for topic in (elsewhere, here):
        await a_reply(cast, topic, eve)
        await a_reply(cast, topic)
    assert await badges(site, here) == 0
    await eve_looks_after(cast)
    assert (await badges(site, here), await badges(site, elsewhere)) == (1, 0)
    ada = await cast.ada()
    below = await create_category("Menus", parent_id=cast.theme.id)
    await move_topic(await cast.ada(), await again(ada, here), below.id)
    assert await badges(site, here) == 1, "also in the themes below"
    [line] = await animators_of(cast.theme.id)
    await dismiss_animator(ada, cast.theme.id, line.id)
    assert await badges(site, here) == 0


async def test_cards_and_what_waits_follow_a_theme_that_goes_elsewhere(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
) -> None:
    ada = await cast.ada()
    below = await make_theme(ada, ThemeFace("Menus"), None)
    topic = await a_question(cast)
    await move_topic(await cast.ada(), topic, below)
    topic = await again(await cast.ada(), topic)
    await a_reply(cast, topic, await eve_looks_after(cast))
    await reported(cast, await a_reply(cast, topic), await cast.mod())
    assert await badges(site, topic) == 0
    eve = await room.member("eve")
    for parent, shown in ((cast.theme.id, 1), (None, 0)):
        had = len(eve.publications(f"user:{cast.ids['eve']}", "review.changed"))
        await revise_theme(ada, below, ThemeFace("Menus", parent_id=parent))
        assert await badges(site, topic) == shown
        assert (await cast.eve()).waiting == shown
        await until(lambda: len(eve.publications(f"user:{cast.ids['eve']}", "review.changed")) > had)  # noqa: B023


async def test_cards_follow_who_is_in_a_group_that_animates_and_keep_quiet_of_a_hidden_one(
    site: str, cast: Cast
) -> None:
    ada, topic = await cast.ada(), await a_question(cast)
    await a_reply(cast, topic, await cast.eve())
    group = await a_group(cast, "cooks", "closed", "bob")
    await name_animator(ada, cast.theme.id, group_id=group)
    assert await badges(site, topic) == 0
    await add_member(ada, group, cast.ids["eve"])
    assert await badges(site, topic) == 1
    await revise_group(ada, group, Face("cooks", admission="hidden"))
    assert await badges(site, topic) == 0
    await revise_group(ada, group, Face("cooks", admission="closed"))
    assert await badges(site, topic) == 1
    await remove_member(ada, group, cast.ids["eve"])
    assert await badges(site, topic) == 0
