"""The proxy does to a line what it says."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bench.faults.proxy import Line, Proxy
from bench.faults.waiting import until


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Before a server that says everything again."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(100):
                writer.write(data)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, Proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


async def a_line(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.address.rpartition(":")[2]))
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    (line,) = proxy.lines
    return reader, writer, line


async def test_a_line_carries_both_ways(proxy: Proxy) -> None:
    _reader, writer, line = await a_line(proxy)
    assert line.port == writer.get_extra_info("sockname")[1]
    writer.close()
    await until(lambda: not proxy.lines, 5)


async def test_a_line_that_is_cut_ends_in_good_order(proxy: Proxy) -> None:
    reader, writer, line = await a_line(proxy)
    line.cut()
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("end", [Line.reset, Line.lose_client])
async def test_a_line_that_is_broken_off_is_reset(proxy: Proxy, end: Callable[[Line], None]) -> None:
    reader, writer, line = await a_line(proxy)
    end(line)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_silent_line_holds_back_until_it_speaks(proxy: Proxy) -> None:
    reader, writer, line = await a_line(proxy)
    line.silence()
    writer.write(b"again")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.readexactly(5), 0.1)
    line.speak()
    assert await asyncio.wait_for(reader.readexactly(5), 5) == b"again"
    writer.close()


async def test_a_slow_line_takes_its_time(proxy: Proxy) -> None:
    reader, writer, _line = await a_line(proxy)
    proxy.rate, began = 1000, asyncio.get_running_loop().time()
    writer.write(b"x" * 100)
    await reader.readexactly(100)
    assert asyncio.get_running_loop().time() - began >= 0.1
    writer.close()
