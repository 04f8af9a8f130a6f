"""`relais users reset-factors`: for whoever has lost phone, keys and codes."""

import click

from forum.config import read_config
from forum.console import in_database, the_keeper


@click.command("reset-factors")
@click.argument("username")
def reset(username: str) -> None:
    """Take a member's second factors away: the lost phone opens nothing, and they are signed out everywhere.

    They sign in with the password alone, and set another one up. Be sure that it is they who ask.
    """
    from forum.accounts.queries import id_of_member
    from forum.factors.actions import reset_factors

    config = read_config()
    address = config.base_url or "http://localhost:8000"

    async def work() -> None:
        await reset_factors(await the_keeper(), await id_of_member(username), address)

    in_database(config, work)
    click.echo(f"{username} has no second factor any more, and is signed out.")
