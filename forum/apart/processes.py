"""What comes from outside is read in a process of its own, which is killed when it is late."""

import asyncio
import os
import sys
from collections.abc import Sequence

from forum.apart.parts import LENGTH
from forum.errors import Unavailable
from forum.i18n import gettext as _

WAITING_SECONDS = 10.0
# One at a time: a picture may take half a gigabyte for a moment.
_turn = asyncio.Semaphore(1)


async def run_apart(
    module: str, words: Sequence[str], body: bytes, seconds: float
) -> tuple[int, list[bytes]]:
    """Run `python -m module words`, the body as its input; its status, and the parts that it gave.

    Args:
        seconds: after which it is killed.

    Raises:
        Unavailable: others are being read.
    """
    try:
        async with asyncio.timeout(WAITING_SECONDS):
            await _turn.acquire()
    except TimeoutError as error:
        raise Unavailable(_("Other files are being read. Try again in a moment.")) from error
    try:
        status, written = await _run(module, words, body, seconds)
    finally:
        _turn.release()
    return status, _parts(written) if status == 0 else []


async def _run(module: str, words: Sequence[str], body: bytes, seconds: float) -> tuple[int, bytes]:
    """A process with nothing of ours: no secret of the environment, no terminal, no open file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )
    written = b""
    try:
        async with asyncio.timeout(seconds):
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
