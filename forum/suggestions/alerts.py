"""The alert that thanks: one for all whom an answer spared a question, until it is read."""

from collections.abc import Mapping, Sequence

from forum.accounts.nobody import shown_name
from forum.categories.queries import ids
from forum.reuses.queries import enumerated
from realtime.sql import sql


async def spared_in_alerts(alert_ids: Sequence[int]) -> Mapping[int, str]:
    """Whom an alert speaks of: who caused it and all who said so since, «Eve, Bob and 4 others»."""
    rows = await sql(
        f"""SELECT n.id, u.name, u.username FROM notifications n
            JOIN avoided_questions a ON a.topic_id = n.topic_id AND a.user_id <> n.user_id
                AND (a.user_id = n.actor_id OR a.created_at >= n.created_at)
            JOIN users u ON u.id = a.user_id
            WHERE n.id IN ({ids(frozenset(alert_ids))}) ORDER BY a.id"""
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row["id"], []).append(shown_name(row["name"], row["username"]))
    return {alert: enumerated(found) for alert, found in names.items()}
