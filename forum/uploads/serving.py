"""A file is handed out: whole or a part of it, to whoever may have it, in a way that it can do nothing."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from forum.errors import NotFound
from forum.storage import Store, pieces
from forum.uploads.kinds import IMAGES

SAFE = "default-src 'none'; sandbox"
RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


async def file_response(
    request: Request, store: Store, key: str, size: int, media_type: str, filename: str, *, private: bool
) -> Response:
    """The answer to a request for a file that exists.

    A browser keeps it for itself and asks each time: a right that is lost is lost at once. What is not for
    everybody it does not keep at all: on a computer that many use it would be on the disk.

    Args:
        size: in bytes.
        filename: under which it is saved.
        private: not for everybody.

    Raises:
        NotFound: it is not there any more.
    """
    etag = f'"{key.rpartition("/")[2]}"'
    how = "inline" if media_type in IMAGES.values() else "attachment"
    headers = {
        "Cache-Control": "private, no-store" if private else "private, no-cache",
        "Vary": "Cookie",
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": SAFE,
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(filename, safe='')}",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if request.headers.get("if-range", etag) == etag else None
    start, end = _part(asked, size)
    if start >= end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(end - start)
    if asked and (start, end) != (0, size):
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if "Content-Range" in headers else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    body = pieces(store, key, start, end)
    try:
        first = await anext(body, b"")
    except FileNotFoundError as error:
        raise NotFound from error
    return StreamingResponse(_from_the_first(first, body), status, headers=headers, media_type=media_type)


async def _from_the_first(piece: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield piece
    async for other in others:
        yield other


def _part(asked: str | None, size: int) -> tuple[int, int]:
    """From where to where; the whole file unless one part that is understood is asked for."""
    found = RANGE.fullmatch(asked or "")
    if not found or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        return max(0, size - int(found[2])) if int(found[2]) else size, size
    last = int(found[2]) if found[2] else size
    return (int(found[1]), min(last + 1, size)) if last >= int(found[1]) else (0, size)
