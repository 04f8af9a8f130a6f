"""An identity provider that lies: what an enemy answers in the place of the provider, or one that is broken.

It speaks the protocol rightly, but for the one lie that a test asks of it.
"""

import asyncio
import time
import zlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn import Config, Server

from realtime.server import listening_socket

CLIENT, SECRET = "relais", "a secret between the site and its provider"
Claims = dict[str, Any]


@dataclass
class Rogue:
    """What it says; a test changes that. The code is the nonce, so that it needs to remember nobody.

    `said` counts the bytes of its answers without end, `led` who has come to where it leads.
    """

    issuer: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    metadata: Claims = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    sign: Callable[["Rogue", Claims], str] = field(default=lambda rogue, claims: signed(rogue.key, claims))
    challenge: str = ""
    down: bool = False
    said: int = 0
    led: int = 0

    def says_of_itself(self) -> Claims:
        """Its discovery document."""
        places = {
            name: f"{self.issuer}/{path}"
            for name, path in (
                ("authorization_endpoint", "authorize"),
                ("token_endpoint", "token"),
                ("userinfo_endpoint", "userinfo"),
                ("jwks_uri", "keys"),
            )
        }
        return {"issuer": self.issuer, **places, **self.metadata}

    def says_of_the_person(self) -> Claims:
        """Its userinfo."""
        return {"sub": "bob-there", "email": "bob@example.org", "given_name": "Bob", **self.userinfo}


def signed(key: RSAKey, claims: Claims) -> str:
    """A token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def unsigned(rogue: Rogue, claims: Claims) -> str:
    """Algorithm none."""
    header, body = (
        signed(rogue.key, claims).split(".")[part] if part else _encoded(b'{"alg":"none","typ":"JWT"}')
        for part in (0, 1)
    )
    return f"{header}.{body}."


def signed_with_the_secret(rogue: Rogue, claims: Claims) -> str:
    """With a key that the site has too."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


def signed_by_another(rogue: Rogue, claims: Claims) -> str:
    """With a key of one's own, under the provider's key's name."""
    other = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": rogue.key.kid}, claims, other)


def _encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def compressed_blanks(millions: int) -> bytes:
    """A little that becomes so many million bytes; made without ever holding them."""
    little, spaces = zlib.compressobj(wbits=31), b" " * 1_000_000
    return b"".join([*(little.compress(spaces) for _n in range(millions)), little.flush()])


def _application(rogue: Rogue) -> Starlette:
    async def metadata(request: Request) -> Response:
        return Response(status_code=500) if rogue.down else JSONResponse(rogue.says_of_itself())

    async def keys(request: Request) -> Response:
        return JSONResponse(KeySet([rogue.key]).as_dict(private=False))

    async def token(request: Request) -> Response:
        form = await request.form()
        verifier = str(form.get("code_verifier", ""))
        if _encoded(sha256(verifier.encode()).digest()) != rogue.challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": rogue.issuer, "aud": CLIENT, "sub": "bob-there", "nonce": str(form.get("code", "")),
            "iat": now, "exp": now + 60, **rogue.claims,
        }  # fmt: skip
        found = {"access_token": "access", "token_type": "Bearer", "id_token": rogue.sign(rogue, claims)}
        return JSONResponse(found)

    async def userinfo(request: Request) -> Response:
        return JSONResponse(rogue.says_of_the_person())

    async def redirect(request: Request) -> Response:
        return RedirectResponse(f"{rogue.issuer}/elsewhere", 307)

    async def elsewhere(request: Request) -> Response:
        rogue.led += 1
        return JSONResponse(rogue.says_of_the_person())

    async def without_end(part: bytes, pause: float) -> AsyncIterator[bytes]:
        while True:
            rogue.said += len(part)
            yield part
            await asyncio.sleep(pause)

    async def endless(request: Request) -> Response:
        return StreamingResponse(without_end(b" " * 50_000, 0), media_type="application/json")

    async def drops(request: Request) -> Response:
        return StreamingResponse(without_end(b" ", 0.1), media_type="application/json")

    async def compressed(request: Request) -> Response:
        return Response(
            compressed_blanks(50), headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}
        )

    both = ["GET", "POST"]
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", metadata),
            Route("/keys", keys),
            Route("/token", token, methods=["POST"]),
            Route("/userinfo", userinfo),
            Route("/redirect", redirect, methods=both),
            Route("/elsewhere", elsewhere, methods=both),
            Route("/endless", endless, methods=both),
            Route("/drops", drops, methods=both),
            Route("/compressed", compressed, methods=both),
        ]
    )


@asynccontextmanager
async def running_rogue() -> AsyncIterator[Rogue]:
    """Start it on a free port."""
    listener = listening_socket("127.0.0.1", 0)
    rogue = Rogue(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = Server(Config(_application(rogue), log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield rogue
    finally:
        server.should_exit = True
        await serving
        listener.close()
