"""The front door: request id, host, who is looking, same-origin rule, headers on every answer."""

import logging
import time
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.accounts.queries import a_visitor, viewer_of_session
from forum.accounts.sessions import hash_token, note_use, use_is_due
from forum.config import Config
from forum.error_pages import error_response
from forum.errors import BadRequest, Forbidden, ForumError, TooLarge, Unavailable
from forum.i18n import gettext as _
from forum.i18n import negotiate, use_locale
from forum.metrics.requests import Requests, place_of
from forum.web import MAX_BODY, MAX_UPLOAD, PAGE_HEADERS, RunningSite, cookie_of, takes_files
from realtime.handshake import host_of

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types relais"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
# What everyone sees. The other files are for those who may read a post that shows them.
FILES = ("/static/", "/uploads/pictures/", "/uploads/logos/")
# What only programs of this machine ask, under whatever name of it.
SIGNS_OF_LIFE = ("/healthz", "/readyz", "/metrics")
# What proxies say when they pass a request on.
PASSED_ON = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
HSTS = "max-age=31536000; includeSubDomains"

access_log = logging.getLogger("relais.access")


class FrontDoor:
    """Pure ASGI, around the whole application, so that every answer carries the headers.

    WebSockets pass: their endpoint has its own door.
    """

    def __init__(self, app: ASGIApp, site: RunningSite) -> None:
        self.app = app
        self.site = site
        self.config = site.config
        self.requests = Requests(site.hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"], scope["site"] = uuid4().hex, self.site
        started, answer = time.perf_counter(), _Answer(send, scope, self.config.secure)
        try:
            await self._enter(scope, receive, answer.send)
        finally:
            seconds = time.perf_counter() - started
            self.requests.answered(scope, answer.status, seconds)
            _write_line(scope, answer.status, seconds)
        await self._note_use(scope)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        scope["locale"] = negotiate(
            cookie_of(headers, "locale"), headers.get("accept-language", ""), self.config.default_locale
        )
        use_locale(scope["locale"])
        try:
            asked_here = scope["path"] in SIGNS_OF_LIFE and from_this_machine(scope, headers)
            if not asked_here:
                _check_host(self.config, headers)
            for_people = not (asked_here or _for_programs_only(scope))
            if for_people:
                await self._recognise(scope, headers)
            _check_size(scope, headers)
            if for_people:
                _check_origin(scope, headers, secure=self.config.secure)
        except ForumError as error:
            response = await error_response(Request(scope, receive), error)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _recognise(self, scope: Scope, headers: Headers) -> None:
        """Put the viewer in the scope: a cookie's member, else a visitor."""
        token = cookie_of(headers, self.config.cookie_name)
        scope["cookie_sent"] = token is not None
        if "api-key" in headers:
            token = None
        try:
            viewer = await viewer_of_session(hash_token(token), scope["locale"]) if token else None
            scope["user"] = viewer or await a_visitor(scope["locale"])
        except Exception as error:
            access_log.exception("the database does not answer")
            raise Unavailable(_("The database does not answer. Try again in a moment.")) from error
        scope["locale"] = scope["user"].locale
        use_locale(scope["locale"])

    async def _note_use(self, scope: Scope) -> None:
        """Once the answer is sent, so that nobody waits for it; a page is not broken by its failing."""
        viewer = scope.get("user")
        if viewer is None or not use_is_due(viewer):
            return
        peer = scope["client"][0] if scope.get("client") else ""
        try:
            await note_use(viewer, forwarded_address(Headers(scope=scope), peer, self.config))
        except Exception:
            access_log.exception("the use of a session cannot be noted")


class _Answer:
    """Adds the headers to whatever answers, and remembers its status for the log."""

    def __init__(self, send: Send, scope: Scope, secure: bool) -> None:
        self._send = send
        self._scope = scope
        self._secure = secure
        self.status = 500

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if "cache-control" not in headers:
                # A redirect too: its address may hold the title of what few may read, and caches keep a 301.
                headers.update(PAGE_HEADERS)
            headers["X-Request-Id"] = self._scope["request_id"]
            if self._secure:
                headers["Strict-Transport-Security"] = HSTS
        await self._send(message)


def from_this_machine(scope: Scope, headers: Headers) -> bool:
    """Whether this was asked on this machine and of it, and not of a proxy here that passes it on."""
    peer = scope["client"][0] if scope.get("client") else ""
    with suppress(ValueError):
        passed_on = any(name in headers for name in PASSED_ON)
        return ip_address(peer).is_loopback and _names_this_machine(headers) and not passed_on
    return False


def _names_this_machine(headers: Headers) -> bool:
    with suppress(ValueError):
        return urlsplit(f"//{headers.get('host', '')}").hostname in ("localhost", "127.0.0.1", "::1")
    return False


def _for_programs_only(scope: Scope) -> bool:
    """Addresses that ask nothing of the viewer: files, and the two signs of life."""
    return scope["path"].startswith(FILES) or scope["path"] in ("/healthz", "/readyz")


def _check_host(config: Config, headers: Headers) -> None:
    """Only the configured name is served, so that no link can be forged through `Host`."""
    if config.base_url is not None:
        right = headers.get("host", "").lower() == urlsplit(config.base_url).netloc.lower()
    else:
        right = _names_this_machine(headers)
    if not right:
        raise BadRequest(_("This site is not served under this name."))


def _check_size(scope: Scope, headers: Headers) -> None:
    """A body that says that it is too large is not read; one that does not say is stopped on its way."""
    length = headers.get("content-length", "0")
    limit = MAX_UPLOAD if takes_files(scope["path"]) else MAX_BODY
    if length.isascii() and length.isdigit() and int(length) > limit:
        raise TooLarge


def _check_origin(scope: Scope, headers: Headers, *, secure: bool) -> None:
    """An unsafe request must come from a page of ours, or carry no cookie at all.

    `Sec-Fetch-Site` first, else `Origin`, else `Referer`; a program's key takes the place of all three.
    """
    if scope["method"] in SAFE_METHODS or "api-key" in headers:
        return
    same = _same_origin(headers, secure=secure)
    if same is False or (same is None and scope["cookie_sent"]):
        raise Forbidden(_("This request did not come from a page of this site. Your text is kept below."))


def _same_origin(headers: Headers, *, secure: bool) -> bool | None:
    """True or false as the browser says; None when it says nothing. A socket's page is judged alike."""
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get("origin") or "/".join(headers.get("referer", "").split("/", 3)[:3])
    if not origin:
        return None
    host = host_of(origin, secure=secure)
    return host != "" and host == headers.get("host", "").lower()


def client_address(request: Request, config: Config) -> str:
    """The person's address."""
    return forwarded_address(request.headers, request.client.host if request.client else "", config)


def client_network(request: Request, config: Config) -> str:
    """What limits count by: the address, of IPv6 the network of a household, which has millions of them."""
    return network_of(client_address(request, config))


@lru_cache(4096)
def network_of(address: str) -> str:
    """An address as limits count it."""
    with suppress(ValueError):
        if ip_address(address).version == 6:
            return str(ip_network(f"{address}/64", strict=False))
    return address


def forwarded_address(headers: Headers, peer: str, config: Config) -> str:
    """The address behind a peer's; `X-Forwarded-For` counts only when a trusted proxy sent it."""
    forwarded = headers.get("x-forwarded-for", "")
    with suppress(ValueError):
        if forwarded and any(ip_address(peer) in network for network in config.trusted_proxies):
            return str(ip_address(forwarded.split(",")[-1].strip()))
    return peer


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    user = scope.get("user")
    access_log.info(
        "request",
        extra={
            "request_id": scope["request_id"],
            "method": scope["method"],
            "path": place_of(scope),
            "status": status,
            "ms": round(1000 * seconds, 1),
            "user_id": user.id if user else None,
        },
    )
