"""Alice says who she is; others see what she shows, and no page breaks of it."""

import re

import pytest

from forum.accounts.actions import create_user
from forum.answers.actions import accept_answer
from forum.errors import Invalid
from forum.posts.actions import delete_post
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import Person, at, signed_in
from tests.profiles.cards import cards_are_made_anew
from tests.reviewables.cases import decided

PAGE = "/preferences/profile"
ALICE = {
    "name": "Alice Martin", "title": "Town clerk", "affiliation": "Commune de Vaubrun",
    "skills": "public procurement, Drinking water,\nDRINKING WATER",
    "bio_raw": "I *cook* for sixty, like @bob.", "audience": "members", "locale": "en", "time_zone": "",
}  # fmt: skip


async def says(person: Person, **changed: str) -> int:
    """The answer to a profile with these changes."""
    answer = await person.post(PAGE, **{**ALICE, **changed})
    return answer.status_code


async def test_alice_says_who_she_is_and_finds_it_again(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    answer = await alice.post(PAGE, **ALICE)
    assert answer.headers["location"] == f"{PAGE}?saved=profile"
    text = (await alice.get(answer.headers["location"])).text
    assert "Your profile is saved." in text
    for typed in ("Alice Martin", "Town clerk", "Commune de Vaubrun", "public procurement, DRINKING WATER"):
        assert f'value="{typed}"' in text
    assert "I *cook* for sixty, like @bob.</textarea>" in text


async def test_members_see_her_skills_and_words_visitors_only_if_she_wants(site: str, cast: Cast) -> None:
    alice, eve, visitor = await signed_in(site, "alice"), await signed_in(site, "eve"), at(site)
    assert await says(alice) == 303
    for path in ("/u/alice", "/u/alice.json"):
        assert "<em>cook</em>" in (await eve.get(path)).text
        hidden = (await visitor.get(path)).text
        assert "sixty" not in hidden
        assert "procurement" not in hidden
        assert "Town clerk" in hidden
    assert await says(alice, audience="everyone") == 303
    for path in ("/u/alice", "/u/alice.json"):
        assert "<em>cook</em>" in (await visitor.get(path)).text
    shown = (await visitor.get("/u/alice")).text
    assert "<bdi>public procurement</bdi>" in shown
    assert 'href="/u/bob"' in shown
    assert (await visitor.get("/u/alice.json")).json()["user"]["bio_raw"] == ALICE["bio_raw"]


async def test_her_new_name_stands_on_what_she_wrote(site: str, cast: Cast) -> None:
    topic, other = await a_question(cast), await a_question(cast, await cast.bob())
    await a_reply(cast, topic)
    await accept_answer(await cast.alice(), await seen(await cast.alice(), await a_reply(cast, topic)))
    visitor, alice = at(site), await signed_in(site, "alice")
    paths = [f"/t/{topic.slug}/{topic.id}", "/"]
    before = [await visitor.get(path) for path in paths]
    assert await says(alice) == 303
    await cards_are_made_anew()
    for path, old in zip(paths, before, strict=True):
        held = {"If-None-Match": old.headers["etag"]}
        new = await visitor.client.get(path, headers=held)
        assert new.status_code == 200
        assert "Alice Martin" in new.text
        assert "<bdi>Alice</bdi>" not in new.text
    (untouched,) = await sql("SELECT version FROM topics WHERE id = {0}", other.id)
    assert untouched["version"] == 1


async def test_a_profile_that_shows_on_no_card_makes_no_card_anew(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    assert await says(alice) == 303
    await cards_are_made_anew()
    assert await says(alice, bio_raw="Other words.", skills="") == 303
    assert await sql("SELECT 1 FROM jobs WHERE name = 'refresh_cards'") == []


BAD = {
    "name": ["Al\u200bice", "\u202eecilA", "n" * 61, "Admin", "Аdа", "RELAIS"],
    "title": ["t" * 101, "Modérateur", "x\u2067y"],
    "affiliation": ["a" * 101, "\u3164"],
    "skills": [", ".join("abcdefghijk"), "s" * 41, "ok, b\u200bd"],
    "bio_raw": ["b" * 1001, "\u200b \u200b", "b\x01"],
    "locale": ["de", ""],
    "time_zone": ["Europe/Atlantis", "../../etc/passwd"],
    "audience": ["nobody", ""],
}


@pytest.mark.parametrize("field", BAD)
async def test_what_does_not_do_is_told_at_its_field_and_kept(site: str, cast: Cast, field: str) -> None:
    alice = await signed_in(site, "alice")
    for typed in BAD[field]:
        answer = await alice.post(PAGE, **{**ALICE, field: typed})
        assert answer.status_code == 422, (field, typed)
        assert "Not saved yet" in answer.text
        assert "I *cook* for sixty" in answer.text or field == "bio_raw"
        if field not in ("locale", "audience"):
            assert f'id="{field}"' in answer.text
            assert 'aria-invalid="true"' in answer.text
    rows = await sql("SELECT name, title FROM users WHERE username = 'alice'")
    assert rows == [{"name": "Alice", "title": ""}]
    assert await sql("SELECT 1 FROM user_profiles") == []


async def test_faults_are_told_together(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    answer = await alice.post(PAGE, **{**ALICE, "name": "Admin", "skills": "s" * 41, "locale": "de"})
    assert answer.text.count('class="hint err"') == 3


async def test_staff_are_called_what_they_are(site: str, cast: Cast) -> None:
    mod = await signed_in(site, "mod")
    assert await says(mod, name="Modération de Relais", title="Modératrice") == 303


async def test_the_name_that_one_has_may_stay(site: str, cast: Cast) -> None:
    await sql("UPDATE users SET name = 'Ada', title = 'Modérateur' WHERE username = 'alice'")
    alice = await signed_in(site, "alice")
    assert await says(alice, name="Ada", title="Modérateur") == 303


async def test_an_account_is_not_made_with_a_name_that_hides_something(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        await create_user("zoe", None, None, name="Z\u202eoe")
    assert set(refused.value.fields) == {"name"}


async def test_nodebb_room_rename_hostile_words_in_a_profile_are_only_words(site: str, cast: Cast) -> None:
    alice, payload = await signed_in(site, "alice"), '"><script>alert(1)</script>'
    fields = {
        "name": payload,
        "title": payload,
        "affiliation": payload,
        "skills": payload,
        "bio_raw": payload,
    }
    assert await says(alice, **fields, audience="everyone") == 303
    await a_question(cast)
    for path in ("/u/alice", PAGE, "/", "/t/1"):
        text = (await alice.get(path)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


async def test_nobody_changes_another_profile(site: str, cast: Cast) -> None:
    """There is no address for it: extra fields change nothing."""
    eve = await signed_in(site, "eve")
    extra = {"user_id": str(cast.ids["alice"]), "admin": "true", "username": "alice", "id": "1"}
    answer = await eve.post(PAGE, **{**ALICE, "name": "Eve Durand", **extra})
    assert answer.status_code == 303
    rows = await sql("SELECT username, name, admin FROM users WHERE username IN ('alice', 'eve') ORDER BY id")
    assert [row["name"] for row in rows] == ["Alice", "Eve Durand"]
    assert not any(row["admin"] for row in rows)


async def test_times_are_those_of_the_place_that_bob_has_chosen(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await sql("UPDATE posts SET created_at = '2026-01-31 23:30:00+00:00'")
    await sql("UPDATE topics SET created_at = '2026-01-31 23:30:00+00:00', last_posted_at = created_at")
    bob, visitor = await signed_in(site, "bob"), at(site)
    paths = (f"/t/{topic.slug}/{topic.id}", "/")
    before = [await bob.client.get(path) for path in paths]
    assert await says(bob, name="Bob", bio_raw="", time_zone="Pacific/Noumea", locale="fr") == 303
    topic_page, index = [
        await bob.client.get(path, headers={"If-None-Match": old.headers["etag"]})
        for path, old in zip(paths, before, strict=True)
    ]
    assert "1 février 2026 à 10 h 30" in topic_page.text.replace("\u00a0", " ")
    assert 'data-zone="Pacific/Noumea"' in topic_page.text
    assert re.search(r"data-day>1 février 2026", index.text)
    assert "1 February 2026 at 0:30" in (await visitor.get(paths[0])).text, "the site's, in Paris"


async def test_her_language_is_the_one_that_she_has_chosen(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    assert await says(alice, locale="fr") == 303
    assert '<html lang="fr"' in (await alice.get("/")).text


async def test_discourse_pr_41492_counts_hold_what_the_viewer_may_see(site: str, cast: Cast) -> None:
    shared, secret = await a_question(cast), await a_question(cast, private=True)
    for topic in (shared, secret):
        reply = await a_reply(cast, topic)
        await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))
    alice = await cast.alice()
    for accepted in (False, True):
        gone = await a_reply(cast, shared)
        if accepted:
            await accept_answer(alice, await seen(alice, gone))
        await delete_post(await cast.bob(), await seen(await cast.bob(), gone))
    hidden = await a_reply(cast, shared)
    await accept_answer(alice, await seen(alice, hidden))
    await decided(cast, hidden, "hide")

    async def told(person: Person, who: str) -> list[int]:
        text = (await person.get(f"/u/{who}")).text
        return [int(n) for n in re.findall(r"<span>(\d+) (?:topic|repl|accepted)", text)]

    asker, eve = await signed_in(site, "alice"), await signed_in(site, "eve")
    assert await told(asker, "bob") == [0, 2, 2]
    assert await told(asker, "alice") == [2, 0, 0]
    for outsider in (eve, at(site)):
        assert await told(outsider, "bob") == [0, 1, 1]
        assert await told(outsider, "alice") == [1, 0, 0]
        assert secret.title not in (await outsider.get("/u/bob")).text
        solved = await outsider.client.get(f"/t/{shared.id}.json", follow_redirects=True)
        assert solved.json()["accepted_answer"]["post_number"] == 2
