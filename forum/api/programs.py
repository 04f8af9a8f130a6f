"""How programs come in: a key in their headers, or the session of the person at the browser."""

from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.api.keys import hash_key, viewer_of_key
from forum.errors import BadRequest, Forbidden, Invalid
from forum.i18n import gettext as _
from forum.i18n import use_locale
from forum.text import MAX_ID
from forum.web import PRIVATE, read_form, site_of, viewer_of

Endpoint = Callable[[Request], Awaitable[Response]]

# What is written as it comes: a list there is a mistake, and not a text with brackets.
TEXTS = ("raw", "title", "edit_reason", "post[raw]", "post[edit_reason]", "topic[title]")
# What an answer depends on: a cache on the way must not hand one member's to another.
VARY = "Api-Key, Api-Username, Cookie, Accept-Language"


def programs(endpoint: Endpoint) -> Endpoint:
    """An endpoint of the API: errors as JSON; the viewer is the key's if there is one, else the session's."""

    async def answer(request: Request) -> Response:
        request.scope["json"] = True
        if "api-key" in request.headers:
            await authenticate_key(request)
        response = await endpoint(request)
        response.headers.setdefault("Cache-Control", PRIVATE)
        response.headers["Vary"] = VARY
        return response

    return answer


async def authenticate_key(request: Request) -> Viewer:
    """The member for whom the key in the headers speaks: the request is theirs from here on.

    Raises:
        Forbidden: a key that opens nothing, or another member's name beside it.
        TooMany: the key's rate is used up (60 requests a minute, unless it is unlimited).
    """
    key, username = request.headers["api-key"], request.headers.get("api-username", "")
    viewer, unlimited = await viewer_of_key(key, username, request.scope["locale"])
    if not unlimited:
        await site_of(request).limits.spend("api_key", hash_key(key))
    request.scope.update(user=viewer, unlimited=unlimited, locale=viewer.locale)
    use_locale(viewer.locale)
    return viewer


def require_member(request: Request) -> None:
    """Programs that write must say for whom.

    Raises:
        Forbidden: no key and no session.
    """
    if not viewer_of(request).signed_in:
        raise Forbidden(_("Sign in, or send Api-Key and Api-Username."))


async def spend(request: Request, name: str) -> None:
    """Count this request in the member's own limit, the same as on pages; an unlimited key has none.

    Raises:
        TooMany: the limit is used up.
    """
    if not request.scope.get("unlimited"):
        await site_of(request).limits.spend(name, viewer_of(request).member_id)


async def body_of(request: Request) -> dict[str, str]:
    """A body's fields, flat: JSON `{"post": {"raw": …}}` and a form's `post[raw]` are both `post[raw]`.

    Raises:
        BadRequest: neither JSON nor a form. Invalid: a list where a text is expected.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        return _flat(await _json(request))
    if media_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await read_form(request)
        return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}
    if await request.body():
        raise BadRequest(_("Send JSON, or a form."))
    return dict(request.query_params)


async def tags_of(request: Request) -> list[str] | None:
    """The tags of a body, as JSON's list or as a form's `tags[]`; None when it says nothing of them.

    Raises:
        BadRequest: neither JSON nor a form. Invalid: not a list of names.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        form = await read_form(request)
        names = [name for name in ("tags[]", "topic[tags][]", "tags") if name in form]
        return [str(value) for value in form.getlist(names[0])] if names else None
    data = await _json(request)
    inner = data.get("topic")
    found = data.get("tags", inner.get("tags") if isinstance(inner, dict) else None)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise Invalid(fields={"tags": _("A list of names is expected here.")})
    return found


async def numbers_of(request: Request, name: str) -> list[int]:
    """The numbers of a list in a body: JSON's list, or a form's `name[]`; none when it says nothing of them.

    Raises:
        BadRequest: neither JSON nor a form. Invalid: something else than whole numbers.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        found = (await _json(request)).get(name, [])
        values = found if isinstance(found, list) else [found]
    else:
        form = await read_form(request)
        values = [*form.getlist(f"{name}[]"), *form.getlist(name)]
    numbers = [number_of({name: _text(value)}, name) for value in values]
    return [number for number in numbers if number is not None]


async def _json(request: Request) -> dict[str, object]:
    try:
        data = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise BadRequest(_("This body is not JSON.")) from error
    if not isinstance(data, dict):
        raise BadRequest(_("A JSON object is expected."))
    return data


def _flat(data: dict[str, object]) -> dict[str, str]:
    fields = {}
    for name, value in data.items():
        if isinstance(value, dict):
            fields.update({f"{name}[{inner}]": _leaf(f"{name}[{inner}]", it) for inner, it in value.items()})
        else:
            fields[name] = _leaf(name, value)
    return fields


def _leaf(name: str, value: object) -> str:
    if name in TEXTS and isinstance(value, list | dict):
        raise Invalid(fields={name: _("A text is expected here.")})
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def number_of(fields: Mapping[str, str], *names: str) -> int | None:
    """The number in the first of these fields that is filled; None when none is.

    Raises:
        Invalid: it holds something else. To go on without it would act on another thing than was meant.
    """
    for name in names:
        if text := fields.get(name, "").strip():
            if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= MAX_ID:
                return int(text)
            raise Invalid(fields={name: _("A whole number is expected here.")})
    return None


def boolean_of(fields: Mapping[str, str], name: str) -> bool:
    """A field that says true or false.

    Raises:
        Invalid: it says neither.
    """
    text = fields.get(name, "").strip().lower()
    if text not in ("true", "false"):
        raise Invalid(fields={name: _("Write true or false here.")})
    return text == "true"
