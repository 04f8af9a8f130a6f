"""Bodies of programs that are too much."""

import asyncio
from urllib.parse import urlsplit

from forum.api.keys import create_key
from tests.cast import Cast


async def test_a_body_without_end_is_refused_on_its_way_and_told_in_json(site: str, cast: Cast) -> None:
    key, address = await create_key("bob"), urlsplit(site)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"POST /posts.json HTTP/1.1\r\nHost: {address.netloc}\r\nApi-Key: {key}\r\nApi-Username: bob\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    answer, sent = asyncio.ensure_future(reader.readuntil(b'"}')), 0
    while not answer.done() and sent < 100:
        writer.write(b"186A0\r\n" + b"x" * 100_000 + b"\r\n")
        await writer.drain()
        sent += 1
        await asyncio.wait([answer], timeout=0.02)
    told = (await asyncio.wait_for(answer, 5)).decode()
    writer.close()
    assert " 413 " in told.splitlines()[0]
    assert '"error_type":"too_large"' in told
    assert sent < 100
