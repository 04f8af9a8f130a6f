"""Numbers that rows had elsewhere and keep here."""

from realtime.sql import dialect, sql

# A row with a number near the column's end would leave none for those that come after it.
LAST_KEPT = 100_000_000


def may_keep(number: int) -> bool:
    """Whether a number of elsewhere may be one of ours."""
    return 0 < number <= LAST_KEPT


async def step_over(table: str, number: int) -> None:
    """Before a row is stored with its number: PostgreSQL's counter must not come to it (SQLite's looks).

    Done row by row, so that an import that is killed, or a site that is open meanwhile, never meets it.
    """
    if dialect() == "postgres":
        await sql(
            f"""SELECT setval(pg_get_serial_sequence('{table}', 'id'), {{0}}) FROM {table}_id_seq
                WHERE last_value <= {{0}}""",
            number,
        )
