"""`relais users …`: keeping people out, letting them in again."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from forum.config import read_config
from forum.console import in_database, the_keeper
from forum.storage import store_of

if TYPE_CHECKING:
    from forum.accounts.viewer import Viewer

Result = TypeVar("Result")


@click.command()
@click.argument("username")
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M"]),
    help="The day (or the day and the time) from which the member may come back.",
)
@click.option(
    "--reason",
    default="",
    help="Why: the member reads it when they try to sign in; it stays in the journal of staff acts.",
)
def suspend(username: str, until: datetime, reason: str) -> None:
    """Keep a member out for some time: signed out everywhere, and what is open ends at once.

    A mail tells them until when, why, and how they may appeal.
    """
    from forum.conduct.actions import suspend_and_write

    moment = until.replace(tzinfo=read_config().time_zone)
    _about(username, lambda keeper, id: suspend_and_write(keeper, id, moment, reason, _address()))
    click.echo(f"{username} is suspended until {moment:%Y-%m-%d %H:%M}.")


@click.command()
@click.argument("username")
def reinstate(username: str) -> None:
    """Let in again somebody who was suspended, or whose account was closed.

    Who has appealed, and waits for an answer, is told by mail.
    """
    from forum.conduct.actions import reinstate_and_write

    _about(username, lambda keeper, id: reinstate_and_write(keeper, id, _address()))
    click.echo(f"{username} can sign in.")


@click.command()
@click.argument("username")
def deactivate(username: str) -> None:
    """Close an account: nobody signs in with it any more; what was written stays."""
    from forum.accounts.actions import deactivate_account

    _about(username, deactivate_account)
    click.echo(f"The account {username} is closed.")


@click.command()
@click.argument("username")
@click.option("--reason", required=True, help="Why, for the journal of staff acts; it goes with the account.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(username: str, reason: str, yes: bool) -> None:
    """Erase a member's account for good; what was written stays, signed by nobody.

    It is closed at once, and erased by the site's jobs (relais jobs run erase_accounts).
    """
    from forum.erasures.actions import erase_member

    if not yes:
        click.confirm(f"Erase {username} for good?", abort=True)
    _about(username, lambda keeper, id: erase_member(keeper, id, username, reason))
    click.echo(f"The account {username} is closed, and is going to be erased.")


@click.command()
@click.argument("username")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(username: str, file: Path) -> None:
    """Write all that the site holds about a member into a ZIP file, as they get it from their preferences."""
    import forum.app  # noqa: F401 (where what is held is declared)
    from forum.exports.archive import write_archive

    config = read_config()
    _about(
        username,
        lambda keeper, id: write_archive(file.with_suffix(".zip"), config.data, store_of(config), id),
    )
    click.echo(str(file.with_suffix(".zip")))


@click.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """Sign a member out of every browser. Programs' keys stay (`relais api-keys revoke`)."""
    from forum.accounts.sessions import end_all_sessions

    count = _about(username, end_all_sessions)
    click.echo(f"{username} is signed out (sessions: {count}).")


def _address() -> str:
    """Where the links of mails lead."""
    return read_config().base_url or "http://localhost:8000"


def _about(username: str, act: "Callable[[Viewer, int], Awaitable[Result]]") -> Result:
    """Do something about the member of that name, as whoever keeps the machine."""
    from forum.accounts.queries import id_of_member

    async def work() -> Result:
        return await act(await the_keeper(), await id_of_member(username))

    return in_database(read_config(), work)


ACCOUNTS = (suspend, reinstate, deactivate, sign_out, export, erase)
