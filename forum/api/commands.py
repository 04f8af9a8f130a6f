"""`relais api-keys …`: which keys there are, and taking one back."""

import click

from forum.config import read_config
from forum.console import in_database, the_keeper


@click.command("list")
def list_keys() -> None:
    """Every key by its number: whose, when it was made and last used."""
    from forum.api.keys import all_keys

    for key in in_database(read_config(), all_keys):
        state = "revoked" if key["revoked_at"] else f"last used {_day(key['last_used_at'])}"
        click.echo(
            f"{key['id']}  {key['username'] or '(all members)'}  made {_day(key['created_at'])}  {state}"
        )


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else "never"


@click.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Take a key back: it opens nothing any more, and what is connected with it ends at once."""
    from forum.api.keys import revoke_key

    async def work() -> None:
        await revoke_key(await the_keeper(), number)

    in_database(read_config(), work)
    click.echo(f"The key {number} is revoked.")


KEYS = (list_keys, revoke)
