"""Client addresses: what a header says counts only where a trusted proxy vouches for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.web.client_address import address_group, client_address, is_trusted, parse_network

PROXIES = (parse_network("10.0.0.0/8"), parse_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, rubbish", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7:5123", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:10.0.0.1", "2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("fd00::1", "fe80::1%eth0", "fe80::1"),
        ("testclient", "1.2.3.4", "testclient"),
        (None, "1.2.3.4", ""),
    ],
)
def test_address(peer: str | None, forwarded: str | None, address: str) -> None:
    """[API-5] The nearest address that is not a trusted proxy is the client's."""
    assert client_address(peer, forwarded, PROXIES) == address


def test_without_trusted_proxies_the_header_says_nothing() -> None:
    """[API-5] By default nobody can claim another address."""
    assert client_address("10.0.0.1", "1.2.3.4") == "10.0.0.1"


@given(st.text(max_size=200))
def test_an_untrusted_peer_is_itself_whatever_it_sends(header: str) -> None:
    """[API-5] No header at all moves an untrusted peer."""
    assert client_address("203.0.113.9", header, PROXIES) == "203.0.113.9"


@given(st.text(alphabet="0123456789abcdef.:[]%, \t", max_size=100))
def test_any_header_gives_an_address(header: str) -> None:
    address = client_address("10.0.0.1", header, PROXIES)
    assert client_address(address, None) == address


def test_what_a_client_writes_itself_never_wins() -> None:
    """[API-5] The proxy appends: the entries that the client made up stand before its real address."""
    assert client_address("10.0.0.1", "10.0.0.5, 127.0.0.1, 8.8.8.8, 203.0.113.9", PROXIES) == "203.0.113.9"


def test_trusted_peers() -> None:
    assert is_trusted("10.1.2.3", PROXIES)
    assert is_trusted("::ffff:10.1.2.3", PROXIES)
    assert not is_trusted("11.1.2.3", PROXIES)
    assert not is_trusted(None, PROXIES)
    assert not is_trusted("10.1.2.3", ())


def test_limits_are_counted_by_the_network_of_an_ipv6_customer() -> None:
    assert address_group("2001:db8:1:2:aaaa::1") == address_group("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::/64"
    assert address_group("2001:db8:1:3::1") != address_group("2001:db8:1:2::1")
    assert address_group("203.0.113.9") == "203.0.113.9"
    assert address_group("") == ""


def test_networks() -> None:
    assert str(parse_network(" 10.1.2.3/8 ")) == "10.0.0.0/8"
    assert str(parse_network("::1")) == "::1/128"
    with pytest.raises(ValueError, match=r"'everywhere' is not an address or a network like 10\.0\.0\.0/8\."):
        parse_network("everywhere")
