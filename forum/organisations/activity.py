"""What an organisation's people have opened for it, of what the viewer may see: each kind of topic apart."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.i18n import gettext as _
from forum.kinds.registry import kinds
from forum.organisations.parts import part
from forum.organisations.queries import OrganisationCard
from forum.topics.queries import LIST_SIZE, TOPIC_COLUMNS, TOPIC_TABLES, TopicCard, topic_card
from realtime.sql import sql

# Of each kind, on the organisation's page.
SHOWN = 5
# The questions and discussions: the kinds without fields of their own.
TALK = "talk"


class Opened(Struct, frozen=True):
    """The topics of one kind (or `TALK`): the last ones, how many there are, where all of them stand."""

    name: str
    topics: list[TopicCard]
    count: int
    path: str

    @property
    def words(self) -> str:
        """What they are, in the current language."""
        return words_of_kind(self.name)


def kind_names() -> tuple[str, ...]:
    """The groups in their order: the kinds with fields as they are registered, then what is talked about."""
    return (*(kind.name for kind in kinds() if kind.table), TALK)


def words_of_kind(name: str) -> str:
    """One of `kind_names`, in the plural."""
    return next((kind.plural() for kind in kinds() if kind.name == name), _("Questions and discussions"))


def _group() -> str:
    """Of topic `t`: the name of its kind, or of the kinds without fields."""
    named = ", ".join(f"'{name}'" for name in kind_names())
    return f"CASE WHEN t.kind IN ({named}) THEN t.kind ELSE '{TALK}' END"


def _where(viewer: Viewer) -> str:
    return f"""t.deleted_at IS NULL AND t.category_id IN ({ids(viewer.rights.see)}) AND t.id IN
        (SELECT o.topic_id FROM posts o WHERE o.organisation_id = {{0}} AND o.post_number = 1)"""


async def counts_for(viewer: Viewer, organisation_id: int) -> dict[str, int]:
    """How many topics of each kind were opened for an organisation; kinds without any are left out."""
    rows = await sql(
        f"SELECT {_group()} AS name, COUNT(*) AS n FROM topics t WHERE {_where(viewer)} GROUP BY 1",
        organisation_id,
    )
    return {row["name"]: row["n"] for row in rows}


async def opened_by_kind(viewer: Viewer, organisation: OrganisationCard) -> list[Opened]:
    """The kinds of which there is something."""
    counts = await counts_for(viewer, organisation.id)
    return [
        Opened(
            name,
            await topics_for(viewer, organisation.id, name, limit=SHOWN),
            counts[name],
            f"{organisation.path}/topics?kind={name}",
        )
        for name in kind_names()
        if name in counts
    ]


async def topics_for(
    viewer: Viewer, organisation_id: int, name: str, before: int | None = None, limit: int = LIST_SIZE
) -> list[TopicCard]:
    """The topics of one of `kind_names` that were opened for an organisation, the last first.

    Args:
        before: only topics with a smaller id (the next page).
    """
    rows = await sql(
        f"""SELECT {TOPIC_COLUMNS} FROM {TOPIC_TABLES} WHERE {_where(viewer)} AND {_group()} = {{1}}
            AND t.id < {{2}} ORDER BY t.id DESC LIMIT {limit:d}""",
        organisation_id,
        name,
        before or 2**31 - 1,
    )
    return [topic_card(row) for row in rows]


@part
async def opened(viewer: Viewer, organisation: OrganisationCard) -> tuple[str, Mapping[str, Any]] | None:
    """For this viewer; nothing when there is nothing."""
    groups = await opened_by_kind(viewer, organisation)
    return ("organisations/_opened.html", {"groups": groups}) if groups else None
