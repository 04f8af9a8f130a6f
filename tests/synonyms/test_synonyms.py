"""Farid looks after a theme and teaches the search the words of his trade."""

import pytest

from forum.animators.actions import name_animator
from forum.errors import Conflict, Forbidden, Invalid
from forum.search.asked import read_question
from forum.search.indexing import index_all_pending
from forum.search.queries import search
from forum.settings.actions import change_setting
from forum.settings.known import SEARCH_SYNONYMS
from forum.settings.queries import setting
from forum.synonyms.actions import add_group, change_group, remove_group
from forum.synonyms.queries import latest_changes, own_groups
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at, signed_in

PATH = "/synonyms"


async def titles(cast: Cast, typed: str) -> list[str]:
    await index_all_pending()
    return [hit.topic.title for hit in (await search(await cast.eve(), read_question(typed))).topics]


async def test_an_animator_adds_changes_and_removes_words_that_count_at_once(site: str, cast: Cast) -> None:
    topic = await a_question(cast, title="Le zinzolin des archives municipales")
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    eve = await signed_in(site, "eve")
    assert not await titles(cast, "guilledou")
    added = await eve.post(PATH, words="  Zinzolin ,guilledou")
    assert (added.status_code, added.headers["location"]) == (303, f"{PATH}?saved")
    assert await titles(cast, "guilledou") == [topic.title]
    shown = (await eve.get(f"{PATH}?saved&try=guilledou")).text
    assert "it holds from the next question on" in shown
    assert "<li>Zinzolin, guilledou</li>" in shown, "the group that widens the question"
    assert topic.title in shown.replace("<mark>", "").replace("</mark>", "")
    await eve.post(f"{PATH}/changes", before="Zinzolin, guilledou", words="zinzolin, carabistouille")
    assert not await titles(cast, "guilledou")
    assert await titles(cast, "carabistouille") == [topic.title]
    await eve.post(f"{PATH}/deletion", before="zinzolin, carabistouille")
    assert not await titles(cast, "carabistouille")
    assert await own_groups() == []
    told = [(one.by.username if one.by else "", one.before, one.after) for one in await latest_changes()]
    assert told == [
        ("eve", "zinzolin, carabistouille", ""),
        ("eve", "Zinzolin, guilledou", "zinzolin, carabistouille"),
        ("eve", "", "Zinzolin, guilledou"),
    ]
    journal = (await (await signed_in(site, "ada")).get("/admin/journal?kind=change_synonyms")).text
    assert "carabistouille" in journal


@pytest.mark.parametrize("who", ["visitor", "alice"])
async def test_to_whoever_looks_after_nothing_there_is_no_such_page(site: str, cast: Cast, who: str) -> None:
    person = at(site) if who == "visitor" else await signed_in(site, who)
    assert (await person.get(PATH)).status_code == (await person.get("/no-such-page")).status_code == 404
    assert (await person.post(PATH, words="zinzolin, guilledou")).status_code == 404
    assert PATH not in (await person.get("/search?q=zinzolin")).text
    assert await own_groups() == []
    with pytest.raises(Forbidden):
        await add_group(await cast.alice(), "zinzolin, guilledou")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "there is no text here"),
        ("cantine", "At least two different terms"),
        ("cantine, CANTINES , cantiné", "At least two different terms"),
        ("cantine, de la", "says nothing to the search"),
        ("cantine, #menu", "has no place"),
        ("zinzolin, " + "a" * 61, "60 characters"),
        ("zinzolin, " + "é" * 200, "180 characters"),
        (", ".join(f"mot{n}" for n in range(21)), "20 terms"),
        ("perruche, zinzolins", "stands in another group already"),
    ],
)
async def test_what_is_no_group_is_refused_with_a_sentence_and_kept_in_the_field(
    site: str, cast: Cast, typed: str, sentence: str
) -> None:
    mod = await cast.mod()
    await add_group(mod, "zinzolin, guilledou")
    person = await signed_in(site, "mod")
    answer = await person.post(PATH, words=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    assert await own_groups() == ["zinzolin, guilledou"]
    with pytest.raises(Invalid):
        await change_group(mod, "zinzolin, guilledou", typed.replace("zinzolins", "et"))


async def test_two_who_change_one_group_see_each_others_change(site: str, cast: Cast) -> None:
    mod, ada = await signed_in(site, "mod"), await signed_in(site, "ada")
    before = await add_group(await cast.mod(), "zinzolin, guilledou")
    await ada.post(f"{PATH}/changes", before=before, words="zinzolin, mauve")
    late = await mod.post(f"{PATH}/changes", before=before, words="zinzolin, violet")
    assert late.status_code == 409
    assert "Somebody has changed this group meanwhile" in late.text
    assert "<b>zinzolin, mauve</b>" in late.text
    assert "Ada" in late.text
    assert 'value="zinzolin, violet"' in late.text, "what Mod typed is there still"
    await ada.post(f"{PATH}/deletion", before="zinzolin, mauve")
    gone = await mod.post(f"{PATH}/deletion", before="zinzolin, mauve")
    assert gone.status_code == 409
    assert "It is there no more." in gone.text
    with pytest.raises(Conflict):
        await remove_group(await cast.mod(), "")


async def test_what_administrators_wrote_before_is_edited_there_and_its_comments_stay(cast: Cast) -> None:
    ada = await cast.ada()
    await change_setting(ada, "search_synonyms", "# Ours\nzinzolin, mauve # colours\nalone\nbelette, fouine")
    assert await own_groups() == ["belette, fouine", "zinzolin, mauve"]
    await change_group(await cast.mod(), "zinzolin, mauve", "zinzolin, violet")
    await remove_group(ada, "belette, fouine")
    assert await setting(SEARCH_SYNONYMS) == "# Ours\nzinzolin, violet # colours\nalone"


async def test_a_list_that_is_full_takes_no_more_and_stays_as_it_was(cast: Cast) -> None:
    ada, mod = await cast.ada(), await cast.mod()
    for lines in (
        [f"mot{n:04}x{'a' * 29}, mot{n:04}y{'b' * 29}" for n in range(258)],  # nearly 20,000 letters
        [f"mot{n:04}x, mot{n:04}y" for n in range(300)],
    ):
        await change_setting(ada, "search_synonyms", "\n".join(lines))
        with pytest.raises(Invalid):
            await add_group(mod, f"zinzolin, {'a' * 60}, {'b' * 60}, {'c' * 40}")
        assert await own_groups() == lines
        await remove_group(mod, lines[0])
        await remove_group(mod, lines[1])
        await add_group(mod, f"zinzolin, {'a' * 60}, {'b' * 60}, {'c' * 40}")


async def test_words_typed_before_a_session_ended_are_shown_to_be_copied(site: str, cast: Cast) -> None:
    answer = await at(site).post(PATH, words="tondeuse, débroussailleuse")
    assert answer.status_code == 404
    assert "tondeuse, débroussailleuse" in answer.text
