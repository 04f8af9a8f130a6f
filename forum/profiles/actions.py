"""What members say of themselves: changed by themselves."""

from collections.abc import Callable

from msgspec import Struct

from forum import jobs
from forum.accounts.queries import known_usernames
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.config import LOCALES
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.markdown import BadText, TooSlow, clean_text, cook, mentions
from forum.profiles.models import Audience
from forum.profiles.names import (
    claims_a_staff_function,
    clean_function,
    clean_name,
    clean_skill,
)
from forum.profiles.queries import own_profile, staff_name_fault
from forum.text import text_fault
from forum.zones import is_zone
from realtime import log
from realtime.sql import sql

MAX_SKILLS, MAX_BIO = 10, 1_000
BATCH = 100


class Said(Struct, frozen=True):
    """A profile as it was typed."""

    name: str
    title: str
    affiliation: str
    skills: str
    bio_raw: str
    locale: str
    time_zone: str
    audience: str


class Profile(Struct, frozen=True):
    """A profile as it may be stored."""

    name: str
    title: str
    affiliation: str
    skills: str
    bio_raw: str
    bio: str
    locale: str
    time_zone: str
    audience: str


async def revise_profile(viewer: Viewer, said: Said) -> None:
    """Say of oneself what others see. Cards that show it are made anew soon after, by a job.

    Raises:
        Forbidden: a visitor.
        Invalid: a sentence for each field that does not do.
    """
    require(viewer.signed_in)
    profile = await _checked(viewer, said)
    async with log.transaction():
        renamed = await sql(
            """UPDATE users SET name = {1}, title = {2}, affiliation = {3}
                WHERE id = {0} AND (name <> {1} OR title <> {2} OR affiliation <> {3}) RETURNING id""",
            viewer.member_id,
            profile.name,
            profile.title,
            profile.affiliation,
        )
        await sql(
            "UPDATE users SET locale = {1}, time_zone = {2} WHERE id = {0}",
            viewer.member_id,
            profile.locale,
            profile.time_zone,
        )
        await sql(
            """INSERT INTO user_profiles (user_id, skills, bio_raw, bio_cooked, audience)
                VALUES ({0}, {1}, {2}, {3}, {4}) ON CONFLICT (user_id) DO UPDATE SET skills = {1},
                bio_raw = {2}, bio_cooked = {3}, audience = {4}""",
            viewer.member_id,
            profile.skills,
            profile.bio_raw,
            profile.bio,
            profile.audience,
        )
        if renamed:
            await jobs.enqueue("refresh_cards", user_id=viewer.member_id)


async def _checked(viewer: Viewer, said: Said) -> Profile:
    """All faults are told together."""
    faults: dict[str, str] = {}

    def check(field: str, clean: Callable[[str], str]) -> str:
        try:
            return clean(getattr(said, field))
        except ValueError as fault:
            faults[field] = str(fault)
            return ""

    name, title = check("name", clean_name), check("title", clean_function)
    affiliation, skills = check("affiliation", clean_function), check("skills", _clean_skills)
    for field, allowed in (("locale", LOCALES), ("audience", set(Audience))):
        if getattr(said, field) not in allowed:
            faults[field] = _("Choose one of the list.")
    if said.time_zone and not is_zone(said.time_zone):
        faults["time_zone"] = _("Choose one of the list.")
    if not viewer.staff:
        faults |= await _imitations(viewer, name, title)
    bio_raw, bio = await _cooked(said.bio_raw, faults)
    if faults:
        raise Invalid(fields=faults)
    return Profile(name, title, affiliation, skills, bio_raw, bio, said.locale, said.time_zone, said.audience)


def _clean_skills(text: str) -> str:
    """Commas or lines between them; each once, whatever its case."""
    parts = [part for part in text.replace("\n", ",").split(",") if part.strip()]
    if len(parts) > MAX_SKILLS:
        message = ngettext("%(n)d skill at the most.", "%(n)d skills at the most.", MAX_SKILLS)
        raise ValueError(message % {"n": MAX_SKILLS})
    return "\n".join({skill.casefold(): skill for skill in map(clean_skill, parts)}.values())


async def _imitations(viewer: Viewer, name: str, title: str) -> dict[str, str]:
    """What a member may not call themselves; what they are called already stays."""
    present, faults = await own_profile(viewer), {}
    if name != present.name and (fault := await staff_name_fault(name)):
        faults["name"] = fault
    if title != present.title and claims_a_staff_function(title):
        faults["title"] = _("This function is kept for those who look after the site.")
    return faults


async def _cooked(raw: str, faults: dict[str, str]) -> tuple[str, str]:
    """The short text and its HTML; "" is one too."""
    if not raw.strip():
        return "", ""
    try:
        text = clean_text(raw, MAX_BIO)
        members = await known_usernames(mentions(text))
        return text, await cook(text, known={lower: name for lower, (_id, name) in members.items()})
    except BadText as fault:
        faults["bio_raw"] = text_fault(fault.reason, MAX_BIO)
    except TooSlow:
        faults["bio_raw"] = _("This text is too intricate to be shown: simplify it.")
    return "", ""


async def refresh_cards(user_id: int) -> None:
    """The job behind a new name or picture: pages that show it are of another version from now on.

    In batches, each a transaction of its own, so that nobody waits for a member who wrote a lot.
    """
    rows = await sql(
        """SELECT topic_id FROM posts WHERE user_id = {0}
            UNION SELECT topic_id FROM accepted_answers WHERE accepter_id = {0} ORDER BY topic_id""",
        user_id,
    )
    topics = [row["topic_id"] for row in rows]
    for start in range(0, len(topics), BATCH):
        few = ids(frozenset(topics[start : start + BATCH]))
        async with log.transaction():
            await sql(f"UPDATE topics SET version = version + 1 WHERE id IN ({few})")
