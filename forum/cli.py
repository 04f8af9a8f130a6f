"""`relais`: the command line, the same as `python -m forum`.

Each command is a process of its own: what it writes appears live on open pages.
"""

import asyncio
import sys
from pathlib import Path

import click

from forum.accounts.commands import ACCOUNTS
from forum.api.commands import KEYS
from forum.categories.commands import categories
from forum.config import ConfigurationError, read_config
from forum.console import in_database
from forum.errors import ForumError
from forum.factors.commands import reset as reset_factors
from forum.groups.commands import groups
from forum.journal.commands import journal
from forum.loading import loading
from forum.organisations.commands import organisations
from forum.search.commands import search
from forum.settings.commands import settings


def main() -> None:
    """The entry point: errors that a person can mend are one readable line, exit code 1."""
    try:
        cli(standalone_mode=True)
    except ConfigurationError as error:
        _fail(str(error))
    except ForumError as error:
        _fail("\n".join([*filter(None, [error.message]), *error.fields.values()]))
    except (OSError, ValueError) as error:
        _fail(str(error))
    except Exception as error:
        _fail(_of_another_version(error))


def _of_another_version(error: Exception) -> str:
    """What is to be done when the database lacks a table or a column; anything else is a fault of ours.

    Only a command that has failed asks: the others do without reading the migrations.
    """
    from tortoise.exceptions import OperationalError

    if not isinstance(error, OperationalError):
        raise error
    from forum.database import pending_migrations

    async def work() -> list[str]:
        return await pending_migrations(config.database_url)

    config = read_config()
    if not in_database(config, work):
        raise error
    return "the database is not of this version: run `relais migrate`"


def _fail(message: str) -> None:
    click.echo(f"relais: {message}", err=True)
    sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Relais: where public servants of different administrations share what they know."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, help="Processes (several need PostgreSQL and Redis)."
)
@click.option(
    "--inherit", nargs=2, type=int, hidden=True, help="As a worker: file descriptors of its parent."
)
@click.option("--first-run", is_flag=True, help="Make the database and the demonstration if there is none.")
def serve(host: str, port: int, workers: int, inherit: tuple[int, int] | None, first_run: bool) -> None:
    """Serve the site. With several workers, SIGHUP replaces them one by one."""
    with loading():
        from forum.database import load_tables
        from forum.serving import serve_as_worker, serve_site

        load_tables()
    if inherit:
        serve_as_worker(read_config(), *inherit)
    else:
        serve_site(read_config(), host, port, workers, first_run=first_run)


@cli.command()
def migrate() -> None:
    """Bring the database to this version's shape; harmless when it already is."""
    from forum.database import migrate as run

    config = read_config()
    config.data.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(config.database_url))
    click.echo("The database is up to date.")


@cli.command()
def demo() -> None:
    """Fill the site with the demonstration community; does nothing the second time."""
    from forum.demo.accounts import logins
    from forum.demo.load import load_demo

    config = read_config()
    in_database(config, load_demo)
    click.echo(in_database(config, logins))


@cli.command()
@click.option("--mail", "mail_to", metavar="ADDRESS", help="Send a trial mail there.")
def check(mail_to: str | None) -> None:
    """Read the configuration, reach each service, say what is wrong and how to mend it."""
    from forum.checks import check_services

    faults = asyncio.run(check_services(read_config(), click.echo, mail_to))
    if faults:
        sys.exit(1)


@cli.group()
def users() -> None:
    """Members."""


@users.command("create")
@click.argument("username")
@click.argument("email")
@click.option("--admin", is_flag=True, help="An administrator.")
@click.option("--moderator", is_flag=True, help="A moderator.")
@click.option("--name", default="", help="Full name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_member(
    username: str, email: str, admin: bool, moderator: bool, name: str, password_stdin: bool
) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    from forum.accounts.actions import create_user

    config, password = read_config(), _password(password_stdin)
    in_database(
        config, lambda: create_user(username, email, password, name=name, admin=admin, moderator=moderator)
    )
    click.echo(f"{username} can sign in.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


@cli.group("api-keys")
def api_keys() -> None:
    """Keys for programs."""


@api_keys.command("create")
@click.argument("username", required=False)
@click.option("--unlimited", is_flag=True, help="Without rate limits.")
def create_api_key(username: str | None, unlimited: bool) -> None:
    """Make a key and print it, once. Without USERNAME it may act for any member."""
    from forum.api.keys import create_key

    click.echo(in_database(read_config(), lambda: create_key(username, unlimited=unlimited)))


@cli.group("import")
def imports() -> None:
    """Bring in a community from elsewhere."""


@imports.command("discourse")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_discourse(source: Path) -> None:
    """Import a folder of Discourse's topic files (t/{id}.json); may be run again after an interruption."""
    from forum.importing.discourse import import_folder

    report = in_database(read_config(), lambda: import_folder(source, click.echo))
    click.echo(report.text())
    if report.failed:
        sys.exit(3)


@cli.command()
@click.argument("topic", type=int)
@click.option("--rate", default=5.0, show_default=True, help="Replies a second.")
@click.option("--count", default=100, show_default=True, help="Replies in all.")
def flood(topic: int, rate: float, count: int) -> None:
    """Write in a topic like a crowd, to see how pages behave under it."""
    from forum.flood import flood_topic

    click.echo(in_database(read_config(), lambda: flood_topic(topic, rate, count)))


@cli.group()
def jobs() -> None:
    """Work that is done behind the pages."""


@jobs.command("run")
@click.argument("name", required=False)
def run_jobs(name: str | None) -> None:
    """Run every job that is due, or those of that NAME."""
    import forum.app  # noqa: F401 (where they are declared)
    from forum.jobs import job_names, run_due
    from forum.mail.office import open_office
    from forum.templating import templates_in

    if name is not None and name not in job_names():
        raise click.BadParameter(f"no such job; there are: {', '.join(job_names())}")
    config = read_config()
    open_office(config, templates_in(config.time_zone))
    done = in_database(config, lambda: run_due(name))
    click.echo(f"{done} done.")


for command in ACCOUNTS:
    users.add_command(command)
users.add_command(reset_factors)
for command in KEYS:
    api_keys.add_command(command)
cli.add_command(groups)
cli.add_command(categories)
cli.add_command(journal)
cli.add_command(organisations)
cli.add_command(search)
cli.add_command(settings)
