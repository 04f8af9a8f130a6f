"""What the site is worth, in public; the same as a file, for administrators."""

import csv
from datetime import datetime
from io import StringIO

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.administration.permissions import may_administer
from forum.errors import NotFound
from forum.live_positions import channels_of
from forum.value.queries import Figures, figures
from forum.value.words import Line, all_lines, band_lines, lines_of, state_lines
from forum.web import PAGE_HEADERS, JsonResponse, LiveChannel, page, site_of, viewer_of

COLUMNS = ("name", "label", "value", "unit", "definition", "counted_at")
# With this mark, spreadsheets read the accents.
MARK = "\ufeff"


class ValuePage(Struct, frozen=True):
    """The counts, those of reuses by state and of organisations by population band apart."""

    lines: list[Line]
    states: list[Line]
    bands: list[Line]
    at: datetime
    may_export: bool
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


async def show(request: Request) -> Response:
    """The page, the same for everyone but for the link to the file."""
    viewer = viewer_of(request)
    channels, found = await channels_of(viewer, []), await _figures(request)
    subject = ValuePage(
        lines=lines_of(found),
        states=state_lines(found),
        bands=band_lines(found),
        at=found.at,
        may_export=may_administer(viewer),
        channels=channels,
    )
    return page(request, "value/show.html", subject)


async def _figures(request: Request) -> Figures:
    return await figures(site_of(request).config.time_zone)


async def show_json(request: Request) -> Response:
    """The same for programs."""
    found = await _figures(request)
    shapes = [
        {
            "name": one.name,
            "label": one.label,
            "value": one.value,
            "unit": one.unit,
            "definition": one.definition,
        }
        for one in all_lines(found)
    ]
    return JsonResponse({"counted_at": found.at.isoformat(), "figures": shapes})


async def export(request: Request) -> Response:
    """The same as a CSV file: a line a count."""
    if not may_administer(viewer_of(request)):
        raise NotFound
    found, text = await _figures(request), StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in all_lines(found):
        value = "" if one.value is None else one.value
        writer.writerow([one.name, one.label, value, one.unit, one.definition, found.at.isoformat()])
    headers = {**PAGE_HEADERS, "Content-Disposition": 'attachment; filename="valeur.csv"'}
    return Response(MARK + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


routes = [
    Route("/valeur", show, methods=["GET"]),
    Route("/valeur.json", show_json, methods=["GET"]),
    Route("/admin/value.csv", export, methods=["GET"]),
]
