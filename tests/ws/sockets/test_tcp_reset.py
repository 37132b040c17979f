"""Cutting connections."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import closing

import pytest

from pixels_ws.sockets.tcp_reset import reset_connection

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Return both ends of a TCP connection: the client's, the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with closing(client), closing(server):
        yield client, server


def test_a_client_that_does_not_read_is_reset(pair: Pair) -> None:
    """[SOCK-5] What the kernel holds for it is thrown away."""
    client, server = pair
    server.settimeout(0.1)
    with pytest.raises(TimeoutError):
        server.sendall(bytes(64 << 20))
    assert reset_connection(client.getsockname(), server.getsockname())
    with pytest.raises(OSError, match=r"pipe|reset"):
        server.send(b"x")
    server.close()
    client.settimeout(5)
    with pytest.raises(ConnectionResetError):
        deque(iter(lambda: client.recv(1 << 20), b""), maxlen=0)


def test_ports_may_come_as_text_and_addresses_in_another_spelling(pair: Pair) -> None:
    client, server = pair
    (host, port), local = client.getsockname(), server.getsockname()
    assert reset_connection((f"::ffff:{host}", str(port)), local)


def test_other_connections_are_left_alone(pair: Pair) -> None:
    client, server = pair
    host, port = client.getsockname()
    assert not reset_connection((host, port), (host, 1))
    assert not reset_connection((host, 1), server.getsockname())
    assert not reset_connection(None, server.getsockname())
    client.sendall(b"still here")
    assert server.recv(100) == b"still here"


def test_unix_sockets_have_no_ends() -> None:
    one, other = socket.socketpair()
    with closing(one), closing(other):
        assert not reset_connection(("127.0.0.1", 1), ("127.0.0.1", 2))


def test_a_server_that_listens_everywhere_knows_only_its_port(pair: Pair) -> None:
    """[SOCK-5] A scope names the address that the server is bound to, not the one that the peer reached."""
    client, server = pair
    assert reset_connection(client.getsockname(), ("0.0.0.0", server.getsockname()[1]))
