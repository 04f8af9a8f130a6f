"""A poisoned file is named with a reason and left out whole; what stands beside it comes in."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from forum.importing.discourse import import_folder
from realtime.sql import sql
from tests.importing.community import post, topic, write, write_community


def quiet(_line: str) -> None:
    """Nobody listens to the progress."""


async def topics_here() -> set[int]:
    return {row["id"] for row in await sql("SELECT id FROM topics")}


async def test_files_that_are_no_json_or_no_topic_are_named(db: None, tmp_path: Path) -> None:
    folder = write_community(tmp_path) / "t"
    (folder / "900.json").write_text("{ not json")
    (folder / "901.json").write_bytes(b"")
    (folder / "902.json").write_bytes(b"\x00\xff\xfe")
    (folder / "903.json").write_text("[" * 100_000)
    write(folder / "904.json", [1, 2])
    write(folder / "905.json", {"post_stream": [1]} | {"id": 905})
    write(folder / "906.json", {"post_stream": {"posts": []}, "id": "906"})
    write(folder / "907.json", topic(907, "No posts", []))
    (folder / "lost.json").symlink_to(tmp_path / "nowhere")
    report = await import_folder(tmp_path, quiet)
    assert sorted(line.split(":")[0] for line in report.failed) == [
        *(f"t/{n}.json" for n in range(900, 908)),
        "t/lost.json",
    ]
    assert "refused: t/907.json: it has no post" in report.text()
    assert await topics_here() == {12, 40, 41}


POISON: dict[str, dict[str, Any]] = {
    "a NUL": {"cooked": "<p>a\x00b</p>"},
    "a NUL in a name": {"username": "al\x00ice"},
    "a control character": {"raw": "a\x08b"},
    "a huge number": {"post_number": 2**40},
    "a negative number": {"post_number": -1},
    "a number that is a text": {"post_number": "1"},
    "a number that is true": {"post_number": True},
    "a text that is a list": {"cooked": ["a"]},
    "a name that is a number": {"username": 7},
    "no date": {"created_at": None},
    "a date in words": {"created_at": "one day"},
    "a date after the last year": {"updated_at": "9999-12-31T23:59:59-23:00"},
    "likes that are no list": {"actions_summary": 7},
    "likes without end": {"actions_summary": [{"id": 2, "count": 2**31}]},
    "an id that is an object": {"id": {}},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_a_poisoned_post_keeps_its_whole_topic_out(
    db: None, tmp_path: Path, poison: dict[str, Any]
) -> None:
    posts = [post(1, "alice", "<p>a</p>"), post(2, "bob", "<p>b</p>") | poison]
    write(tmp_path / "8.json", topic(8, "Poisoned", posts))
    write(tmp_path / "9.json", topic(9, "Sound", [post(1, "alice", "<p>a</p>")]))
    report = await import_folder(tmp_path, quiet)
    assert [line.split(":")[0] for line in report.failed] == ["8.json"]
    assert await topics_here() == {9}
    assert len(await sql("SELECT 1 FROM posts")) == 1


@pytest.mark.parametrize(
    "poison",
    [
        {"title": 9},
        {"title": "a\x00"},
        {"tags": 5},
        {"tags": [5]},
        {"tags": ["a\x00b"]},
        {"category_id": "x"},
        {"views": -4},
        {"deleted_at": "x"},
    ],
    ids=str,
)
async def test_a_poisoned_topic_is_named(db: None, tmp_path: Path, poison: dict[str, Any]) -> None:
    write(tmp_path / "8.json", topic(8, "Poisoned", [post(1, "alice", "<p>a</p>")]) | poison)
    report = await import_folder(tmp_path, quiet)
    assert [line.split(":")[0] for line in report.failed] == ["8.json"]
    assert await topics_here() == set()


async def test_lone_surrogates_are_named(db: None, tmp_path: Path) -> None:
    text = json.dumps(topic(8, "Half a sign", [post(1, "alice", "<p>SIGN</p>")]))
    (tmp_path / "8.json").write_text(text.replace("SIGN", "\\ud800"))
    report = await import_folder(tmp_path, quiet)
    assert report.failed == ["8.json: it is not JSON"]


async def test_a_topic_with_one_unreadable_file_waits_until_it_is_mended(db: None, tmp_path: Path) -> None:
    write(tmp_path / "first.8.json", topic(8, "In two files", [post(1, "alice", "<p>a</p>")]))
    (tmp_path / "second.8.json").write_text("{")
    report = await import_folder(tmp_path, quiet)
    assert report.failed == ["first.8.json, second.8.json: it is not JSON"]
    write(tmp_path / "second.8.json", topic(8, "In two files", [post(2, "bob", "<p>b</p>")]))
    report = await import_folder(tmp_path, quiet)
    assert (report.topics, report.posts, report.failed) == (1, 2, [])


async def test_posts_that_no_file_holds_are_told(db: None, tmp_path: Path) -> None:
    half = topic(8, "The first page of two", [post(1, "alice", "<p>a</p>")], highest_post_number=30)
    half["post_stream"]["stream"] = [1001, 1002, 1003]
    write(tmp_path / "8.json", half)
    report = await import_folder(tmp_path, quiet)
    assert "2 posts are announced by the files, and in none of them." in report.text()
    assert (await sql("SELECT highest_post_number AS n FROM topics"))[0]["n"] == 30


async def test_the_command_names_the_poisoned_files_and_says_that_some_failed(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "9.json", topic(9, "Sound", [post(1, "alice", "<p>a</p>")]))
    write(folder / "8.json", topic(8, "Poisoned", []))
    (folder / os.fsdecode(b"\xff\x1b[2J.8.json")).write_text("{")
    environment = {**os.environ, "RELAIS_DATABASE_URL": database_url, "RELAIS_DATA": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", "import", "discourse", str(folder),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 3, out
    assert b"refused: 8.json, \\udcff?[2J.8.json: it has no post" in out or b"it is not JSON" in out
    assert b"\x1b" not in out
    assert b"Came in: 1 topics" in out
