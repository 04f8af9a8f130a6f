"""The demonstration's logins, shown at its start and on its sign-in page; on no other site."""

from forum.accounts.pages import DemoAccount
from realtime.sql import sql

# Public on purpose: it opens nothing but a demonstration.
DEMO_PASSWORD = "relais-demonstration"  # noqa: S105 - shown to all, on purpose
# Their passwords are public: a second factor would belong to the first visitor.
NO_SECOND_FACTOR = (
    "In this demonstration staff sign in with the password alone (setting staff_second_factor: optional).\n"
    "A real site requires a second factor of moderators and administrators."
)


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


async def has_members() -> bool:
    """Whether the site has been filled, or somebody has an account: the demonstration is for an empty one."""
    return bool(await sql("SELECT 1 FROM users LIMIT 1"))


async def logins() -> str:
    """The demonstration logins, for the terminal."""
    accounts = await demo_accounts()
    if not accounts:
        return "This site has members of its own: the demonstration was not loaded."
    lines = [f"  {a.login:<20} {a.password}   ({a.name}, {a.title})" for a in accounts]
    return "\n".join(["Sign in as one of:", *lines, "", NO_SECOND_FACTOR])
