"""How many appeals against suspensions wait, as a part of other statements."""

from forum.categories.queries import STAFF

# Suspended member `m`. An appeal that waits is decided even when the suspension has run out meanwhile.
SUSPENSION_TABLES = "suspensions s JOIN users m ON m.id = s.user_id"
UNDECIDED = "s.is_open = true AND m.deactivated_at IS NULL"
# Whether member `u` may decide about `m`: as `may_suspend`, within a statement.
JUDGES = f"({STAFF} AND u.id <> m.id AND (u.admin OR NOT (m.admin OR m.moderator)))"
# For member `u`.
SUSPENSIONS_FOR = f"(SELECT COUNT(*) FROM {SUSPENSION_TABLES} WHERE {UNDECIDED} AND {JUDGES})"
