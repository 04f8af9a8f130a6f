"""The demonstration logins, shown on the sign-in page of a demonstration site only."""

from forum.accounts.pages import DemoAccount
from realtime.sql import sql

# Public on purpose: it opens nothing but a demonstration.
DEMO_PASSWORD = "relais-demonstration"  # noqa: S105 - shown to all, on purpose


async def demo_accounts() -> tuple[DemoAccount, ...]:
    """Who can be tried, when `relais demo` has filled this site; nobody elsewhere."""
    rows = await sql(
        "SELECT u.name, u.username, u.title, u.affiliation FROM demo_people d"
        " JOIN users u ON u.id = d.user_id ORDER BY d.id LIMIT 4"
    )
    return tuple(
        DemoAccount(row["name"], row["username"], DEMO_PASSWORD, f"{row['title']}, {row['affiliation']}")
        for row in rows
    )
