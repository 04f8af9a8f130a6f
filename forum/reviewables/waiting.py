"""How many items wait for whoever decides, as a part of other statements."""

from forum.categories.queries import ANIMATES, LOOKS_AFTER, MAY_SEE, STAFF
from forum.pending.waiting import HELD_FOR
from forum.signup_requests.waiting import REQUESTS_FOR
from forum.suspensions.waiting import SUSPENSIONS_FOR

# For member `u`; 0 for whoever looks after nothing. Items on one's own posts are for others.
WAITING_FOR = f"""CASE WHEN {STAFF} OR {ANIMATES} THEN (SELECT COUNT(*) FROM reviewables r
    JOIN posts p ON p.id = r.post_id JOIN topics t ON t.id = p.topic_id
    WHERE r.open_post_id IS NOT NULL AND p.user_id <> u.id AND {LOOKS_AFTER} AND {MAY_SEE})
    + {HELD_FOR} + {REQUESTS_FOR} + {SUSPENSIONS_FOR} ELSE 0 END"""
