"""Whose request this is: the client's address, also behind reverse proxies.

`X-Forwarded-For` is written by whoever sends it, so it counts only as far as trusted proxies vouch for it: each proxy
appends the address it saw, the last entry is the nearest. Both tiers use this function, so that both count the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address

_GROUP_BITS = 64
"""An IPv6 customer gets at least this prefix and can use any address in it (RFC 6177)."""


def parse_network(text: str) -> Network:
    """Read "10.0.0.0/8" or a single address; raises ValueError with a sentence."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{text.strip()[:50]!r} is not an address or a network like 10.0.0.0/8.") from None


def is_trusted(peer: str | None, trusted: Iterable[Network]) -> bool:
    """Say whether the peer of a connection is one of the trusted proxies."""
    address = _parse(peer or "")
    return address is not None and _in_any(address, tuple(trusted))


def client_address(peer: str | None, forwarded_for: str | None, trusted: Iterable[Network] = ()) -> str:
    """Return the nearest address that is not a trusted proxy, in canonical form.

    Args:
        peer: the other end of the connection, None where the server knows none (a Unix socket).
        forwarded_for: the value of `X-Forwarded-For`; several headers are joined with commas.
        trusted: the networks of the proxies.

    An entry that is not an address ends the chain: what stands before it is hearsay. A peer that is not an address is
    returned as it is, None as "".
    """
    networks = tuple(trusted)
    nearest = _parse(peer or "")
    if nearest is None:
        return peer or ""
    for entry in reversed((forwarded_for or "").split(",")):
        if not _in_any(nearest, networks):
            break
        before = _parse(entry)
        if before is None:
            break
        nearest = before
    return str(nearest)


def address_group(address: str) -> str:
    """Return what limits are counted by: an IPv4 address itself, the /64 network of an IPv6 address."""
    parsed = _parse(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(IPv6Network((int(parsed), _GROUP_BITS), strict=False))


def _in_any(address: _Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _parse(text: str) -> _Address | None:
    """Read an address with or without a port, brackets or a zone; None if it is none. `::ffff:a.b.c.d` is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
