"""What was not for everyone elsewhere is not for everyone here; themes keep their names and places."""

from pathlib import Path
from typing import Any

from forum.importing.discourse import import_folder
from forum.posts.queries import cards_of_page
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.importing.community import post, topic, write


def quiet(_line: str) -> None:
    """Nobody listens to the progress."""


def a_topic(folder: Path, id: int, category: int | None, **more: Any) -> None:
    given = topic(id, f"Topic {id}", [post(1, "zoe", "<p>Hello</p>")], category_id=category, **more)
    write(folder / f"{id}.json", given)


async def test_private_messages_stay_out(db: None, tmp_path: Path) -> None:
    a_topic(tmp_path, 8, None, archetype="private_message")
    report = await import_folder(tmp_path, quiet)
    assert report.failed == ["8.json: it is a private message"]
    assert await sql("SELECT 1 FROM posts") == []


async def test_whispers_stay_out_and_hidden_posts_are_deleted_ones(db: None, tmp_path: Path) -> None:
    posts = [
        post(1, "zoe", "<p>Hello</p>"),
        post(2, "mod", "<p>She is a pest</p>", post_type=4),
        post(3, "eve", "<p>Buy my pills</p>", hidden=True),
        post(4, "eve", "<p>This post was flagged.</p>", hidden=True, cooked_hidden=True),
    ]
    write(tmp_path / "8.json", topic(8, "With staff", posts))
    report = await import_folder(tmp_path, quiet)
    assert (report.posts, report.whispers) == (3, 1)
    assert [(card.number, card.deleted) for card in await cards_of_page(8, 1)] == [
        (1, False),
        (3, True),
        (4, False),
    ]


async def test_a_reserved_category_is_for_those_who_see_everything(cast: Cast, tmp_path: Path) -> None:
    inner = {"id": 71, "name": "Minutes", "parent_category_id": 70}
    rows = [{"id": 70, "name": "School meals", "read_restricted": True}, inner]
    write(tmp_path / "site.json", {"categories": rows})
    a_topic(tmp_path, 800, 70)
    a_topic(tmp_path, 801, 71)
    await import_folder(tmp_path, quiet)
    for id in (800, 801):
        theme = (await topic_visible_to(await cast.ada(), id)).category_id
        assert theme != cast.theme.id
        for viewer in (await cast.visitor(), await cast.alice(), await cast.eve()):
            assert not viewer.may_see(theme)


async def test_categories_keep_their_names_and_their_parents(db: None, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    third = {"id": 73, "name": "Suppliers", "color": "zzz", "description_text": 9}
    rows = [
        {"id": 70, "name": "Meals", "subcategory_list": [{"id": 71, "name": "General", "color": "AABB00"}]},
        {"id": 72, "name": "Buses", "subcategory_list": [{"id": 74, "name": "General"}]},
        {**third, "parent_category_id": 71},
        {"id": 75, "name": "Its own parent", "parent_category_id": 75},
        {"id": "76", "name": "No number"},
    ]
    write(tmp_path / "categories.json", {"category_list": {"categories": rows}})
    for n, category in enumerate((71, 74, 73, 75, 76, None), 1):
        a_topic(folder, n, category)
    report = await import_folder(folder, quiet)
    assert (report.topics, report.failed) == (6, [])
    themes = await sql("SELECT id, name, parent_id, color FROM categories WHERE id >= 70 ORDER BY id")
    assert [(row["id"], row["name"], row["parent_id"]) for row in themes[:6]] == [
        (70, "Meals", None), (71, "General", 70), (72, "Buses", None), (73, "Suppliers", 70),
        (74, "General", 72), (75, "Its own parent", None),
    ]  # fmt: skip
    assert [row["color"] for row in themes[1:4]] == ["AABB00", "58666a", "58666a"]
    names = {row["name"] for row in await sql("SELECT name FROM categories")}
    assert {"Catégorie 76", "Sans catégorie"} <= names


async def test_names_that_cannot_be_read_are_told_and_stop_nothing(db: None, tmp_path: Path) -> None:
    (tmp_path / "categories.json").write_text("{")
    write(tmp_path / "site.json", [1])
    a_topic(tmp_path, 8, 70)
    report = await import_folder(tmp_path, quiet)
    assert (report.topics, report.failed) == (1, ["categories.json: it is not JSON"])
    assert [row["name"] for row in await sql("SELECT name FROM categories")] == ["Catégorie 70"]
