"""The versions of a post and the differences between them."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from forum.accounts.nobody import shown_name
from forum.accounts.queries import PERSON_COLUMNS, person_card
from forum.posts.pages import EditConflict, Revision
from forum.posts.queries import PostAt
from forum.posts.text import shown_source
from realtime.sql import as_datetime, sql

# Beyond this many words, versions are compared line by line: word by word is quadratic at worst.
MAX_WORDS = 1500
# A word with the spaces behind it, or the end of a line.
PIECE = re.compile(r"\S+ *|\s")


async def revisions_of(post: PostAt) -> list[Revision]:
    """The versions, latest first, each with its difference from the one before; the first as it was."""
    rows = await sql(
        f"""SELECT r.version, r.raw, r.reason, r.created_at, u.id AS user_id, {PERSON_COLUMNS}
            FROM post_revisions r JOIN users u ON u.id = r.user_id
            WHERE r.post_id = {{0}} ORDER BY r.version""",
        post.id,
    )
    found: list[Revision] = []
    before = ""
    for row in rows:
        raw = await shown_source(row["raw"], post.topic_id)
        diff = difference(before, raw) if found else escape(raw)
        found.append(
            Revision(row["version"], person_card(row), as_datetime(row["created_at"]), row["reason"], diff)
        )
        before = raw
    return found[::-1]


async def changes_since(post: PostAt, version: int) -> Markup | None:
    """All that differs between an earlier version and now, as one; None when there is no such version."""
    rows = await sql(
        "SELECT raw FROM post_revisions WHERE post_id = {0} AND version = {1} AND version < {2}",
        post.id,
        version,
        post.version,
    )
    if not rows:
        return None
    before, now = await shown_source(rows[0]["raw"], post.topic_id), post.source
    return difference(before, await shown_source(now, post.topic_id))


async def latest_edit(post: PostAt) -> EditConflict:
    """What the post is now, and who made it so."""
    rows = await sql(
        """SELECT u.name, u.username FROM post_revisions r JOIN users u ON u.id = r.user_id
            WHERE r.post_id = {0} ORDER BY r.version DESC LIMIT 1""",
        post.id,
    )
    return EditConflict(
        post.source, shown_name(rows[0]["name"], rows[0]["username"]) if rows else "", post.version
    )


def difference(before: str, after: str) -> Markup:
    """Both texts as one, with `<del>` and `<ins>`; escaped."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    if len(old) + len(new) > 2 * MAX_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Markup("{}").format("".join(old[i:j])))
            continue
        if i < j:
            parts.append(Markup("<del>{}</del>").format("".join(old[i:j])))
        if k < m:
            parts.append(Markup("<ins>{}</ins>").format("".join(new[k:m])))
    return Markup("").join(parts)
