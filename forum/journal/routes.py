"""The journal's page: to whoever is no administrator there is none."""

from urllib.parse import urlencode

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.queries import id_of_member
from forum.administration.links import administration_links
from forum.errors import NotFound
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.permissions import may_read_journal
from forum.journal.queries import PAGE_SIZE, Entry, entries
from forum.journal.words import act_words
from forum.live_positions import channels_of
from forum.text import MAX_ID
from forum.web import LiveChannel, PageLink, page, viewer_of


class Line(Struct, frozen=True):
    """An act, and what it was in words."""

    entry: Entry
    words: str


class JournalPage(Struct, frozen=True):
    """Some acts, and the wish that they answer."""

    lines: list[Line]
    person: str
    kind: str
    kinds: list[tuple[str, str]]
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    fault: str = ""
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


async def index(request: Request) -> Response:
    """What staff did, latest first; `?person=` and `?kind=` narrow it, `?before=` goes on."""
    viewer, query = viewer_of(request), request.query_params
    if not may_read_journal(viewer):
        raise NotFound
    channels = await channels_of(viewer, [])
    person, kind = query.get("person", "").strip().removeprefix("@"), query.get("kind", "")
    found, fault = await _found(person, kind, _number(query.get("before", "")))
    subject = JournalPage(
        lines=[Line(entry, act_words(entry.act)) for entry in found],
        person=person,
        kind=kind,
        kinds=[(act.value, act_words(act)) for act in Act],
        next_path=_next_path(found, person, kind),
        channels=channels,
        fault=fault,
    )
    return page(request, "journal/index.html", subject, 422 if fault else 200)


async def _found(person: str, kind: str, before: int | None) -> tuple[list[Entry], str]:
    """The acts, or none and what is wrong with the wish."""
    try:
        person_id = await id_of_member(person) if person else None
    except NotFound:
        return [], _("There is no member of that name.")
    act = Act(kind) if kind in list(Act) else None
    return await entries(person_id=person_id, act=act, before=before), ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= MAX_ID else None


def _next_path(found: list[Entry], person: str, kind: str) -> str | None:
    if len(found) < PAGE_SIZE or found[-1].number == 1:
        return None
    wish = {"person": person, "kind": kind, "before": str(found[-1].number)}
    return f"/admin/journal?{urlencode({name: value for name, value in wish.items() if value})}"


routes = [Route("/admin/journal", index, methods=["GET"])]
