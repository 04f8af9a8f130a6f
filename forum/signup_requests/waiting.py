"""How many requests for an account wait, as a part of other statements."""

from forum.categories.queries import STAFF

# Whoever has become a member by another way meanwhile waits for nothing.
UNDECIDED = """q.is_open = true AND NOT EXISTS (SELECT 1 FROM users known WHERE known.email = s.email)"""
REQUEST_TABLES = "signup_requests q JOIN signups s ON s.id = q.signup_id"
# For member `u`: moderators and administrators decide, animators do not.
REQUESTS_FOR = f"""CASE WHEN {STAFF} THEN (SELECT COUNT(*) FROM {REQUEST_TABLES} WHERE {UNDECIDED})
    ELSE 0 END"""
