"""A Discourse community moves in: whole, once, again after a kill, and spared by its poisoned files."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from forum.accounts.queries import a_visitor
from forum.categories.actions import touch_site
from forum.importing.discourse import import_folder
from forum.importing.html import to_markdown
from forum.importing.words import kept_share
from forum.markdown import cook_many
from forum.posts.queries import cards_of_page
from forum.tags.queries import tag_visible_to
from forum.topics.lists import topics_visible_to
from forum.topics.queries import accepted_links, current_topic_id, topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.importing.community import RICH, post, topic, write, write_community
from tests.waiting import until


def quiet(_line: str) -> None:
    """Nobody listens to the progress."""


async def counts() -> dict[str, int]:
    tables = ("topics", "posts", "users", "categories", "accepted_answers", "topic_aliases")
    return {name: (await sql(f"SELECT COUNT(*) AS n FROM {name}"))[0]["n"] for name in tables}


async def halves() -> list[dict[str, int]]:
    """Topics that have not all their eight posts."""
    return await sql(
        """SELECT t.id FROM topics t LEFT JOIN posts p ON p.topic_id = t.id
            GROUP BY t.id HAVING COUNT(p.id) <> 8"""
    )


async def test_the_community_arrives_whole(db: None, tmp_path: Path) -> None:
    await touch_site()
    report = await import_folder(write_community(tmp_path), quiet)
    assert (report.topics, report.posts, report.likes, report.accepted, report.failed) == (3, 7, 3, 1, [])
    viewer = await a_visitor("en")
    moved = await topic_visible_to(viewer, 12)
    assert (moved.kind, moved.closed, moved.views, moved.highest_post_number) == ("question", True, 321, 6)
    assert (
        await sql("SELECT u.username FROM topics t JOIN users u ON u.id = t.last_poster_id WHERE t.id = 12")
    )[0]["username"] == "bob"
    assert moved.created_at.isoformat() == "2020-05-01T10:00:00+00:00"
    assert viewer.themes.by_id[10].name == "Kitchens"
    assert {theme.name for theme in viewer.themes.roots} == {"Kitchens", "Catégorie 77"}
    first, second, third, gone, action = await cards_of_page(12, 1)
    assert [card.number for card in (first, second, third, gone, action)] == [1, 2, 3, 5, 6]
    assert (first.imported_like_count, second.accepted is not None, second.edited_at is not None) == (
        3,
        True,
        True,
    )
    assert third.reply_to is not None
    assert (third.reply_to.number, second.reply_count) == (2, 1)
    assert '<blockquote class="quote"' in third.cooked
    assert gone.deleted
    assert (action.post_type, action.action_code) == ("small_action", "closed.enabled")
    assert [link.number for link in await accepted_links(12)] == [2]
    assert moved.tags == ("Kitchen", "menus-bio")
    kitchen = await tag_visible_to(viewer, "kitchen")
    assert [topic.id for topic in (await topics_visible_to(viewer, tag=kitchen.key)).topics] == [12]
    kept = (await cards_of_page(40, 1))[0]
    assert "<strong>as typed</strong>" in kept.cooked


async def test_nobody_can_sign_in_as_an_imported_member(db: None, tmp_path: Path) -> None:
    await import_folder(write_community(tmp_path), quiet)
    rows = await sql("SELECT email, password_hash FROM users")
    assert rows
    assert all(row == {"email": None, "password_hash": None} for row in rows)


async def test_no_imported_post_loads_anything_from_elsewhere(db: None, tmp_path: Path) -> None:
    await import_folder(write_community(tmp_path), quiet)
    posts = [row["cooked"] for row in await sql("SELECT cooked FROM posts")]
    assert any("https://cdn.example/p.png" in html for html in posts)
    assert not any(sign in html for html in posts for sign in ("<img", "src=", "<iframe", "<video", "style="))


async def test_topics_are_known_by_their_content_whatever_the_names(db: None, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path / "a" / "b" / "export.json", topic(7, "No number", [post(1, "zoe", "<p>Hello</p>")]))
    write(tmp_path / "v2.9.json", topic(8, "Another number", [post(1, "zoe", "<p>Hello</p>")]))
    write(tmp_path / "package.json", {"name": "an archive"})
    report = await import_folder(tmp_path, quiet)
    assert (report.topics, report.aside, report.failed) == (2, 1, [])
    assert {row["id"] for row in await sql("SELECT id FROM topics")} == {7, 8}


async def test_only_members_are_linked_where_they_are_mentioned(db: None, tmp_path: Path) -> None:
    words = "<p>@zoe, @yan and @nobody</p>"
    write(tmp_path / "1.json", topic(1, "Here", [post(1, "zoe", words)]))
    write(tmp_path / "2.json", topic(2, "There", [post(1, "Yan", "<p>Hello</p>")]))
    await import_folder(tmp_path, quiet)
    html = (await cards_of_page(1, 1))[0].cooked
    assert [name in html for name in ('href="/u/zoe"', 'href="/u/Yan"', 'href="/u/nobody"')] == [
        True,
        True,
        False,
    ]


async def test_the_report_counts_what_was_found_and_what_is_here(db: None, tmp_path: Path) -> None:
    folder = write_community(tmp_path)
    text = (await import_folder(folder, quiet)).text()
    assert "4 files: 3 topics with 7 posts by 4 members." in text
    assert "Came in: 3 topics, 7 posts, 4 members, 2 categories, 3 likes, 1 accepted answers" in text
    assert "Here now: 3 topics, 7 posts, 4 members, 2 categories, 3 likes, 1 accepted answers." in text
    assert "1 small actions, 1 deleted. On the topics: 2 tags. Left out: 0 whispers" in text
    assert "100.00 % of the posts keep at least 95 % of their visible words." in text
    again = (await import_folder(folder, quiet)).text()
    assert "(3 topics were here already)" in again
    assert "Nothing new." in again


async def test_the_second_import_changes_nothing(db: None, tmp_path: Path) -> None:
    folder = write_community(tmp_path)
    await import_folder(folder, quiet)
    before = await counts()
    again = await import_folder(folder, quiet)
    assert (again.topics, again.already) == (0, 3)
    assert await counts() == before


async def test_new_topics_come_after_the_numbers_that_were_kept(cast: Cast, tmp_path: Path) -> None:
    await import_folder(write_community(tmp_path), quiet)
    assert (await a_question(cast)).id > 41


async def test_an_old_address_leads_to_a_topic_whose_number_was_taken(cast: Cast, tmp_path: Path) -> None:
    mine = await a_question(cast)
    folder = tmp_path / "t"
    folder.mkdir()
    write(folder / f"{mine.id}.json", topic(mine.id, "The same number", [post(1, "zoe", "<p>Hello</p>")]))
    write(folder / "5000.json", topic(5000, "Its own number", [post(1, "zoe", "<p>Hello</p>")]))
    write(folder / "2147483000.json", topic(2147483000, "Far", [post(1, "zoe", "<p>Hello</p>")]))
    await import_folder(tmp_path, quiet)
    moved = await current_topic_id(mine.id)
    assert moved is not None
    assert moved != mine.id
    assert (await topic_visible_to(await cast.visitor(), moved)).title == "The same number"
    assert (await topic_visible_to(await cast.visitor(), 5000)).id == 5000
    assert 5000 < (await current_topic_id(2147483000) or 0) < (await a_question(cast)).id < 6000


@pytest.mark.parametrize("enough", [1, 60], ids=["begun", "in the middle"])
async def test_an_import_that_is_killed_is_finished_by_the_next(
    db: None, database_url: str, tmp_path: Path, enough: int
) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    for n in range(1, 151):
        write(
            folder / f"{n}.json", topic(n, f"Topic number {n}", [post(k, f"u{k}", RICH) for k in range(1, 9)])
        )
    environment = {**os.environ, "RELAIS_DATABASE_URL": database_url, "RELAIS_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "forum", "import", "discourse", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )

    async def some_came() -> bool:
        return (await counts())["topics"] >= enough

    await until(some_came, 30)
    os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    assert enough <= (await counts())["topics"] < 150
    assert await halves() == []
    report = await import_folder(tmp_path, quiet)
    after = await counts()
    assert report.already + report.topics == 150
    assert (after["topics"], after["posts"], after["users"]) == (150, 1200, 8)
    assert await halves() == []
    assert report.here["posts"] == 1200


def cooked(html: str) -> str:
    return cook_many([(to_markdown(html), {"bob": "bob"})])[0]


def test_what_is_hard_in_html_keeps_its_words_and_loads_nothing() -> None:
    samples = [
        RICH,
        "<p>a &lt;b&gt; c &amp; d</p><blockquote><p>said</p><blockquote><p>before</p></blockquote>"
        "</blockquote>",
        "<p>1. not a list</p><p># not a title</p><p>- not an item</p><p>snake_case_name and *stars*</p>",
        '<ol start="3"><li><p>three</p><pre><code>x = 1\n</code></pre></li><li>four</li></ol>',
        "<p>line one<br>line two</p><hr><h2>Title</h2><p><strong>bold</strong><em>it</em></p>",
        '<p><a href="https://example.org/a_(b)?c=d&amp;e">odd [link]</a> <code>a`b</code></p>',
        '<p>price: 5 &lt; 6 | table? <img src="https://cdn.example/x.png" alt="a [b]"></p>',
    ]
    for html in samples:
        assert kept_share(html, cooked(html)) == 1.0, (html, cooked(html))
        assert "<img" not in cooked(html)
    assert '<code class="language-cpp">' in cooked(RICH)
    assert 'href="/u/bob"' in cooked(RICH)
