"""What the site holds about people: each noun says what, until when, how it is handed out, how it is erased.

A noun's `personal.py` calls `holds()` once a table. The privacy page, the export and the erasure are made of
these declarations; a test compares them with the tables (tests/architecture/test_personal.py).
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct, field

from forum.i18n import gettext as _
from realtime.log import Record
from realtime.sql import sql

# Rows of one transaction of an erasure: nobody waits long for somebody who wrote a lot.
BATCH = 100


class Leaver(Struct, frozen=True):
    """Somebody whose account is being erased; `nobody_id` signs what stays."""

    id: int
    username: str
    name: str
    email: str
    picture: str
    nobody_id: int


Words = Callable[[], str]
# Erases a few rows, within the runner's transaction; how many there were, 0 when nothing is left.
Step = Callable[[Leaver, Record], Awaitable[int]]


class Export(Struct, frozen=True):
    """A file of the archive that a member asks for: an array of rows.

    Args:
        query: the rows of the member {0} with an `id` above {1}, in its order, {2} at the most.
        flags: the columns that are true or false (SQLite gives numbers).
    """

    file: str
    query: str
    flags: tuple[str, ...] = ()


class Holding(Struct, frozen=True):
    """What one table holds about people.

    Args:
        what: what it is and what it is for, in words for the privacy page.
        kept: until when.
        people: the columns that say whom a row is about or from.
        texts: the columns in which somebody else may have written a member's name.
        exports: the files of the archive made from it.
        withheld: else, why it is not in the archive.
        erase: what erasing an account does to it, in order.
        stays: else, why nothing of it has to be erased.
        last: it is erased after the others, which are found by it.
    """

    table: str
    what: Words
    kept: Words
    people: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()
    withheld: str = ""
    erase: tuple[Step, ...] = field(default=())
    stays: str = ""
    last: bool = False


HOLDINGS: dict[str, Holding] = {}


def holds(holding: Holding) -> None:
    """Declare what a table holds about people."""
    HOLDINGS[holding.table] = holding


def with_the_account() -> str:
    """Kept until the account is erased."""
    return _("until you erase your account")


def with_the_topic() -> str:
    """Kept as a part of the conversation, without a name."""
    return _("as long as the conversation; without your name once you erase your account")


def deletes(table: str, column: str = "user_id") -> Step:
    """The step that deletes the rows of whoever leaves."""

    async def step(leaver: Leaver, record: Record) -> int:
        few = f"SELECT id FROM {table} WHERE {column} = {{0}} ORDER BY id LIMIT {BATCH}"
        return len(await sql(f"DELETE FROM {table} WHERE id IN ({few}) RETURNING id", leaver.id))

    return step


def signs_as_nobody(table: str, column: str) -> Step:
    """The step that puts the account that stands for all who left in the place of whoever leaves."""

    async def step(leaver: Leaver, record: Record) -> int:
        few = f"SELECT id FROM {table} WHERE {column} = {{0}} ORDER BY id LIMIT {BATCH}"
        rows = await sql(
            f"UPDATE {table} SET {column} = {{1}} WHERE id IN ({few}) RETURNING id",
            leaver.id,
            leaver.nobody_id,
        )
        return len(rows)

    return step
