"""What posts and their history hold about people."""

from forum.categories.queries import ids
from forum.channels import topic_channel
from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, holds, signs_as_nobody, with_the_topic
from realtime.log import Record
from realtime.sql import sql


async def _sign_as_nobody(leaver: Leaver, record: Record) -> int:
    """The cards on open pages change their name too. The topics' locks first, as every change takes them."""
    found = await sql(
        f"SELECT id, topic_id FROM posts WHERE user_id = {{0}} ORDER BY id LIMIT {BATCH}", leaver.id
    )
    topics = ids(frozenset(row["topic_id"] for row in found))
    await sql(f"UPDATE topics SET version = version + 1 WHERE id IN ({topics})")
    rows = await sql(
        f"""UPDATE posts SET user_id = {{0}}, organisation_id = NULL, author_organisation = '',
            author_function = '', author_verified = FALSE
            WHERE id IN ({ids(frozenset(row["id"] for row in found))})
            RETURNING id, topic_id, post_number""",
        leaver.nobody_id,
    )
    for row in rows:
        record(
            topic_channel(row["topic_id"]),
            "post.revised",
            topic_id=row["topic_id"],
            post_id=row["id"],
            post_number=row["post_number"],
        )
    return len(rows)


holds(
    Holding(
        "posts",
        what=lambda: _(
            "What you write: the text, its place in the conversation, times, the votes that it got; for which"
            " organisation you spoke, in which function."
        ),
        kept=with_the_topic,
        people=("user_id", "deleted_by_id"),
        texts=("raw", "cooked"),
        exports=(
            Export(
                "posts.json",
                """SELECT id, topic_id, post_number, reply_to_post_number, raw, version, score, created_at,
                    edited_at, deleted_at, author_organisation, author_function, author_verified
                    FROM posts WHERE user_id = {0} AND id > {1}
                    ORDER BY id LIMIT {2}""",
                flags=("author_verified",),
            ),
        ),
        erase=(_sign_as_nobody, signs_as_nobody("posts", "deleted_by_id")),
        last=True,
    )
)
holds(
    Holding(
        "post_revisions",
        what=lambda: _("The earlier texts of what you have edited, which others can compare."),
        kept=with_the_topic,
        people=("user_id",),
        texts=("raw", "title", "reason"),
        exports=(
            Export(
                "history.json",
                """SELECT r.id, r.post_id, r.version, r.raw, r.reason, r.created_at
                    FROM post_revisions r JOIN posts p ON p.id = r.post_id
                    WHERE r.user_id = {0} AND p.user_id = {0} AND r.id > {1} ORDER BY r.id LIMIT {2}""",
            ),
        ),
        erase=(signs_as_nobody("post_revisions", "user_id"),),
    )
)
