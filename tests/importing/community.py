"""A small Discourse community of our own making, as its files."""

import json
from pathlib import Path
from typing import Any


def post(number: int, username: str, cooked: str, **more: Any) -> dict[str, Any]:
    """A post as Discourse's JSON has it."""
    return {
        "id": 1000 + number,
        "post_number": number,
        "username": username,
        "name": username.title(),
        "cooked": cooked,
        "created_at": f"2020-05-{number:02d}T10:00:00.000Z",
        "updated_at": f"2020-05-{number:02d}T10:00:00.000Z",
        "post_type": 1,
        "reply_to_post_number": None,
        "actions_summary": [],
        "version": 1,
        "accepted_answer": False,
        "deleted_at": None,
        **more,
    }


def topic(id: int, title: str, posts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A topic as Discourse's JSON has it."""
    return {
        "id": id,
        "title": title,
        "slug": title.lower().replace(" ", "-"),
        "category_id": 10,
        "created_at": "2020-05-01T10:00:00.000Z",
        "views": 321,
        "closed": False,
        "archived": False,
        "pinned": False,
        "tags": [],
        "post_stream": {"posts": posts},
        **more,
    }


QUOTE = (
    '<aside class="quote no-group" data-username="bob" data-post="2" data-topic="12"><div class="title">'
    '<div class="quote-controls"></div><img class="avatar" src="/a.png"> bob:</div><blockquote><p>Thirty '
    "hours are enough.</p></blockquote></aside><p>Thank you!</p>"
)
RICH = (
    '<p>Hello <a class="mention" href="/u/bob">@bob</a> <img class="emoji" title=":smile:" alt=":smile:" '
    'src="/e.png"> see <a href="https://example.org/x">this page</a> and 2 * 3 * 4 _really_.</p>'
    '<pre><code class="lang-cpp">int a = b * c;\n```\n</code></pre><ul><li>one<ul><li>two</li></ul></li></ul>'
    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    '<div class="lightbox-wrapper"><a class="lightbox" href="https://cdn.example/p.png"><img alt="plan" '
    'src="https://cdn.example/p_s.png"><div class="meta"><span class="informations">800×600</span></div></a>'
    "</div>"
    "<details><summary>More</summary>hidden words</details>"
)


def write_community(folder: Path) -> Path:
    """Three topics in four files, with names of categories beside them."""
    topics = folder / "t"
    topics.mkdir(parents=True)
    posts = [
        post(1, "alice", RICH, actions_summary=[{"id": 2, "count": 3}]),
        post(2, "bob", "<p>Thirty hours are enough.</p>", accepted_answer=True, version=2,
             updated_at="2020-06-01T10:00:00.000Z"),
    ]  # fmt: skip
    later = [
        post(3, "alice", QUOTE, reply_to_post_number=2),
        post(5, "eve", "<p>Gone.</p>", deleted_at="2020-05-06T10:00:00.000Z"),
        post(6, "mod", "", post_type=3, action_code="closed.enabled"),
    ]
    write(
        topics / "12.json",
        topic(
            12,
            "Who cooks here",
            posts,
            closed=True,
            tags=["Kitchen", {"id": 4, "name": "menus-bio", "slug": "menus-bio"}, "kitchen", "--"],
            details={"last_poster": {"username": "Bob"}},
        ),
    )
    write(topics / "who-cooks-here.12.json", topic(12, "Who cooks here", later))
    write(
        topics / "40.json",
        topic(40, "Raw is kept", [post(1, "alice", "<p>Raw <b>as typed</b>.</p>", raw="Raw **as typed**.")]),
    )
    write(topics / "41.json", topic(41, "Elsewhere", [post(1, "bob", "<p>Bonjour</p>")], category_id=77))
    write(
        folder / "categories.json",
        {"category_list": {"categories": [{"id": 10, "name": "Kitchens", "slug": "k"}]}},
    )
    return folder


def write(path: Path, data: object) -> None:
    """A JSON file."""
    path.write_text(json.dumps(data), "utf-8")
