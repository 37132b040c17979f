"""Granian in our own event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import Any

import httpx
import pytest

from pixels_core.adapters.web_server import Address, serve
from pixels_core.errors import ConfigurationError
from tests.support.server import free_port


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("pixels.example", "http://pixels.example:80"),
    ],
)
def test_the_url_is_for_people_on_this_machine(host: str, url: str) -> None:
    assert Address(host, 80).url == url


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"127.0.0.1:{port}.*--port"):
            Address("127.0.0.1", port).check()


def test_a_free_port_is_fine() -> None:
    Address("127.0.0.1", free_port()).check()


async def _application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


@pytest.mark.parametrize("ending", ["signal", "work"])
async def test_it_serves_until_it_is_told_to_stop(ending: str) -> None:
    """[SOCK-8] First the drain, while the port still answers, then the end."""
    address = Address("127.0.0.1", free_port())
    until: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ready, seen = asyncio.Event(), []

    async def drain() -> None:
        async with httpx.AsyncClient() as client:
            seen.append((await client.get(address.url)).text)

    serving = asyncio.create_task(serve(_application, address, until=until, drain=drain, ready=ready.set))
    async with asyncio.timeout(10):
        await ready.wait()
        if ending == "signal":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            until.set_result(None)
        await serving
    assert seen == ["here"]
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)
