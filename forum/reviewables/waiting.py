"""How many items wait for a member of staff, as a part of other statements."""

from forum.categories.queries import MAY_SEE
from forum.factors.held_back import HELD_BACK
from forum.pending.waiting import HELD_FOR

# For member `u`; 0 for whoever is no staff, or held back. Items on one's own posts are for others.
WAITING_FOR = f"""CASE WHEN (u.admin OR u.moderator) AND NOT {HELD_BACK} THEN (SELECT COUNT(*)
    FROM reviewables r JOIN posts p ON p.id = r.post_id JOIN topics t ON t.id = p.topic_id
    WHERE r.open_post_id IS NOT NULL AND p.user_id <> u.id AND {MAY_SEE})
    + {HELD_FOR} ELSE 0 END"""
