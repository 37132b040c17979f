"""Cutting a TCP connection whose peer does not read.

Granian has no such call: while a send is in flight it keeps the connection, with the megabytes that the kernel holds
for it, for as long as the peer likes. So the socket is looked up among our file descriptors by its peer and our port
(a scope has the address that the server listens on, which may be 0.0.0.0, not the one that the peer reached).
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path

End = tuple[str, int | str]
"""Address and port of one end of a connection, as an ASGI scope has them."""

_DESCRIPTORS = Path("/dev/fd")
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, 0 seconds: what was not taken yet is thrown away with the connection."""


def reset_connection(peer: End | None, local: End | None) -> bool:
    """Reset the connection of a peer to our port; False where there is none. It looks at every file: use a thread."""
    if peer is None or local is None:
        return False
    wanted = _normal(peer), int(local[1])
    for connection in _sockets():
        with closing(connection), suppress(OSError):
            if _ends(connection) == wanted:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                connection.shutdown(socket.SHUT_RDWR)
                return True
    return False


def _ends(connection: socket.socket) -> tuple[End, int] | None:
    if connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return None
    return _normal(connection.getpeername()), int(connection.getsockname()[1])


def _sockets() -> Iterator[socket.socket]:
    """Yield a duplicate of every socket of this process: a number may be closed and used again meanwhile."""
    for name in os.listdir(_DESCRIPTORS):  # noqa: PTH208  # a name at a time, none of which may exist any more
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield socket.socket(fileno=os.dup(int(name)))


def _normal(end: tuple[str | int, ...]) -> End:
    """Return an end in one spelling: Granian has the port as text, an IPv4 peer may have an IPv6 address."""
    address = ip_address(str(end[0]).partition("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address), int(end[1])
