"""Steps of the actions of others: a post is signed with its author's organisation."""

from forum.clock import now
from realtime.sql import sql


async def sign_post(post_id: int, author_id: int) -> None:
    """Write for whom the author works on a new post, within the caller's transaction.

    It stays as it was that day, whatever becomes of the author's function and of the organisation's name.
    """
    await sql(
        """UPDATE posts SET organisation_id = s.organisation_id, author_organisation = s.name,
                author_function = s.function, author_verified = s.verified
            FROM (SELECT m.organisation_id, o.name, m.function,
                    CASE WHEN m.verified_until > {2} THEN TRUE ELSE FALSE END AS verified
                FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = {1} AND m.main) s
            WHERE posts.id = {0}""",
        post_id,
        author_id,
        now(),
    )
