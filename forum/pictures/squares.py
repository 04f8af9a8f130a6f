"""A picture from outside becomes squares of ours, in a process that is killed when it is late."""

import asyncio
import os
import sys

from forum.errors import Invalid, Unavailable
from forum.i18n import gettext as _
from forum.pictures.worker import LENGTH, SIZES, SQUARES, TOO_MANY_PIXELS

SECONDS = 8.0
WAITING_SECONDS = 10.0
# One at a time: a picture may take half a gigabyte for a moment.
_turn = asyncio.Semaphore(1)


async def squares_of(body: bytes) -> dict[int, bytes]:
    """The picture as WebP squares, by side in pixels.

    Raises:
        Invalid, Unavailable: as `made_of`.
    """
    return dict(zip(SIZES, await made_of(body, SQUARES), strict=True))


async def made_of(body: bytes, shape: str) -> list[bytes]:
    """What the process makes of a picture, in its order.

    Args:
        shape: one of the worker's.

    Raises:
        Invalid: no picture that can be read, or too large a one; the sentence stands at `picture`.
        Unavailable: others are being read.
    """
    try:
        async with asyncio.timeout(WAITING_SECONDS):
            await _turn.acquire()
    except TimeoutError as error:
        raise Unavailable(_("Other pictures are being read. Try again in a moment.")) from error
    try:
        status, written = await _run(body, shape)
    finally:
        _turn.release()
    if status == TOO_MANY_PIXELS:
        raise Invalid(fields={"picture": _("This picture has too many pixels: 50 million at the most.")})
    if status != 0:
        sentence = _("This is no picture that can be read: choose a JPEG, PNG, WebP or GIF file.")
        raise Invalid(fields={"picture": sentence})
    return _parts(written)


async def _run(body: bytes, shape: str) -> tuple[int, bytes]:
    """A process with nothing of ours: no secret of the environment, no terminal, no open file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "forum.pictures.worker",
        shape,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )
    written = b""
    try:
        async with asyncio.timeout(SECONDS):
            written, _errors = await process.communicate(body)
    except TimeoutError:
        """Killed below: refused like what cannot be read."""
    finally:
        if process.returncode is None:
            process.kill()
        status = await process.wait()
    return status, written


def _parts(written: bytes) -> list[bytes]:
    found = []
    while written:
        (length,) = LENGTH.unpack_from(written)
        end = LENGTH.size + length
        found.append(written[LENGTH.size : end])
        written = written[end:]
    return found
