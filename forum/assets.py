"""Static files: read once at start, served under a hash of them all, compressed beforehand."""

import gzip
import re
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from forum.errors import NotFound
from forum.icons import sprite

LAYERS = ("tokens.css", "base.css", "components.css")
FOREVER = "public, max-age=31536000, immutable"
COMPRESSED = (".css", ".js", ".svg")
# The comments of scripts are for whoever reads the source. Each stands on lines of its own and leaves them
# empty, so that what a browser says of line 12 holds for line 12 of the source.
COMMENTS = re.compile(rb"^[ \t]*(?://[^\n]*|/\*\*.*?\*/)$", re.MULTILINE | re.DOTALL)


class Asset(Struct, frozen=True):
    """One file: its bytes, plain and gzipped (None when that does not make it smaller)."""

    body: bytes
    gzipped: bytes | None
    media_type: str


class Assets:
    """All static files of the site, in memory (a few hundred kilobytes)."""

    def __init__(self) -> None:
        files = dict(_read_files(beside("static")))
        files["relais.css"] = _join_css(files)
        files["icons.svg"] = sprite().encode()
        self.hash = sha256(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()[:12]
        self.files = {name: _asset(name, _lean(name, body)) for name, body in files.items()}

    def url(self, name: str) -> str:
        """The address of a file, good for ever: it holds the hash of all files."""
        return f"/static/{self.hash}/{name}"

    async def serve(self, request: Request) -> Response:
        """A static file. An old hash still answers, so that an open page survives an update."""
        asset = self.files.get(request.path_params["path"])
        if asset is None:
            raise NotFound
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        body = asset.body
        if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = asset.gzipped, "gzip"
        return Response(body, media_type=asset.media_type, headers=headers)


@cache
def shipped_assets() -> Assets:
    """Those that came with the package: read once in a process."""
    return Assets()


def beside(name: str) -> Path:
    """A folder beside the package when installed, one level up in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def _read_files(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def _join_css(files: dict[str, bytes]) -> bytes:
    """One style sheet, the layers first in their order, then the rest by name."""
    names = [name for name in sorted(files) if name.startswith("css/")]
    first = [f"css/{layer}" for layer in LAYERS if f"css/{layer}" in files]
    return b"\n".join(files[name] for name in first + [name for name in names if name not in first])


def _lean(name: str, body: bytes) -> bytes:
    """A script without its comments, line for line; any other file as it is."""
    if not name.endswith(".js"):
        return body
    return COMMENTS.sub(lambda comment: b"\n" * comment[0].count(b"\n"), body)


def _asset(name: str, body: bytes) -> Asset:
    media_type = (
        "text/javascript" if name.endswith(".js") else guess_type(name)[0] or "application/octet-stream"
    )
    small = gzip.compress(body, 9, mtime=0) if name.endswith(COMPRESSED) else body
    return Asset(body, small if len(small) < len(body) else None, media_type)
