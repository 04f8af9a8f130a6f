"""`relais organisations load`: a file of organisations, in bulk; again as often as one likes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from forum.clock import now
from forum.organisations.domains import joined_domains
from forum.organisations.models import Organisation
from forum.organisations.rows import OrganisationRow, read_rows
from forum.organisations.search import name_key
from forum.text import slugify
from realtime import log

BATCH = 500


class Loaded(Struct, frozen=True):
    """How many organisations are new, changed, and were known just so; how many have gone into another."""

    made: int
    changed: int
    same: int
    merged: int = 0


async def load_organisations(content: bytes) -> Loaded:
    """Bring the organisations of a CSV file in: all of it, or nothing.

    One is known by its SIREN, else by its kind and code. Columns that the file has not stay as they are. What
    was merged into another one does not come back, and says nothing of the other one.

    Raises:
        Invalid: what is wrong, with the lines.
    """
    rows = read_rows(content)
    async with log.transaction():
        known = Known(await Organisation.all())
        made, changed, merged = [], [], 0
        for row in rows:
            known.follow_group(row)
            found = known.find(row)
            if found is None:
                made.append(Organisation(**row.values))
            elif found.merged_into_id is not None:
                merged += 1
            elif _update(found, row, known.gone_into(found)):
                changed.append(found)
        _name(made, known.slugs)
        for organisation in (*made, *changed):
            organisation.name_key, organisation.updated_at = name_key(organisation.name), now()
        await Organisation.bulk_create(made, batch_size=BATCH)
        if changed:
            fields = {"updated_at", "name_key"}.union(*(row.values for row in rows[:1]))
            await Organisation.bulk_update(changed, fields=sorted(fields), batch_size=BATCH)
    return Loaded(len(made), len(changed), len(rows) - len(made) - len(changed) - merged, merged)


class Known:
    """The organisations that are there, as a file may name them."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        # Those that were merged first: of two at one place, the one that is still there is found.
        stored = sorted(organisations, key=lambda organisation: organisation.merged_into_id is None)
        by_id = {organisation.id: organisation for organisation in stored}
        self.slugs = {organisation.slug for organisation in stored}
        self._by_siren = {o.siren: o for o in stored if o.siren}
        self._by_place = {(o.kind, o.code): o for o in stored if o.code}
        self._gone: dict[int, list[Organisation]] = {}
        for one in stored:
            if one.merged_into_id is not None:
                self._gone.setdefault(one.merged_into_id, []).append(one)
        self._merged_groups = {
            o.siren: by_id[o.merged_into_id].siren for o in stored if o.siren and o.merged_into_id is not None
        }

    def gone_into(self, organisation: Organisation) -> Sequence[Organisation]:
        """Those that were merged into one."""
        return self._gone.get(organisation.id, ())

    def follow_group(self, row: OrganisationRow) -> None:
        """A commune whose intermunicipal body was merged belongs to where it has gone."""
        group = row.values.get("group_siren")
        if isinstance(group, str) and self._merged_groups.get(group):
            row.values["group_siren"] = self._merged_groups[group]

    def find(self, row: OrganisationRow) -> Organisation | None:
        """The organisation of a row; one that had no SIREN yet is found by its place."""
        found = self._by_siren.get(row.siren) if row.siren else None
        if found is None and row.place:
            found = self._by_place.get(row.place)
            if found and row.siren and found.siren:
                return None
        return found


def _update(organisation: Organisation, row: OrganisationRow, gone: Sequence[Organisation]) -> bool:
    """Whether the row says something new; a SIREN that is known is not forgotten.

    Args:
        gone: those that were merged into it: their mail proves still that somebody works there.
    """
    values = {n: v for n, v in row.values.items() if n != "siren" or v}
    if gone and "domains" in values:
        values["domains"] = joined_domains(str(values["domains"]), *(one.domains for one in gone))
    if gone and "email" in values:
        values["email"] = values["email"] or next((one.email for one in gone if one.email), "")
    new = {name: value for name, value in values.items() if getattr(organisation, name) != value}
    for name, value in new.items():
        setattr(organisation, name, value)
    return bool(new)


def _name(made: list[Organisation], taken: set[str]) -> None:
    """An address for each: its name's, with its code where several have that name."""
    words = [slugify(organisation.name) or organisation.kind for organisation in made]
    often = Counter(words)
    for organisation, slug in zip(made, words, strict=True):
        if often[slug] > 1 or slug in taken:
            slug = f"{slug}-{(organisation.code or organisation.siren or '').lower()}"
        while slug in taken:
            slug += "-2"
        taken.add(slug)
        organisation.slug = slug
