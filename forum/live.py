"""From a fact in the log to what people see: presenters, and the encoder of the live channels.

A presenter renders the page's own partials, neutral of any viewer; it is called once for each event,
process and language, whatever the number of readers.
"""

from collections.abc import Awaitable, Callable
from functools import cache, partial
from inspect import signature
from typing import Any

import orjson

from forum.categories.queries import site_version, themes
from forum.i18n import current_locale, speaking
from forum.templating import Templates
from realtime.log import Event
from realtime.sql import at_once
from realtime.unchanged import Unchanged

Patch = dict[str, Any]
Patches = list[Patch]
Presenter = Callable[..., Awaitable[Patches | None]]
Variant = tuple[str, bool]

# Where an event is shown: on a topic's page, in a list of topics, or to one member.
SURFACES = {"topic": "topic", "category": "list", "latest": "list", "user": "user"}

_presenters: dict[tuple[str, str], Presenter] = {}
# A busy topic is told of again and again: between two commits its row in a list is the same.
_unchanged = Unchanged()
_templates: Templates | None = None


def presents(*kinds: str, on: str) -> Callable[[Presenter], Presenter]:
    """Declare the presenter of these kinds of event on a surface ("topic", "list" or "user").

    It is called with those of the event's ids that it names (on a list, also with the `channel`), and reads
    a few rows found by their keys. On a list it gives None for what the list has lost sight of: not even the
    ids are told there.
    """

    def declare(presenter: Presenter) -> Presenter:
        for kind in kinds:
            _presenters[kind, on] = presenter
        return presenter

    return declare


def presented() -> set[tuple[str, str]]:
    """Each (kind, surface) that has a presenter."""
    return set(_presenters)


def use_templates(templates: Templates) -> None:
    """The templates that patches are rendered with."""
    global _templates
    _templates = templates


def render(name: str, **context: Any) -> str:
    """A partial in the language of the delivery."""
    assert _templates is not None, "no templates yet: the site has not started"
    return _templates.render(name, current_locale(), **context)


async def encode(event: Event, variant: Variant) -> bytes:
    """A publication's data as JSON: kind, ids, and the patches in the variant's language.

    A fact that shows nothing any more has no patches; it is sent all the same, so that offsets
    stay without a hole.

    Args:
        variant: (locale, whether patches are wanted).
    """
    locale, wants_patches = variant
    surface = SURFACES.get(event.channel.partition(":")[0], "")
    patches: Patches | None = []
    if wants_patches or surface == "list":
        with speaking(locale):
            patches = await _patches(event, surface)
    data: dict[str, Any] = {"kind": event.kind, **({} if patches is None else event.data)}
    if wants_patches:
        data["patches"] = patches or []
    return orjson.dumps(data)


async def _patches(event: Event, surface: str) -> Patches | None:
    presenter = _presenters.get((event.kind, surface))
    if presenter is None:
        return []
    # A list must know which one it is: what has left it since must not be told there any more.
    given = event.data | {"channel": event.channel}
    asked = {name: given[name] for name in _names(presenter) if name in given}
    key = (presenter, *asked.items(), current_locale())
    return await _unchanged.get(key, partial(at_once, partial(_present, presenter, asked), brief=True))


@cache
def _names(presenter: Presenter) -> tuple[str, ...]:
    return tuple(signature(presenter).parameters)


async def _present(presenter: Presenter, asked: dict[str, Any]) -> Patches | None:
    await themes(await site_version())
    return await presenter(**asked)


def append(target: str, html: str) -> Patch:
    """Add at the end of a list that shows its end."""
    return {"op": "append", "target": target, "html": html}


def prepend(target: str, html: str) -> Patch:
    """Add at the head of a list; the reader is told first."""
    return {"op": "prepend", "target": target, "html": html}


def replace(target: str, html: str) -> Patch:
    """Put another element in the place of this one."""
    return {"op": "replace", "target": target, "html": html}


def remove(target: str, category_id: int | None = None) -> Patch:
    """Take an element away; with a category, only if it stands there as one of that category's."""
    place = {} if category_id is None else {"category": category_id}
    return {"op": "remove", "target": target, **place}


def ask_again() -> Patch:
    """Read again what the page shows: there is more of it than a push should carry."""
    return {"op": "refresh"}


def set_text(target: str, text: str) -> Patch:
    """Write another text in an element."""
    return {"op": "set", "target": target, "text": text}


def set_attribute(target: str, attribute: str, value: str | None) -> Patch:
    """Give an element an attribute, or take it from it."""
    return {"op": "set", "target": target, "attribute": attribute, "value": value}
