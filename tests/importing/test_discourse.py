"""A Discourse community moves in: whole, once, again after a kill, and spared by its poisoned files."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from forum.accounts.queries import a_visitor
from forum.categories.actions import touch_site
from forum.importing.discourse import import_folder
from forum.importing.html import to_markdown
from forum.importing.words import kept_share
from forum.markdown import cook_many
from forum.posts.queries import cards_of_page
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


async def test_the_community_arrives_whole(db: None, tmp_path: Path) -> None:
    await touch_site()
    report = await import_folder(write_community(tmp_path), quiet)
    assert (report.topics, report.posts, report.likes, report.accepted, report.failed) == (3, 7, 3, 1, [])
    viewer = await a_visitor("en")
    moved = await topic_visible_to(viewer, 12)
    assert (moved.kind, moved.closed, moved.views, moved.highest_post_number) == ("question", True, 321, 6)
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
    kept = (await cards_of_page(40, 1))[0]
    assert "<strong>as typed</strong>" in kept.cooked


async def test_nobody_can_sign_in_as_an_imported_member(db: None, tmp_path: Path) -> None:
    await import_folder(write_community(tmp_path), quiet)
    rows = await sql("SELECT email, password_hash FROM users")
    assert rows
    assert all(row == {"email": None, "password_hash": None} for row in rows)


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
    await import_folder(tmp_path, quiet)
    moved = await current_topic_id(mine.id)
    assert moved is not None
    assert moved != mine.id
    assert (await topic_visible_to(await cast.visitor(), moved)).title == "The same number"
    assert (await topic_visible_to(await cast.visitor(), 5000)).id == 5000


async def test_a_poisoned_file_is_named_and_spares_the_others(db: None, tmp_path: Path) -> None:
    folder = write_community(tmp_path) / "t"
    (folder / "900.json").write_text("{ not json")
    write(folder / "901.json", [1, 2])
    write(folder / "902.json", topic(902, "No posts", []))
    write(folder / "903.json", topic(903, "NUL", [post(1, "alice", "<p>a\x00b</p>")]))
    write(folder / "904.json", topic(904, "Huge", [post(2**40, "alice", "<p>a</p>")]))
    write(folder / "905.json", topic(905, "Types", [post(1, "alice", "<p>a</p>"), "not a post"]))
    (folder / "906.json").write_text(
        json.dumps(topic(906, "Half", [post(1, "alice", "<p>SURROGATE</p>")])).replace("SURROGATE", "\\ud800")
    )
    write(folder / "907.json", topic(907, "Undated", [post(1, "alice", "<p>a</p>", created_at="one day")]))
    report = await import_folder(tmp_path, quiet)
    assert report.topics == 3
    assert [line.split(":")[0] for line in report.failed] == [f"{n}.json" for n in range(900, 908)]
    assert (await counts())["topics"] == 3


async def test_an_import_killed_in_the_middle_is_finished_by_the_next(
    db: None, database_url: str, tmp_path: Path
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
        return (await counts())["topics"] > 5

    await until(some_came, 30)
    os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    assert (await counts())["topics"] < 150
    report = await import_folder(tmp_path, quiet)
    after = await counts()
    assert report.already + report.topics == 150
    assert (after["topics"], after["posts"], after["users"]) == (150, 1200, 8)
    rows = await sql("SELECT topic_id FROM posts GROUP BY topic_id HAVING COUNT(*) <> 8")
    assert rows == []


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
