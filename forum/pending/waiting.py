"""How many posts wait for approval, as a part of other statements."""

from forum.categories.queries import sees

MAY_SEE_HELD = sees("COALESCE(ht.category_id, h.category_id)")
HELD_TABLES = "pending_posts h LEFT JOIN topics ht ON ht.id = h.topic_id"
# For member `u` of staff: those of others, where they may look.
HELD_FOR = f"""(SELECT COUNT(*) FROM {HELD_TABLES} WHERE h.is_open = true AND h.user_id <> u.id
    AND {MAY_SEE_HELD})"""
