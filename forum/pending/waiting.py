"""How many posts wait for approval, as a part of other statements."""

from forum.categories.queries import looks_after, sees

HELD_TABLES = "pending_posts h LEFT JOIN topics ht ON ht.id = h.topic_id"
# Where it is to appear: a topic may have moved since.
HELD_CATEGORY = "COALESCE(ht.category_id, h.category_id)"
# Whether member `u` may decide about it, were it another's: as `may_see_held`.
APPROVES = f"({looks_after(HELD_CATEGORY)} AND {sees(HELD_CATEGORY)})"
# For member `u`: those of others, where they look after the theme.
HELD_FOR = f"""(SELECT COUNT(*) FROM {HELD_TABLES} WHERE h.is_open = true AND h.user_id <> u.id
    AND {APPROVES})"""
