"""Answers from outside that cannot fill the memory: stopped on their way once they are too long."""

from collections.abc import AsyncIterator

from httpx2 import AsyncByteStream, AsyncHTTPTransport, DecodingError, Request, Response


class Bounded(AsyncHTTPTransport):
    """What asks others; an answer longer than `most` bytes, or compressed, ends in an error."""

    def __init__(self, most: int) -> None:
        super().__init__(trust_env=False)
        self._most = most

    async def handle_async_request(self, request: Request) -> Response:
        """The answer, read no further than so far.

        Raises:
            DecodingError: it is compressed, though nobody asked for that: a little would become much.
        """
        request.headers["Accept-Encoding"] = "identity"
        answer = await super().handle_async_request(request)
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            await answer.aclose()
            raise DecodingError("it is compressed", request=request)
        assert isinstance(answer.stream, AsyncByteStream)
        answer.stream = _Stopped(answer.stream, self._most)
        return answer


class _Stopped(AsyncByteStream):
    def __init__(self, stream: AsyncByteStream, most: int) -> None:
        self._stream, self._left = stream, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._left -= len(part)
            if self._left < 0:
                raise DecodingError("it is too long")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
