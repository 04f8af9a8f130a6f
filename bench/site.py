"""What the benches know of the site that they measure: its longest topics, some of its members, a key."""

from dataclasses import dataclass

from forum.accounts.sessions import open_session
from forum.api.keys import create_key
from forum.database import close_database, open_database
from forum.posts.queries import PAGE_SIZE
from realtime.sql import sql

MOST_TOPICS = 1_000
MEMBERS = 40
GIANT = 10_000


@dataclass(frozen=True, slots=True)
class Facts:
    """Addresses of topics whose first page is full, and of pages of one of 10,000 posts, if there is one."""

    topics: int
    posts: int
    paths: list[str]
    topic_ids: list[int]
    deep_paths: list[str]
    cookies: list[str]
    key: str
    username: str

    @property
    def topic(self) -> int:
        """The topic in which the benches write."""
        return self.topic_ids[0]

    def program(self) -> str:
        """The headers of a program that speaks for a member."""
        return f"Api-Key: {self.key}\r\nApi-Username: {self.username}\r\nContent-Type: application/json\r\n"


async def prepare(data: str) -> Facts:
    """Look the site up, sign some of its members in and make a key, on a copy."""
    await open_database(f"sqlite://{data}/relais.sqlite3")
    try:
        rows = await sql(
            "SELECT slug, id FROM topics WHERE posts_count >= {0} AND deleted_at IS NULL"
            " ORDER BY id LIMIT {1}",
            PAGE_SIZE,
            MOST_TOPICS,
        )
        counts = await sql("SELECT (SELECT COUNT(*) FROM topics) AS t, (SELECT COUNT(*) FROM posts) AS p")
        members = await sql(
            "SELECT id, username FROM users WHERE deactivated_at IS NULL ORDER BY id LIMIT {0}", MEMBERS
        )
        return Facts(
            topics=counts[0]["t"],
            posts=counts[0]["p"],
            paths=[f"/t/{row['slug']}/{row['id']}" for row in rows],
            topic_ids=[row["id"] for row in rows],
            deep_paths=await _deep_paths(len(rows)),
            cookies=[f"Cookie: relais={await open_session(row['id'], '', '')}\r\n" for row in members],
            key=await create_key(None, unlimited=True),
            username=members[0]["username"],
        )
    finally:
        await close_database()


async def _deep_paths(most: int) -> list[str]:
    """Pages all over the giant topic, as many as there are ordinary topics to compare with."""
    rows = await sql(
        "SELECT slug, id, highest_post_number AS n FROM topics WHERE posts_count >= {0} LIMIT 1", GIANT
    )
    if not rows:
        return []
    last = rows[0]["n"] // PAGE_SIZE
    return [f"/t/{rows[0]['slug']}/{rows[0]['id']}?page={n}" for n in range(2, last, max(1, last // most))]
