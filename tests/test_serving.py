"""The web server under clients that hold it: they get what they ask for in time, or they go; the bot goes on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import serving

HEAD = b"POST /size HTTP/1.1\r\nHost: 127.0.0.1\r\n"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _size(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@contextlib.asynccontextmanager
async def _served() -> AsyncIterator[int]:
    """A page that tells how long the body was; gives its port."""
    listening = serving.bound("127.0.0.1", 0)
    app = Starlette(routes=[Route("/size", _size, methods=["POST"])])
    served = asyncio.create_task(serving.serve(app, listening))
    port = int(listening.getsockname()[1])
    try:
        yield port
    finally:
        served.cancel()
        await asyncio.gather(served, return_exceptions=True)


async def _line(port: int, sent: bytes) -> Line:
    async with asyncio.timeout(10):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
    writer.write(sent)
    return reader, writer


async def _is_closed(line: Line) -> bool:
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            return await line[0].read() == b""
    return True


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", HEAD, HEAD + b"Content-Length: 9\r\n\r\nhalf", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe"],
)
async def test_who_does_not_send_a_request_to_its_end_is_cut_off(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing, half a head or half a body: the connection is closed after REQUEST_SECONDS; others are answered."""
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0.3)
    async with _served() as port:
        assert await _is_closed(await _line(port, sent))
        async with httpx.AsyncClient() as browser:
            assert (await browser.post(f"http://127.0.0.1:{port}/size", content=b"whole")).text == "5"


async def test_one_more_word_now_and_then_buys_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow-loris: a head that grows by a byte, for ever."""
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0.3)
    async with _served() as port:
        line = await _line(port, HEAD + b"X: ")

        async def grows() -> None:
            while True:
                line[1].write(b"x")
                await asyncio.sleep(0.02)

        growing = asyncio.create_task(grows())
        assert await _is_closed(line)
        growing.cancel()


async def test_a_connection_is_kept_for_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that come whole are answered however long the connection lives."""
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0.2)
    async with _served() as port:
        reader, writer = await _line(port, b"")
        for _ in range(10):
            writer.write(HEAD + b"Content-Length: 2\r\n\r\nhi")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"2"
            await asyncio.sleep(0.08)
        writer.close()


async def test_nobody_keeps_others_out_by_holding_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far more connections than there may be: only so many stay, and a request that comes then is answered."""
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 20)
    async with _served() as port:
        lines = [await _line(port, HEAD) for _ in range(100)]
        async with httpx.AsyncClient(timeout=10) as browser:
            assert (await browser.post(f"http://127.0.0.1:{port}/size", content=b"whole")).text == "5"
        ended = [asyncio.create_task(_is_closed(line)) for line in lines]
        await asyncio.wait(ended, timeout=0.5)
        assert sum(not one.done() for one in ended) <= 20
        for one in ended:
            one.cancel()
