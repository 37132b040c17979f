"""Granian in our own loop: ports, start, stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import Any

import httpx
import pytest

from pixels.cluster.program import free_port
from pixels_core.adapters.hosting.web_server import Address, serve
from pixels_core.errors import ConfigurationError


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("example.org", "http://example.org:80"),
    ],
)
def test_what_people_on_this_machine_type(host: str, url: str) -> None:
    assert Address(host, 80).url == url


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for shared in (False, True):
            with pytest.raises(ConfigurationError, match=f"Cannot listen on 127.0.0.1:{port}"):
                Address("127.0.0.1", port, shared).check()
    Address("127.0.0.1", port).check()


def test_a_port_that_is_shared() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        Address("127.0.0.1", port, shared=True).check()
        with pytest.raises(ConfigurationError):
            Address("127.0.0.1", port).check()


@pytest.mark.parametrize("how", ["signal", "work"])
async def test_it_serves_drains_and_stops(how: str) -> None:
    address = Address("127.0.0.1", free_port())
    said: list[str] = []
    work: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ready = asyncio.Event()

    async def drain() -> None:
        async with httpx.AsyncClient() as client:
            said.append((await client.get(address.url)).text)

    serving = asyncio.create_task(serve(hello, address, until=work, drain=drain, ready=ready.set))
    await asyncio.wait_for(ready.wait(), 20)
    if how == "signal":
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        work.set_result(None)
    await asyncio.wait_for(serving, 20)
    assert said == ["hello"], "while it says goodbye it still answers"
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)
